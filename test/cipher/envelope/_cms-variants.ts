/** CMS envelopes as other programs, or attackers, could write them: each part can be another. */
import { createCipheriv, createPublicKey, randomBytes } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { octets, partsIn, stringOf, tagged } from '../../../src/cipher/envelope/_asn1.ts';
import { agreementWith } from '../../../src/cipher/envelope/cms-agreement.ts';
import { type CmsKind, oid } from '../../../src/cipher/envelope/cms-parts.ts';
import { transportTo } from '../../../src/cipher/envelope/cms-transport.ts';

export interface Variant {
  readonly kind: CmsKind;
  /** Node's name, identifier, and bytes of the key. */
  readonly cipher: readonly [string, string, number];
  readonly tagLength?: number;
  /** As the parameters of GCM say it; null: left out. */
  readonly saidLength?: number | null;
  readonly nonceLength?: number;
  /** AuthAttributes, and whether they are authenticated as RFC 5083 says. */
  readonly attributes?: asn1js.BaseBlock;
  readonly aad?: 'as a SET' | 'as they stand' | 'not at all';
  /** Fields behind the others. */
  readonly behind?: readonly asn1js.BaseBlock[];
  readonly withoutTag?: boolean;
}

export const gcm = ['aes-256-gcm', oid.gcm, 32] as const;
export const cbc = ['aes-256-cbc', oid.cbc, 32] as const;

/** [1], one attribute: its content type. */
export const contentType = (): asn1js.BaseBlock =>
  tagged(1, [
    new asn1js.Sequence({
      value: [
        new asn1js.ObjectIdentifier({ value: '1.2.840.113549.1.9.3' }),
        new asn1js.Set({ value: [new asn1js.ObjectIdentifier({ value: oid.data })] }),
      ],
    }),
  ]);

/** @param recipients public keys, PEM: RSA or of NIST's curves */
export function cmsVariant(payload: Uint8Array, recipients: readonly string[], variant: Variant): Buffer {
  const { kind, cipher, attributes, behind = [], withoutTag = false } = variant;
  const contentKey = randomBytes(cipher[2]);
  const { body, parameters, tag } = encrypted(payload, contentKey, variant);
  const fields = [
    new asn1js.Integer({ value: kind === 'enveloped' ? 2 : 0 }),
    new asn1js.Set({ value: recipients.map((pem) => infoFor(pem, contentKey)) }),
    contentInfo(cipher[1], parameters, body),
    ...(attributes ? [attributes] : []),
    ...(tag && !withoutTag ? [octets(tag)] : []),
    ...behind,
  ];
  return contentInfoOf(kind, fields);
}

export function contentInfoOf(kind: CmsKind, fields: asn1js.BaseBlock[]): Buffer {
  const contentType = kind === 'enveloped' ? oid.enveloped : oid.authEnveloped;
  const content = new asn1js.Sequence({ value: fields });
  return Buffer.from(new pkijs.ContentInfo({ contentType, content }).toSchema().toBER(false));
}

function infoFor(pem: string, contentKey: Buffer): asn1js.BaseBlock {
  const key = createPublicKey(pem);
  return key.asymmetricKeyType === 'rsa' ? transportTo(key, contentKey) : agreementWith(key, contentKey);
}

function contentInfo(algorithmId: string, algorithmParams: asn1js.BaseBlock, body: Buffer): asn1js.Sequence {
  const content = new asn1js.Primitive({
    idBlock: { tagClass: 3, tagNumber: 0 },
    valueHex: Uint8Array.from(body).buffer,
  });
  const algorithm = new pkijs.AlgorithmIdentifier({ algorithmId, algorithmParams }).toSchema();
  return new asn1js.Sequence({
    value: [new asn1js.ObjectIdentifier({ value: oid.data }), algorithm, content],
  });
}

function encrypted(payload: Uint8Array, key: Buffer, variant: Variant) {
  const [name] = variant.cipher;
  if (!/gcm|ccm|poly/.test(name)) {
    const iv = randomBytes(name.startsWith('des') ? 8 : 16);
    const cipher = createCipheriv(name, key, iv);
    const body = Buffer.concat([cipher.update(payload), cipher.final()]);
    return { body, parameters: octets(iv), tag: variant.kind === 'authenticated' ? randomBytes(16) : null };
  }
  const { tagLength = 16, saidLength = tagLength, nonceLength = 12 } = variant;
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv(name as 'aes-256-gcm', key, nonce, { authTagLength: tagLength });
  cipher.setAAD(aadOf(variant), { plaintextLength: payload.length });
  const body = Buffer.concat([cipher.update(payload), cipher.final()]);
  const length = saidLength === null ? [] : [new asn1js.Integer({ value: saidLength })];
  const parameters = new asn1js.Sequence({ value: [octets(nonce), ...length] });
  return { body, parameters, tag: variant.kind === 'authenticated' ? cipher.getAuthTag() : null };
}

function aadOf({ attributes, aad = 'as a SET' }: Variant): Buffer {
  const bytes = attributes && aad !== 'not at all' ? Buffer.from(attributes.toBER(false)) : Buffer.alloc(0);
  if (aad === 'as a SET' && bytes.length > 0) bytes[0] = 0x31;
  return bytes;
}

/** The fields of an envelope, to be changed and put together again. */
export function fieldsOf(cms: Uint8Array): asn1js.BaseBlock[] {
  const { result } = asn1js.fromBER(Uint8Array.from(cms).buffer);
  return partsIn(partsIn(partsIn(result)[1]!)[0]!);
}

/** EncryptedContent. */
export const bodyOf = (cms: Uint8Array): Buffer => stringOf(partsIn(fieldsOf(cms)[2]!)[2]!);

/** The same envelope around other encrypted content. */
export function withBody(cms: Uint8Array, body: Uint8Array): Buffer {
  const fields = fieldsOf(cms);
  const valueHex = Uint8Array.from(body).buffer;
  const content = new asn1js.Primitive({ idBlock: { tagClass: 3, tagNumber: 0 }, valueHex });
  const [type, algorithm] = partsIn(fields[2]!);
  fields[2] = new asn1js.Sequence({ value: [type!, algorithm!, content] });
  return contentInfoOf('enveloped', fields);
}
