/**
 * Does a published number agree with ours? Both have an interval: 3 standard deviations of an ideal cipher at the size
 * of the own picture, and half a unit of the last printed decimal. They agree where the intervals overlap. Each number
 * counts from its own ideal, as that depends on the size too.
 */
import { expectedCorrelation } from '../metrics/correlation.ts';
import { expectedEntropy } from '../metrics/entropy.ts';
import { expectedNpcr } from '../metrics/npcr.ts';
import type { Expectation } from '../metrics/types.ts';
import { decimalsOf } from './format.ts';
import { publishedSamples } from './published.ts';
import type { TidyRow } from './rows.ts';
import type { Table } from './tables.ts';

/** Ideal of a statistic that depends on the cipher alone, for n samples of 8 bits. */
const ideals: Readonly<Record<string, (n: number) => Expectation | null>> = {
  npcr: (n) => expectedNpcr(n, 8),
  entropy: (n) => expectedEntropy(n, 8),
  corr_h: expectedCorrelation,
  corr_v: expectedCorrelation,
  corr_d: expectedCorrelation,
};

/** null: they cannot be compared, or one of them is missing. */
export function agrees(row: TidyRow, table: number | null): boolean | null {
  const { measure, published, ours } = row;
  if (published === null || ours === null) return null;
  if (table === 4 || measure === 'key_space_log2') return published === ours;
  return overlaps(row);
}

function overlaps({ measure, image, printed, published, ours, expected, sd }: TidyRow): boolean | null {
  const n = publishedSamples(image);
  const ideal = n === undefined ? null : (ideals[measure]?.(n) ?? null);
  if (!ideal || expected === null || sd === null) return null;
  const apart = Math.abs(ours! - expected - (published! - ideal.mean));
  return apart <= 3 * (sd + ideal.sd) + 0.5 * 10 ** -decimalsOf(printed!);
}

export interface Disagreement {
  /** `5`, `6`: id of the table. */
  readonly table: string;
  readonly row: TidyRow;
}

export interface Score {
  readonly label: string;
  readonly agree: number;
  readonly all: number;
  readonly differing: readonly Disagreement[];
}

/** Statistics of the paper that a run can repeat, and where they are printed. */
const groups: readonly (readonly [label: string, table: number, measures: RegExp])[] = [
  ['NPCR', 5, /^npcr$/],
  ['Entropy', 5, /^entropy$/],
  ['Correlation', 6, /^corr_/],
  ['Exact decryption', 4, /^(mse|psnr)$/],
  ['Key space', 1, /^key_space_log2$/],
];

/** One score for each group that the run has. */
export const scoresOfAgreement = (tables: readonly Table[]): Score[] =>
  groups.flatMap(([label, number, measures]): Score[] => {
    const { id, rows } = tables.find((table) => table.number === number)!;
    const verdicts = rows
      .filter(({ measure }) => measures.test(measure))
      .map((row) => ({ row, agrees: agrees(row, number) }))
      .filter((one) => one.agrees !== null);
    const differing = verdicts.filter((one) => !one.agrees).map(({ row }) => ({ table: id, row }));
    if (verdicts.length === 0) return [];
    return [{ label, agree: verdicts.length - differing.length, all: verdicts.length, differing }];
  });

export interface Incomparable {
  readonly count: number;
  readonly what: string;
  readonly why: string;
}

/** Printed numbers beside which no number of ours can stand. */
export function incomparableOf(tables: readonly Table[]): Incomparable[] {
  const count = (number: number): number => {
    const { rows } = tables.find((table) => table.number === number)!;
    return rows.filter((row) => row.published !== null && row.ours !== null && agrees(row, number) === null)
      .length;
  };
  return [
    {
      count: count(5),
      what: 'UACI, MSE and PSNR of Table 5',
      why: 'they describe the picture, and ours is another',
    },
    { count: count(2), what: 'times of Table 2', why: 'another machine, unstated scope' },
    {
      count: count(7),
      what: 'numbers of Table 7',
      why: 'the paper prints neither names nor sizes of its four pictures',
    },
  ].filter((one) => one.count > 0);
}
