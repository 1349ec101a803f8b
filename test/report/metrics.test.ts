/** `metrics PLAIN CIPHER`: its sections, p-values and verdicts, and what it refuses. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../src/data/images/png.ts';
import { chiSquareP, lowerP, twoSidedP, twoSidedQuantile } from '../../src/metrics/index.ts';
import { type MetricsResult, measureEverything, sectionNames } from '../../src/metrics/sections.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import { describeCell } from '../../src/tables/metrics-text.ts';
import { medchaos } from '../commands/_cli.ts';
import { matOf, npyOf } from '../data/images/_sample-files.ts';
import { noise, picture } from '../metrics/_images.ts';

const random = stream(1, 'metrics command');
const plain = picture(160, 140, 3, 8);
const cipher = noise(160, 140, 3, 8, random);
const second = noise(160, 140, 3, 8, random);
const find = ({ measures }: MetricsResult, name: string) => measures.find((m) => m.name === name)!;

/** Of three channels of 8 bits: 8 + 3 of one plane; 3 features x 3 directions; 8 planes twice and 28 pairs. */
const rowsOfSections = {
  paper: 11,
  residual: 1,
  entropy: 3,
  'local-entropy': 1,
  histogram: 2,
  ssim: 1,
  mae: 1,
  glcm: 9,
  'bit-planes': 44,
  'random-pairs': 3,
  differential: 3,
};

describe('p-values', () => {
  test('known answers: normal and chi-square tables', () => {
    expect(twoSidedP(-1.959963984540054)).toBeCloseTo(0.05, 12);
    expect(lowerP(-2.3263478740408408)).toBeCloseTo(0.01, 12);
    expect(twoSidedQuantile(0.01)).toBeCloseTo(2.5758293035489004, 12);
    expect(chiSquareP(310.457, 255)).toBeCloseTo(0.02, 5); // upper 1 % point
    expect(chiSquareP(255 - 130, 255)).toBeLessThan(1e-9); // too even
  });
  test.each([0, 1, Number.NaN])('no quantile at level %d', (level) =>
    expect(() => twoSidedQuantile(level)).toThrow(/"level" expected/),
  );
});

describe('all sections', () => {
  const result = measureEverything({ plain, cipher, second });

  test('every section is measured, and every value with an expectation has z, p and a verdict', () => {
    expect([...new Set(result.measures.map(({ section }) => section))]).toEqual(sectionNames);
    expect(result.notMeasured).toEqual([]);
    for (const { name, z, p, verdict } of result.measures)
      expect([name, z === null, verdict === 'none']).toEqual([name, p === null, p === null]);
    expect(find(result, 'ssim')).toMatchObject({ p: null, verdict: 'none' });
  });

  test.each(Object.entries(rowsOfSections))('section %s has %i rows', (name, rows) => {
    expect(result.measures.filter(({ section }) => section === name)).toHaveLength(rows);
  });

  test('uniform samples pass at a level far below 1 / judged', () => {
    expect(measureEverything({ plain, cipher, second }, { level: 1e-6 }).off).toBe(0);
    const alone = result.measures.filter(({ p, follows }) => p !== null && !follows);
    expect(result.judged).toBe(alone.length);
    expect(result.expectedOff).toBeCloseTo(0.01 * result.judged, 12);
  });

  test('verdicts follow the level: off where p is below it', () => {
    const { measures, off } = measureEverything({ plain, cipher, second }, { level: 0.4 });
    expect(off).toBeGreaterThan(5);
    const below = measures.filter(({ p }) => p !== null && p < 0.4);
    for (const { verdict } of below) expect(verdict).toBe('off');
    expect(off).toBeLessThanOrEqual(below.length);
  });

  test('the local entropy has both intervals; the quoted one is sqrt 30 times narrower', () => {
    const { correct, quoted } = find(result, 'local_entropy').intervals!;
    expect((correct![1] - correct![0]) / (quoted![1] - quoted![0])).toBeCloseTo(Math.sqrt(30), 9);
    expect(quoted![0]).toBeCloseTo(7.901722822, 6); // 1 %, as printed by Wu et al. 2013
  });

  test('differential: Wu, Noonan and Agaian one- and two-sided', () => {
    const { z, p, pLower, value } = find(result, 'differential_npcr');
    expect(p).toBeCloseTo(twoSidedP(z!), 1); // exact binomial
    expect(pLower).toBeCloseTo(lowerP(z!), 1);
    const changed = cipher.data.filter((v, i) => v !== second.data[i]).length;
    expect(value).toBeCloseTo((100 * changed) / cipher.data.length, 10);
  });

  test('the table has a title a section, and the caveat of many tests', () => {
    const text = describeCell(result);
    for (const section of sectionNames) expect(text).toMatch(new RegExp(`^${section}: `, 'm'));
    expect(text).toMatch(/^local_entropy .*\n {4}correct interval .*quoted interval .*only 36 % of ideal/m);
    expect(text).toMatch(
      new RegExp(
        `of ${result.judged} measures lie outside; an ideal cipher fails 0\\.\\d+ of ${result.judged} on average at level 0\\.01`,
      ),
    );
    expect(text).toMatch(/^ssim +-?0\.\d+ +- +- +- +-$/m);
  });
});

