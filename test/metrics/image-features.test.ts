/** MAE, SSIM, histogram variance, sampled correlation, bit planes, GLCM, avalanche: known answers, twins, wrong inputs. */
import { describe, expect, test } from 'vitest';
import {
  avalanche,
  bitPlanes,
  chiSquare,
  correlation,
  directions,
  fisherInterval,
  glcm,
  glcmOffsets,
  histogramVariance,
  mae,
  sampledCorrelation,
  ssim,
  uaci,
} from '../../src/metrics/index.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import {
  avalanchePlain,
  balancePlain,
  glcmPlain,
  histogramVariancePlain,
  maePlain,
  offsetPairs,
  planeCorrelationPlain,
  runsPlain,
  ssimPlain,
} from '../twins/metrics.ts';
import { close, noise, picture, raster } from './_images.ts';

const shapes = [
  [13, 12, 1, 8],
  [17, 11, 3, 8],
  [11, 14, 2, 16],
] as const;

describe.each(shapes)(
  '%i x %i x %i at %i bits: equal to the plain twin',
  (width, height, channels, depth) => {
    const a = picture(width, height, channels, depth);
    const b = noise(width, height, channels, depth, stream(4, 'features', depth));
    test('MAE, avalanche, SSIM', () => {
      expect(close(mae(a, b), maePlain(a, b), 1e-12)).toBe(true);
      expect(close(uaci(a, b), (100 * mae(a, b)) / (2 ** depth - 1), 1e-12)).toBe(true);
      expect(close(avalanche(a, b).value, avalanchePlain(a, b), 1e-12)).toBe(true);
      expect(close(ssim(a, b), ssimPlain(a, b), 1e-9, 1e-12)).toBe(true);
      expect(close(ssim(a, a), 1, 1e-12)).toBe(true);
    });
    test('bit planes', () => {
      const { planes, pairs } = bitPlanes(b);
      expect([planes.length, pairs.length]).toEqual([depth, (depth * (depth - 1)) / 2]);
      for (const { plane, balance, runs } of planes) {
        expect(close(balance.value!, balancePlain(b, plane), 1e-12)).toBe(true);
        expect(runs.value).toBe(runsPlain(b, plane));
      }
      for (const { planes: two, correlation: r } of pairs)
        expect(close(r.value!, planeCorrelationPlain(b, ...two), 1e-9, 1e-12)).toBe(true);
    });
    test.each(Object.entries({ ...glcmOffsets, far: [-2, -3] as const }))('GLCM, %s', (_, offset) => {
      for (const levels of [8, 256]) {
        const found = glcm(b, { offset, levels });
        const list = offsetPairs(b, offset, levels);
        expect(found.pairs).toBe(list.length);
        const values = [found.contrast.value!, found.homogeneity.value!, found.energy.value!];
        glcmPlain(list).forEach((plain, i) => {
          expect(close(values[i]!, plain, 1e-12)).toBe(true);
        });
      }
    });
  },
);

test('histogram variance: its definition, and chi-square in other units', () => {
  const image = noise(40, 30, 3, 8, stream(2, 'histogram'));
  const { value } = histogramVariance(image);
  expect(close(value, histogramVariancePlain(image), 1e-12)).toBe(true);
  expect(close(value, (chiSquare(image).value * 3600) / 65536, 1e-12)).toBe(true);
  expect(histogramVariance(raster(16, 16, 1, 8, [...Array(256).keys()])).value).toBe(0);
});

test('known answers', () => {
  const black = raster(2, 2, 1, 8, [0, 0, 0, 0]);
  const white = raster(2, 2, 1, 8, [255, 255, 255, 255]);
  expect([mae(black, white), avalanche(black, white).value, avalanche(black, black).value]).toEqual([
    255, 1, 0,
  ]);
  expect(glcm(white)).toMatchObject({
    contrast: { value: 0 },
    homogeneity: { value: 1 },
    energy: { value: 1 },
  });
  expect(glcm(raster(3, 1, 1, 8, [0, 2, 3])).contrast.value).toBe((4 + 1) / 2);
  expect(glcm(raster(3, 1, 1, 8, [0, 2, 3])).homogeneity.value).toBeCloseTo((1 / 3 + 1 / 2) / 2, 12);
  const { planes, pairs } = bitPlanes(raster(4, 1, 1, 8, [0, 3, 3, 0]));
  expect([planes[0]!.runs.value, planes[0]!.balance.value, planes[7]!.runs.value]).toEqual([3, 0.5, 1]);
  expect(pairs[0]).toMatchObject({ planes: [0, 1], correlation: { value: 1 } });
  expect(pairs[1]!.correlation).toMatchObject({ value: null, note: 'a constant plane' });
});

test('SSIM of two flat images is its luminance term', () => {
  const flat = (v: number) => raster(12, 12, 1, 8, Array(144).fill(v));
  const c1 = 2.55 ** 2;
  expect(ssim(flat(50), flat(200))).toBeCloseTo((2 * 50 * 200 + c1) / (50 ** 2 + 200 ** 2 + c1), 9);
});

