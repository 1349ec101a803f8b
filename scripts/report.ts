/**
 * `report RUN...`: report.html of a run made again, with tables and figures of a reproduction (from its run.json and
 * images/), with learning curves of a training (from its metrics.jsonl).
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Argv } from 'yargs';
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

async function remake(options: Options): Promise<CommandResult> {
  const { readResults } = await import('../src/report/run-json.ts');
  const { writeReproduction } = await import('../src/report/write.ts');
  const { writeTrainingReport } = await import('../src/run/training-report.ts');
  const reports: string[] = [];
  for (const run of options.run.map((r) => folderOf(String(r)))) {
    if (isTraining(run)) await writeTrainingReport(run);
    else await writeReproduction(run, await readResults(run));
    reports.push(join(run, 'report.html'));
  }
  return { json: { reports }, text: reports.map((path) => `report: ${path}`).join('\n') };
}

const command: Command<Options> = {
  command: 'report <run..>',
  describe: 'make the report of a reproduction or a training again',
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
