/**
 * The tests of one published row under one reading of it. The printed rounding is granted in full: of all values that
 * round to the print, the most favourable one is tested.
 *   chance      a p-value under an ideal cipher; tests of one statistic share one look
 *   bound       no picture gives the value; p is that of the picture nearest to it
 *   arithmetic  two printed numbers contradict each other
 *   claim       a remark on a claim, without a verdict on the cipher
 */

import {
  binomialTails,
  type Expectation,
  entropyP,
  expectedDifferentialUaci,
  expectedEntropy,
  expectedLocalEntropy,
  expectedNpcr,
  histogramP,
  psnrOf,
  quotedInterval,
  residual,
  twoSidedP,
} from '../metrics/index.ts';
import type { Printed } from './review-cells.ts';
import type { Measure } from './review-columns.ts';
import type { PrintedCell, PrintedClaim, ReviewRow, Sense } from './review-table.ts';

/** What is taken for the things that a row does not print. */
export interface Reading {
  /** null where only the product W H C is known, or nothing. */
  readonly channels: number | null;
  /** W H, of one plane. */
  readonly pixels: number;
  /** N = W H C. */
  readonly samples: number;
  readonly width: number | null;
  readonly height: number | null;
  /** No size is printed: a small one is granted. */
  readonly unsized: boolean;
  readonly depth: 8 | 16;
  readonly sense: Sense;
  readonly pairs: 'all' | number;
}

export type Kind = 'chance' | 'bound' | 'arithmetic' | 'claim';

export interface ReviewTest {
  readonly test: string;
  readonly kind: Kind;
  readonly columns: readonly string[];
  /** Tests with one name here are one statistic, and one look. */
  readonly look: string;
  readonly value: number | null;
  readonly expected: number | null;
  readonly sd: number | null;
  /** Distance beyond the rounding in sd; of `arithmetic` in the unit of the column. */
  readonly excess: number | null;
  /** null of `arithmetic` and `claim`. */
  readonly p: number | null;
  /** Of `arithmetic` and `claim`; of the others the looks decide. */
  readonly holds: boolean | null;
  readonly remark?: string;
  /** Of a claim: its value in a few words. */
  readonly shown?: string;
}

type RowTest = (row: ReviewRow, reading: Reading) => ReviewTest[];

const cellsOf = ({ cells }: ReviewRow, ...measures: Measure[]): PrintedCell[] =>
  cells.filter(({ measure }) => measures.includes(measure));

const samplesOf = ({ plane }: PrintedCell, { pixels, samples }: Reading): number =>
  plane ? pixels : samples;

/** The cell of another measure on the same plane. */
const beside = ({ cells }: ReviewRow, cell: PrintedCell, measure: Measure): PrintedCell | undefined => {
  const suffix = planeOf(cell);
  return cells.find((other) => other.measure === measure && planeOf(other) === suffix);
};
const planeOf = ({ plane, column }: PrintedCell): string =>
  plane
    ? column
        .toLowerCase()
        .replace(/[^a-z0-9]+$/, '')
        .slice(-1)
    : '';

const nearestTo = (mean: number, { value, half }: Printed): number =>
  Math.max(value - half, Math.min(value + half, mean));

function chance(
  cell: PrintedCell,
  { mean, sd }: Expectation,
  p: (nearest: number, z: number) => number = (_, z) => twoSidedP(z),
  more: Partial<ReviewTest> = {},
): ReviewTest {
  const nearest = nearestTo(mean, cell.printed);
  const excess = (nearest - mean) / sd;
  return {
    test: cell.measure,
    kind: 'chance',
    columns: [cell.column],
    look: cell.column,
    value: cell.printed.value,
    expected: mean,
    sd,
    excess,
    p: p(nearest, excess),
    holds: null,
    ...more,
  };
}

const sizeOf = (depth: 8 | 16): number => 2 ** depth;

/** Too low only, where no size is printed: more samples come nearer to the most that there is. */
const oneSided = (reading: Reading, z: number, p: number): number => (reading.unsized && z >= 0 ? 1 : p);

