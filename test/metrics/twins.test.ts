/** Fast metrics equal their slow plain twins, 8 and 16 bits, 1 to 4 channels, odd sizes. */
import { describe, expect, test } from 'vitest';
import { pairSums } from '../../src/metrics/correlation.ts';
import {
  chiSquare,
  correlation,
  directions,
  entropy,
  measureCell,
  mse,
  npcr,
  uaci,
} from '../../src/metrics/index.ts';
import {
  adjacentPairs,
  chiSquarePlain,
  entropyPlain,
  msePlain,
  npcrPlain,
  pearsonPlain,
  uaciPlain,
} from '../twins/metrics.ts';
import { close, forEachSeed, noise, picture } from './_images.ts';

const shapes = [
  [7, 5, 1, 8],
  [2, 2, 3, 8],
  [33, 17, 3, 8],
  [9, 31, 4, 8],
  [13, 6, 2, 16],
  [21, 18, 1, 16],
] as const;

describe.each(shapes)('%i x %i x %i at %i bits', (width, height, channels, depth) => {
  test('NPCR, UACI, MSE and entropy', () => {
    forEachSeed(5, (random, seed) => {
      const a = picture(width, height, channels, depth, seed);
      const b = noise(width, height, channels, depth, random);
      expect(npcr(a, b)).toBeCloseTo(npcrPlain(a, b), 10);
      expect(close(uaci(a, b), uaciPlain(a, b), 1e-12)).toBe(true);
      expect(mse(a, b)).toBe(msePlain(a, b));
      expect(close(entropy(b), entropyPlain(b), 1e-12)).toBe(true);
    });
  });
  test('correlation, pooled and of each plane', () => {
    forEachSeed(3, (random) => {
      const image = noise(width, height, channels, depth, random);
      for (const direction of directions)
        for (const plane of [undefined, ...Array(channels).keys()]) {
          const pairs = adjacentPairs(image, direction, plane);
          expect(pairSums(image, direction, plane).n).toBe(pairs.length);
          const ours = correlation(image, direction, plane);
          if (ours === null) expect(pairs.length).toBe(1);
          else expect(close(ours, pearsonPlain(pairs), 1e-9, 1e-12)).toBe(true);
        }
    });
  });
  test('the table cell holds the single metrics', () => {
    forEachSeed(2, (random) => {
      const plain = picture(width, height, channels, depth);
      const cipher = noise(width, height, channels, depth, random);
      const cell = measureCell(plain, cipher);
      expect(cell.uaci.value).toBe(uaci(plain, cipher));
      expect(cell.npcr.value).toBe(npcr(plain, cipher));
      expect(cell.entropy.value).toBe(entropy(cipher));
      expect(cell.corr_d.value).toBe(correlation(cipher, 'diagonal'));
    });
  });
});

test('chi-square', () => {
  forEachSeed(3, (random) => {
    const image = noise(40, 40, 1, 8, random);
    expect(close(chiSquare(image).value, chiSquarePlain(image), 1e-12)).toBe(true);
  });
});

test('sums stay exact across blocks and at 16 bits', () => {
  // 1.2 million white 16-bit samples: sum of squares 1200000 * 65535^2 needs 53 bits
  const width = 1_200_000;
  const white = {
    width,
    height: 1,
    channels: 1,
    depth: 16 as const,
    data: new Uint16Array(width).fill(65535),
  };
  const black = { ...white, data: new Uint16Array(width) };
  expect(mse(white, black)).toBe(65535 ** 2);
  expect(pairSums(white, 'horizontal').xy).toBe(BigInt(width - 1) * 65535n ** 2n);
});
