/**
 * The sealed key file of a cipher image, of any scheme that has one. Its header can be read by anybody and changed by
 * nobody; a scheme reads and writes what is inside (scheme.ts).
 */
import { InputError } from '../shared/errors.ts';
import { bytesOf, hexDigits, shown } from '../shared/exact.ts';
import { sha256 } from '../shared/platform.ts';
import type { Raster } from '../shared/types.ts';
import {
  type ContentEncryption,
  openEnvelope,
  type SealOptions,
  seal,
  sealEnvelope,
} from './envelope/envelope.ts';
import { type CompactKey, originalName } from './keyfile/keyfile.ts';
import { checkRaster, checkSameShape, type Keys, readShape, type Shape, shapeOf } from './keys.ts';
import { paper } from './paper.ts';
import type { KeyFile, Scheme } from './scheme.ts';
import { schemeNamed, sealedNames } from './schemes.ts';

/** SHA-256, hex, of the samples: row-major, channels interleaved, 16-bit samples little-endian. */
export const sampleHash = (raster: Raster): string => hexDigits(sha256(bytesOf(raster.data)));

export type KeyHeader = Shape & {
  /** Of the key file inside: `application/x-npz`, `application/json`. */
  readonly cty: string;
  readonly scheme: string;
  readonly preset: string;
  /** `sampleHash` of the cipher image. */
  readonly cipher_sha256: string;
};

/** A key file before it is sealed. */
export interface KeyContent {
  readonly payload: Uint8Array;
  readonly header: KeyHeader;
}

/** @throws InputError for a scheme without key files, or a key of another shape */
export function keyContent<Keys, Key>(scheme: Scheme<Keys, Key>, key: Key, cipher: Raster): KeyContent {
  checkRaster(cipher);
  const { cty, preset } = keyFileOf(scheme).header(key);
  const made = { scheme: scheme.name, preset, ...shapeOf(cipher), cipher_sha256: sampleHash(cipher) };
  return { payload: scheme.pack(key, cipher), header: { cty, ...made } };
}

function keyFileOf<Keys, Key>({ name, keyFile }: Scheme<Keys, Key>): KeyFile<Key> {
  if (keyFile) return keyFile;
  throw new InputError(`scheme ${name} has no key files; take ${sealedNames().join(' or ')}`);
}

/** @param recipients public keys, PEM */
export const sealContent = (
  scheme: Pick<Scheme, 'keyFile'>,
  { payload, header }: KeyContent,
  recipients: readonly string[],
  { envelope, enc = scheme.keyFile?.enc }: SealOptions = {},
): Promise<string | Buffer> => sealEnvelope(payload, header, recipients, { envelope, enc });

/**
 * The keys of the paper's scheme, sealed as a JWE.
 * @param meta the preset's name; with `compact` the compact key file is sealed in place of the `.npz`
 * @param recipients one public key or several, PEM
 */
export async function sealKeys(
  keys: Keys,
  cipher: Raster,
  meta: { readonly preset: string; readonly compact?: CompactKey },
  recipients: string | readonly string[],
  enc?: ContentEncryption,
): Promise<string> {
  const { payload, header } = keyContent(paper, { keys, ...meta }, cipher);
  return seal(payload, header, [recipients].flat(), enc);
}

interface OpenedContent {
  readonly payload: Uint8Array;
  readonly header: KeyHeader;
}

/** @throws InputError if the envelope does not open, or was made for another cipher image */
async function openFor(
  envelope: string | Uint8Array,
  cipher: Raster,
  privatePem: string,
  passphrase?: string,
): Promise<OpenedContent> {
  const { payload, header } = await openEnvelope(envelope, privatePem, passphrase);
  return { payload, header: checkMade(header, cipher) };
}

/**
 * The keys of a cipher image of the paper's scheme out of its sealed key file.
 * @throws InputError if the envelope does not open, or was made for another cipher image or scheme
 */
export async function openKeys(
  jwe: string,
  cipher: Raster,
  privatePem: string,
  passphrase?: string,
): Promise<{ keys: Keys; header: KeyHeader }> {
  const { payload, header } = await openFor(jwe, cipher, privatePem, passphrase);
  if (header.scheme !== paper.name)
    throw new InputError(
      `the key file expected scheme paper, got ${header.scheme}; open the image with medchaos decrypt`,
    );
  return { keys: paper.unpack(payload, cipher, header.cty).keys, header };
}

export interface OpenedImage {
  readonly plain: Raster;
  readonly header: KeyHeader;
  /** Authenticated, from the key file; null where there is none. */
  readonly metadata: string | null;
  /**
   * Unique to an encryption: `nonce:` with the SHA-256 of the key file's nonce, or `cipher:` with that of the
   * samples for a scheme without one. One that was seen before is a replay, however it is wrapped.
   */
  readonly id: string;
  /** The original path, where it travels inside. */
  readonly path: string | null;
}

/**
 * A cipher image and its sealed key file back to the plain image.
 * @param envelope JWE, or CMS as DER
 * @throws InputError if the envelope does not open, was made for another image, or anything was changed
 */
export async function openImage(
  envelope: string | Uint8Array,
  cipher: Raster,
  privatePem: string,
  passphrase?: string,
): Promise<OpenedImage> {
  return openContent(await openFor(envelope, cipher, privatePem, passphrase), cipher);
}

/**
 * The same, once the envelope is open.
 * @throws InputError if the key is for another image, or anything was changed
 */
export function openContent({ payload, header }: OpenedContent, cipher: Raster): OpenedImage {
  const path = originalName(payload);
  const scheme = schemeNamed(header.scheme);
  const { nonce, metadata } = keyFileOf(scheme);
  const key = scheme.unpack(payload, cipher, header.cty);
  const id = nonce ? `nonce:${hexDigits(sha256(nonce(key)))}` : `cipher:${header.cipher_sha256}`;
  return { plain: scheme.decrypt(cipher, key), header, metadata: metadata?.(key) ?? null, id, path };
}

/** The header of an opened key file. @throws InputError unless it was made for this cipher image, by a known scheme */
export function checkMade(fields: Record<string, unknown>, cipher: Raster): KeyHeader {
  const header = readHeader(fields);
  checkSameShape(header, cipher);
  if (header.cipher_sha256 !== sampleHash(cipher))
    throw new InputError(
      'the key file was made for another cipher image, or this one was changed; give the cipher image it came with',
    );
  return header;
}

/** @throws InputError unless each field has its type, and scheme and content type are known */
export function readHeader({
  cty,
  scheme,
  preset,
  cipher_sha256,
  ...fields
}: Record<string, unknown>): KeyHeader {
  const name = sealedNames().find((known) => known === scheme);
  const types = name ? keyFileOf(schemeNamed(name)).contentTypes : [];
  if (name === undefined || typeof cty !== 'string' || !types.includes(cty)) throw unknownScheme(scheme, cty);
  if (typeof preset !== 'string' || typeof cipher_sha256 !== 'string')
    throw new InputError(
      `the key file expected texts as preset and cipher_sha256, got ${shown(preset)} and ${shown(cipher_sha256)}; ` +
        'ask for the key file again',
    );
  return { cty, scheme: name, preset, ...readShape(fields), cipher_sha256 };
}

function unknownScheme(scheme: unknown, cty: unknown): InputError {
  const names = sealedNames();
  const types = new Set(names.flatMap((name) => keyFileOf(schemeNamed(name)).contentTypes));
  return new InputError(
    `the key file expected scheme ${names.join(' or ')} with ${[...types].join(' or ')}, ` +
      `got ${shown(scheme)} with ${shown(cty)}; a newer medchaos may open it`,
  );
}