test('SSIM keeps its digits where the variance is small against the mean', () => {
  for (const depth of [8, 16] as const) {
    const bright = (seed: number) => {
      const image = noise(20, 15, 1, depth, stream(seed, 'bright'));
      for (let i = 0; i < image.data.length; i++) image.data[i] = 2 ** depth - 1 - (image.data[i]! % 3);
      return image;
    };
    expect(close(ssim(bright(1), bright(2)), ssimPlain(bright(1), bright(2)), 1e-12)).toBe(true);
  }
});

describe('correlation of random pairs', () => {
  const image = picture(40, 30, 3, 8);
  test('all pairs drawn give the correlation of all', () => {
    const all = { horizontal: 39 * 30 * 3, vertical: 40 * 29 * 3, diagonal: 39 * 29 * 3 };
    for (const direction of directions) {
      const drawn = sampledCorrelation(image, direction, all[direction], stream(1, 'pairs'));
      expect(drawn.value).toBe(correlation(image, direction));
    }
  });
  test('one seed, one value; the interval holds the correlation of all in about 95 % of seeds', () => {
    const cipher = noise(64, 64, 1, 8, stream(8, 'cipher'));
    const draw = (seed: number) => sampledCorrelation(cipher, 'diagonal', 200, stream(seed, 'pairs'));
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3).value).not.toBe(draw(4).value);
    const rho = correlation(cipher, 'diagonal')!;
    const seeds = [...Array(1000).keys()].map((seed) => draw(seed).interval!);
    const held = seeds.filter(([low, high]) => low < rho && rho < high).length;
    expect(Math.abs(held - 950) / Math.sqrt(1000 * 0.95 * 0.05)).toBeLessThan(4);
  });
  test('Fisher 95 % at r = 0: 0.0277 for 5000 pairs, 0.0358 for 3000; r = 0.5 over 28 by hand', () => {
    expect(fisherInterval(0, 5000)[1]).toBeCloseTo(0.0277, 4);
    expect(fisherInterval(0, 3000)[0]).toBeCloseTo(-0.0358, 4);
    const [low, high] = fisherInterval(0.5, 28, 1.96);
    expect([low, high]).toEqual([
      expect.closeTo(Math.tanh(0.5 * Math.log(3) - 0.392), 12),
      expect.closeTo(Math.tanh(0.5 * Math.log(3) + 0.392), 12),
    ]);
    expect(fisherInterval(1, 10)).toEqual([1, 1]);
  });
  test('a flat image has none', () => {
    const flat = raster(4, 4, 1, 8, Array(16).fill(9));
    const found = sampledCorrelation(flat, 'horizontal', 8, stream(1, 'pairs'));
    expect(found).toMatchObject({ value: null, interval: null, note: 'constant samples' });
  });
});

const small = raster(4, 4, 1, 8, Array(16).fill(1));
const other = raster(2, 8, 1, 8, Array(16).fill(1));
const empty = raster(0, 4, 1, 8, []);
const random = stream(1, 'wrong');
const wrong: [string, () => unknown, RegExp][] = [
  ['MAE of two shapes', () => mae(small, other), /"cipher" expected the shape of "plain"/],
  ['avalanche of two shapes', () => avalanche(small, other), /"second cipher" expected the shape/],
  ['SSIM of two shapes', () => ssim(small, other), /"second image" expected the shape/],
  ['SSIM below its window', () => ssim(small, small), /at least 11x11 pixels.* got 4x4/],
  ['bit planes of nothing', () => bitPlanes(empty), /width of at least 1, got 0/],
  ['histogram variance of nothing', () => histogramVariance(empty), /width of at least 1, got 0/],
  ['GLCM of nothing', () => glcm(empty), /width of at least 1, got 0/],
  ['GLCM with 7 levels', () => glcm(small, { levels: 7 }), /"levels" expected a power of two/],
  ['GLCM in place', () => glcm(small, { offset: [0, 0] }), /"offset" expected two integers, not both 0/],
  ['GLCM by half a pixel', () => glcm(small, { offset: [0.5, 0] }), /"offset" expected two integers/],
  ['GLCM beyond the image', () => glcm(small, { offset: [0, 4] }), /"offset" expected to stay within 4x4/],
  ['3 pairs', () => sampledCorrelation(small, 'vertical', 3, random), /"count" expected an integer in 4..12/],
  ['more pairs than there are', () => sampledCorrelation(small, 'vertical', 13, random), /has 12 such pairs/],
  [
    'no pairs at all',
    () => sampledCorrelation(raster(1, 9, 1, 8, Array(9).fill(1)), 'horizontal', 4, random),
    /at least 4 such pairs, got 0/,
  ],
  ['r = 2', () => fisherInterval(2, 10), /"r" expected a number in -1..1, got 2/],
  ['3 samples', () => fisherInterval(0, 3), /"n" expected an integer of at least 4, got 3/],
];

test.each(wrong)('refuses %s', (_, work, message) => {
  expect(work).toThrow(message);
  expect(work).toThrow(InputError);
});
