/** The options of a sweep, its run and its outcome in words; for `sweep` and for `train --set`. */

import { join, resolve } from 'node:path';
import { runFile } from '../src/runs/run-files.ts';
import { option, type ValuesOf } from '../src/shared/option.ts';
import { duration } from '../src/shared/progress.ts';
import { integer, number, oneOf } from '../src/shared/schema.ts';
import { type Launcher, launcherNames } from '../src/sweep/launcher.ts';
import { mergedText } from '../src/sweep/merge.ts';
import type { DryRun, SweepOptions, SweepOutcome } from '../src/sweep/run.ts';
import type { Plan, Ranking } from '../src/sweep/sweep.ts';
import type { CommandResult } from './_command.ts';
import { flag, optional } from './_options.ts';

export const gridOptions = {
  jobs: option(integer(1, 10_000), {
    default: 1,
    help: 'cells at a time; a training cell uses all cores by itself',
  }),
  perTask: option(integer(1, 1000), {
    default: 1,
    help: 'cells that one process, or one Slurm task, takes in turn: a start takes a second, so short cells gain',
  }),
  dryRun: flag('list the cells and the expected time; measures one cell if none is done yet'),
  timeLimit: option(number(Number.MIN_VALUE, 1e7, 'seconds above 0, up to 10000000'), {
    unset: "the file's, else 3600",
    help: 'seconds a cell may take',
  }),
  memory: option(integer(64, 1e8), {
    unset: 'no limit',
    help: "MiB that a cell's process may hold, some 150 of Node's own among them",
  }),
  retries: option(integer(0, 100), {
    default: 0,
    help: 'times that a failed cell is run again in this call',
  }),
  failFast: flag('start no more cells after a failure'),
  results: optional('folder that gets the tables and the environment too'),
  launcher: option(oneOf(launcherNames), {
    default: 'local',
    help: 'processes of this machine, or a Slurm job array',
  }),
  sbatch: optional('slurm: more options for sbatch, for example "--partition=long --cpus-per-task=4"'),
};
export type GridOptions = ValuesOf<typeof gridOptions> & { readonly out?: string | undefined };

/** Runs a plan, or lists it. @param work a name in works.ts, or the path of a module */
export async function runPlan(
  plan: Plan,
  work: string,
  command: string,
  options: GridOptions,
): Promise<CommandResult> {
  const { jobs, retries, failFast, results, perTask } = options;
  const settings: SweepOptions = {
    out: resolve(options.out ?? join('results', 'runs', `sweep-${plan.sweep.name}`)),
    launcher: await launcherOf(options),
    work,
    jobs,
    perTask,
    retries,
    failFast,
    results,
    timeLimit: options.timeLimit ?? plan.timeLimit,
    memory: options.memory ?? null,
    command,
  };
  const { dryRun, runSweep } = await import('../src/sweep/run.ts');
  if (options.dryRun) return dryRunResult(plan, await dryRun(plan, settings), settings.out);
  return sweepResult(plan, await runSweep(plan, settings));
}

async function launcherOf({ launcher, sbatch = '' }: GridOptions): Promise<Launcher> {
  if (launcher === 'local') return (await import('../src/sweep/local.ts')).local;
  const { checkSlurm, slurm } = await import('../src/sweep/slurm.ts');
  await checkSlurm();
  return slurm(sbatch.split(/\s+/).filter(Boolean));
}

/** The first variant of each ranking, with its first finished cell. */
async function bestOf(
  rank: readonly Ranking[],
  { out, rows }: SweepOutcome,
  axes: readonly string[],
  work: Plan['command'],
) {
  const { cellCommand } = await import('../src/sweep/results.ts');
  const { rankingOf, variantsOf } = await import('../src/report/sweep/summary.ts');
  const variants = variantsOf(rows, axes);
  return rank.flatMap(({ by, better }) => {
    const [first] = rankingOf(variants, by, better);
    if (!first || variants.length < 2) return [];
    const { label, cells } = first.variant;
    const cell = [...cells.values()][0]!;
    const mean = Number(first.value.mean!.toPrecision(4));
    return [{ by, variant: label, mean, cell: cell.id, command: cellCommand(work, cell, axes, out) }];
  });
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

async function sweepResult({ sweep, axes, command }: Plan, outcome: SweepOutcome) {
  const { out, rows, skipped, jobs } = outcome;
  const best = await bestOf(sweep.rank ?? [], outcome, axes, command);
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
      best,
      page: runFile(out, 'report'),
    },
    text: [
      `${rows.length} cells: ${done} done (${skipped} before), ${failed.length} failed${open > 0 ? `, ${open} not run` : ''}`,
      ...failed.map(({ id, reason }) => `failed: ${id}: ${reason}`),
      ...best.map(({ by, variant, mean, cell }) => `best by ${by}: ${variant} (${mean}), cell ${cell}`),
      ...(jobs.length > 0 ? ['', mergedText(jobs), ''] : []),
      `page: ${runFile(out, 'report')}`,
      `tables: ${join(out, 'README.md')}, cells.csv, variants.csv${jobs.length > 0 ? ', result.json' : ''}`,
      failed.length + open > 0 ? 'next: the same command runs those that are not done' : `run: ${out}`,
    ].join('\n'),
    exitCode: failed.length + open > 0 ? 1 : 0,
  };
}
