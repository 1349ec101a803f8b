/** `sweep`: many cells of one work, each in a process and run folder of its own, and what they say together. */
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../src/shared/errors.ts';
import type { CellResult } from '../src/sweep/cell-folder.ts';
import type { Launcher, LaunchOptions } from '../src/sweep/launcher.ts';
import { mergedText } from '../src/sweep/merge.ts';
import type { DryRun, SweepOptions, SweepOutcome } from '../src/sweep/run.ts';
import type { Plan } from '../src/sweep/sweep.ts';
import type { Command } from './_command.ts';
import { experimentIn } from './_experiment.ts';
import { integer, once, text } from './_options.ts';

interface Options {
  experiment?: string | undefined;
  cell?: string | undefined;
  guard: boolean;
  launcher: 'local' | 'slurm';
  sbatch?: string | undefined;
  out?: string | undefined;
  jobs: number;
  dryRun: boolean;
  timeLimit?: number | undefined;
  memory?: number | undefined;
  retries: number;
  failFast: boolean;
  results?: string | undefined;
}

/** Seconds. @throws InputError unless above 0 */
function timeLimit(value: number): number {
  once('time-limit')(value);
  if (value > 0 && value <= 1e7) return value;
  throw new InputError(`--time-limit expected seconds above 0, up to 10000000, got ${value}`);
}

const command: Command<Options> = {
  examples: [
    ['sweep experiments/ablation-nets.ts --dry-run', 'the cells and the expected time'],
    ['sweep experiments/ablation-nets.ts --launcher slurm', 'as a Slurm job array'],
  ],
  builder: (yargs) =>
    yargs
      .positional('experiment', { type: 'string', describe: 'a sweep file, experiments/<name>.ts' })
      .options({
        out: text('out', "folder of the cells' runs and the tables [default: results/runs/sweep-<name>]"),
        jobs: {
          ...integer('jobs', 'cells at a time; a training cell uses all cores by itself', 1, 10_000),
          default: 1,
        },
        'dry-run': {
          type: 'boolean',
          default: false,
          describe: 'list the cells and the expected time; measures one cell if none is done yet',
        },
        'time-limit': {
          type: 'number',
          requiresArg: true,
          coerce: timeLimit,
          describe: "seconds a cell may take [default: the file's, else 3600]",
        },
        memory: integer(
          'memory',
          "MiB that a cell's process may hold, some 150 of Node's own among them [default: no limit]",
          64,
          1e8,
        ),
        retries: {
          ...integer('retries', 'times that a failed cell is run again in this call', 0, 100),
          default: 0,
        },
        'fail-fast': { type: 'boolean', default: false, describe: 'start no more cells after a failure' },
        results: text('results', 'folder that gets the tables and the environment too'),
        launcher: {
          choices: ['local', 'slurm'],
          default: 'local',
          describe: 'processes of this machine, or a Slurm job array',
        },
        sbatch: text('sbatch', 'slurm: more options for sbatch, "--partition=long --cpus-per-task=4" say'),
        guard: {
          type: 'boolean',
          default: false,
          describe:
            'with --cell: in a process of its own, under --time-limit and --memory, as a Slurm task does',
        },
        cell: text('cell', 'run the one cell of this run folder, in this process'),
      }) as never,
  run: async (options) => {
    if (options.cell !== undefined) return runOneCell(options.cell, options);
    const { plan, settings } = await prepared(options);
    const { dryRun, runSweep } = await import('../src/sweep/run.ts');
    if (options.dryRun) return dryRunResult(plan, await dryRun(plan, settings), settings.out);
    return sweepResult(await runSweep(plan, settings));
  },
};

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

async function launcherOf({ launcher, sbatch = '' }: Options): Promise<Launcher> {
  if (launcher === 'local') return (await import('../src/sweep/local.ts')).local;
  const { checkSlurm, slurm } = await import('../src/sweep/slurm.ts');
  await checkSlurm();
  return slurm(sbatch.split(/\s+/).filter(Boolean));
}

/** The plan and what goes with it. @throws InputError for a wrong sweep file or option */
async function prepared(options: Options): Promise<{ plan: Plan; settings: SweepOptions }> {
  const { experiment, jobs, retries, failFast, results } = options;
  if (experiment === undefined)
    throw new InputError('a sweep file is missing; run: npm run sweep -- experiments/<name>.ts');
  const { checkedSweep, planOf } = await import('../src/sweep/sweep.ts');
  const { loadWork } = await import('../src/sweep/works.ts');
  const sweep = checkedSweep(await experimentIn(experiment), experiment);
  const work = sweep.work.startsWith('.') ? resolve(dirname(experiment), sweep.work) : sweep.work;
  const plan = planOf(sweep, await loadWork(work));
  const settings: SweepOptions = {
    out: resolve(options.out ?? join('results', 'runs', `sweep-${sweep.name}`)),
    launcher: await launcherOf(options),
    work,
    jobs,
    retries,
    failFast,
    results,
    timeLimit: options.timeLimit ?? plan.timeLimit,
    memory: options.memory ?? null,
    command: `npm run sweep -- ${experiment}`,
  };
  return { plan, settings };
}

function dryRunResult({ sweep, axes }: Plan, { cells, estimate }: DryRun, out: string) {
  const { measured, open, work, wall } = estimate;
  const lines = cells.map(({ id, state }) => `${state.padEnd(6)} ${id}`);
  const time =
    work === null
      ? 'no time can be given: the cell that was to be measured failed'
      : `${open} cells to do, expected ${duration(wall!)} (${duration(work)} of work), from ${measured} measured`;
  return {
    json: { sweep: sweep.name, out, axes, cells, estimate },
    text: [...lines, time, `next: the same command without --dry-run`].join('\n'),
  };
}

const duration = (seconds: number): string =>
  seconds < 90
    ? `${seconds.toFixed(0)} s`
    : seconds < 5400
      ? `${(seconds / 60).toFixed(0)} min`
      : `${(seconds / 3600).toFixed(1)} h`;

function sweepResult({ out, rows, skipped, jobs }: SweepOutcome) {
  const failed = rows.filter(({ state }) => state === 'failed');
  const done = rows.filter(({ state }) => state === 'done').length;
  const open = rows.length - done - failed.length;
  return {
    json: {
      out,
      cells: rows.length,
      done,
      skipped,
      failed: failed.map(({ id, reason }) => ({ id, reason })),
      open,
      jobs: jobs.map(({ text: _, ...job }) => job),
    },
    text: [
      `${rows.length} cells: ${done} done (${skipped} before), ${failed.length} failed${open > 0 ? `, ${open} not run` : ''}`,
      ...failed.map(({ id, reason }) => `failed: ${id}: ${reason}`),
      ...(jobs.length > 0 ? ['', mergedText(jobs), ''] : []),
      `tables: ${join(out, 'README.md')}, cells.csv, variants.csv${jobs.length > 0 ? ', result.json' : ''}`,
      failed.length + open > 0 ? 'next: the same command runs those that are not done' : `run: ${out}`,
    ].join('\n'),
    exitCode: failed.length + open > 0 ? 1 : 0,
  };
}

export default command;
