/** The report of a run folder, whatever kind of run it is and however far it came. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { renderComparison } from '../report/compare.ts';
import { writeReport } from '../report/write.ts';
import { defaultRuns, readRunJson, readStatus, stateText } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { writeWhole } from '../shared/files.ts';
import { stateOfCell } from '../sweep/cell-folder.ts';
import type { ReproductionResults } from '../tables/results.ts';
import { readResults } from '../tables/run-json.ts';
import { writeTrainingReport } from '../training/training-report.ts';

export interface ReportWritten {
  readonly path: string;
  /** What the run lacks, a sentence each; the page says it too. */
  readonly missing: readonly string[];
}

const isReproduction = (run: string): boolean => existsSync(join(run, 'run.json'));
const isTraining = (run: string): boolean => existsSync(join(run, 'metrics.jsonl'));
const isRun = (folder: string): boolean => isReproduction(folder) || isTraining(folder);

/** A folder, its run.json, or the id of a run under results/runs. */
function folderOf(run: string): string {
  if (basename(run) === 'run.json') return dirname(run);
  const known = join(defaultRuns, run);
  return !isRun(run) && isRun(known) ? known : run;
}

/** A run that was read and can be shown; nothing is written yet. */
interface Readable {
  readonly folder: string;
  /** Of a reproduction; null of a training. */
  readonly results: ReproductionResults | null;
}

/**
 * report.html of each run made again, with tables and figures of a reproduction; of two reproductions the comparison too.
 * All runs are read before the first page is written.
 * @throws InputError for a run without results, or a damaged one: its former report stays
 */
export async function reportRuns(runs: readonly string[]): Promise<ReportWritten[]> {
  const read: Readable[] = [];
  for (const run of runs) read.push(await readRun(folderOf(run)));
  const written: ReportWritten[] = [];
  for (const { folder, results } of read)
    written.push(results ? await reproductionReport(folder, results) : await writeTrainingReport(folder));
  const [a, b] = read.flatMap(({ folder, results }) => (results ? [{ folder, results }] : []));
  if (read.length === 2 && a && b) {
    const path = join(b.folder, `compare-${basename(resolve(a.folder))}.html`);
    await writeWhole(path, await renderComparison(a, b));
    written.push({ path, missing: [] });
  }
  return written;
}

async function readRun(folder: string): Promise<Readable> {
  if (isReproduction(folder)) return { folder, results: await readResults(folder) };
  if (!isTraining(folder)) await refuse(folder);
  return { folder, results: isTraining(folder) ? null : await readResults(folder) };
}

async function reproductionReport(folder: string, results: ReproductionResults): Promise<ReportWritten> {
  const state = (await readStatus(folder))?.state ?? 'done';
  const note =
    `The run was begun again and has not ended (${state}): these are the results that it had written before; ` +
    'the same command goes on where it was.';
  const missing = await writeReport(folder, results, state === 'done' ? [] : [note]);
  return { path: join(folder, 'report.html'), missing };
}

/** Says what a folder without results is, where it can be told. */
async function refuse(folder: string): Promise<void> {
  if (existsSync(join(folder, 'sweep.json'))) throw new InputError(await sweepText(folder));
  if (!existsSync(join(folder, 'status.json'))) return;
  const config = await readRunJson<{ work?: string; command?: string }>(folder, 'config.json').catch(
    () => null,
  );
  const status = await readStatus(folder);
  if (config?.work !== undefined)
    throw new InputError(
      `${folder} is a cell of a sweep (${status?.state ?? 'unknown state'}), which has no report of its own; ` +
        `the sweep's is ${join(dirname(resolve(folder)), 'README.md')}`,
    );
  const again = `run the command that began it again${config?.command ? ` (${config.command})` : ''}`;
  throw new InputError(
    status?.state === 'done'
      ? `${folder} has lost its results, run.json or metrics.jsonl, though its status is done; ${again}`
      : `${folder} is not finished (${status ? stateText(status) : 'its status.json is damaged'}); ${again}: it goes on where it was`,
  );
}

/** What a sweep came to stands in its tables; how far it is, in its cells. */
async function sweepText(folder: string): Promise<string> {
  const names = await readdir(folder);
  const cells = names.filter((name) => existsSync(join(folder, name, 'config.json')));
  const states = await Promise.all(cells.map((name) => stateOfCell(join(folder, name))));
  const done = states.filter(({ state }) => state === 'done').length;
  const tables = names.includes('README.md')
    ? `its report is ${join(folder, 'README.md')}`
    : 'its tables are not written yet';
  return `${folder} holds a sweep, ${done} of ${cells.length} cells done; ${tables}; the same sweep command does the rest and writes README.md, cells.csv and variants.csv`;
}
