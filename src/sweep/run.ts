/** A sweep from its file to its tables: cells that are done are skipped, those that failed are tried again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellRow } from '../report/sweep/summary.ts';
import { cellsCsv, type SweepTables, sweepMarkdown, variantsCsv } from '../report/sweep/tables.ts';
import { readRunJson, runFile, runFiles } from '../runs/run-files.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, writeJson, writeWhole } from '../shared/files.ts';
import { withLock } from '../shared/folder-lock.ts';
import { progressBar, say } from '../shared/progress.ts';
import { cellFolder, prepareCell, stateOfCell } from './cell-folder.ts';
import { expectedTime, type TimeEstimate } from './estimate.ts';
import type { Launcher, LaunchOptions } from './launcher.ts';
import { type MergedJob, mergedText, mergeJobs } from './merge.ts';
import type { Cell, Plan } from './sweep.ts';

export interface SweepOptions extends LaunchOptions {
  readonly out: string;
  readonly launcher: Launcher;
  /** How often a cell that failed is run again in this call. */
  readonly retries: number;
  /** A name in works.ts or the path of a module: what the cells' processes load. */
  readonly work: string;
  /** Where the tables go as well, without the run folders. */
  readonly results?: string | undefined;
  /** As typed, for the tables. */
  readonly command: string;
}

export interface SweepOutcome {
  readonly out: string;
  readonly rows: readonly CellRow[];
  /** Cells done before this call. */
  readonly skipped: number;
  /** What the parts of a work come to; none of a work without parts. */
  readonly jobs: readonly MergedJob[];
}

/** @throws InputError if the folder holds another sweep, or another process works on it */
export async function runSweep(plan: Plan, options: SweepOptions): Promise<SweepOutcome> {
  await claimFolder(plan, options);
  return withLock(runFile(options.out, 'busy'), () => runCells(plan, options), 'sweep');
}

/** What a folder of a sweep says of it. */
interface Claim {
  readonly sweep: string;
  readonly work: string;
}

/** A folder belongs to one sweep; more seeds or another grid of the same sweep are welcome. */
async function claimFolder({ sweep }: Plan, { out, work }: SweepOptions): Promise<void> {
  await makeFolder(out);
  const path = runFile(out, 'sweep');
  const text = await readFile(path, 'utf8').catch(() => null);
  const held = text === null ? null : claimIn(text, path);
  if (held && (held.sweep !== sweep.name || held.work !== work))
    throw new InputError(
      `${out} holds sweep ${held.sweep} of work ${held.work}, not ${sweep.name} of ${work}; give another --out`,
    );
  await writeJson(path, { sweep: sweep.name, work } satisfies Claim);
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

async function runCells(plan: Plan, options: SweepOptions): Promise<SweepOutcome> {
  const { out } = options;
  const rows: CellRow[] = [];
  let skipped = 0;
  let rung = plan.cells;
  for (let k = 0; rung.length > 0; k++) {
    skipped += await runRung(rung, plan, options);
    const found = await rowsOf(rung, out);
    rows.push(...found);
    const whole = found.every(({ state }) => state !== 'open'); // else the best are not known yet
    rung = whole ? ((await plan.next?.(found, k)) ?? []) : [];
    if (rung.length > 0) say(`rung ${k + 2}: ${rung.length} cells`);
  }
  const jobs = plan.merge ? await mergeJobs(plan.merge, rows, plan.axes, out) : [];
  await writeTables(plan, options, rows, jobs);
  return { out, rows, skipped, jobs };
}

/** @returns how many cells were done before */
async function runRung(cells: readonly Cell[], plan: Plan, options: SweepOptions): Promise<number> {
  let left = await unfinished(cells, options.out);
  const skipped = cells.length - left.length;
  if (skipped > 0) say(`${skipped} of ${cells.length} cells are done and skipped`);
  for (let round = 0; left.length > 0 && round <= options.retries; round++) {
    if (round > 0) say(`running ${left.length} failed cells again (${round} of ${options.retries})`);
    await launch(left, plan, options);
    left = await unfinished(cells, options.out);
  }
  return skipped;
}

async function unfinished(cells: readonly Cell[], out: string): Promise<Cell[]> {
  const states = await Promise.all(cells.map((cell) => stateOfCell(cellFolder(out, cell))));
  return cells.filter((_, i) => states[i]!.state !== 'done');
}

async function launch(cells: readonly Cell[], plan: Plan, options: SweepOptions): Promise<void> {
  const { out, work, launcher } = options;
  for (const cell of cells) await prepareCell(cellFolder(out, cell), { work, config: cell.config });
  const bar = progressBar(`sweep ${plan.sweep.name}`, cells.length);
  let [ended, failed] = [0, 0];
  bar.update(0);
  await launcher.launch(
    cells.map((cell) => cellFolder(out, cell)),
    options,
    async (folder) => {
      const state = await stateOfCell(folder);
      if (state.state === 'failed') {
        failed++;
        bar.stop(`${folder}: ${state.reason}`);
      }
      bar.update(++ended, failed > 0 ? `${failed} failed` : '');
    },
  );
  bar.stop();
}

/** Every cell of the plan as a row, whatever became of it. */
async function rowsOf(cells: readonly Cell[], out: string): Promise<CellRow[]> {
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

async function writeTables(
  plan: Plan,
  options: SweepOptions,
  rows: readonly CellRow[],
  jobs: readonly MergedJob[],
): Promise<void> {
  const { sweep, axes } = plan;
  const environment = await environmentOf(options.out, rows);
  const { name, question, rank = [] } = sweep;
  const { command } = options;
  const result = mergedText(jobs);
  const tables: SweepTables = { name, question, command, axes, rows, rank, environment, result };
  const files = {
    ...(plan.merge && { [runFiles.result]: `${JSON.stringify(jobs.map(jsonOf), null, 2)}\n` }),
    [runFiles.cells]: cellsCsv(tables),
    [runFiles.variants]: variantsCsv(tables),
    [runFiles.tables]: sweepMarkdown(tables),
    [runFiles.environment]: `${JSON.stringify(environment, null, 2)}\n`,
  };
  for (const [file, text] of Object.entries(files)) await writeWhole(join(options.out, file), text);
  if (options.results === undefined) return;
  await makeFolder(options.results);
  for (const [file, text] of Object.entries(files)) await writeWhole(join(options.results, file), text);
}

const jsonOf = ({ text: _, ...job }: MergedJob): object => job;

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

export interface DryRun {
  readonly cells: readonly { readonly id: string; readonly state: CellRow['state'] }[];
  readonly estimate: TimeEstimate;
}

/** What a call would do. Where no cell is done yet, one is run, for its time, and kept. */
export async function dryRun(plan: Plan, options: SweepOptions): Promise<DryRun> {
  await claimFolder(plan, options);
  const before = await rowsOf(plan.cells, options.out);
  if (!before.some(({ state }) => state === 'done')) {
    say('no cell is done yet: running the first one for its time (it is kept)');
    await withLock(
      runFile(options.out, 'busy'),
      () => launch(plan.cells.slice(0, 1), plan, options),
      'sweep',
    );
  }
  const rows = await rowsOf(plan.cells, options.out);
  return {
    cells: rows.map(({ id, state }) => ({ id, state })),
    estimate: expectedTime(rows, plan.axes, options.jobs),
  };
}
