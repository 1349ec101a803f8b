/**
 * Row and column shuffle and xor by one Lorenz orbit: the public code whose names and steps the paper shares
 * (github.com/Saransh-cpp/Chaotic-Encryption, 2021). Forward Euler, dt 0.01, sigma 10, rho 28, beta 2.667, the start
 * among the values; x and y sorted in descending order; z 1e5 mod 256, one plane for all channels (16 bits: 1e7 mod
 * 65536). There the start is fixed at (0.01, 0.02, 0.03); here it is the key, 52 bits a coordinate.
 *
 * Its defect: the shuffle loops read yindex by the column and overwrite each row while they read it,
 *   for j: B[i][j] = P[yindex[j]][j];  then for j: B[i][j] = B[i][xindex[j]],
 * so all rows of B are one row, at most W of the W * H pixels survive, and nobody can decrypt. `asPublished` is that
 * code; the peer is the corrected variant, B[i] = P[yindex[i]], then columns out of place.
 */
import { InputError } from '../../shared/errors.ts';
import type { Raster } from '../../shared/types.ts';
import { checkRaster, type Keys, type Shape, samplesArray, shapeOf } from '../keys.ts';
import { decryptRaster, encryptRaster, sortIndex } from '../permute.ts';
import { checkKey, keyFraction, secretPeer } from './_plane.ts';

const multipliers = { 8: 1e5, 16: 1e7 };

function keysOf(shape: Shape, key: Uint8Array): Keys {
  checkKey(key);
  const { width, height, channels, depth } = shape;
  const start: Start = [keyFraction(key, 0), keyFraction(key, 52), keyFraction(key, 104)];
  const [x, y, z] = orbit(start, width * height);
  const zKey = samplesArray(depth, width * height * channels);
  for (let k = 0; k < zKey.length; k++)
    zKey[k] = Math.floor(z[Math.floor(k / channels)]! * multipliers[depth]); // a store is mod 2^depth
  return {
    xIndex: sortIndex(x.subarray(0, width), 'descending'),
    yIndex: sortIndex(y.subarray(0, height), 'descending'),
    zKey,
  };
}

type Start = readonly [number, number, number];

/** The start and the states after it; x (r - z) - y as there, not as in src/chaos/lorenz.ts: the bits differ. */
function orbit(start: Start, n: number): [Float64Array, Float64Array, Float64Array] {
  const out: ReturnType<typeof orbit> = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  let [x, y, z] = start;
  for (let k = 0; k < n; k++) {
    out[0][k] = x;
    out[1][k] = y;
    out[2][k] = z;
    const dx = 10 * (y - x) * 0.01;
    const dy = (x * (28 - z) - y) * 0.01;
    const dz = (x * y - 2.667 * z) * 0.01;
    x += dx;
    y += dy;
    z += dz;
  }
  return out;
}

export const ancestor = secretPeer(
  {
    name: 'ancestor',
    label: 'Ancestor, corrected',
    source:
      'Saransh-cpp/Chaotic-Encryption, 2021; its shuffle corrected, its fixed start replaced by the key',
    standing: 'published',
    fresh: false,
  },
  (plain, secret) => ({ cipher: encryptRaster(plain, keysOf(plain, secret)), extra: new Uint8Array(0) }),
  (cipher, { secret }) => decryptRaster(cipher, keysOf(cipher, secret)),
);

/**
 * What the public code makes of an image. It cannot be undone.
 * @throws InputError for an image wider than high, where that code reads past its index and stops
 */
export function asPublished(plain: Raster, key: Uint8Array): Raster {
  checkRaster(plain);
  const { width, height, channels } = plain;
  if (width > height)
    throw new InputError(`the public code expected an image no wider than high, got ${width}x${height}`);
  const { xIndex, yIndex, zKey } = keysOf(plain, key);
  const row = plain.data.slice(0, width * channels);
  for (let j = 0; j < width; j++) copyPixel(plain.data, yIndex[j]! * width + j, row, j, channels);
  for (let j = 0; j < width; j++) copyPixel(row, xIndex[j]!, row, j, channels); // reads what it has overwritten
  return { ...shapeOf(plain), data: zKey.map((z, k) => z ^ row[k % row.length]!) };
}

function copyPixel(from: Raster['data'], at: number, to: Raster['data'], j: number, channels: number): void {
  for (let c = 0; c < channels; c++) to[j * channels + c] = from[at * channels + c]!;
}
