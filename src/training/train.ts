/** A training run from config to finished folder: found again by its id, resumed from its checkpoint. */
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { environment } from '../engine/environment.ts';
import type { Trainer, TrainerState } from '../executors/executor.ts';
import { createTrainer } from '../executors/executors.ts';
import { importLines, importWeights } from '../models/import.ts';
import type { Network } from '../models/network.ts';
import { initialTensors, type Tensors } from '../models/parameters.ts';
import { readRunJson, runFile } from '../runs/run-files.ts';
import { defaultRuns, RunFolder, readMetrics, readStatus, runId } from '../runs/run-folder.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { makeFolder, writeJson } from '../shared/files.ts';
import { withLock } from '../shared/folder-lock.ts';
import { clockTime, quietBar, say } from '../shared/progress.ts';
import {
  beginning,
  checkpointFile,
  hasCheckpoint,
  loadCheckpoint,
  loadWeights,
  type Progress,
  saveCheckpoint,
  trainedFile,
} from './checkpoint.ts';
import { isPictures, networkOf, type TrainConfig, trainDefaults } from './config.ts';
import { dateLesson, hashOfFile } from './date-lesson.ts';
import type { PhysicalError } from './errors.ts';
import { type Ending, type EpochRecord, type FitHooks, fitNetwork, type StepRecord } from './fit.ts';
import type { Lesson, Material } from './lesson.ts';
import type { Evaluation } from './pictures/evaluation.ts';
import { pictureLesson } from './pictures/lesson.ts';
import { EventFile } from './tensorboard/event-file.ts';

export interface TrainResult {
  /** The run folder. */
  readonly run: string;
  readonly engine: string;
  readonly ended: Ending;
  /** The time budget ended before the epochs did. */
  readonly undertrained: boolean;
  readonly epochs: EpochRecord[];
  /** The epoch whose weights the run is worth: with patience the best, else the last. */
  readonly epoch: number;
  /** Its validation error, in units of the map's parameters and of the date. */
  readonly error: { readonly parameters: PhysicalError[]; readonly date: PhysicalError[] | null };
  /** Of a training on pictures: how well it does on those of split test. */
  readonly evaluation?: Evaluation;
}

export interface TrainOptions {
  /** A checkpoint at least this often within an epoch; by default 30. Changes no result. */
  readonly checkpointSeconds?: number | undefined;
  /** Threads that prepare batches: of dates where the engine's graph does not draw, by default 1; of pictures, by default
   * one a core. Changes no result. */
  readonly workers?: number | undefined;
  /** Called with the run's folder before the first step. */
  readonly onRun?: (run: string) => void;
  readonly onStep?: (record: StepRecord) => void;
}

/** Options that name files, and where the hash of their content stands: another file under its name is another run. */
const contents = {
  init: 'initSha256',
  manifest: 'manifestSha256',
  images: 'imagesSha256',
  targets: 'targetsSha256',
} as const;

/** What config.json holds. */
type Saved = Readonly<Record<string, unknown>>;

/** A run as asked for, with what its files hold. */
interface Asked {
  readonly lesson: Lesson;
  readonly saved: Saved;
}

/** @throws InputError if a file that the configuration names cannot be read, or is not for this training */
async function askedOf(given: TrainConfig, engine: Engine): Promise<Asked> {
  const lesson = await (isPictures(given) ? pictureLesson(given) : dateLesson(given));
  const { init } = given;
  const hash = init === null ? null : { initSha256: await hashOfFile(init, 'weights') };
  return { lesson, saved: { ...lesson.saved, engine: engine.name, ...hash } };
}

/** All that decides a run's result: of files the content, wherever they lie. */
function identityOf(saved: Saved): Saved {
  const identity = { ...saved };
  for (const [key, hash] of Object.entries(contents)) {
    if (saved[hash] !== undefined) identity[key] = `sha256 ${saved[hash]}`;
    delete identity[hash];
  }
  return identity;
}

/** The hash leaves `manifest` out where there is none, so older run ids stay valid. */
function pathOf({ lesson, saved }: Asked, runs = defaultRuns): string {
  const { manifest, ...rest } = identityOf(saved);
  const identity = (manifest ?? null) === null ? rest : { ...rest, manifest };
  return join(runs, runId(lesson.name, identity, lesson.config.seed));
}

/** Folder of a run: named after all that decides its result, the engine included. */
export const trainRunPath = async (config: TrainConfig, engine: Engine, runs?: string): Promise<string> =>
  pathOf(await askedOf(config, engine), runs);

