import { expect, test } from 'vitest';
import { correlation, differentialLimits, entropy, measureCell, npcr } from '../../src/metrics/index.ts';
import { InputError } from '../../src/shared/errors.ts';
import type { Raster } from '../../src/shared/types.ts';
import { raster } from './_images.ts';

const image = raster(2, 2, 1, 8, [1, 2, 3, 4]);
const wrong: [string, Raster, RegExp][] = [
  [
    'another width',
    raster(4, 1, 1, 8, [1, 2, 3, 4]),
    /"cipher" expected the shape of "plain", 2x2x1.*got 4x1x1/,
  ],
  ['another depth', raster(2, 2, 1, 16, [1, 2, 3, 4]), /got 2x2x1 at 16 bits/],
  ['more channels', raster(2, 2, 3, 8, Array(12).fill(0)), /got 2x2x3/],
  ['an empty image', raster(0, 2, 1, 8, []), /expected width of at least 1, got 0/],
  ['too few samples', { ...image, data: Uint8Array.of(1, 2, 3) }, /expected 4 samples.*got 3/],
  ['data of another depth', { ...image, data: Uint16Array.of(1, 2, 3, 4) }, /expected Uint8Array at depth 8/],
];

test.each(wrong)('plain against %s', (_, bad, message) => {
  expect(() => npcr(image, bad)).toThrow(message);
  expect(() => measureCell(image, bad)).toThrow(InputError);
});

test.each(wrong.slice(3))('entropy of %s', (_, bad, message) => {
  expect(() => entropy(bad)).toThrow(message);
});

test('a plane or level that does not exist', () => {
  expect(() => correlation(image, 'horizontal', 1)).toThrow(/"plane" expected integer in 0..0, got 1/);
  expect(() => differentialLimits(100, 0.02 as never)).toThrow(/"alpha" expected 0.05, 0.01 or 0.001/);
});
