/** A training run from config to finished folder: found again by its id, resumed from its checkpoint. */
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parameterNames } from '../cipher/parameters.ts';
import { withLock } from '../data/folder-lock.ts';
import { trainingDates } from '../models/batches.ts';
import {
  beginning,
  checkpointFile,
  hasCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from '../models/checkpoint.ts';
import { outputsOf, type TrainConfig, trainDefaults } from '../models/config.ts';
import type { Engine } from '../models/engine/index.ts';
import { createTrainer } from '../models/executors.ts';
import { type Ending, type EpochRecord, type FitHooks, fitNetwork } from '../models/fit.ts';
import { importLines, importWeights } from '../models/import.ts';
import type { Network } from '../models/network.ts';
import { buildNetwork } from '../models/networks.ts';
import { initialTensors, type Tensors } from '../models/parameters.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { makeFolder } from '../shared/files.ts';
import { clockTime, quietBar, say } from '../shared/progress.ts';
import { environment } from './environment.ts';
import { type PhysicalError, physicalErrors } from './physical.ts';
import { defaultRuns, RunFolder, readMetrics, readRunJson, readStatus, runId } from './run-folder.ts';
import { EventFile } from './tensorboard/index.ts';

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
}

export interface TrainOptions {
  /** A checkpoint at least this often within an epoch; by default 30. Changes no result. */
  readonly checkpointSeconds?: number | undefined;
  /** Threads that draw batches ahead; by default 1. Changes no result. */
  readonly workers?: number | undefined;
}

/** Folder of a run: named after all that decides its result, the engine included. */
export const trainRunPath = (config: TrainConfig, engine: Engine, runs = defaultRuns): string =>
  join(runs, runId(`train-${config.map}-${config.net}`, { ...config, engine: engine.name }, config.seed));

/**
 * Trains, resumes, or finds a run done before.
 * @param path overrides the run folder
 * @throws InputError if the folder holds a run with other options (more epochs lengthen it), or another process
 * works on it
 */
export async function train(
  config: TrainConfig,
  engine: Engine,
  path = trainRunPath(config, engine),
  options: TrainOptions = {},
): Promise<TrainResult> {
  const resolved = { ...config, engine: engine.name };
  await checkSameRun(path, resolved);
  const before = await readStatus(path);
  const done = before?.state === 'done' && hasCheckpoint(path);
  if (done && (before.epochs ?? config.epochs) === config.epochs)
    return finished(path, config, engine, before.ended as Ending);
  const network = buildNetwork(config.net, outputsOf(config));
  // Before the folder is made: --init may be wrong.
  const initial = hasCheckpoint(path) ? null : await startingTensors(network, config);
  await makeFolder(path);
  const work = async (): Promise<Ending> => {
    await removeHalfWritten(path);
    const folder = await RunFolder.open(path, resolved, environment(engine));
    return trainToStatus({ folder, config, engine, network, initial, options });
  };
  return finished(path, config, engine, await withLock(join(path, '.busy'), work, 'train'));
}

/** What a training is made of. */
interface Job {
  readonly folder: RunFolder;
  readonly config: TrainConfig;
  readonly engine: Engine;
  readonly network: Network;
  /** Null where a checkpoint stands. */
  readonly initial: Tensors | null;
  readonly options: TrainOptions;
}

/** What a process that was killed while writing left behind. */
async function removeHalfWritten(path: string): Promise<void> {
  for (const folder of [path, dirname(checkpointFile(path))]) {
    const names = await readdir(folder).catch(() => []);
    const half = names.filter((name) => name.endsWith('.tmp'));
    await Promise.all(half.map((name) => rm(join(folder, name), { force: true })));
  }
}

async function trainToStatus(job: Job): Promise<Ending> {
  const { folder, config } = job;
  await folder.setStatus({ state: 'running' });
  try {
    const ended = await trainJob(job);
    const undertrained = ended === 'time';
    await folder.setStatus({ state: 'done', ended, undertrained, epochs: config.epochs });
    return ended;
  } catch (error) {
    await folder.setStatus({ state: 'failed', reason: messageOf(error) });
    throw error;
  }
}

type Resolved = TrainConfig & { engine: string };

/**
 * The same command goes on with its run; more epochs lengthen it; anything else would mix two runs. A folder
 * without a checkpoint holds none yet.
 */
