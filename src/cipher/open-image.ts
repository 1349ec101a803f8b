/** A cipher image and its sealed key file back to the plain image, whichever scheme made them. */
import { createHash } from 'node:crypto';
import type { Raster } from '../shared/types.ts';
import { checkSameShape, type KeyHeader, keysOf, openFor } from './envelope/envelope.ts';
import { decryptHardened } from './hardened/index.ts';
import { unpackHardened } from './hardened/keyfile.ts';
import { originalName } from './original-name.ts';
import { decryptRaster } from './permute.ts';

export interface OpenedImage {
  readonly plain: Raster;
  readonly header: KeyHeader;
  /** Authenticated, from a hardened key file; null where there is none. */
  readonly metadata: string | null;
  /**
   * What no two encryptions share: `nonce:` with the SHA-256 of a hardened key file's nonce, `cipher:` with that of the
   * samples for the paper scheme, which has none. One that was seen before is a replay, however it is wrapped.
   */
  readonly id: string;
  /** The original path, where it travels inside. */
  readonly path: string | null;
}

/** @param envelope JWE, or CMS as DER; @throws InputError if the envelope does not open, was made for another image, or anything was changed */
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
export function openContent(
  { payload, header }: { readonly payload: Uint8Array; readonly header: KeyHeader },
  cipher: Raster,
): OpenedImage {
  const path = originalName(payload);
  if (header.scheme === 'paper') {
    const plain = decryptRaster(cipher, keysOf(payload, header, cipher));
    return { plain, header, metadata: null, id: `cipher:${header.cipher_sha256}`, path };
  }
  const { key, shape } = unpackHardened(payload);
  checkSameShape(shape, cipher);
  const id = `nonce:${createHash('sha256').update(key.nonce).digest('hex')}`;
  return { plain: decryptHardened(cipher, key), header, metadata: key.metadata, id, path };
}
