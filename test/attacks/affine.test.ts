/** Three cipher images that predict a fourth: by which sum, and not for a cipher that keeps none. */
import { expect, test } from 'vitest';
import { affinePrediction, oracleOf } from '../../src/attacks/index.ts';
import { encryptRaster } from '../../src/cipher/index.ts';
import { stream } from '../../src/shared/random.ts';
import type { Raster } from '../../src/shared/types.ts';
import { grey, noiseImage, randomKeys } from './_images.ts';

const shape = grey(31, 22);
const [a, b, c] = [1, 2, 3].map((seed) => noiseImage(shape, stream(seed, 'affine'))) as [
  Raster,
  Raster,
  Raster,
];
const by = (encrypt: (plain: Raster) => Raster) => {
  const oracle = oracleOf(shape, encrypt);
  return { ...affinePrediction(oracle, [a, b, c]), queries: oracle.queries };
};
const eachSample = (step: (value: number, k: number) => number) =>
  by((plain) => ({ ...plain, data: plain.data.map(step) }));

test('permutation and xor: by xor, with five queries', () => {
  const keys = randomKeys(shape, stream(1, 'affine keys'));
  expect(by((plain) => encryptRaster(plain, keys))).toEqual({
    share: 1,
    over: 'xor',
    planes: new Array(8).fill(1),
    queries: 5,
  });
});

test('a keystream that is added: by addition', () => {
  expect(eachSample((value, k) => value + 37 * k)).toMatchObject({ share: 1, over: 'addition' });
});

test('a table of values that keeps no sum: no better than guessing', () => {
  expect(eachSample((value) => ((value * value * 31) >> 3) ^ (value >> 2)).share).toBeLessThan(0.1);
});
