/** `train`: a network learns to tell chaotic parameters from metadata images. */
import type { Engine } from '../src/engine/engine.ts';
import { layouts } from '../src/engine/names.ts';
import { InputError } from '../src/shared/errors.ts';
import { asGiven, flagOf, type Options as OptionTable, option, type ValuesOf } from '../src/shared/option.ts';
import { say } from '../src/shared/progress.ts';
import { commaList, integer, oneOf, z } from '../src/shared/schema.ts';
import { keptNames } from '../src/sweep/works/train.ts';
import {
  type Experiment,
  experimentConfig,
  type GivenTraining,
  isPictures,
  savedOf,
  type TrainConfig,
} from '../src/training/config.ts';
import type { DateCounts } from '../src/training/image-dates.ts';
import type { LivePage } from '../src/training/live-page.ts';
import { dateSources, imageDates, trainingOptions } from '../src/training/options.ts';
import { evaluationLines } from '../src/training/pictures/evaluation.ts';
import type { TrainResult } from '../src/training/train.ts';
import { type CommandResult, command } from './_command.ts';
import { experimentIn } from './_experiment.ts';
import { engineOptions, flag, optional, real, text } from './_options.ts';
import { gridOptions, runPlan } from './_sweep.ts';

/** Options of the sweep that `--set` makes. Without defaults, so that one without `--set` is refused. */
const ofSet = underSet({
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

const options = {
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
type Options = ValuesOf<typeof options>;

const trainCommand = command({
  examples: [
    ['train experiments/learn-calendar.ts', 'an experiment file'],
    ['train --net mobilenetv2 --size 64 --epochs 2', 'options by hand'],
    ['train --set lr=1e-3,3e-3 --set net=resnet18,mobilenetv2', 'a sweep of four trainings'],
  ],
  positionals: { experiment: optional('an experiment file that sets any of the options below') },
  options,
  run: async (options) => {
    const { experiment: path } = options;
    const experiment = path === undefined ? {} : await experimentIn<Experiment>(path);
    if (options.port !== undefined && !options.watch)
      throw new InputError('--port belongs to --watch; give both or neither');
    if (options.set !== undefined && options.watch)
      throw new InputError(
        '--watch shows one training; leave it out beside --set, whose sweep ends with a page',
      );
    if (options.set !== undefined) return sweepOf(experiment, options, options.set);
    for (const key of keysOf(ofSet))
      if (options[key] !== undefined)
        throw new InputError(`--${flagOf(key)} belongs to --set; give both or neither`);
    const asked = experimentConfig(experiment, givenIn(options), path);
    if (isPictures(asked))
      say(
        `train --images learns from the pixels of the pictures in ${asked.images}, towards ${asked.targets}`,
      );
    const { config, counts } = await withDates(options, asked);
    const { openEngine } = await import('../src/engine/engine.ts');
    const { train } = await import('../src/training/train.ts');
    const { nextCommands, writeTrainingReport } = await import('../src/training/training-report.ts');
    const { layout, xla } = options;
    const engine = await openEngine(options.engine, options.device, { layout, xla });
    say(`engine: ${engine.why}`);
    say(`config: ${JSON.stringify(savedOf(config))}`);
    const { result, study, page } = await watched(options, engine, async (live) => {
      const result = await train(config, engine, options.out, { ...options, ...live });
      live?.setPhase('studying');
      const study = options.study && !isPictures(config) ? await studyOf(result.run, engine) : null;
      return { result, study, page: (await writeTrainingReport(result.run)).path };
    });
    const lines = [
      ...resultLines(result),
      ...(study?.lines ?? []),
      `run: ${result.run}`,
      `curves: ${page}`,
      ...nextCommands(result.run, config).map((next) => `next: ${next}`),
    ];
    const json = {
      ...result,
      config: savedOf(config),
      ...(counts && { dates: counts }),
      ...(study && { study: study.study }),
      page,
    };
    return { json, text: lines.join('\n') };
  },
});
export default trainCommand;

/** Does the work, with the page of `--watch` beside it. */
async function watched<T>(
  { watch, port, device }: Options,
  engine: Engine,
  work: (live: LivePage | null) => Promise<T>,
): Promise<T> {
  if (!watch) return work(null);
  const { openLivePage } = await import('../src/training/live-page.ts');
  const card = engine.native?.usesCard ? Number(/\d+/.exec(device)?.[0] ?? 0) : null;
  const live = await openLivePage(port ?? 0, card);
  say(`watch: ${live.url}`);
  try {
    const done = await work(live);
    live.setPhase('ended');
    return done;
  } catch (error) {
    live.setPhase('failed');
    throw error;
  } finally {
    await live.close();
  }
}

async function sweepOf(
  experiment: Experiment,
  options: Options,
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
  const { data, engine, device, layout, xla, workers = 1, checkpointSeconds, study } = options;
  const keep = options.keep ?? (study ? undefined : 'best,curves');
  const cell = {
    engine,
    device,
    layout,
    xla,
    workers,
    checkpointSeconds,
    ...(keep !== undefined && { keep }),
  };
  const configs: object[] = [];
  const halving = options.halving === undefined ? undefined : halvingIn(options.halving);
  const random =
    options.random === undefined ? undefined : { count: options.random, seed: Number(given.seed ?? 1) };
  for (const values of combinationsOf(axes, random)) {
    const asked = experimentConfig(experiment, givenIn({ ...options, ...values }), '--set');
    configs.push({ ...(await withDates(options, asked)).config, ...cell });
  }
  const sweep = trainSweep(
    axes,
    configs,
    { ...experiment, ...given, ...cell, data, imageDates: data && options.dates },
    halving,
  );
  const {
    jobs = 1,
    dryRun = false,
    perTask = 1,
    retries = 0,
    failFast = false,
    launcher = 'local',
    ...rest
  } = options;
  const command = ['npm run train --', ...process.argv.slice(3).map(quotedWord)].join(' ');
  const grid = { ...rest, jobs, perTask, dryRun, retries, failFast, launcher };
  return runPlan(planOf(sweep, await loadWork('train')), 'train', command, grid);
}

const quotedWord = (word: string): string => (/[\s;*?$"'\\]/.test(word) ? `'${word}'` : word);

const keysOf = <T extends object>(table: T) => Object.keys(table) as (keyof T)[];

/** What stands on the command line, `--pairs MANIFEST` as the manifest. */
function givenIn(options: Options): GivenTraining {
  const { pairs, ...rest }: Record<string, unknown> = Object.fromEntries(
    keysOf(trainingOptions)
      .filter((key) => options[key] !== undefined)
      .map((key) => [key, options[key]]),
  );
  const which = imageDates.find((name) => name === rest.dates);
  if (which !== undefined) {
    if (options.data === undefined)
      throw new InputError(
        `--dates ${which} belongs to --data, the folder of images; give --data, or --dates ${dateSources.join(' or ')}`,
      );
    delete rest.dates;
  }
  const counted = pairs === undefined || !Number.isNaN(Number(pairs));
  if ((options.data !== undefined || !counted) && rest.valPairs !== undefined)
    throw new InputError(
      '--val-pairs expected no value beside real pairs, which have their split; leave it out',
    );
  if (options.data !== undefined && pairs !== undefined)
    throw new InputError(
      '--pairs expected no value beside --data, whose images are the pairs; leave one out',
    );
  if (counted) return pairs === undefined ? rest : { ...rest, pairs: Number(pairs) };
  return { ...rest, manifest: String(pairs) };
}

interface Dated {
  readonly config: TrainConfig;
  /** Of `--data`. */
  readonly counts?: DateCounts;
}

/** The configuration with the dates of the images of `--data`, if it is given. */
async function withDates({ data, dates }: Options, config: TrainConfig): Promise<Dated> {
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

async function studyOf(run: string, engine: Engine) {
  const { studyOnce } = await import('../src/training/study/study.ts');
  const { studyLines } = await import('../src/training/study/text.ts');
  const study = await studyOnce(run, engine);
  return { study, lines: studyLines(study) };
}

function resultLines(result: TrainResult): string[] {
  const judged = result.epochs.find(({ epoch }) => epoch === result.epoch)!;
  const { parameters, date } = result.error;
  const errors = [...parameters, ...(date ?? [])].map(
    ({ name, mae, unit }) => `${name} ${Number(mae.toPrecision(3))}${unit ? ` ${unit}` : ''}`,
  );
  return [
    ...(result.ended === 'epochs' ? [] : [`ended by ${result.ended}`]),
    `epoch ${result.epoch}: validation loss ${judged.valLoss.toPrecision(4)}, R2 ${judged.valR2.map((v) => v.toFixed(4)).join(' ')}`,
    `mean absolute error: ${errors.join(', ')}`,
    ...(result.evaluation ? evaluationLines(result.evaluation) : []),
  ];
}
