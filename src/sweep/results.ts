/** What a sweep's folder says of it, and its results: tables as CSV and Markdown, and the page. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderSweepPage } from '../report/sweep/page.ts';
import { type CellRow, rankingOf, variantsOf } from '../report/sweep/summary.ts';
import { cellsCsv, type SweepTables, sweepMarkdown, variantsCsv } from '../report/sweep/tables.ts';
import type { CurvePoint } from '../report/training-page.ts';
import { hasRunFile, readRunJson, runFile, runFiles } from '../runs/run-files.ts';
import { readMetrics } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, writeJson, writeWhole } from '../shared/files.ts';
import { asStarted } from '../shared/started.ts';
import { type CellOrder, cellFolder, stateOfCell } from './cell-folder.ts';
import { type MergedJob, mergedText } from './merge.ts';
import { axesOf, type Cell, type Plan, type Ranking } from './sweep.ts';
import type { Work } from './work.ts';
import { loadWork } from './works.ts';

export interface SweepPlace {
  readonly out: string;
  /** A name in works.ts or the path of a module, which the cells' processes load. */
  readonly work: string;
  /** Where the tables go as well, without the run folders. */
  readonly results?: string | undefined;
  /** As typed, for the tables. */
  readonly command: string;
}

/** The content of a sweep's sweep.json. Older ones have the first two keys only. */
interface Claim {
  readonly sweep: string;
  readonly work: string;
  readonly question?: string;
  readonly command?: string;
  readonly rank?: readonly Ranking[];
  /** Of a search by halving: the option whose values are the budgets. */
  readonly budget?: string;
  /** Ids of the cells of the last call, as far as its rungs are known. */
  readonly cells?: readonly string[];
}

/**
 * A folder belongs to one sweep; more seeds or another grid of the same sweep are welcome.
 * @throws InputError if it holds another one
 */
export async function claimFolder(
  { sweep }: Plan,
  cells: readonly Pick<Cell, 'id'>[],
  { out, work, command }: SweepPlace,
): Promise<void> {
  await makeFolder(out);
  const path = runFile(out, 'sweep');
  const text = await readFile(path, 'utf8').catch(() => null);
  const before = text === null ? null : claimIn(text, path);
  if (before && (before.sweep !== sweep.name || before.work !== work))
    throw new InputError(
      `${out} holds sweep ${before.sweep} of work ${before.work}, not ${sweep.name} of ${work}; give another --out`,
    );
  const { name, question, rank, halving } = sweep;
  if (before?.question !== undefined && before.question !== question)
    throw new InputError(
      `${out} holds sweep ${name} with another question, ${JSON.stringify(before.question)}; give this sweep another name or --out`,
    );
  const claim: Claim = {
    ...{ sweep: name, work, question, command },
    ...(rank && { rank }),
    ...(halving && { budget: halving.budget }),
    cells: cells.map(({ id }) => id),
  };
  await writeJson(path, claim);
}

function claimIn(text: string, path: string): Claim {
  try {
    return JSON.parse(text) as Claim;
  } catch {
    throw new InputError(
      `${path} is damaged; delete it if this folder is of the same sweep, or give another --out`,
    );
  }
}

/** Every cell as a row, whatever became of it. */
export async function rowsOf(cells: readonly Cell[], out: string): Promise<CellRow[]> {
  return Promise.all(
    cells.map(async ({ id, config }): Promise<CellRow> => {
      const found = await stateOfCell(join(out, id));
      const done = found.state === 'done' ? found.result : null;
      return {
        id,
        config,
        seed: Number(config.seed),
        state: found.state,
        reason: found.state === 'failed' ? found.reason : null,
        seconds: done?.seconds ?? null,
        measures: done?.measures ?? {},
      };
    }),
  );
}

/** The tables and the page of a sweep that has ended. */
export async function writeResults(
  plan: Plan,
  options: SweepPlace,
  rows: readonly CellRow[],
  jobs: readonly MergedJob[],
): Promise<void> {
  const { sweep, axes } = plan;
  const { out, command, results } = options;
  const environment = await environmentOf(out, rows);
  const { name, question, rank = [], halving } = sweep;
  const result = mergedText(jobs);
  const tables: SweepTables = { name, question, command, axes, rows, rank, environment, result };
  const files = {
    ...(plan.merge && { [runFiles.result]: `${JSON.stringify(jobs.map(jsonOf), null, 2)}\n` }),
    [runFiles.cells]: cellsCsv(tables),
    [runFiles.variants]: variantsCsv(tables),
    [runFiles.tables]: sweepMarkdown(tables),
    [runFiles.environment]: `${JSON.stringify(environment, null, 2)}\n`,
  };
  for (const [file, text] of Object.entries(files)) await writeWhole(join(out, file), text);
  await writePage(out, tables, plan.command, halving?.budget ?? null);
  if (results === undefined) return;
  await makeFolder(results);
  for (const [file, text] of Object.entries(files)) await writeWhole(join(results, file), text);
}