async function checkSameRun(path: string, config: Resolved): Promise<void> {
  if (!hasCheckpoint(path)) return;
  const before = { ...trainDefaults, ...(await readRunJson<Resolved>(path, 'config.json')) };
  const keys = Object.keys(config) as (keyof Resolved)[];
  const differing = keys.filter((key) => before[key] !== config[key] && !longer(key, before, config));
  if (differing.length > 0)
    throw new InputError(
      `${path} holds a run with other options: ` +
        `${differing.map((key) => `${key} ${before[key]}, now ${config[key]}`).join('; ')}; ` +
        'give those, or another --out',
    );
  if (before.epochs !== config.epochs && config.decayEpochs === null)
    say(
      `the schedule now ends at epoch ${config.epochs}, not ${before.epochs}; --decay-epochs fixes its end`,
    );
}

const longer = (key: keyof Resolved, before: Resolved, now: Resolved): boolean =>
  key === 'epochs' && before.epochs < now.epochs;

async function finished(
  run: string,
  config: TrainConfig,
  engine: Engine,
  ended: Ending,
): Promise<TrainResult> {
  const epochs = await readMetrics<EpochRecord>(run);
  const judged = config.patience === null ? epochs.at(-1)! : lowest(epochs);
  return {
    run,
    engine: engine.name,
    ended,
    undertrained: ended === 'time',
    epochs,
    epoch: judged.epoch,
    error: physicalErrors(config, judged.valMae),
  };
}

const lowest = (epochs: EpochRecord[]): EpochRecord =>
  epochs.reduce((best, epoch) => (epoch.valLoss < best.valLoss ? epoch : best));

async function trainJob(job: Job): Promise<Ending> {
  const { folder, config, engine, network, options } = job;
  const { state, progress: start } = await startOf(job);
  const trainer = createTrainer(engine, network, state.tensors, config.size, config);
  const events = new EventFile(folder.path, start.steps);
  try {
    trainer.restore(state);
    events.config({ ...config, engine: engine.name });
    return await fitNetwork(trainer, config, trainingDates(config), start, {
      ...tellers(job, events),
      checkpoint: (progress, name) => saveCheckpoint(folder.path, network, trainer.state(), progress, name),
      checkpointSeconds: options.checkpointSeconds,
      workers: options.workers,
    });
  } finally {
    events.close();
    trainer.dispose();
  }
}

/** What a training says while it runs: a bar, or a line an epoch; metrics.jsonl; TensorBoard's event file. */
function tellers({ folder, config }: Job, events: EventFile): Pick<FitHooks, 'step' | 'epoch'> {
  const bar = quietBar(`train ${config.map} + ${config.net}`, 0);
  let speed = '';
  return {
    step: (record) => {
      const { steps, total, loss, imagesPerSecond, secondsLeft } = record;
      speed = `${imagesPerSecond.toFixed(1)} images/s  ${clockTime(secondsLeft)} left`;
      bar.update(steps, `loss ${loss.toFixed(5)}  ${speed}`, total);
      events.step(record);
    },
    epoch: async (record) => {
      await folder.log(record);
      events.epoch(record, parameterNames[config.map]);
      bar.stop(`${lineOf(record, config)}  ${speed}`);
    },
  };
}

async function startOf({ folder, network, initial }: Job) {
  if (initial) return { state: { tensors: initial, steps: 0 }, progress: beginning };
  const { state, progress } = await loadCheckpoint(folder.path, network);
  say(`resuming ${folder.path} after step ${progress.steps}`);
  return { state, progress };
}

async function startingTensors(network: Network, config: TrainConfig): Promise<Tensors> {
  const initial = initialTensors(network, config.seed);
  if (config.init === null) return initial;
  const fit = await importWeights(config.init, network);
  for (const line of importLines(fit)) say(`init: ${line}`);
  return new Map([...initial, ...fit.tensors]);
}

const lineOf = ({ epoch, trainLoss, valLoss, valMae }: EpochRecord, { epochs }: TrainConfig): string =>
  `epoch ${epoch}/${epochs}  train loss ${trainLoss.toFixed(5)}  validation loss ${valLoss.toFixed(5)}` +
  `  MAE ${valMae.map((v) => v.toFixed(4)).join(' ')}`;
