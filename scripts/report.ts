/**
 * `report RUN...`: report.html of a run made again, with tables and figures of a reproduction (from its run.json and
 * images/), with learning curves of a training (from its metrics.jsonl).
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Argv } from 'yargs';
import { InputError } from '../src/shared/errors.ts';
import { writeWhole } from '../src/shared/files.ts';
import type { Command, CommandResult } from './_command.ts';

interface Options {
  run: string[];
}

const isReproduction = (run: string): boolean => existsSync(join(run, 'run.json'));
const isTraining = (run: string): boolean => !isReproduction(run) && existsSync(join(run, 'metrics.jsonl'));
const isRun = (folder: string): boolean => isReproduction(folder) || isTraining(folder);

/** A folder, its run.json, or the id of a run under results/runs. */
function folderOf(run: string): string {
  if (run.endsWith('run.json')) return dirname(run);
  const known = join('results', 'runs', run);
  return !isRun(run) && isRun(known) ? known : run;
}

/** A run that was killed or failed has a status but no results yet. */
async function refuseUnfinished(run: string): Promise<void> {
  const path = join(run, 'status.json');
  if (isRun(run) || !existsSync(path)) return;
  const { state, reason } = JSON.parse(await readFile(path, 'utf8').catch(() => '{}'));
  throw new InputError(
    `${run} is not finished (${state}${reason ? `: ${reason}` : ''}); run the command that began it again: it goes on where it was`,
  );
}

/** B/compare-A.html. */
async function compared(a: string, b: string): Promise<string> {
  const { readResults } = await import('../src/report/run-json.ts');
  const { renderComparison } = await import('../src/report/compare.ts');
  const [left, right] = await Promise.all(
    [a, b].map(async (folder) => ({ folder, results: await readResults(folder) })),
  );
  const path = join(b, `compare-${basename(a)}.html`);
  await writeWhole(path, await renderComparison(left!, right!));
  return path;
}

async function remake(options: Options): Promise<CommandResult> {
  const { readResults } = await import('../src/report/run-json.ts');
  const { writeReproduction } = await import('../src/report/write.ts');
  const { writeTrainingReport } = await import('../src/run/training-report.ts');
  const reports: string[] = [];
  const folders = options.run.map((r) => folderOf(String(r)));
  for (const run of folders) {
    await refuseUnfinished(run);
    if (isTraining(run)) await writeTrainingReport(run);
    else await writeReproduction(run, await readResults(run));
    reports.push(join(run, 'report.html'));
  }
  const [a, b] = folders;
  if (folders.length === 2 && folders.every(isReproduction)) reports.push(await compared(a!, b!));
  return { json: { reports }, text: reports.map((path) => `report: ${path}`).join('\n') };
}

const command: Command<Options> = {
  command: 'report <run..>',
  describe: 'make the report of a reproduction or a training again; of two reproductions, also a comparison',
  builder: (yargs: Argv) =>
    yargs.positional('run', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'run folder, or run id under results/runs',
    }) as Argv<Options>,
  run: (options) => remake(options),
};

export default command;
