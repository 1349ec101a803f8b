/**
 * The envelope of a key file: JSON Web Encryption (RFC 7516). RSA-OAEP-256 wraps a fresh AES key, AES-GCM
 * encrypts and authenticates key file and header: the paper's RSA + AES-128, authenticated (a labelled
 * deviation: the paper names neither padding nor mode). For recipients with an elliptic key ECDH-ES+A256KW wraps it
 * (RFC 7518, section 4.6; X25519 by RFC 8037). One recipient: compact form; several: general JSON, keys mixed at will.
 */
import type { KeyObject } from 'node:crypto';
// By parts: the whole of jose takes 0.1 s to load, these a quarter, in every thread that encrypts.
import { compactDecrypt } from 'jose/jwe/compact/decrypt';
import { CompactEncrypt } from 'jose/jwe/compact/encrypt';
import { generalDecrypt } from 'jose/jwe/general/decrypt';
import { GeneralEncrypt } from 'jose/jwe/general/encrypt';
import { InputError } from '../../shared/errors.ts';
import { parseObject } from '../../shared/exact.ts';
import { checkRecipients, keyTypeOf, mostRecipients, readPrivateKey, readPublicKey } from './key-pair.ts';
import { type ContentEncryption, contentEncryptions, type EnvelopeKind } from './names.ts';

export type { ContentEncryption, EnvelopeKind } from './names.ts';

/** Options of sealing an image's key file. */
export interface SealOptions {
  /** Default `jwe`. */
  readonly envelope?: EnvelopeKind | undefined;
  /** Of a JWE. */
  readonly enc?: ContentEncryption | undefined;
}

const accepted = {
  keyManagementAlgorithms: ['RSA-OAEP-256', 'ECDH-ES+A256KW'],
  contentEncryptionAlgorithms: [...contentEncryptions],
  maxDecompressedLength: 0, // no zip: a small file must not blow up
};

const algOf = (key: KeyObject): string => accepted.keyManagementAlgorithms[keyTypeOf(key) === 'rsa' ? 0 : 1]!;

/**
 * Encrypts `payload` to the recipients; `header` is readable by anyone and protected against change.
 * @param recipients public keys, PEM
 * @returns a compact JWE for one recipient, general JSON for several
 * @throws InputError for an unusable public key, the same one twice, or none
 */
export async function seal(
  payload: Uint8Array,
  header: Readonly<Record<string, unknown>>,
  recipients: readonly string[],
  enc: ContentEncryption = 'A128GCM',
): Promise<string> {
  checkRecipients(recipients);
  const keys = recipients.map(readPublicKey);
  const algs = keys.map(algOf);
  if (keys.length === 1)
    return new CompactEncrypt(payload)
      .setProtectedHeader({ ...header, alg: algs[0]!, enc })
      .encrypt(keys[0]!);
  const envelope = new GeneralEncrypt(payload).setProtectedHeader({ ...header, enc });
  for (const [i, key] of keys.entries()) envelope.addRecipient(key).setUnprotectedHeader({ alg: algs[i] });
  return JSON.stringify(await envelope.encrypt());
}

/**
 * The inverse of `seal`.
 * @param jwe compact or general JSON
 * @param privatePem private key, PEM: RSA, X25519, P-256, P-384 or P-521
 * @throws InputError for the wrong key, a changed or foreign envelope, or an unusable private key
 */
export async function open(
  jwe: string,
  privatePem: string,
  passphrase?: string,
): Promise<{ payload: Uint8Array; header: Record<string, unknown> }> {
  const key = readPrivateKey(privatePem, passphrase);
  const text = jwe.trim();
  try {
    const { plaintext, protectedHeader } = text.startsWith('{')
      ? await generalDecrypt(strictParts(JSON.parse(text)), key, accepted)
      : await compactDecrypt(strictCompact(text), key, accepted);
    return { payload: plaintext, header: { ...protectedHeader } };
  } catch (error) {
    if (error instanceof InputError) throw error; // too many recipients, as anybody can see
    // One message for every cause: the failed step would help an attacker.
    throw new InputError(
      'the key file does not open: it is for another private key, or it was changed on the way; ' +
        'check --private-key, or ask for the key file again',
    );
  }
}

const tooMany = (count: number): InputError =>
  new InputError(
    `the key file expected at most ${mostRecipients} recipients, got ${count}; ask for one with fewer`,
  );

// The last character of a base64url text may carry unused bits, which decoders ignore (RFC 4648, section
// 3.5). Refused unless zero, so that no bit of a compact envelope can change unnoticed.
const base64url = /^[\w-]*$/;
const looseEnd: Readonly<Record<number, RegExp>> = { 0: /$/, 2: /[AQgw]$/, 3: /[AEIMQUYcgkosw048]$/ };

function strict(part: unknown): void {
  if (typeof part !== 'string' || !base64url.test(part) || !looseEnd[part.length % 4]?.test(part))
    throw new Error('not canonical base64url');
}

function strictCompact(jwe: string): string {
  jwe.split('.').forEach(strict);
  return jwe;
}

// biome-ignore lint/suspicious/noExplicitAny: a parsed file; jose checks the rest
function strictParts(jwe: any): any {
  if (jwe.recipients.length > mostRecipients) throw tooMany(jwe.recipients.length);
  const wrapped = jwe.recipients.map((r: { encrypted_key: unknown }) => r.encrypted_key);
  [jwe.protected, jwe.iv, jwe.ciphertext, jwe.tag, ...wrapped].forEach(strict);
  return jwe;
}

/** Imported here and not above: most key files are JWEs, and a thread starts 0.1 s sooner without its ASN.1. */
const cms = () => import('./cms.ts');

/**
 * The same in the envelope that is asked for. A CMS envelope has its header inside, as the first line of the content,
 * the payload behind it.
 */
export async function sealEnvelope(
  payload: Uint8Array,
  header: Readonly<Record<string, unknown>>,
  recipients: readonly string[],
  { envelope, enc }: SealOptions,
): Promise<string | Buffer> {
  if (envelope !== 'cms') return seal(payload, header, recipients, enc);
  return (await cms()).sealCms(joinContent(payload, header), recipients, 'authenticated');
}

/** Header and payload in one: a line of JSON, then the bytes. */
export const joinContent = (payload: Uint8Array, header: Readonly<Record<string, unknown>>): Buffer =>
  Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), payload]);

/** @throws InputError if the first line is no JSON object */
export function splitContent(content: Buffer): { payload: Uint8Array; header: Record<string, unknown> } {
  const end = content.indexOf('\n');
  return { header: parseObject(content.subarray(0, Math.max(end, 0))), payload: content.subarray(end + 1) };
}

/** Opens either. @throws InputError as `open` and `openCms` do */
export async function openEnvelope(
  envelope: string | Uint8Array,
  privatePem: string,
  passphrase?: string,
): Promise<{ payload: Uint8Array; header: Record<string, unknown> }> {
  if (typeof envelope === 'string') return open(envelope, privatePem, passphrase);
  const { isCms, openCms } = await cms();
  if (!isCms(envelope)) return open(Buffer.from(envelope).toString('latin1'), privatePem, passphrase);
  return splitContent(openCms(envelope, 'authenticated', privatePem, passphrase));
}
