/** `sweep`: many cells of one work, each in a process and run folder of its own, and what they say together. */
import { dirname, resolve } from 'node:path';
import { InputError } from '../src/shared/errors.ts';
import type { ValuesOf } from '../src/shared/option.ts';
import type { CellResult } from '../src/sweep/cell-folder.ts';
import type { LaunchOptions } from '../src/sweep/launcher.ts';
import { type CommandResult, command } from './_command.ts';
import { experimentIn, experimentPath } from './_experiment.ts';
import { flag, optional } from './_options.ts';
import { gridOptions, runPlan } from './_sweep.ts';

const options = {
  out: optional("folder of the cells' runs and the tables", 'results/runs/sweep-<name>'),
  ...gridOptions,
  guard: flag('with --cell: in a process of its own, under --time-limit and --memory, as a Slurm task does'),
  cell: optional('run the one cell of this run folder, in this process'),
};
type Options = ValuesOf<typeof options>;

const sweepCommand = command({
  examples: [
    ['sweep experiments/ablation-nets.ts --dry-run', 'the cells and the expected time'],
    ['sweep experiments/ablation-nets.ts --launcher slurm', 'as a Slurm job array'],
  ],
  positionals: { experiment: optional('a sweep file, experiments/<name>.ts') },
  options,
  run: (options) => (options.cell === undefined ? runFile(options) : runOneCell(options.cell, options)),
});
export default sweepCommand;

/** @throws InputError for a wrong sweep file or option */
async function runFile({
  experiment,
  ...options
}: Options & { readonly experiment: string | undefined }): Promise<CommandResult> {
  if (experiment === undefined)
    throw new InputError('a sweep file is missing; run: npm run sweep -- experiments/<name>.ts');
  const { checkedSweep, planOf } = await import('../src/sweep/sweep.ts');
  const { loadWork } = await import('../src/sweep/works.ts');
  const sweep = checkedSweep(await experimentIn(experiment), experiment);
  const work = sweep.work.startsWith('.')
    ? resolve(dirname(experimentPath(experiment)), sweep.work)
    : sweep.work;
  return runPlan(planOf(sweep, await loadWork(work)), work, `npm run sweep -- ${experiment}`, options);
}

async function runOneCell(folder: string, { guard, timeLimit = 3600, memory }: Options) {
  const limits = { jobs: 1, timeLimit, memory: memory ?? null, failFast: false };
  if (guard) return guardOneCell(resolve(folder), limits);
  const { runCell } = await import('../src/sweep/cell.ts');
  const { endWithParent } = await import('../src/sweep/local.ts');
  endWithParent();
  const result: CellResult = await runCell(resolve(folder));
  const measures = Object.entries(result.measures).map(([name, value]) => `${name} ${value}`);
  return { json: result, text: [...measures, `seconds ${result.seconds.toFixed(2)}`].join('\n') };
}

async function guardOneCell(folder: string, limits: LaunchOptions) {
  const { local } = await import('../src/sweep/local.ts');
  const { stateOfCell } = await import('../src/sweep/cell-folder.ts');
  await local.launch([folder], limits, async () => {});
  const state = await stateOfCell(folder);
  return { json: state, text: `${folder}: ${state.state}`, exitCode: state.state === 'done' ? 0 : 1 };
}
