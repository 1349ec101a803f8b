/** A cipher image and its sealed key file back to the plain image, whichever scheme made them. */
import type { Raster } from '../shared/types.ts';
import { checkSameShape, type KeyHeader, keysOf, openFor } from './envelope.ts';
import { decryptHardened } from './hardened/index.ts';
import { unpackHardened } from './hardened/keyfile.ts';
import { decryptRaster } from './permute.ts';

export interface OpenedImage {
  readonly plain: Raster;
  readonly header: KeyHeader;
  /** Authenticated, from a hardened key file; null where there is none. */
  readonly metadata: string | null;
}

/** @throws InputError if the envelope does not open, was made for another image, or anything was changed */
export async function openImage(
  jwe: string,
  cipher: Raster,
  privatePem: string,
  passphrase?: string,
): Promise<OpenedImage> {
  const { payload, header } = await openFor(jwe, cipher, privatePem, passphrase);
  if (header.scheme === 'paper')
    return { plain: decryptRaster(cipher, keysOf(payload, header, cipher)), header, metadata: null };
  const { key, shape } = unpackHardened(payload);
  checkSameShape(shape, cipher);
  return { plain: decryptHardened(cipher, key), header, metadata: key.metadata };
}