function ofNpcr(cell: PrintedCell, reading: Reading): ReviewTest {
  const n = samplesOf(cell, reading);
  const L = sizeOf(reading.depth);
  const { value, half } = cell.printed;
  if (value - half > 100 || value + half < 0) return outside(cell, 'NPCR lies in 0..100 %');
  const equal = (percent: number): number => n * (1 - percent / 100);
  const [low, high] = [Math.ceil(equal(value + half) - 1e-9), Math.floor(equal(value - half) + 1e-9)];
  const count = Math.max(
    0,
    Math.min(n, high < low ? nearestCount(equal(value), n / L) : clamp(Math.round(n / L), low, high)),
  );
  return chance(cell, expectedNpcr(n, reading.depth), () => binomialTails(count, n, 1 / L).twoSided);
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));
const nearestCount = (count: number, mean: number): number =>
  count > mean ? Math.floor(count) : Math.ceil(count);

const outside = (cell: PrintedCell, remark: string): ReviewTest => ({
  test: cell.measure,
  kind: 'bound',
  columns: [cell.column],
  look: cell.column,
  value: cell.printed.value,
  expected: null,
  sd: null,
  excess: null,
  p: 0,
  holds: null,
  remark,
});

/** Mean between `low` and `high` by the picture, sd at either end. */
function between(cell: PrintedCell, low: Expectation, high: Expectation, remark: string): ReviewTest {
  const { value } = cell.printed;
  const end = value < low.mean ? low : value > high.mean ? high : { mean: value, sd: high.sd };
  return chance(cell, end, (_, z) => twoSidedP(z), { kind: 'bound', remark });
}

/** Range over all pictures of E|p - c| and E(p - c)^2, c uniform: a middle grey, and black or white. */
function ranges(n: number, depth: 8 | 16) {
  const F = sizeOf(depth) - 1;
  const root = Math.sqrt(n);
  const mid = Math.ceil(F / 2);
  const absolute = (p: number): number => (p * p - F * p + (F * (F + 1)) / 2) / (F + 1);
  const squared = (p: number): number => p * p - F * p + (F * (2 * F + 1)) / 6;
  const fourth = (top: number): number => top ** 4 / 5;
  const sdAbsolute = (p: number): number => Math.sqrt(squared(p) - absolute(p) ** 2) / root;
  const sdSquared = (p: number, top: number): number => Math.sqrt(fourth(top) - squared(p) ** 2) / root;
  return {
    absolute: [
      { mean: absolute(mid), sd: sdAbsolute(mid) },
      { mean: absolute(0), sd: sdAbsolute(0) },
    ] as const,
    squared: [
      { mean: squared(mid), sd: sdSquared(mid, (F + 1) / 2) },
      { mean: squared(0), sd: sdSquared(0, F + 0.5) },
    ] as const,
  };
}

const scaled = ({ mean, sd }: Expectation, factor: number): Expectation => ({
  mean: mean * factor,
  sd: sd * factor,
});

function ofUaci(cell: PrintedCell, reading: Reading, sense: Sense): ReviewTest {
  const n = samplesOf(cell, reading);
  if (sense === 'differential') return chance(cell, expectedDifferentialUaci(n, reading.depth));
  const F = sizeOf(reading.depth) - 1;
  const [low, high] = ranges(n, reading.depth).absolute.map((end) => scaled(end, 100 / F)) as [
    Expectation,
    Expectation,
  ];
  const remark = `UACI of plain against cipher lies in ${low.mean.toFixed(3)}..${high.mean.toFixed(1)} % for any picture`;
  return { ...between(cell, low, high, remark), look: differencesOf(cell) };
}

/** UACI, MSE, MAE and PSNR of plain against cipher say nearly the same: one look. */
const differencesOf = (cell: PrintedCell): string => `differences${planeOf(cell)}`;

/** MSE, or what the PSNR says of it. */
function squaredOf(row: ReviewRow, cell: PrintedCell, depth: 8 | 16): PrintedCell | null {
  const mse = beside(row, cell, 'mse');
  if (mse && mse.printed.value > 0) return mse;
  const psnr = beside(row, cell, 'psnr');
  if (!psnr || !Number.isFinite(psnr.printed.value)) return null;
  const F = sizeOf(depth) - 1;
  const squared = (db: number): number => F ** 2 / 10 ** (db / 10);
  const { text, value, half } = psnr.printed;
  return {
    ...psnr,
    printed: { text, value: squared(value), half: (squared(value - half) - squared(value + half)) / 2 },
  };
}

