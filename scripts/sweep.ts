/** `sweep`: many cells of one work, each in a process and run folder of its own, and what they say together. */
import { dirname, resolve } from 'node:path';
import { InputError, messageOf } from '../src/shared/errors.ts';
import { option, type ValuesOf } from '../src/shared/option.ts';
import { say } from '../src/shared/progress.ts';
import { z } from '../src/shared/schema.ts';
import type { CellResult } from '../src/sweep/cell-folder.ts';
import type { LaunchOptions } from '../src/sweep/launcher.ts';
import { type CommandResult, command } from './_command.ts';
import { experimentIn, experimentPath } from './_experiment.ts';
import { flag, optional, text } from './_options.ts';
import { gridOptions, runPlan } from './_sweep.ts';

const options = {
  out: optional("folder of the cells' runs and the tables", 'results/runs/sweep-<name>'),
  ...gridOptions,
  guard: flag('with --cell: in a process of its own, under --time-limit and --memory, as a Slurm task does'),
  cell: option(z.array(text), {
    perFlag: 1,
    help: 'run the cell of this run folder in this process; of several one after another',
  }),
};
type Options = ValuesOf<typeof options>;

const sweepCommand = command({
  examples: [
    ['sweep experiments/ablation-nets.ts --dry-run', 'the cells and the expected time'],
    ['sweep experiments/ablation-nets.ts --launcher slurm', 'as a Slurm job array'],
  ],
  positionals: { experiment: optional('a sweep file, experiments/<name>.ts') },
  options,
  run: (options) => (options.cell === undefined ? runFile(options) : runTheseCells(options.cell, options)),
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

async function runTheseCells(cells: readonly string[], { guard, timeLimit = 3600, memory }: Options) {
  const folders = cells.map((cell) => resolve(cell));
  const limits = { jobs: 1, timeLimit, memory: memory ?? null, failFast: false, perTask: cells.length };
  if (guard) return guardCells(folders, limits);
  const { endWithParent } = await import('../src/sweep/local.ts');
  endWithParent();
  if (folders.length > 1) return runInTurn(folders);
  const { runCell } = await import('../src/sweep/cell.ts');
  const result: CellResult = await runCell(folders[0]!);
  const measures = Object.entries(result.measures).map(([name, value]) => `${name} ${value}`);
  return { json: result, text: [...measures, `seconds ${result.seconds.toFixed(2)}`].join('\n') };
}

/** A cell that fails leaves its reason, and the next begins. */
async function runInTurn(folders: readonly string[]) {
  const { runCell } = await import('../src/sweep/cell.ts');
  const { tellParent } = await import('../src/sweep/local.ts');
  for (const folder of folders) {
    await runCell(folder).catch((error) => say(`${folder}: ${messageOf(error)}`));
    tellParent();
  }
  return statesOf(folders);
}

async function guardCells(folders: readonly string[], limits: LaunchOptions) {
  const { local } = await import('../src/sweep/local.ts');
  await local.launch(folders, limits, async () => {});
  return statesOf(folders);
}

async function statesOf(folders: readonly string[]) {
  const { stateOfCell } = await import('../src/sweep/cell-folder.ts');
  const states = await Promise.all(folders.map(stateOfCell));
  const text = folders.map((folder, i) => `${folder}: ${states[i]!.state}`).join('\n');
  const done = states.every(({ state }) => state === 'done');
  return { json: states.length === 1 ? states[0] : states, text, exitCode: done ? 0 : 1 };
}
