/** `train --set`: the sweep of trainings that a command line asks for. */
import { InputError } from '../src/shared/errors.ts';
import { flagOf } from '../src/shared/option.ts';
import { type Experiment, experimentConfig } from '../src/training/config.ts';
import type { CommandResult } from './_command.ts';
import { runPlan } from './_sweep.ts';
import { givenIn, type TrainOptions, withDates } from './_train-options.ts';

/** @param set the values of `--set` */
export async function sweepOf(
  experiment: Experiment,
  options: TrainOptions,
  set: readonly string[],
): Promise<CommandResult> {
  const { axesIn, combinationsOf, halvingIn, trainSweep } = await import('../src/sweep/train-sweep.ts');
  const { planOf } = await import('../src/sweep/sweep.ts');
  const { loadWork } = await import('../src/sweep/works.ts');
  const axes = axesIn(set);
  const given = givenIn(options);
  const both = axes.find(({ key }) => key in given);
  if (both)
    throw new InputError(
      `--${flagOf(both.key)} stands beside --set ${flagOf(both.key)}; leave one of them out`,
    );
  const { data, dates, random: count } = options;
  const halving = options.halving === undefined ? undefined : halvingIn(options.halving);
  const random = count === undefined ? undefined : { count, seed: Number(given.seed ?? 1) };
  const cell = cellOptions(options);
  const configs: object[] = [];
  for (const values of combinationsOf(axes, random)) {
    const asked = experimentConfig(experiment, givenIn({ ...options, ...values }), '--set');
    configs.push({ ...(await withDates(options, asked)).config, ...cell });
  }
  const base = { ...experiment, ...given, ...cell, data, imageDates: data && dates };
  const plan = planOf(trainSweep(axes, configs, base, halving), await loadWork('train'));
  const command = ['npm run train --', ...process.argv.slice(3).map(quotedWord)].join(' ');
  return runPlan(plan, 'train', command, gridOf(options));
}

/** Options of each cell beside those of its training. */
function cellOptions(options: TrainOptions) {
  const { engine, device, layout, xla, workers = 1, checkpointSeconds, study } = options;
  const keep = options.keep ?? (study ? undefined : 'best,curves');
  return {
    ...{ engine, device, layout, xla, workers, checkpointSeconds },
    ...(keep !== undefined && { keep }),
  };
}

/** Options of the sweep, with the defaults of `sweep`. */
const gridOf = ({
  jobs = 1,
  dryRun = false,
  perTask = 1,
  retries = 0,
  failFast = false,
  launcher = 'local',
  ...rest
}: TrainOptions) => ({ ...rest, jobs, perTask, dryRun, retries, failFast, launcher });

const quotedWord = (word: string): string => (/[\s;*?$"'\\]/.test(word) ? `'${word}'` : word);