/**
 * Trains, resumes, or finds a run done before.
 * @param out overrides the run folder
 * @throws InputError if the folder holds a run with other options (more epochs lengthen it), or another process
 * works on it
 */
export async function train(
  given: TrainConfig,
  engine: Engine,
  out?: string,
  options: TrainOptions = {},
): Promise<TrainResult> {
  if (given.precision === 'mixed' && !engine.native?.usesCard)
    throw new InputError(
      `"precision" expected float32 on ${engine.device}, got mixed: processors emulate bfloat16 slowly; leave --precision out`,
    );
  const asked = await askedOf(given, engine);
  const { lesson, saved } = asked;
  const { config } = lesson;
  for (const line of lesson.lines) say(line);
  const path = out ?? pathOf(asked);
  await checkSameRun(path, saved, config);
  options.onRun?.(path);
  const before = await readStatus(path);
  const done = before?.state === 'done' && hasCheckpoint(path);
  if (done && (before.epochs ?? config.epochs) === config.epochs)
    return finished(path, lesson, engine, before.ended as Ending);
  const network = networkOf(config, lesson.outputs.length);
  // Before the folder is made: --init may be wrong.
  const fresh = hasCheckpoint(path) ? null : await freshStart(network, config);
  await makeFolder(path);
  const work = async (): Promise<Ending> => {
    await removeHalfWritten(path);
    // Before the folder is written to: the checkpoint may be damaged, or of another network.
    const start = hasCheckpoint(path) ? await resumedStart(path, network, config) : fresh!;
    const folder = await RunFolder.open(path, saved, environment(engine));
    await lesson.write(path);
    return trainToStatus({ folder, lesson, engine, network, options }, start);
  };
  return finished(path, lesson, engine, await withLock(runFile(path, 'busy'), work, 'train'));
}

/** What a training is made of. */
interface Job {
  readonly folder: RunFolder;
  readonly lesson: Lesson;
  readonly engine: Engine;
  readonly network: Network;
  readonly options: TrainOptions;
}

/** Where it begins. */
interface Start {
  readonly state: TrainerState;
  readonly progress: Progress;
}

/** What a process that was killed while writing left behind. */
async function removeHalfWritten(path: string): Promise<void> {
  for (const folder of [path, dirname(checkpointFile(path))]) {
    const names = await readdir(folder).catch(() => []);
    const half = names.filter((name) => name.endsWith('.tmp'));
    await Promise.all(half.map((name) => rm(join(folder, name), { force: true })));
  }
}

async function trainToStatus(job: Job, start: Start): Promise<Ending> {
  const { folder, lesson } = job;
  const { config } = lesson;
  await folder.setStatus({ state: 'running' });
  try {
    const ended = await trainJob(job, start);
    const undertrained = ended === 'time';
    await folder.setStatus({ state: 'done', ended, undertrained, epochs: config.epochs });
    return ended;
  } catch (error) {
    const status = folder.setStatus({ state: 'failed', reason: messageOf(error) });
    await status.catch(() => undefined); // a full disk takes no status either, and the error says more
    throw error;
  }
}

/**
 * The same command goes on with its run; more epochs lengthen it; anything else would mix two runs. A folder
 * without a checkpoint holds none yet.
 */
async function checkSameRun(path: string, saved: Saved, { epochs, decayEpochs }: TrainConfig): Promise<void> {
  if (!hasCheckpoint(path)) return;
  const before = identityOf({ ...trainDefaults, ...(await readRunJson<Saved>(path, 'config')) });
  const now = identityOf(saved);
  const differing = Object.keys(now).filter((key) => before[key] !== now[key] && !longer(key, before, now));
  if (differing.length > 0)
    throw new InputError(
      `${path} holds a run with other options: ` +
        `${differing.map((key) => `${key} ${before[key]}, now ${now[key]}`).join('; ')}; ` +
        'give those, or another --out',
    );
  if (before.epochs !== epochs && decayEpochs === null)
    say(`the schedule now ends at epoch ${epochs}, not ${before.epochs}; --decay-epochs fixes its end`);
}

const longer = (key: string, before: Saved, now: Saved): boolean =>
  key === 'epochs' && Number(before.epochs) < Number(now.epochs);

