/** What the vectors of key files share. */
import type { Keys } from '../../../../src/cipher/index.ts';
import type { Raster } from '../../../../src/shared/types.ts';
import { picture, sha256, shapeOf } from './pictures.ts';

export const lorenz = [10, 28, 2.667];

export const small = picture([5, 4, 1, 8]);

export const bytesOf = (array: Int32Array | Uint8Array | Uint16Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** SHA-256 of xindex, yindex (4 bytes LE each) and zkey (LE), joined. */
export const expectedOf = (keys: Keys, shape: Raster, name: string | null = null) => ({
  ...shapeOf(shape),
  sha256: sha256(Buffer.concat([bytesOf(keys.xIndex), bytesOf(keys.yIndex), bytesOf(keys.zKey)])),
  name,
});
