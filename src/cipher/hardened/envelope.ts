/** The sealed key file of a hardened cipher image: the same envelope and header as the paper scheme's. */
import type { Raster } from '../../shared/types.ts';
import { type ContentEncryption, type KeyHeader, sampleHash, seal } from '../envelope/envelope.ts';
import { checkRaster, shapeOf } from '../keys.ts';
import { type HardenedKey, packHardened } from './keyfile.ts';

/**
 * @param recipients one public key or several, PEM
 * @param enc A256GCM by default, for the key inside is of 256 bits
 */
export async function sealHardened(
  key: HardenedKey,
  cipher: Raster,
  recipients: string | readonly string[],
  enc: ContentEncryption = 'A256GCM',
): Promise<string> {
  const { payload, header } = hardenedContent(key, cipher);
  return seal(payload, header, typeof recipients === 'string' ? [recipients] : recipients, enc);
}

/** What `sealHardened` seals. */
export function hardenedContent(
  key: HardenedKey,
  cipher: Raster,
): { payload: Uint8Array; header: Record<string, unknown> } {
  checkRaster(cipher);
  const header: KeyHeader = {
    cty: 'application/json',
    scheme: 'hardened',
    preset: 'sound',
    ...shapeOf(cipher),
    cipher_sha256: sampleHash(cipher),
  };
  return { payload: packHardened(key, cipher), header: { ...header } };
}