test('a picture that was not encrypted is off nearly everywhere', () => {
  const { measures, judged, off } = measureEverything({ plain, cipher: plain, second: plain });
  expect(off).toBeGreaterThan(judged - 5);
  expect(measures.find(({ name }) => name === 'differential_npcr')).toMatchObject({
    value: 0,
    verdict: 'off',
    p: 0,
  });
});

test('16 bits, RGBA: a section that does not apply says why, the rest is measured', () => {
  const images = { plain: picture(40, 30, 4, 16), cipher: noise(40, 30, 4, 16, random) };
  const result = measureEverything(images, { only: ['entropy', 'glcm', 'bit-planes'] });
  expect(result.measures).toHaveLength(4 + 9 + 32 + 120);
  const small = { plain: picture(9, 9, 1, 8), cipher: noise(9, 9, 1, 8, random) };
  const { notMeasured } = measureEverything(small);
  expect(notMeasured.map(({ section }) => section)).toEqual(['local-entropy', 'ssim']);
  expect(describeCell(measureEverything(small))).toMatch(/^not measured: ssim: .*at least 11x11/m);
});

test('random pairs: the seed decides, and Fisher intervals hold the value', () => {
  const pairs = (seed: number) =>
    measureEverything({ plain, cipher }, { only: ['random-pairs'], pairs: 200, seed }).measures;
  expect(pairs(1)).toEqual(pairs(1));
  expect(pairs(1)[0]!.value).not.toBe(pairs(2)[0]!.value);
  for (const { name, value, intervals } of pairs(1)) {
    expect(name).toMatch(/of 200 pairs/);
    expect(intervals!.fisher![0]).toBeLessThan(value!);
    expect(intervals!.fisher![1]).toBeGreaterThan(value!);
  }
});

test.each([
  ['a level of 0', { level: 0 }, /"level" expected .* got 0; take/],
  ['an unknown section', { only: ['glcm', 'npcrr'] }, /"only" expected sections of paper, .* got "npcrr"/],
  ['no section', { only: [] }, /"only" expected sections/],
  ['differential without a second cipher', { only: ['differential'] }, /give --second CIPHER2/],
  ['more pairs than there are', { pairs: 1_000_000 }, /"count" expected an integer in 4\.\.66780/],
])('refuses %s', (_, options, message) => {
  expect(() => measureEverything({ plain, cipher }, options)).toThrow(message);
  expect(() => measureEverything({ plain, cipher }, options)).toThrow(InputError);
});

test('refuses a second cipher of another shape, and a section by name that the image is too small for', () => {
  const other = noise(16, 14, 3, 8, random);
  expect(() => measureEverything({ plain, cipher, second: other })).toThrow(
    /"second cipher" expected the shape/,
  );
  const small = { plain: other, cipher: other };
  expect(() => measureEverything(small, { only: ['local-entropy'] })).toThrow(
    /at least 58080 samples, got 8 bits and 672/,
  );
});

describe('on the command line', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'medchaos-metrics-'));
    for (const [name, image] of Object.entries({ plain, cipher, second }))
      await writeFile(join(dir, `${name}.png`), await encodePng(image));
  });
  afterAll(() => rm(dir, { recursive: true }));

  test('--json with --second and --only', () => {
    const args = ['metrics', 'plain.png', 'cipher.png', '--second', 'second.png'];
    const { code, stdout } = medchaos(
      [...args, '--only', 'mae, differential', '--level', '0.001', '--json'],
      dir,
    );
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as MetricsResult;
    expect(result.measures.map(({ name }) => name)).toEqual([
      'mae',
      'differential_npcr',
      'differential_uaci',
      'differential_avalanche',
    ]);
    expect(result).toMatchObject({ level: 0.001, second: 'second.png', judged: 4 });
  });

  test('arrays are read as images are, and a JPEG is named as lossy', async () => {
    await writeFile(join(dir, 'cipher.npy'), npyOf(cipher));
    await writeFile(join(dir, 'plain.mat'), matOf(plain, 'double'));
    const arrays = medchaos(['metrics', 'plain.mat', 'cipher.npy', '--json'], dir);
    const images = medchaos(['metrics', 'plain.png', 'cipher.png', '--json'], dir);
    expect(JSON.parse(arrays.stdout).measures).toEqual(JSON.parse(images.stdout).measures);
    expect(JSON.parse(arrays.stdout).notes).toEqual([]);
    const raw = { width: cipher.width, height: cipher.height, channels: 3 } as const;
    await writeFile(join(dir, 'lossy.png'), await sharp(cipher.data, { raw }).jpeg().toBuffer());
    expect(medchaos(['metrics', 'plain.png', 'lossy.png'], dir).stdout).toMatch(
      /^lossy\.png is a JPEG file, whose compression is lossy: its samples are not those/,
    );
  });

  test('a wrong section: exit code 2', () => {
    const { code, stderr } = medchaos(['metrics', 'plain.png', 'cipher.png', '--only', 'psnrr'], dir);
    expect(code).toBe(2);
    expect(stderr).toMatch(/"only" expected sections/);
  });
});
