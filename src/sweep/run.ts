/** A sweep from its file to its tables: cells that are done are skipped, those that failed are tried again. */
import type { CellRow } from '../report/sweep/summary.ts';
import { runFile } from '../runs/run-files.ts';
import { withLock } from '../shared/folder-lock.ts';
import { progressBar, say } from '../shared/progress.ts';
import { cellFolder, prepareCell, stateOfCell } from './cell-folder.ts';
import { expectedTime, type TimeEstimate } from './estimate.ts';
import type { Launcher, LaunchOptions } from './launcher.ts';
import { type MergedJob, mergeJobs } from './merge.ts';
import { claimFolder, rowsOf, type SweepPlace, writeResults } from './results.ts';
import type { Cell, Plan } from './sweep.ts';

export interface SweepOptions extends LaunchOptions, SweepPlace {
  readonly launcher: Launcher;
  /** How often a cell that failed is run again in this call. */
  readonly retries: number;
}

export interface SweepOutcome {
  readonly out: string;
  readonly rows: readonly CellRow[];
  /** Cells done before this call. */
  readonly skipped: number;
  /** Merged results of a work with parts; empty for other works. */
  readonly jobs: readonly MergedJob[];
}

/** @throws InputError if the folder holds another sweep, or another process works on it */
export async function runSweep(plan: Plan, options: SweepOptions): Promise<SweepOutcome> {
  await claimFolder(plan, plan.cells, options);
  return withLock(runFile(options.out, 'busy'), () => runCells(plan, options), 'sweep');
}

async function runCells(plan: Plan, options: SweepOptions): Promise<SweepOutcome> {
  const { out } = options;
  const rows: CellRow[] = [];
  let skipped = 0;
  let rung = plan.cells;
  for (let k = 0; rung.length > 0; k++) {
    if (k > 0) await claimFolder(plan, [...rows, ...rung], options);
    skipped += await runRung(rung, plan, options);
    const found = await rowsOf(rung, out);
    rows.push(...found);
    const whole = found.every(({ state }) => state !== 'open'); // else the best are not known yet
    rung = whole ? ((await plan.next?.(found, k)) ?? []) : [];
    if (rung.length > 0) say(`rung ${k + 2}: ${rung.length} cells`);
  }
  const jobs = plan.merge ? await mergeJobs(plan.merge, rows, plan.axes, out) : [];
  await writeResults(plan, options, rows, jobs);
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

export interface DryRun {
  readonly cells: readonly { readonly id: string; readonly state: CellRow['state'] }[];
  readonly estimate: TimeEstimate;
}

/** The dry run. If no cell is done yet, it runs one and takes its time for the estimate. */
export async function dryRun(plan: Plan, options: SweepOptions): Promise<DryRun> {
  await claimFolder(plan, plan.cells, options);
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