/** UACI against MSE, plain against cipher: their pictures cancel (src/metrics/residual.ts). */
function residualOf(row: ReviewRow, cell: PrintedCell, reading: Reading): ReviewTest[] {
  const squared = squaredOf(row, cell, reading.depth);
  if (!squared) return [];
  const F = sizeOf(reading.depth) - 1;
  const { value, sd } = residual(
    cell.printed.value,
    squared.printed.value,
    samplesOf(cell, reading),
    reading.depth,
  );
  const half = cell.printed.half + (100 * squared.printed.half) / (F * (F + 1));
  const both = { ...cell, printed: { text: cell.printed.text, value: value!, half } };
  const remark = 'UACI does not follow from MSE';
  return [
    {
      ...chance(both, { mean: 0, sd: sd! }),
      test: 'residual',
      columns: [cell.column, squared.column],
      look: differencesOf(cell),
      remark,
    },
  ];
}

function psnrAgainstMse(row: ReviewRow, cell: PrintedCell, { depth }: Reading): ReviewTest[] {
  const mse = beside(row, cell, 'mse');
  if (!mse) return [];
  const { value, half } = mse.printed;
  const [low, high] = [psnrOf(value + half, depth), psnrOf(Math.max(0, value - half), depth)];
  const { value: db, half: own } = cell.printed;
  const gap = db === high ? 0 : Math.max(0, low - (db + own), db - own - high);
  return [
    {
      test: 'psnr',
      kind: 'arithmetic',
      columns: [cell.column, mse.column],
      look: cell.column,
      value: db,
      expected: psnrOf(value, depth),
      sd: null,
      excess: gap,
      p: null,
      holds: gap < 1e-9,
      remark: 'PSNR does not follow from MSE',
    },
  ];
}

/** MSE 0, PSNR infinite: of an exact decryption, no statement on the cipher. */
const isExact = ({ measure, printed }: PrintedCell): boolean =>
  measure === 'mse' ? printed.value === 0 : printed.value === Number.POSITIVE_INFINITY;

function ofSquared(row: ReviewRow, cell: PrintedCell, reading: Reading): ReviewTest[] {
  if (isExact(cell) || (cell.measure === 'psnr' && beside(row, cell, 'mse'))) return [];
  const squared = squaredOf(row, cell, reading.depth);
  if (!squared) return [];
  const [low, high] = ranges(samplesOf(cell, reading), reading.depth).squared;
  const remark = `plain against cipher MSE lies in ${low.mean.toFixed(1)}..${high.mean.toFixed(1)} for any picture; of a decrypted picture leave it out`;
  return [
    {
      ...between(squared, low, high, remark),
      test: cell.measure,
      columns: [cell.column],
      look: differencesOf(cell),
    },
  ];
}

/** The law of chi-square in units of the entropy: the same statistic. */
function ofEntropy(cell: PrintedCell, reading: Reading): ReviewTest {
  const { depth } = reading;
  if (cell.printed.value - cell.printed.half > depth)
    return outside(cell, `entropy of ${depth}-bit samples is at most ${depth} bits`);
  const ideal = expectedEntropy(samplesOf(cell, reading), depth);
  const degrees = sizeOf(depth) - 1;
  const p = (_: number, z: number): number =>
    z === 0 ? 1 : oneSided(reading, z, entropyP(z, samplesOf(cell, reading), degrees + 1));
  return chance(cell, ideal, p, { look: `histogram${planeOf(cell)}` });
}

function ofChi(cell: PrintedCell, reading: Reading): ReviewTest[] {
  const n = samplesOf(cell, reading);
  const L = sizeOf(reading.depth);
  const isVariance = cell.measure === 'histogram_variance';
  if (isVariance && reading.unsized) return [];
  const unit = isVariance ? n / L ** 2 : 1;
  const ideal = scaled({ mean: L - 1, sd: Math.sqrt(2 * (L - 1)) }, unit);
  const p = (nearest: number, z: number): number =>
    z === 0 ? 1 : histogramP(Math.max(0, nearest / unit), n, L);
  return [chance(cell, ideal, p, { look: `histogram${planeOf(cell)}` })];
}

function ofLocal(cell: PrintedCell, { depth }: Reading): ReviewTest[] {
  if (depth !== 8) return [];
  const ideal = expectedLocalEntropy();
  const says = [0.05, 0.01].map((level, at) => {
    const z = [1.959963984540054, 2.5758293035489004][at]!;
    const [low, high] = quotedInterval(z);
    const own: [number, number] = [ideal.mean - z * ideal.sd, ideal.mean + z * ideal.sd];
    return `at ${level}: ${place(cell.printed, own)} the correct interval ${span(own)}, ${place(cell.printed, [low, high])} the published ${span([low, high])}`;
  });
  return [chance(cell, ideal, undefined, { remark: says.join('; ') })];
}

