/**
 * How a published row is read, and the result of a test. The printed rounding is granted in full: of all values that
 * round to the print, the most favourable one is tested.
 *   chance      a p-value under an ideal cipher; tests of one statistic share one look
 *   bound       no picture gives the value; p is that of the picture nearest to it
 *   arithmetic  two printed numbers contradict each other
 *   claim       a remark on a claim, without a verdict on the cipher
 */
import { type Expectation, twoSidedP } from '../metrics/index.ts';
import type { Printed } from './cells.ts';
import type { Measure } from './columns.ts';
import type { PrintedCell, ReviewRow, Sense } from './table.ts';

/** Values for facts that a row does not print. */
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

export const cellsOf = ({ cells }: ReviewRow, ...measures: Measure[]): PrintedCell[] =>
  cells.filter(({ measure }) => measures.includes(measure));

export const samplesOf = ({ plane }: PrintedCell, { pixels, samples }: Reading): number =>
  plane ? pixels : samples;

/** The cell of another measure on the same plane. */
export const beside = (
  { cells }: ReviewRow,
  cell: PrintedCell,
  measure: Measure,
): PrintedCell | undefined => {
  const suffix = planeOf(cell);
  return cells.find((other) => other.measure === measure && planeOf(other) === suffix);
};

export const planeOf = ({ plane, column }: PrintedCell): string =>
  plane
    ? column
        .toLowerCase()
        .replace(/[^a-z0-9]+$/, '')
        .slice(-1)
    : '';

const nearestTo = (mean: number, { value, half }: Printed): number =>
  Math.max(value - half, Math.min(value + half, mean));

export function chance(
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

export const sizeOf = (depth: 8 | 16): number => 2 ** depth;

/** Too low only, where no size is printed: more samples come nearer to the most that there is. */
export const oneSided = (reading: Reading, z: number, p: number): number =>
  reading.unsized && z >= 0 ? 1 : p;

export const outside = (cell: PrintedCell, remark: string): ReviewTest => ({
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
export function between(cell: PrintedCell, low: Expectation, high: Expectation, remark: string): ReviewTest {
  const { value } = cell.printed;
  const end = value < low.mean ? low : value > high.mean ? high : { mean: value, sd: high.sd };
  return chance(cell, end, (_, z) => twoSidedP(z), { kind: 'bound', remark });
}

export const scaled = ({ mean, sd }: Expectation, factor: number): Expectation => ({
  mean: mean * factor,
  sd: sd * factor,
});

/** Of two printed numbers one follows from the other. @param gap between print and consequence, beyond the rounding */
export const contradiction = (
  cell: PrintedCell,
  other: PrintedCell,
  expected: number,
  gap: number,
  remark: string,
): ReviewTest => ({
  test: cell.measure,
  kind: 'arithmetic',
  columns: [cell.column, other.column],
  look: cell.column,
  value: cell.printed.value,
  expected,
  sd: null,
  excess: gap,
  p: null,
  holds: gap < 1e-9,
  remark,
});
