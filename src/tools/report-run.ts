/** The report of a run, whatever its kind and however far it came. */
import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { renderComparison } from '../report/compare.ts';
import { renderTrainingComparison } from '../report/training-comparison.ts';
import { writeReport } from '../report/write.ts';
import { type Run, readRun } from '../runs/find-run.ts';
import { hasRunFile, runFile, runFiles } from '../runs/run-files.ts';
import { readStatus, stateText } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { writeWhole } from '../shared/files.ts';
import { writeSweepReport } from '../sweep/results.ts';
import type { ReproductionResults } from '../tables/results.ts';
import { readResults } from '../tables/run-json.ts';
import { curvesOf, writeTrainingReport } from '../training/training-report.ts';
import { optionsThatDiffer } from './compare-runs.ts';

export interface ReportWritten {
  readonly path: string;
  /** Missing parts of the run, a sentence each; the page shows them too. */
  readonly missing: readonly string[];
}

/** A run that was read and can be shown; nothing is written yet. */
interface Readable {
  readonly folder: string;
  readonly kind: 'training' | 'reproduction' | 'sweep';
  /** Of a reproduction only. */
  readonly results: ReproductionResults | null;
}

/**
 * report.html of each run made again, with tables and figures of a reproduction; of two reproductions and of several trainings
 * the comparison too.
 * All runs are read before the first page is written.
 * @param runs folders or ids
 * @throws InputError for a run without results, or a damaged one: its former report stays
 */
export async function reportRuns(runs: readonly string[]): Promise<ReportWritten[]> {
  const read: Readable[] = [];
  for (const run of runs) read.push(await readable(await readRun(run)));
  const written: ReportWritten[] = [];
  for (const { folder, kind, results } of read)
    if (results) written.push(await reproductionReport(folder, results));
    else written.push(await (kind === 'sweep' ? writeSweepReport(folder) : writeTrainingReport(folder)));
  const [a, b] = read.flatMap(({ folder, results }) => (results ? [{ folder, results }] : []));
  if (read.length === 2 && a && b) {
    const path = join(b.folder, `compare-${basename(resolve(a.folder))}.html`);
    await writeWhole(path, await renderComparison(a, b));
    written.push({ path, missing: [] });
  }
  const trainings = read.filter(({ kind }) => kind === 'training').map(({ folder }) => folder);
  if (trainings.length > 1) written.push({ path: await compareTrainings(trainings), missing: [] });
  return written;
}

/** The page of several trainings, in the folder of the last. @returns its path */
async function compareTrainings(folders: readonly string[]): Promise<string> {
  const runs = await Promise.all(folders.map((folder) => readRun(folder)));
  const compared = await Promise.all(
    folders.map(async (folder) => ({ name: nameOf(folder), points: await curvesOf(folder) })),
  );
  const others = compared.slice(0, -1).map(({ name }) => name);
  const named = others.join('+');
  const hash = createHash('sha256').update(named).digest('hex').slice(0, 12);
  const file = named.length < 200 ? named : `${others.length}-runs-${hash}`;
  const path = join(folders.at(-1)!, `compare-${file}.html`);
  await writeWhole(path, renderTrainingComparison(compared, optionsThatDiffer(runs)));
  return path;
}

/** The training of a sweep's cell is called as the cell. */
function nameOf(folder: string): string {
  const whole = resolve(folder);
  return basename(whole) === runFiles.network ? basename(dirname(whole)) : basename(whole);
}

async function readable(run: Run): Promise<Readable> {
  const { folder } = run;
  const network = runFile(folder, 'network');
  if (hasRunFile(network, 'metrics')) return { folder: network, kind: 'training', results: null };
  if (run.kind === 'sweep') return { folder, kind: 'sweep', results: null };
  if (hasRunFile(folder, 'reproduction'))
    return { folder, kind: 'reproduction', results: await readResults(folder) };
  if (!hasRunFile(folder, 'metrics')) throw new InputError(await refusal(run));
  return { folder, kind: 'training', results: null };
}

async function reproductionReport(folder: string, results: ReproductionResults): Promise<ReportWritten> {
  const state = (await readStatus(folder))?.state ?? 'done';
  const note =
    `The run was begun again and has not ended (${state}): these are the results that it had written before; ` +
    'the same command goes on where it was.';
  const missing = await writeReport(folder, results, state === 'done' ? [] : [note]);
  return { path: runFile(folder, 'report'), missing };
}

/** Message for a run without results, with the remedy. */
async function refusal({ folder, kind, config, status }: Run): Promise<string> {
  if (kind === 'cell')
    return (
      `${folder} is a cell of a sweep (${status?.state ?? 'unknown state'}), which has no report of its own; ` +
      `the sweep's is ${runFile(dirname(resolve(folder)), 'tables')}`
    );
  const again = `run the command that began it again${config?.command ? ` (${config.command})` : ''}`;
  return status?.state === 'done'
    ? `${folder} has lost its results, ${runFiles.reproduction} or ${runFiles.metrics}, though its status is done; ${again}`
    : `${folder} is not finished (${status ? stateText(status) : `its ${runFiles.status} is damaged`}); ${again}: it goes on where it was`;
}