const span = ([low, high]: readonly [number, number]): string => `${low.toFixed(6)}..${high.toFixed(6)}`;
const place = ({ value, half }: Printed, [low, high]: readonly [number, number]): string =>
  value + half >= low && value - half <= high ? 'inside' : 'outside';

const steps: Partial<Record<Measure, readonly [down: number, right: number]>> = {
  corr_h: [0, 1],
  corr_v: [1, 0],
  corr_d: [1, 1],
  corr_a: [1, 1],
};

function pairsIn(cell: PrintedCell, { width, height, pixels, samples, pairs }: Reading): number {
  if (pairs !== 'all') return pairs;
  const n = cell.plane ? pixels : samples;
  if (width === null || height === null) return n;
  const [down, right] = steps[cell.measure]!;
  return (n / pixels) * (width - right) * (height - down);
}

function ofCorrelation(cell: PrintedCell, reading: Reading): ReviewTest[] {
  const { value, half } = cell.printed;
  if (Math.abs(value) - half > 1) return [outside(cell, 'a correlation lies in -1..1')];
  const n = pairsIn(cell, reading);
  if (n < 4) return [];
  const fisher = (r: number): number => Math.atanh(Math.max(-1, Math.min(1, r))) * Math.sqrt(n - 3);
  return [chance(cell, { mean: 0, sd: 1 / Math.sqrt(n - 3) }, (nearest) => twoSidedP(fisher(nearest)))];
}

function ofMae(row: ReviewRow, cell: PrintedCell, reading: Reading): ReviewTest[] {
  const [low, high] = ranges(samplesOf(cell, reading), reading.depth).absolute;
  const remark = `MAE of plain against cipher lies in ${low.mean.toFixed(1)}..${high.mean.toFixed(1)} for any picture`;
  const uaci = reading.sense === 'plain' ? beside(row, cell, 'uaci') : undefined;
  return [
    { ...between(cell, low, high, remark), look: differencesOf(cell) },
    ...(uaci ? [maeAgainstUaci(cell, uaci, reading)] : []),
  ];
}

function maeAgainstUaci(cell: PrintedCell, uaci: PrintedCell, { depth }: Reading): ReviewTest {
  const unit = (sizeOf(depth) - 1) / 100;
  const expected = uaci.printed.value * unit;
  const gap = Math.max(
    0,
    Math.abs(cell.printed.value - expected) - cell.printed.half - uaci.printed.half * unit,
  );
  return {
    test: 'mae',
    kind: 'arithmetic',
    columns: [cell.column, uaci.column],
    look: cell.column,
    value: cell.printed.value,
    expected,
    sd: null,
    excess: gap,
    p: null,
    holds: gap < 1e-9,
    remark: 'MAE does not follow from UACI',
  };
}

function ofAvalanche(cell: PrintedCell, reading: Reading): ReviewTest {
  const bits = samplesOf(cell, reading) * reading.depth;
  return chance(cell, { mean: 1 / 2, sd: 1 / (2 * Math.sqrt(bits)) });
}

/** Bytes a second that no memory reads and writes. */
const impossibleSpeed = 1e11;

function ofTime(cell: PrintedCell, { samples, depth, unsized }: Reading): ReviewTest[] {
  const { value, half } = cell.printed;
  if (value + half <= 0) return [outside(cell, 'a time is above 0')];
  if (unsized) return [];
  const speed = (samples * depth) / 8 / (value + half);
  if (speed > impossibleSpeed) return [outside(cell, 'more than 100 GB/s')];
  const bytes = (samples * depth) / 8 / value;
  const shown = `${(bytes / 1e6).toPrecision(2)} MB/s`;
  return [{ ...claimTest(cell, 'Speed, beside 1,000 MB/s or more of AES-256-GCM on one core', null), shown }];
}

const claimTest = (
  {
    column,
    ...rest
  }: {
    readonly column: string;
    readonly measure?: Measure;
    readonly claim?: string;
    readonly printed?: Printed;
  },
  remark: string,
  holds: boolean | null,
): ReviewTest => ({
  test: rest.measure ?? rest.claim ?? column,
  kind: 'claim',
  columns: [column],
  look: column,
  value: rest.printed?.value ?? null,
  expected: null,
  sd: null,
  excess: null,
  p: null,
  holds,
  remark,
});

