/** `train`: a network learns to tell chaotic parameters from metadata images, or numbers from pictures. */
import type { Engine } from '../src/engine/engine.ts';
import { InputError } from '../src/shared/errors.ts';
import { flagOf } from '../src/shared/option.ts';
import { say } from '../src/shared/progress.ts';
import { type Experiment, experimentConfig, isPictures, savedOf } from '../src/training/config.ts';
import type { LivePage } from '../src/training/live-page.ts';
import { evaluationLines } from '../src/training/pictures/evaluation.ts';
import type { TrainResult } from '../src/training/train.ts';
import { type CommandResult, command } from './_command.ts';
import { experimentIn } from './_experiment.ts';
import { optional } from './_options.ts';
import { givenIn, keysOf, ofSet, type TrainOptions, trainOptions, withDates } from './_train-options.ts';
import { sweepOf } from './_train-sweep.ts';

const trainCommand = command({
  examples: [
    ['train experiments/learn-calendar.ts', 'an experiment file'],
    ['train --net mobilenetv2 --size 64 --epochs 2', 'options by hand'],
    ['train --set lr=1e-3,3e-3 --set net=resnet18,mobilenetv2', 'a sweep of four trainings'],
  ],
  positionals: { experiment: optional('an experiment file that sets any of the options below') },
  options: trainOptions,
  run: async (options) => {
    const { experiment: path, set } = options;
    const experiment = path === undefined ? {} : await experimentIn<Experiment>(path);
    checkSetAndWatch(options);
    return set === undefined ? trainOne(experiment, options, path) : sweepOf(experiment, options, set);
  },
});
export default trainCommand;

function checkSetAndWatch(options: TrainOptions): void {
  const { set, watch, port } = options;
  if (port !== undefined && !watch) throw new InputError('--port belongs to --watch; give both or neither');
  if (set !== undefined && watch)
    throw new InputError(
      '--watch shows one training; leave it out beside --set, whose sweep ends with a page',
    );
  const alone = set === undefined && keysOf(ofSet).find((key) => options[key] !== undefined);
  if (alone) throw new InputError(`--${flagOf(alone)} belongs to --set; give both or neither`);
}

async function trainOne(
  experiment: Experiment,
  options: TrainOptions,
  path: string | undefined,
): Promise<CommandResult> {
  const asked = experimentConfig(experiment, givenIn(options), path);
  if (isPictures(asked))
    say(`train --images learns from the pixels of the pictures in ${asked.images}, towards ${asked.targets}`);
  const { config, counts } = await withDates(options, asked);
  const { openEngine } = await import('../src/engine/engine.ts');
  const { train } = await import('../src/training/train.ts');
  const { nextCommands, writeTrainingReport } = await import('../src/training/training-report.ts');
  const { layout, xla, out } = options;
  const engine = await openEngine(options.engine, options.device, { layout, xla });
  say(`engine: ${engine.why}`);
  say(`config: ${JSON.stringify(savedOf(config))}`);
  const { result, study, page } = await watched(options, engine, async (live) => {
    const result = await train(config, engine, out, { ...options, ...live });
    live?.setPhase('studying');
    const study = options.study && !isPictures(config) ? await studyOf(result.run, engine) : null;
    return { result, study, page: (await writeTrainingReport(result.run)).path };
  });
  const { run } = result;
  const lines = [...resultLines(result), ...(study?.lines ?? []), `run: ${run}`, `curves: ${page}`];
  const next = nextCommands(run, config).map((line) => `next: ${line}`);
  const more = { ...(counts && { dates: counts }), ...(study && { study: study.study }) };
  return {
    json: { ...result, config: savedOf(config), ...more, page },
    text: [...lines, ...next].join('\n'),
  };
}

/** Does the work, with the page of `--watch` beside it. */
async function watched<T>(
  { watch, port, device }: TrainOptions,
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
