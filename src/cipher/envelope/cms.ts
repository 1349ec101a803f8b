/**
 * Cryptographic Message Syntax, DER: EnvelopedData (RFC 5652, section 6; the one that DICOM PS3.15 uses, AES-256-CBC,
 * with a MAC by cms-mac.ts) and AuthEnvelopedData (RFC 5083, AES-256-GCM by RFC 5084). A fresh content key is wrapped for
 * each recipient: RSA keys by cms-transport.ts, elliptic ones by cms-agreement.ts, mixed at will. ASN.1 by asn1js and
 * pkijs, cryptography by node:crypto. `openssl cms -decrypt` opens both.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { InputError } from '../../shared/errors.ts';
import { bufferOf, octets } from './_asn1.ts';
import { agreed, agreementWith } from './cms-agreement.ts';
import { demandsMac, isMac, macAttributes, macDemandingKey } from './cms-mac.ts';
import { type CmsKind, type CmsParts, cmsPartsOf, oid, tagLength } from './cms-parts.ts';
import { transported, transportTo } from './cms-transport.ts';
import { checkRecipients, keyTypeOf, readPrivateKey, readPublicKey } from './key-pair.ts';

export type { CmsKind } from './cms-parts.ts';

/**
 * @param recipients public keys, PEM: RSA, P-256, P-384 or P-521
 * @returns a ContentInfo, DER
 * @throws InputError for no recipient, the same one twice, or an X25519 key
 */
export function sealCms(payload: Uint8Array, recipients: readonly string[], kind: CmsKind): Buffer {
  checkCmsRecipients(recipients);
  const contentKey = kind === 'enveloped' ? macDemandingKey() : randomBytes(32);
  const infos = recipients.map((pem) => infoFor(readPublicKey(pem), contentKey));
  const sealed = kind === 'enveloped' ? cbcSealed(payload, contentKey) : gcmSealed(payload, contentKey);
  const fields = [
    new asn1js.Integer({ value: kind === 'enveloped' ? 2 : 0 }), // RFC 5652, section 6.1; RFC 5083, section 2.1
    new asn1js.Set({ value: infos }),
    contentInfoOf(sealed),
  ];
  const last = sealed.tag ? octets(sealed.tag) : macAttributes(encoded(fields), contentKey);
  const content = new asn1js.Sequence({ value: [...fields, last] });
  const type = kind === 'enveloped' ? oid.enveloped : oid.authEnveloped;
  return encoded([new pkijs.ContentInfo({ contentType: type, content }).toSchema()]);
}

const encoded = (blocks: readonly asn1js.BaseBlock[]): Buffer =>
  Buffer.concat(blocks.map((block) => Buffer.from(block.toBER(false))));

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

/**
 * Opens what `sealCms` made, or another program with the same algorithms; of an EnvelopedData of theirs no change is
 * noticed, and a failure shows wrong padding: `openEnveloped` is for files of strangers.
 * @param privatePem private key, PEM: RSA, P-256, P-384 or P-521
 * @throws InputError for a truncated or foreign structure, the wrong key, or a change
 */
export function openCms(bytes: Uint8Array, kind: CmsKind, privatePem: string, passphrase?: string): Buffer {
  return opened(bytes, kind, privatePem, passphrase, (parts, key) =>
    kind === 'enveloped' ? cbcOpened(parts, key, true).content : gcmOpened(parts, key),
  );
}

export interface EnvelopedContent {
  readonly content: Buffer;
  /** Whether it was as its maker made it; if not, anything may have been changed, and the padding is left on, unseen. */
  readonly authenticated: boolean;
}

/**
 * Opens an EnvelopedData. Whether it fails depends on nothing that is encrypted.
 * @throws InputError for a truncated or foreign structure, the wrong key, or a change of one with our MAC
 */
export function openEnveloped(bytes: Uint8Array, privatePem: string, passphrase?: string): EnvelopedContent {
  return opened(bytes, 'enveloped', privatePem, passphrase, (parts, key) => cbcOpened(parts, key, false));
}

function opened<Result>(
  bytes: Uint8Array,
  kind: CmsKind,
  privatePem: string,
  passphrase: string | undefined,
  work: (parts: CmsParts, contentKey: Buffer) => Result,
): Result {
  const key = readPrivateKey(privatePem, passphrase);
  const type = keyTypeOf(key);
  if (type === 'x25519')
    throw new InputError(
      'a CMS envelope expected an RSA or P-256 private key, got x25519; check --private-key',
    );
  const parts = cmsPartsOf(bytes, kind);
  try {
    return work(parts, (type === 'rsa' ? transported : agreed)(parts.recipients, key));
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

function cbcOpened(
  { iv, body, fields, attributes }: CmsParts,
  key: Buffer,
  unpad: boolean,
): EnvelopedContent {
  const authenticated = demandsMac(key);
  if (authenticated && !isMac(attributes, fields, key)) throw new Error('changed');
  const cipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(authenticated || unpad);
  return { content: Buffer.concat([cipher.update(body), cipher.final()]), authenticated };
}

function gcmOpened({ iv, body, tag, authenticated }: CmsParts, key: Buffer): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagLength });
  cipher.setAuthTag(tag).setAAD(authenticated);
  return Buffer.concat([cipher.update(body), cipher.final()]);
}

/** Whether it begins as DER does (a SEQUENCE), as no JWE can. */
export const isCms = (bytes: Uint8Array): boolean => bytes[0] === 0x30;