const weakKeys = 'Key spaces below 128 bits, the least of NIST SP 800-57 beyond 2030';
const derivedKeys =
  'Key spaces of more bits than the picture has: they count a derived key; no more keys exist than secrets to derive them from';
const boundedKeys = 'Key spaces are upper bounds; the bits of the secret that is drawn bound them too';

function ofKeySpace({ bits, ...claim }: PrintedClaim, { samples, depth, unsized }: Reading): ReviewTest {
  const of = (remark: string, holds: boolean | null): ReviewTest => ({
    ...claimTest(claim, remark, holds),
    value: bits,
    shown: `${Number(bits!.toPrecision(6))} bits`,
  });
  if (bits! < 128) return of(weakKeys, false);
  return !unsized && bits! > samples * depth ? of(derivedKeys, false) : of(boundedKeys, null);
}

/** SP 800-22, sections 2.8 to 2.15 and 4.2.2. */
const bitsForAll = 1_000_000;
const sequencesForUniformity = 55;

function ofNist({ text, ...claim }: PrintedClaim, { samples, depth, unsized }: Reading): ReviewTest {
  const bits = samples * depth;
  const of = (remark: string, holds: boolean | null, shown = `"${text}"`): ReviewTest => ({
    ...claimTest(claim, remark, holds),
    shown,
  });
  if (/fail|reject|not|no\b|^[✗x]$/i.test(text)) return of('NIST SP 800-22: states a failure', false);
  const p = /^0?[.,]\d+$|^[01]$/.test(text) ? Number(text.replace(',', '.')) : null;
  if (p !== null && p < 0.01) return of('NIST SP 800-22: p below the level 0.01', false);
  if (unsized || bits >= bitsForAll * sequencesForUniformity) return of(nistShows, null);
  if (bits >= bitsForAll)
    return of(`${nistShows}; the uniformity of p-values needs 55 sequences`, null, `"${text}", ${bits} bits`);
  return of(
    'NIST SP 800-22: 4 of the 15 tests need 1,000,000 bits, more than the picture has',
    false,
    `"${text}", ${bits} bits`,
  );
}

const nistShows =
  'NIST SP 800-22: passing shows no security; an ideal generator passes all 188 p-values at 0.01 in 15 % of sequences';

const tests: readonly RowTest[] = [
  (row, reading) => cellsOf(row, 'npcr', 'differential_npcr').map((cell) => ofNpcr(cell, reading)),
  (row, reading) => cellsOf(row, 'uaci').map((cell) => ofUaci(cell, reading, reading.sense)),
  (row, reading) =>
    reading.sense === 'plain' ? cellsOf(row, 'uaci').flatMap((cell) => residualOf(row, cell, reading)) : [],
  (row, reading) => cellsOf(row, 'differential_uaci').map((cell) => ofUaci(cell, reading, 'differential')),
  (row, reading) => cellsOf(row, 'mse', 'psnr').flatMap((cell) => ofSquared(row, cell, reading)),
  (row, reading) => cellsOf(row, 'psnr').flatMap((cell) => psnrAgainstMse(row, cell, reading)),
  (row, reading) => cellsOf(row, 'mae').flatMap((cell) => ofMae(row, cell, reading)),
  (row, reading) => cellsOf(row, 'avalanche').map((cell) => ofAvalanche(cell, reading)),
  (row, reading) => cellsOf(row, 'entropy').map((cell) => ofEntropy(cell, reading)),
  (row, reading) => cellsOf(row, 'chi2', 'histogram_variance').flatMap((cell) => ofChi(cell, reading)),
  (row, reading) => cellsOf(row, 'local_entropy').flatMap((cell) => ofLocal(cell, reading)),
  (row, reading) =>
    cellsOf(row, 'corr_h', 'corr_v', 'corr_d', 'corr_a').flatMap((cell) => ofCorrelation(cell, reading)),
  (row, reading) => cellsOf(row, 'encrypt_s', 'decrypt_s').flatMap((cell) => ofTime(cell, reading)),
  ({ claims }, reading) =>
    claims.map((claim) =>
      claim.claim === 'key_space' ? ofKeySpace(claim, reading) : ofNist(claim, reading),
    ),
];

/** Every test that the row allows under this reading. */
export const testsOf = (row: ReviewRow, reading: Reading): ReviewTest[] =>
  tests.flatMap((test) => test(row, reading));
