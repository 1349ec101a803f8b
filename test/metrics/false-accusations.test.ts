/** Ideal ciphers are refused no more often than the level says, where samples are few, and one statistic counts once. */
import { describe, expect, test } from 'vitest';
import {
  binomialTails,
  chiSquareOf,
  entropyOf,
  entropyP,
  expectedEntropy,
  histogram,
  histogramP,
} from '../../src/metrics/index.ts';
import { measureEverything } from '../../src/metrics/sections.ts';
import { binomialMass } from '../../src/nist/binomial.ts';
import { stream } from '../../src/shared/random.ts';
import type { Depth, Raster } from '../../src/shared/types.ts';
import { noise, picture } from './_images.ts';

describe('NPCR, exact over all counts', () => {
  test.each([
    [16, 4096, 65536],
    [16, 65536, 65536],
    [8, 256, 256],
    [8, 64, 256],
    [8, 786432, 256],
  ])(
    '%d bits, %d samples: P(p <= level) is at most the level',
    (_, n, L) => {
      const mass = binomialMass(n, 1 / L);
      for (const level of [0.05, 0.01, 0.001, 1e-4])
        expect(mass.sum((k) => +(binomialTails(k, n, 1 / L).twoSided <= level))).toBeLessThanOrEqual(level);
    },
    60_000,
  );
  test('known answer: one equal sample of 4,096 at 16 bits has P(K >= 1) = 0.0606', () => {
    expect(binomialTails(1, 4096, 1 / 65536).upper).toBeCloseTo(0.0606, 4);
    expect(binomialTails(1, 4096, 1 / 65536).twoSided).toBeCloseTo(0.1212, 3);
  });
});

describe.each<[Depth, number, number]>([
  [8, 12, 1500],
  [8, 64, 300],
  [16, 24, 300],
  [16, 64, 150],
])('histogram of %d bits, %d x %d samples', (depth, side, runs) => {
  test('5 % of ideal ciphers have p below 0.05, fewer where p is discrete', () => {
    const random = stream(3, 'false accusations', depth, side);
    const p = Array.from({ length: runs }, () => psOf(noise(side, side, 1, depth, random)));
    for (const of of [0, 1] as const) {
      const rate = p.filter((both) => both[of] < 0.05).length / runs;
      expect(rate).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / runs));
      expect(p.filter((both) => both[of] < 0.5).length / runs).toBeGreaterThan(0.3);
    }
  });
});

/** p of chi-square and of the entropy. */
function psOf(image: Raster): [number, number] {
  const counts = histogram(image);
  const [n, L] = [image.data.length, counts.length];
  const { mean, sd } = expectedEntropy(n, image.depth);
  return [histogramP(chiSquareOf(counts), n, L), entropyP((entropyOf(counts) - mean) / sd, n, L)];
}

test('measures that move together count once', () => {
  const random = stream(4, 'counted once');
  const images = { plain: picture(80, 80, 1, 8), cipher: noise(80, 80, 1, 8, random) };
  const { judged, measures } = measureEverything(images, { only: ['paper', 'histogram', 'mae', 'entropy'] });
  expect(measures.filter(({ p }) => p !== null)).toHaveLength(12);
  expect(judged).toBe(6); // uaci, npcr, entropy, three correlations
});

test('grey stored as RGB is one plane', () => {
  const random = stream(5, 'grey as rgb');
  const grey = noise(64, 64, 1, 8, random);
  const asRgb = (image: Raster): Raster => ({
    ...image,
    channels: 3,
    depth: 8,
    data: Uint8Array.from({ length: 3 * image.data.length }, (_, at) => image.data[Math.floor(at / 3)]!),
  });
  const plain = picture(64, 64, 1, 8);
  const once = measureEverything({ plain, cipher: grey });
  const thrice = measureEverything({ plain: asRgb(plain), cipher: asRgb(grey) });
  expect([once.equalChannels, thrice.equalChannels]).toEqual([false, true]);
  expect({ ...thrice, equalChannels: false }).toEqual(once);
  const colour = measureEverything({ plain: asRgb(plain), cipher: noise(64, 64, 3, 8, random) });
  expect(colour).toMatchObject({ channels: 3, equalChannels: false });
});

test.each([
  ['a row', 300, 1, ['h']],
  ['a column', 1, 300, ['v']],
  ['two rows', 200, 2, ['h', 'v', 'd']],
] as const)('%s is measured where it has pairs', (_, width, height, directions) => {
  const random = stream(6, 'single rows');
  const images = { plain: picture(width, height, 1, 8), cipher: noise(width, height, 1, 8, random) };
  const { measures } = measureEverything(images);
  for (const section of ['random-pairs', 'glcm', 'paper'] as const) {
    const own = measures.filter((m) => m.section === section && /_[hvd]\b/.test(m.name) && m.value !== null);
    expect([...new Set(own.map(({ name }) => name.match(/_([hvd])\b/)![1]))]).toEqual(directions);
  }
});
