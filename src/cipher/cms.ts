/**
 * Cryptographic Message Syntax, DER: EnvelopedData (RFC 5652, section 6; the one that DICOM PS3.15 uses, AES-256-CBC)
 * and AuthEnvelopedData (RFC 5083, AES-256-GCM by RFC 5084). A fresh content key is wrapped for each recipient: RSA keys
 * by cms-transport.ts, elliptic ones by cms-agreement.ts, mixed at will. ASN.1 by asn1js and pkijs, cryptography by
 * node:crypto. `openssl cms -decrypt` opens both.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { InputError } from '../shared/errors.ts';
import { bufferOf, octets, partsIn, stringOf } from './_cms-asn1.ts';
import { agreed, agreementWith } from './cms-agreement.ts';
import { transported, transportTo } from './cms-transport.ts';
import { checkRecipients, keyTypeOf, readPrivateKey, readPublicKey } from './key-pair.ts';

const oid = {
  data: '1.2.840.113549.1.7.1',
  enveloped: '1.2.840.113549.1.7.3',
  authEnveloped: '1.2.840.113549.1.9.16.1.23',
  cbc: '2.16.840.1.101.3.4.1.42',
  gcm: '2.16.840.1.101.3.4.1.46',
} as const;

const tagLength = 16;

/** `enveloped`: AES-256-CBC, which notices no change; `authenticated`: AES-256-GCM, which does. */
export type CmsKind = 'enveloped' | 'authenticated';

/**
 * @param recipients public keys, PEM: RSA, P-256, P-384 or P-521
 * @returns a ContentInfo, DER
 * @throws InputError for no recipient, the same one twice, or an X25519 key
 */
export function sealCms(payload: Uint8Array, recipients: readonly string[], kind: CmsKind): Buffer {
  checkCmsRecipients(recipients);
  const contentKey = randomBytes(32);
  const infos = recipients.map((pem) => infoFor(readPublicKey(pem), contentKey));
  const sealed = kind === 'enveloped' ? cbcSealed(payload, contentKey) : gcmSealed(payload, contentKey);
  const type = kind === 'enveloped' ? oid.enveloped : oid.authEnveloped;
  const fields = [
    new asn1js.Integer({ value: kind === 'enveloped' ? 2 : 0 }), // RFC 5652, section 6.1; RFC 5083, section 2.1
    new asn1js.Set({ value: infos }),
    contentInfoOf(sealed),
    ...(sealed.tag ? [octets(sealed.tag)] : []),
  ];
  const content = new asn1js.Sequence({ value: fields });
  return Buffer.from(new pkijs.ContentInfo({ contentType: type, content }).toSchema().toBER(false));
}

const infoFor = (key: KeyObject, contentKey: Buffer): asn1js.BaseBlock =>
  keyTypeOf(key) === 'rsa' ? transportTo(key, contentKey) : agreementWith(key, contentKey);

/** @throws InputError unless all are different public keys, RSA or of NIST's curves, before any work */
export function checkCmsRecipients(recipients: readonly string[]): void {
  checkRecipients(recipients);
  if (recipients.some((pem) => keyTypeOf(readPublicKey(pem)) === 'x25519'))
    throw new InputError(
      'a CMS envelope expected recipients with RSA or P-256 keys, got x25519; use --envelope jwe (for DICOM files ' +
        '--as png), or medchaos keygen --type p256',
    );
}

interface SealedContent {
  readonly algorithm: string;
  readonly parameters: asn1js.BaseBlock;
  readonly body: Buffer;
  readonly tag?: Buffer;
}

function cbcSealed(payload: Uint8Array, key: Buffer): SealedContent {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  return {
    algorithm: oid.cbc,
    parameters: octets(iv),
    body: Buffer.concat([cipher.update(payload), cipher.final()]),
  };
}

function gcmSealed(payload: Uint8Array, key: Buffer): SealedContent {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = Buffer.concat([cipher.update(payload), cipher.final()]);
  const parameters = new asn1js.Sequence({
    value: [octets(nonce), new asn1js.Integer({ value: tagLength })],
  });
  return { algorithm: oid.gcm, parameters, body, tag: cipher.getAuthTag() };
}

/** EncryptedContentInfo; its content is [0] IMPLICIT OCTET STRING, primitive. */
function contentInfoOf({ algorithm, parameters, body }: SealedContent): asn1js.Sequence {
  const algorithmId = new pkijs.AlgorithmIdentifier({ algorithmId: algorithm, algorithmParams: parameters });
  const idBlock = { tagClass: 3, tagNumber: 0 };
  return new asn1js.Sequence({
    value: [
      new asn1js.ObjectIdentifier({ value: oid.data }),
      algorithmId.toSchema(),
      new asn1js.Primitive({ idBlock, valueHex: bufferOf(body) }),
    ],
  });
}

