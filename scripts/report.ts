/** `report RUN...`: tables, figures and report.html of a finished run, made again from its run.json and images/. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Argv } from 'yargs';
import type { Command, CommandResult } from './_command.ts';

interface Options {
  run: string[];
}

/** A folder, its run.json, or the id of a run under results/runs. */
function folderOf(run: string): string {
  if (run.endsWith('run.json')) return dirname(run);
  const known = join('results', 'runs', run);
  return !existsSync(join(run, 'run.json')) && existsSync(join(known, 'run.json')) ? known : run;
}

async function remake(options: Options): Promise<CommandResult> {
  const { readResults } = await import('../src/report/run-json.ts');
  const { writeReproduction } = await import('../src/report/write.ts');
  const reports: string[] = [];
  for (const run of options.run.map((r) => folderOf(String(r)))) {
    await writeReproduction(run, await readResults(run));
    reports.push(join(run, 'report.html'));
  }
  return { json: { reports }, text: reports.map((path) => `report: ${path}`).join('\n') };
}

const command: Command<Options> = {
  command: 'report <run..>',
  describe: 'make tables, figures and report.html of finished runs again',
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
