/** The options of `train`, and the training that a command line asks for. */
import { layouts } from '../src/engine/names.ts';
import { InputError } from '../src/shared/errors.ts';
import { asGiven, type Options as OptionTable, option, type ValuesOf } from '../src/shared/option.ts';
import { commaList, integer, oneOf, z } from '../src/shared/schema.ts';
import { keptNames } from '../src/sweep/works/train.ts';
import { type GivenTraining, isPictures, type TrainConfig } from '../src/training/config.ts';
import type { DateCounts } from '../src/training/image-dates.ts';
import { dateSources, imageDates, trainingOptions } from '../src/training/options.ts';
import { engineOptions, flag, optional, real, text } from './_options.ts';
import { gridOptions } from './_sweep.ts';

/** Options of the sweep that `--set` makes. Without defaults, so that one without `--set` is refused. */
export const ofSet = underSet({
  keep: option(commaList(keptNames), {
    unset: 'best,curves,study',
    help: `parts of a cell that stay: ${keptNames.join(', ')}`,
  }),
  random: option(integer(1, 100_000), {
    help: 'random search: so many variants, drawn from the values and ranges (lr=1e-4..1e-2) of --set',
  }),
  halving: optional(
    'successive halving by the validation R2: budgets of an option, for example epochs=1,3,9',
  ),
  ...asGiven(gridOptions),
});

function underSet<T extends OptionTable>(table: T): T {
  const entries = Object.entries(table).map(([key, each]) => [
    key,
    { ...each, help: `with --set: ${each.help}` },
  ]);
  return Object.fromEntries(entries) as T;
}

export const trainOptions = {
  ...asGiven(trainingOptions),
  data: optional('learn from the dates of the images in this folder: pairs --data DIR, then --pairs'),
  dates: option(oneOf([...dateSources, ...imageDates]), {
    unset: 'fixed; with --data any',
    help:
      'fixed: the same pairs each epoch; fresh: new ones; with --data: own leaves out images without a date of ' +
      'their own, any gives them a synthetic one',
  }),
  ...engineOptions,
  layout: option(oneOf(layouts), {
    default: 'auto',
    help: "graphics cards: TensorFlow's choice between NHWC and NCHW, or nhwc as the graphs are written",
  }),
  xla: flag('compile the graph by XLA (on processors it trains three to ten times slower)'),
  checkpointSeconds: option(real, {
    default: 30,
    help: 'a checkpoint at least this often, beside one an epoch',
  }),
  study: option(z.boolean(), {
    default: true,
    help: 'study what the network learned, as the command study does; --no-study leaves it out',
  }),
  workers: option(integer(0, 64), {
    unset: '1; with --images one a core',
    help:
      'threads that draw batches ahead on WebAssembly and WebGPU (TensorFlow draws in its graph), or that read ' +
      'pictures; 0 makes them between the steps',
  }),
  out: optional('run folder', 'results/runs/<run id>'),
  watch: flag('serve the page of the run on 127.0.0.1 while it trains; its address is printed'),
  port: option(integer(0, 65_535), { unset: 'a free one', help: 'with --watch: the port' }),
  set: option(z.array(text), {
    perFlag: 1,
    help: 'a sweep over values of an option, --set lr=1e-3,3e-3; several span a grid; seed=1,2,3 repeats it',
  }),
  ...ofSet,
};
export type TrainOptions = ValuesOf<typeof trainOptions>;

export const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[];

/** The options of training on the command line; `--pairs MANIFEST` is the manifest. */
export function givenIn(options: TrainOptions): GivenTraining {
  const { pairs, ...rest }: Record<string, unknown> = Object.fromEntries(
    keysOf(trainingOptions)
      .filter((key) => options[key] !== undefined)
      .map((key) => [key, options[key]]),
  );
  if (imageDates.some((name) => name === rest.dates)) delete rest.dates; // of --data, not of the training
  const counted = pairs === undefined || !Number.isNaN(Number(pairs));
  checkTogether(options, counted);
  if (counted) return pairs === undefined ? rest : { ...rest, pairs: Number(pairs) };
  return { ...rest, manifest: String(pairs) };
}

/** @param counted whether --pairs is a number, or left out */
function checkTogether({ data, dates, pairs, valPairs }: TrainOptions, counted: boolean): void {
  if (data === undefined && imageDates.some((name) => name === dates))
    throw new InputError(
      `--dates ${dates} belongs to --data, the folder of images; give --data, or --dates ${dateSources.join(' or ')}`,
    );
  if ((data !== undefined || !counted) && valPairs !== undefined)
    throw new InputError(
      '--val-pairs expected no value beside real pairs, which have their split; leave it out',
    );
  if (data !== undefined && pairs !== undefined)
    throw new InputError(
      '--pairs expected no value beside --data, whose images are the pairs; leave one out',
    );
}

export interface Dated {
  readonly config: TrainConfig;
  /** Of `--data`. */
  readonly counts?: DateCounts;
}

/** The configuration with the dates of the images of `--data`, if it is given. */
export async function withDates({ data, dates }: TrainOptions, config: TrainConfig): Promise<Dated> {
  if (data === undefined) return { config };
  if (isPictures(config))
    throw new InputError(
      '--data expected no value beside --images: one learns dates, the other pixels; give one',
    );
  const { withImageDates } = await import('../src/training/image-dates.ts');
  return withImageDates(
    data,
    imageDates.find((name) => name === dates),
    config,
  );
}