/** Whether it begins as DER does (a SEQUENCE), as no JWE can. */
export const isCms = (bytes: Uint8Array): boolean => bytes[0] === 0x30;

/**
 * Opens what `sealCms` made, or another program with the same algorithms.
 * @param privatePem private key, PEM: RSA, P-256, P-384 or P-521
 * @throws InputError for a truncated or foreign structure, the wrong key, or, if authenticated, a change
 */
export function openCms(bytes: Uint8Array, kind: CmsKind, privatePem: string, passphrase?: string): Buffer {
  const key = readPrivateKey(privatePem, passphrase);
  const type = keyTypeOf(key);
  if (type === 'x25519')
    throw new InputError(
      'a CMS envelope expected an RSA or P-256 private key, got x25519; check --private-key',
    );
  const parts = parsed(bytes, kind);
  try {
    return decrypted(parts, (type === 'rsa' ? transported : agreed)(parts.recipients, key));
  } catch {
    throw cmsNotOpened();
  }
}

/** One message, as for a JWE. */
export const cmsNotOpened = (): InputError =>
  new InputError(
    'the CMS envelope does not open: it is for another private key, or it was changed on the way; ' +
      'check --private-key, or ask for the file again',
  );

interface Parts {
  readonly algorithm: string;
  readonly parameters: asn1js.BaseBlock;
  readonly body: Buffer;
  readonly tag: Buffer | null;
  /** RecipientInfos. */
  readonly recipients: readonly asn1js.BaseBlock[];
}

function decrypted({ algorithm, parameters, body, tag }: Parts, key: Buffer): Buffer {
  if (algorithm === oid.cbc && tag === null) {
    const cipher = createDecipheriv('aes-256-cbc', key, stringOf(parameters));
    return Buffer.concat([cipher.update(body), cipher.final()]);
  }
  if (algorithm !== oid.gcm || tag?.length !== tagLength) throw new Error('another algorithm');
  const nonce = stringOf((parameters as asn1js.Sequence).valueBlock.value[0]!);
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAuthTag(tag);
  return Buffer.concat([cipher.update(body), cipher.final()]);
}

/** @throws InputError unless the bytes are one whole CMS structure of this kind */
function parsed(bytes: Uint8Array, kind: CmsKind): Parts {
  const { offset, result } = fromBer(bytes);
  if (offset !== bytes.length)
    throw damaged(offset < 0 ? 'it is cut off or no DER' : `${bytes.length - offset} bytes follow it`);
  const type = kind === 'enveloped' ? oid.enveloped : oid.authEnveloped;
  let parts: Parts | undefined;
  let found = 'something else';
  try {
    const info = new pkijs.ContentInfo({ schema: result });
    found = info.contentType;
    if (found === type) parts = partsOf(info.content as asn1js.Sequence);
  } catch {
    // told of below
  }
  if (parts) return parts;
  const name = kind === 'enveloped' ? 'EnvelopedData' : 'AuthEnvelopedData';
  throw damaged(found === type ? `its ${name} is damaged` : `expected ${name}, got type ${found}`);
}

/** asn1js answers offset -1 to most of what it cannot read, but throws at a time that is none. */
function fromBer(bytes: Uint8Array): { offset: number; result?: asn1js.AsnType } {
  try {
    return asn1js.fromBER(bufferOf(bytes));
  } catch {
    return { offset: -1 };
  }
}

const damaged = (why: string): InputError =>
  new InputError(`the CMS envelope expected a whole structure, ${why}; ask for the file again`);

function partsOf(content: asn1js.Sequence): Parts {
  const fields = content.valueBlock.value.filter(({ idBlock }) => idBlock.tagClass !== 3); // no optional fields
  const [, recipientSet, contentInfo, mac] = fields as [
    unknown,
    asn1js.Set,
    asn1js.Sequence,
    asn1js.OctetString?,
  ];
  const [, algorithm, body] = contentInfo.valueBlock.value;
  const { algorithmId, algorithmParams } = new pkijs.AlgorithmIdentifier({ schema: algorithm });
  return {
    algorithm: algorithmId,
    parameters: algorithmParams,
    body: stringOf(body!),
    tag: mac ? stringOf(mac) : null,
    recipients: partsIn(recipientSet),
  };
}