const jsonOf = ({ text: _, ...job }: MergedJob): object => job;

async function writePage(
  out: string,
  tables: SweepTables,
  work: Work['command'],
  budget: string | null,
): Promise<void> {
  const curves = new Map<string, readonly CurvePoint[]>();
  for (const { id } of tables.rows) {
    const points = await curveOf(join(out, id));
    if (points.length > 0) curves.set(id, points);
  }
  const commandOf = (row: CellRow): string => cellCommand(work, row, tables.axes, out);
  await writeWhole(
    runFile(out, 'report'),
    renderSweepPage({ ...tables, command: asStarted(tables.command), curves, commandOf, budget }),
  );
}

/** The epochs of a cell that trains, as far as they are whole. */
async function curveOf(cell: string): Promise<CurvePoint[]> {
  const points = await readMetrics<CurvePoint>(runFile(cell, 'network'));
  return points.filter(
    ({ imagesSeen, valLoss, valR2 }) =>
      Number.isFinite(imagesSeen) && Number.isFinite(valLoss) && Array.isArray(valR2) && valR2.length > 0,
  );
}

/** The command that does a cell's work again, in the words of how the program was started. */
export const cellCommand = (
  command: Work['command'],
  { id, config }: Pick<CellRow, 'id' | 'config'>,
  axes: readonly string[],
  out: string,
): string => asStarted(command?.(config, axes) ?? `npm run sweep -- --cell ${join(out, id)}`);

/**
 * The page of a sweep made again from its folder, however far its cells came.
 * @returns its path, and what the sweep lacks
 * @throws InputError for a folder whose sweep.json is damaged, or without a cell
 */
export async function writeSweepReport(out: string): Promise<{ path: string; missing: readonly string[] }> {
  const path = runFile(out, 'sweep');
  const claim = claimIn(await readFile(path, 'utf8').catch(() => ''), path);
  const cells = await cellsIn(out, claim);
  if (cells.length === 0)
    throw new InputError(`${out} holds a sweep without a cell; run the sweep command again`);
  const rows = await rowsOf(cells, out);
  const { sweep: name, work, question = '', command = '', rank = [], budget } = claim;
  const environment = await environmentOf(out, rows);
  const tables = { name, question, command, axes: axesOf(cells), rows, rank, environment };
  const loaded = await loadWork(work).catch(() => null); // a module may have moved
  await writePage(out, tables, loaded?.command, budget ?? null);
  const done = rows.filter(({ state }) => state === 'done').length;
  const missing = `${done} of ${rows.length} cells are done; the same sweep command does the rest.`;
  return { path: runFile(out, 'report'), missing: done < rows.length ? [missing] : [] };
}

/** Ids of the cells that a sweep.json names; without it those whose folders are there. */
const idsIn = async (out: string, cells: Claim['cells']): Promise<readonly string[]> =>
  cells ?? (await readdir(out)).filter((name) => hasRunFile(join(out, name), 'config')).sort();

/** Folders of a sweep's cells. */
export async function cellFoldersIn(out: string): Promise<string[]> {
  const claim = await readRunJson<Claim>(out, 'sweep').catch(() => null);
  return (await idsIn(out, claim?.cells)).map((id) => cellFolder(out, { id }));
}

/**
 * The folder of the cell that is first by the sweep's first measure.
 * @throws InputError for a damaged sweep, or one without a finished cell
 */
export async function bestCell(out: string): Promise<string> {
  const path = runFile(out, 'sweep');
  const claim = claimIn(await readFile(path, 'utf8').catch(() => ''), path);
  const cells = await cellsIn(out, claim);
  const variants = variantsOf(await rowsOf(cells, out), axesOf(cells));
  const [first] = (claim.rank ?? []).slice(0, 1).flatMap(({ by, better }) => rankingOf(variants, by, better));
  const cell = first && [...first.variant.cells.values()][0];
  if (!cell) throw new InputError(`${out} ranks no finished cell; give the id of a cell`);
  return join(out, cell.id);
}

async function cellsIn(out: string, { cells }: Claim): Promise<Cell[]> {
  const ids = await idsIn(out, cells);
  const read = await Promise.all(
    ids.map(async (id) => {
      const order = await readRunJson<CellOrder>(cellFolder(out, { id }), 'config').catch(() => null);
      return order?.config ? [{ id, config: order.config }] : [];
    }),
  );
  return read.flat();
}

/** Of the first finished cell that opened an engine, else of the first finished one. */
async function environmentOf(out: string, rows: readonly CellRow[]): Promise<SweepTables['environment']> {
  let found: SweepTables['environment'] | null = null;
  for (const { id } of rows.filter(({ state }) => state === 'done')) {
    const environment = await readRunJson<SweepTables['environment']>(join(out, id), 'environment').catch(
      () => ({}) as SweepTables['environment'],
    );
    if (environment.engine) return environment;
    found ??= environment;
  }
  return found ?? {};
}
