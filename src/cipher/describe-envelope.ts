/** Facts of an envelope that need no key: recipients, encryption, the header of a JWE. */
import type * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { InputError } from '../shared/errors.ts';
import { isObject, parseObject, shown } from '../shared/exact.ts';
import { isTagged, partsIn, stringOf } from './envelope/_asn1.ts';
import { hasMacAttribute } from './envelope/cms-mac.ts';
import { type CmsKind, cmsPartsOf } from './envelope/cms-parts.ts';
import type { KeyType } from './envelope/key-pair.ts';
import { type KeyHeader, readHeader } from './sealed-keys.ts';

export interface EnvelopeDescription {
  readonly envelope: 'jwe' | 'cms';
  /** `A256GCM`, `AES-256-GCM`, `AES-256-CBC`. */
  readonly encryption: string;
  /** Whether a change is noticed before anything is decrypted. */
  readonly authenticated: boolean;
  readonly recipients: readonly Recipient[];
  /** Inside a CMS envelope, and so null; null too where it is of no key file. */
  readonly header: KeyHeader | null;
}

export interface Recipient {
  readonly kind: KeyType | 'unknown';
  /** Of RSA keys. */
  readonly bits?: number;
}

/**
 * @param ofImage whether it should be a key file, whose header says more
 * @throws InputError unless it is the JWE of a key file
 */
export function describeJwe(text: string, ofImage = true): EnvelopeDescription {
  const { shared, recipients } = text.trim().startsWith('{') ? generalJwe(text) : compactJwe(text.trim());
  return {
    envelope: 'jwe',
    encryption: shown(shared.enc),
    authenticated: true,
    recipients: recipients.map(jweRecipient),
    header: ofImage ? readHeader(shared) : null,
  };
}

/** A recipient's header, the protected one included, and the wrapped key. */
interface JweRecipient {
  readonly header: Record<string, unknown>;
  readonly wrapped: Buffer;
}

function compactJwe(text: string) {
  const [shared, wrapped, ...more] = text.split('.');
  if (more.length !== 3) throw noEnvelope();
  const header = parseObject(bytesOf(shared));
  return { shared: header, recipients: [{ header, wrapped: bytesOf(wrapped) }] };
}

function generalJwe(text: string): { shared: Record<string, unknown>; recipients: JweRecipient[] } {
  const jwe = parseObject(Buffer.from(text));
  const shared = parseObject(bytesOf(jwe.protected));
  if (!Array.isArray(jwe.recipients)) throw noEnvelope();
  const recipients = jwe.recipients.map((one: unknown) => {
    if (!isObject(one)) throw noEnvelope();
    const own = isObject(one.header) ? one.header : {};
    return { header: { ...shared, ...own }, wrapped: bytesOf(one.encrypted_key) };
  });
  return { shared, recipients };
}

function bytesOf(text: unknown): Buffer {
  if (typeof text !== 'string') throw noEnvelope();
  return Buffer.from(text, 'base64url');
}

const noEnvelope = (): InputError =>
  new InputError(
    'expected a key file (NAME.keys.jwe, NAME.keys.cms), NAME.cipher.png or NAME.cipher.dcm, got something else; ' +
      'check the path',
  );

/** By the names of JWK (RFC 7518, RFC 8037). */
const curves = new Map<unknown, KeyType>([
  ['X25519', 'x25519'],
  ['P-256', 'p256'],
  ['P-384', 'p384'],
  ['P-521', 'p521'],
]);

function jweRecipient({ header, wrapped }: JweRecipient): Recipient {
  if (header.alg === 'RSA-OAEP-256') return { kind: 'rsa', bits: 8 * wrapped.length };
  return { kind: curves.get(isObject(header.epk) ? header.epk.crv : undefined) ?? 'unknown' };
}

/** @param kind `authenticated`: a key file; `enveloped`: that of a DICOM object; @throws InputError for what is none */
export function describeCms(bytes: Uint8Array, kind: CmsKind): EnvelopeDescription {
  const { recipients, attributes } = cmsPartsOf(bytes, kind);
  return {
    envelope: 'cms',
    encryption: kind === 'enveloped' ? 'AES-256-CBC' : 'AES-256-GCM',
    authenticated: kind === 'authenticated' || hasMacAttribute(attributes),
    recipients: recipients.flatMap(cmsRecipients),
    header: null,
  };
}

/** By the bytes of an uncompressed point. */
const points = new Map<number, KeyType>([
  [65, 'p256'],
  [97, 'p384'],
  [133, 'p521'],
]);

const oaep = '1.2.840.113549.1.1.7';

function cmsRecipients(info: asn1js.BaseBlock): Recipient[] {
  try {
    const parts = partsIn(info);
    if (isTagged(info, 1)) {
      const [, point] = partsIn(partsIn(parts[1]!)[0]!);
      const kind = points.get((point as asn1js.BitString).valueBlock.valueHexView.length) ?? 'unknown';
      return partsIn(parts.at(-1)!).map(() => ({ kind }));
    }
    const { algorithmId } = new pkijs.AlgorithmIdentifier({ schema: parts[2] });
    if (algorithmId === oaep) return [{ kind: 'rsa', bits: 8 * stringOf(parts[3]!).length }];
  } catch {
    // of a kind that nothing here opens
  }
  return [{ kind: 'unknown' }];
}
