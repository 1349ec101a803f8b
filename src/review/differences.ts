/** Tests of measures that compare two pictures: NPCR, UACI, MSE, PSNR, MAE, and UACI against MSE. */
import {
  binomialTails,
  type Expectation,
  expectedDifferentialUaci,
  expectedNpcr,
  psnrOf,
  residual,
} from '../metrics/index.ts';
import {
  beside,
  between,
  chance,
  contradiction,
  outside,
  planeOf,
  type Reading,
  type ReviewTest,
  samplesOf,
  scaled,
  sizeOf,
} from './reading.ts';
import type { PrintedCell, ReviewRow, Sense } from './table.ts';

export function ofNpcr(cell: PrintedCell, reading: Reading): ReviewTest {
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

export function ofUaci(cell: PrintedCell, reading: Reading, sense: Sense): ReviewTest {
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

/** MSE, printed or derived from the PSNR. */
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
export function residualOf(row: ReviewRow, cell: PrintedCell, reading: Reading): ReviewTest[] {
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

export function psnrAgainstMse(row: ReviewRow, cell: PrintedCell, { depth }: Reading): ReviewTest[] {
  const mse = beside(row, cell, 'mse');
  if (!mse) return [];
  const { value, half } = mse.printed;
  const [low, high] = [psnrOf(value + half, depth), psnrOf(Math.max(0, value - half), depth)];
  const { value: db, half: own } = cell.printed;
  const gap = db === high ? 0 : Math.max(0, low - (db + own), db - own - high);
  return [contradiction(cell, mse, psnrOf(value, depth), gap, 'PSNR does not follow from MSE')];
}

/** MSE 0, PSNR infinite: of an exact decryption, no statement on the cipher. */
const isExact = ({ measure, printed }: PrintedCell): boolean =>
  measure === 'mse' ? printed.value === 0 : printed.value === Number.POSITIVE_INFINITY;

export function ofSquared(row: ReviewRow, cell: PrintedCell, reading: Reading): ReviewTest[] {
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

export function ofMae(row: ReviewRow, cell: PrintedCell, reading: Reading): ReviewTest[] {
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
  return contradiction(cell, uaci, expected, gap, 'MAE does not follow from UACI');
}
