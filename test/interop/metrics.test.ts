/**
 * Metrics against independent Python packages: scikit-image, scipy, and of nistrng 1.2.3 the tests below. Its others
 * are not compared, because they err: overlapping templates leave out each block's last window; non-overlapping ones
 * take one template at random and divide by the variance squared; the universal test's deviation lacks K; linear
 * complexity floors its classes where rev 1a has (-2.5, -1.5]; excursions count cycles of 5 visits or more in every
 * class; their variant returns statistics for p-values. MEDCHAOS_PYTHON names the interpreter; default python3.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  chiSquare,
  correlation,
  directions,
  entropy,
  fisherInterval,
  glcm,
  glcmOffsets,
  mse,
  nist,
  psnr,
  ssim,
} from '../../src/metrics/index.ts';
import { stream } from '../../src/shared/random.ts';
import type { Raster } from '../../src/shared/types.ts';
import { noise, picture } from '../metrics/_images.ts';

const python = process.env.MEDCHAOS_PYTHON ?? 'python3';
const run = (...args: string[]) => spawnSync(python, args, { encoding: 'utf8' });
const missing =
  run('-c', 'import skimage, scipy, nistrng').status === 0
    ? ''
    : `needs scikit-image, scipy and nistrng in ${python}`;

const random = stream(6, 'interop');
const pairOf = (...shape: Parameters<typeof picture>): [Raster, Raster] => [
  picture(...shape),
  noise(shape[0], shape[1], shape[2], shape[3], random),
];
const cases: Record<string, [Raster, Raster]> = {
  'grey-8': pairOf(61, 47, 1, 8),
  'rgb-8': pairOf(40, 53, 3, 8),
  'grey-16': pairOf(53, 40, 1, 16),
  'two-pictures': [picture(50, 50, 1, 8, 1), picture(50, 50, 1, 8, 2)],
};
const bits = Uint8Array.from({ length: 40_960 }, () => random.int(2));

interface Theirs {
  images: Record<
    string,
    {
      ssim: number;
      mse: number;
      psnr: number;
      entropy: number;
      chiSquare: number;
      correlation: Record<string, [r: number, low: number, high: number]>;
      glcm: Record<string, [contrast: number, energy: number, homogeneity: number][]> | null;
    }
  >;
  nist: Record<string, number[]>;
}
let theirs: Theirs;

const dir = mkdtempSync(join(tmpdir(), 'medchaos-metrics-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function expectClose(ours: number, other: number, rtol = 1e-10, atol = 1e-12): void {
  expect(Math.abs(ours - other), `${ours} beside ${other}`).toBeLessThanOrEqual(
    rtol * Math.abs(other) + atol,
  );
}

describe.skipIf(missing)(`Python packages ${missing}`, () => {
  beforeAll(() => {
    const shapes = Object.entries(cases).map(([name, [{ data: _, ...shape }]]) => ({ name, ...shape }));
    writeFileSync(join(dir, 'cases.json'), JSON.stringify(shapes));
    writeFileSync(join(dir, 'bits.raw'), bits);
    for (const [name, pair] of Object.entries(cases))
      for (const [k, { data }] of pair.entries()) writeFileSync(join(dir, `${name}.${'ab'[k]}.raw`), data);
    const { status, stdout, stderr } = run(fileURLToPath(new URL('metrics.py', import.meta.url)), dir);
    expect(status, stderr).toBe(0);
    theirs = JSON.parse(stdout);
  }, 120_000);

  describe.each(Object.entries(cases))('%s', (name, [a, b]) => {
    test('SSIM, MSE and PSNR as scikit-image', () => {
      const other = theirs.images[name]!;
      expectClose(ssim(a, b), other.ssim);
      expectClose(mse(a, b), other.mse);
      expectClose(psnr(a, b), other.psnr);
    });

    test('entropy as scikit-image, chi-square as scipy', () => {
      expectClose(entropy(a), theirs.images[name]!.entropy);
      expectClose(chiSquare(a).value, theirs.images[name]!.chiSquare);
    });

    test.each(directions)('correlation and its Fisher interval as scipy: %s', (direction) => {
      const [r, low, high] = theirs.images[name]!.correlation[direction]!;
      const ours = correlation(a, direction)!;
      expectClose(ours, r);
      const right = direction === 'vertical' ? 0 : 1;
      const down = direction === 'horizontal' ? 0 : 1;
      const [from, to] = fisherInterval(ours, (a.width - right) * (a.height - down) * a.channels);
      expectClose(from, low, 1e-9);
      expectClose(to, high, 1e-9);
    });

    // graycomatrix takes one channel.
    test.each(a.channels === 1 ? [8, 256] : [])('GLCM of %i levels as scikit-image', (levels) => {
      for (const [k, offset] of Object.values(glcmOffsets).entries()) {
        const [contrast, energy, homogeneity] = theirs.images[name]!.glcm![levels]![k]!;
        const ours = glcm(a, { levels, offset });
        expectClose(ours.contrast.value!, contrast);
        expectClose(ours.energy.value!, energy);
        expectClose(ours.homogeneity.value!, homogeneity);
      }
    });
  });

  // nistrng's own parameters: 99 blocks of floor(n / 99) bits; m = 4 and m = 2; NIST's own
  // laws in dft, rank and approximate entropy (`reference`); rounded class probabilities in longest run.
  test.each([
    ['frequency', 6272, {}, 1e-9],
    ['block-frequency', 6272, { blockFrequencyM: 63 }, 1e-9],
    ['runs', 6272, {}, 1e-9],
    ['longest-run', 6272, { reference: true }, 1e-3],
    ['rank', 40_960, { reference: true }, 1e-6],
    ['dft', 6272, { reference: true }, 1e-9],
    ['serial', 6272, { serialM: 4 }, 1e-9],
    ['approximate-entropy', 6272, { approximateEntropyM: 2, reference: true }, 1e-9],
    ['cusum', 6272, {}, 1e-9],
  ] as const)('SP 800-22 as nistrng: %s', (name, n, options, rtol) => {
    const ours = nist.tests[name](nist.bitsFromText(bits.subarray(0, n).join('')), options);
    const other = theirs.nist[name]!;
    expect(ours.subTests).toHaveLength(other.length);
    ours.subTests.forEach(({ p }, k) => {
      expectClose(p, other[k]!, rtol);
    });
  });
});
