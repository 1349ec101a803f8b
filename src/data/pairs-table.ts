/**
 * Pairs as a danfojs DataFrame: counted and described, written as `pairs.csv` and `pairs.json`, read again.
 * The one module that loads danfojs-node (an optional dependency, seconds to load), and it does so on use.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFrame } from 'danfojs-node';
import { InputError, messageOf } from '../shared/errors.ts';
import { makeFolder, writeJson, writeWhole } from '../shared/files.ts';
import { formatWallClock } from './datetime.ts';
import type { Pairs } from './pairs.ts';

type Danfo = typeof import('danfojs-node');

/** Counts of one split and source of dates, and the range of the first target value. */
export interface PairGroup {
  readonly split: string;
  readonly dateSource: string;
  readonly count: number;
  readonly target1Min: number;
  readonly target1Max: number;
  readonly target1Mean: number;
}

/** Statistics of one target column, by danfojs's `describe`; std with n - 1. */
export type Described = Readonly<Record<'count' | 'mean' | 'std' | 'min' | 'median' | 'max', number>>;

/** The content of pairs.json. */
export interface PairsSummary {
  readonly version: 1;
  readonly options: object;
  readonly count: number;
  readonly skipped: Pairs['skipped'];
  readonly splits: Readonly<Record<string, number>>;
  readonly sources: Readonly<Record<string, number>>;
  readonly groups: readonly PairGroup[];
  readonly targets: Readonly<Record<string, Described>>;
}

/** The table: a row per pair, columns id, file, date, date_source, group, split, target_1 ... */
export async function pairsTable({ pairs }: Pairs): Promise<DataFrame> {
  const { DataFrame } = await loadDanfo();
  const rows = pairs.map(({ id, file, when, dateSource, group, split, targets }) => ({
    id,
    file: file ?? '',
    date: formatWallClock(when),
    date_source: dateSource,
    group,
    split,
    ...Object.fromEntries(targets.map((value, k) => [`target_${k + 1}`, value])),
  }));
  return new DataFrame(rows);
}

/** Counts and ranges by split and source. @param options what the pairs were built with, written as it is */
export async function summarise(table: DataFrame, pairs: Pairs, options: object): Promise<PairsSummary> {
  return {
    version: 1,
    options,
    count: pairs.pairs.length,
    skipped: pairs.skipped,
    splits: counts(table, 'split'),
    sources: counts(table, 'date_source'),
    groups: grouped(await loadDanfo(), table),
    targets: described(table),
  };
}

/** Writes `pairs.csv` (UTF-8, LF, shortest round-trip numbers) and `pairs.json` into a folder. */
export async function writePairs(folder: string, table: DataFrame, summary: PairsSummary): Promise<void> {
  const { toCSV } = await loadDanfo();
  await makeFolder(folder);
  await writeWhole(join(folder, 'pairs.csv'), String(toCSV(await quoted(table))));
  await writeJson(join(folder, 'pairs.json'), summary);
}

/** Reads `pairs.csv` back. @throws InputError if it is missing */
export async function readPairs(folder: string): Promise<DataFrame> {
  const path = join(folder, 'pairs.csv');
  if (!existsSync(path))
    throw new InputError(`cannot read ${path}: there is no such file; run: medchaos pairs`);
  const { readCSV } = await loadDanfo();
  return readCSV(path, {});
}

const counts = (table: DataFrame, column: string): Record<string, number> => {
  const found = table.column(column).valueCounts();
  return Object.fromEntries(found.index.map((name, i) => [String(name), Number(found.values[i])]));
};

function grouped({ toJSON }: Danfo, table: DataFrame): PairGroup[] {
  const wanted = { id: 'count', target_1: ['min', 'max', 'mean'] };
  const found = table.groupby(['split', 'date_source']).agg(wanted as never);
  // By name: the order of danfojs's columns depends on the rows.
  return (toJSON(found) as Record<string, never>[]).map((row) => ({
    split: row.split!,
    dateSource: row.date_source!,
    count: row.id_count!,
    target1Min: row.target_1_min!,
    target1Max: row.target_1_max!,
    target1Mean: row.target_1_mean!,
  }));
}

function described(table: DataFrame): Record<string, Described> {
  const columns = table.columns.filter((name) => name.startsWith('target_'));
  const found = table.loc({ columns }).describe();
  const rows = found.values as number[][];
  return Object.fromEntries(
    columns.map((name, k) => [
      name,
      Object.fromEntries(found.index.map((row, i) => [row, rows[i]![k]!])) as Described,
    ]),
  );
}

/** danfojs writes texts as they are: those with a comma, a quote or a line end are quoted here (RFC 4180). */
async function quoted(table: DataFrame): Promise<DataFrame> {
  const { DataFrame } = await loadDanfo();
  const cells = (table.values as (string | number)[][]).map((row) => row.map(quotedCell));
  return new DataFrame(cells, { columns: table.columns });
}

const quotedCell = (cell: string | number): string | number =>
  typeof cell === 'string' && /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** Loads danfojs; what it and TensorFlow.js print on the way goes to stderr, as stdout is for results. */
async function loadDanfo(): Promise<Danfo> {
  const { log, info } = console;
  console.log = console.info = console.error;
  try {
    return await import('danfojs-node');
  } catch (error) {
    throw new InputError(`cannot load danfojs-node (${messageOf(error)}); run: npm install`);
  } finally {
    Object.assign(console, { log, info });
  }
}