async function finished(
  run: string,
  { config, errors }: Lesson,
  engine: Engine,
  ended: Ending,
): Promise<TrainResult> {
  const epochs = await readMetrics<EpochRecord>(run);
  if (epochs.length === 0)
    throw new InputError(
      `${run} has lost its metrics.jsonl; its network is whole (encrypt --model ${run}), another --out trains it anew`,
    );
  const judged = config.patience === null ? epochs.at(-1)! : lowest(epochs);
  return {
    run,
    engine: engine.name,
    ended,
    undertrained: ended === 'time',
    epochs,
    epoch: judged.epoch,
    error: errors(judged.valMae),
    ...(isPictures(config) && { evaluation: await readRunJson<Evaluation>(run, 'evaluation') }),
  };
}

const lowest = (epochs: EpochRecord[]): EpochRecord =>
  epochs.reduce((best, epoch) => (epoch.valLoss < best.valLoss ? epoch : best));

async function trainJob(job: Job, { state, progress: start }: Start): Promise<Ending> {
  const { folder, lesson, engine, network, options } = job;
  const { config, input, loss } = lesson;
  const trainer = createTrainer(engine, network, state.tensors, input, { ...config, loss });
  const events = new EventFile(folder.path, start.steps);
  const material = lesson.material();
  try {
    trainer.restore(state);
    events.config({ ...lesson.saved, engine: engine.name });
    const ended = await fitNetwork(trainer, config, material, start, {
      ...tellers(job, material, events),
      checkpoint: (progress, name) => saveCheckpoint(folder.path, network, trainer, progress, name),
      checkpointSeconds: options.checkpointSeconds,
      workers: options.workers,
    });
    await evaluateLast(job, trainer);
    return ended;
  } finally {
    await material.close?.();
    events.close();
    trainer.dispose();
  }
}

/** With the best weights where there are some. */
async function evaluateLast({ folder, lesson, network }: Job, trainer: Trainer): Promise<void> {
  if (!lesson.evaluate) return;
  const best = trainedFile(folder.path);
  if (best !== checkpointFile(folder.path))
    trainer.restore({ tensors: await loadWeights(best, network), steps: trainer.steps });
  await writeJson(runFile(folder.path, 'evaluation'), await lesson.evaluate(trainer));
}

/** What a training says while it runs: a bar, or a line an epoch; metrics.jsonl; TensorBoard's event file. */
function tellers(
  { folder, lesson, options }: Job,
  material: Material,
  events: EventFile,
): Pick<FitHooks, 'step' | 'epoch'> {
  const { config, title, outputs } = lesson;
  const bar = quietBar(`train ${title}`, 0);
  let speed = '';
  return {
    step: (record) => {
      const { steps, total, loss, imagesPerSecond, secondsLeft } = record;
      speed = `${imagesPerSecond.toFixed(1)} images/s  ${clockTime(secondsLeft)} left`;
      bar.update(steps, `loss ${loss.toFixed(5)}  ${speed}`, total);
      events.step(record);
      options.onStep?.(record);
    },
    epoch: async (record, rows, best) => {
      await folder.log(record);
      if (best || config.patience === null) await material.keep?.(folder.path, record.epoch, rows);
      events.epoch(record, outputs);
      bar.stop(`${lineOf(record, config)}  ${speed}`);
    },
  };
}

async function resumedStart(path: string, network: Network, config: TrainConfig): Promise<Start> {
  const start = await loadCheckpoint(path, network, config);
  say(`resuming ${path} after step ${start.progress.steps}`);
  return start;
}

const freshStart = async (network: Network, config: TrainConfig): Promise<Start> => ({
  state: { tensors: await startingTensors(network, config), steps: 0 },
  progress: beginning,
});

async function startingTensors(network: Network, config: TrainConfig): Promise<Tensors> {
  const initial = initialTensors(network, config.seed);
  if (config.init === null) return initial;
  const fit = await importWeights(config.init, network);
  for (const line of importLines(fit)) say(`init: ${line}`);
  return new Map([...initial, ...fit.tensors]);
}

const lineOf = (record: EpochRecord, { epochs }: TrainConfig): string => {
  const { epoch, trainLoss, valLoss, valMae, valAccuracy } = record;
  const score =
    valAccuracy === undefined
      ? `MAE ${valMae.map((v) => v.toFixed(4)).join(' ')}`
      : `accuracy ${valAccuracy.toFixed(4)}`;
  return `epoch ${epoch}/${epochs}  train loss ${trainLoss.toFixed(5)}  validation loss ${valLoss.toFixed(5)}  ${score}`;
};
