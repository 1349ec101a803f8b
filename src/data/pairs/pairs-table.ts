/**
 * The manifest of pairs: streamed into `pairs.csv`, read again as a danfojs DataFrame, counted and described.
 * The one module that loads danfojs-node (an optional peer, seconds to load), and it does so on use.
 */
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { DataFrame } from 'danfojs-node';
import Papa from 'papaparse';
import { formatWallClock } from '../../shared/datetime.ts';
import { InputError, messageOf } from '../../shared/errors.ts';
import { makeFolder, writeJson, writeWhole } from '../../shared/files.ts';
import type { ExtraName } from '../metadata/extra.ts';
import { extraColumn, manifestColumns } from './manifest.ts';
import type { Pair, Pairs } from './pairs.ts';
import { type Described, described, type PairGroup, type PairsSummary } from './pairs-summary.ts';

type Danfo = typeof import('danfojs-node');

/** @param extra as its column says it; null: without one */
const cells = (pair: Pair, extra: string | null): (string | number)[] => [
  pair.id,
  pair.file ?? '',
  pair.set,
  formatWallClock(pair.when),
  pair.dateSource,
  pair.group,
  pair.split,
  pair.modality,
  pair.patient,
  ...(extra === null ? [] : [extra]),
  ...pair.targets,
];

const columns = ({ targets }: Pair, extra: string | null): string[] => [
  ...manifestColumns,
  ...(extra === null ? [] : [extraColumn]),
  ...targets.map((_, k) => `target_${k + 1}`),
];

/** Rows written at a time: few enough to die young, as thousands would pile up as old rubbish. */
const rowsAtOnce = 128;

/**
 * Writes `pairs.csv` (UTF-8, LF, shortest round-trip numbers, RFC 4180 quotes) row by row under a temporary name,
 * then renames it.
 * @param onPair called with each pair that was written
 * @param extra extra fields of the metadata images, which become a column
 * @throws InputError if the folder cannot be written to
 */
export async function writePairs(
  folder: string,
  { pairs }: Pick<Pairs, 'pairs'>,
  onPair: (pair: Pair) => void = () => {},
  extra: readonly ExtraName[] = [],
): Promise<void> {
  await makeFolder(folder);
  const shown = extra.length > 0 ? extra.join(',') : null;
  await writeWhole(join(folder, 'pairs.csv'), csvPieces(pairs, onPair, shown));
}

async function* csvPieces(
  pairs: AsyncIterable<Pair>,
  onPair: (pair: Pair) => void,
  extra: string | null,
): AsyncGenerator<string> {
  let rows: (string | number)[][] = [];
  for await (const pair of pairs) {
    if (pair.id === 0) rows.push(columns(pair, extra));
    rows.push(cells(pair, extra));
    onPair(pair);
    if (rows.length < rowsAtOnce) continue;
    yield stringify(rows);
    rows = [];
  }
  yield stringify(rows);
}

export const writeSummary = (folder: string, summary: PairsSummary): Promise<void> =>
  writeJson(join(folder, 'pairs.json'), summary);

/** danfojs's readCSV takes 33 s for a million rows, because it makes an object of each and guesses types: this 5 s. */
const numeric = /^(id|target_\d+)$/;

/** Reads `pairs.csv` as a table. @throws InputError if it is missing, or no table of pairs */
export async function readPairs(folder: string): Promise<DataFrame> {
  const path = join(folder, 'pairs.csv');
  if (!existsSync(path))
    throw new InputError(`cannot read ${path}: there is no such file; run: medchaos pairs`);
  const { DataFrame } = await loadDanfo();
  const rows = await csvRows(path);
  const header = rows.shift() as string[] | undefined;
  if (!header?.includes('target_1') || rows.some((row) => row.length !== header.length))
    throw new InputError(`${path}: expected a table of pairs, got something else; run: medchaos pairs`);
  for (const [k, name] of header.entries())
    if (numeric.test(name)) for (const row of rows) row[k] = Number(row[k]);
  const dtypes = header.map((name) => (name === 'id' ? 'int32' : numeric.test(name) ? 'float32' : 'string'));
  // float32 is only danfojs's name for numbers that are not whole: values stay float64.
  return new DataFrame(rows, { columns: header, config: {}, dtypes } as never);
}

function csvRows(path: string): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = [];
  return new Promise((resolve, reject) => {
    Papa.parse<string[]>(createReadStream(path), {
      skipEmptyLines: true,
      chunk: ({ data }) => {
        for (const row of data) rows.push(row);
      },
      complete: () => resolve(rows),
      error: reject,
    });
  });
}

/** Counts and ranges by set, source and split. @param options of the pairs, written unchanged */
export async function summarise(
  table: DataFrame,
  skipped: Pairs['skipped'],
  options: object,
): Promise<PairsSummary> {
  return {
    version: 2,
    options,
    count: table.shape[0]!,
    skipped,
    sets: counts(table, 'set'),
    splits: counts(table, 'split'),
    sources: counts(table, 'date_source'),
    groups: grouped(await loadDanfo(), table),
    targets: Object.fromEntries(targetsOf(table).map((name) => [name, describedColumn(table, name)])),
  };
}

const targetsOf = (table: DataFrame): string[] => table.columns.filter((name) => name.startsWith('target_'));

const counts = (table: DataFrame, column: string): Record<string, number> => {
  const found = table.column(column).valueCounts();
  return Object.fromEntries(found.index.map((name, i) => [String(name), Number(found.values[i])]));
};

function grouped({ toJSON }: Danfo, table: DataFrame): PairGroup[] {
  const names = targetsOf(table);
  const ranges = Object.fromEntries(names.map((name) => [name, ['min', 'max']]));
  const found = table.groupby(['set', 'date_source', 'split']).agg({ id: 'count', ...ranges } as never);
  // By name: the order of danfojs's columns depends on the rows.
  return (toJSON(found) as Record<string, never>[]).map((row) => ({
    set: row.set!,
    dateSource: row.date_source!,
    split: row.split!,
    count: row.id_count!,
    targets: names.map((name) => [row[`${name}_min`]!, row[`${name}_max`]!] as const),
  }));
}

/** Column by column: danfojs's `describe` of the whole table takes 4 s for 100,000 rows. */
const describedColumn = (table: DataFrame, name: string): Described =>
  described(Float64Array.from(table.column(name).values as number[]));

/** An optional peer: this checkout has it, a project that depends on the package adds it (and overrides, README). */
const remedy = 'npm install --ignore-scripts danfojs-node@1.2.0';

/** Loads danfojs. Its output and TensorFlow.js' go to stderr: stdout is for results. */
async function loadDanfo(): Promise<Danfo> {
  const { log, info } = console;
  console.log = console.info = console.error;
  try {
    return await import('danfojs-node');
  } catch (error) {
    throw new InputError(`cannot load danfojs-node (${messageOf(error)}); run: ${remedy}`);
  } finally {
    Object.assign(console, { log, info });
  }
}
