/** A training run from config to finished folder: found again by its id, resumed from its checkpoint. */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parameterNames } from '../cipher/parameters.ts';
import { type Manifest, readManifest } from '../data/pairs/manifest.ts';
import type { Engine } from '../engine/engine.ts';
import { environment } from '../engine/environment.ts';
import type { TrainerState } from '../executors/executor.ts';
import { createTrainer } from '../executors/executors.ts';
import { importLines, importWeights } from '../models/import.ts';
import type { Network } from '../models/network.ts';
import { initialTensors, type Tensors } from '../models/parameters.ts';
import { readRunJson, runFile } from '../runs/run-files.ts';
import { defaultRuns, RunFolder, readMetrics, readStatus, runId } from '../runs/run-folder.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { makeFolder, readInput, writeWhole } from '../shared/files.ts';
import { withLock } from '../shared/folder-lock.ts';
import { clockTime, quietBar, say } from '../shared/progress.ts';
import { type Dates, inputOf, trainingDates } from './batches.ts';
import {
  beginning,
  checkpointFile,
  hasCheckpoint,
  loadCheckpoint,
  type Progress,
  saveCheckpoint,
} from './checkpoint.ts';
import { networkOf, type TrainConfig, trainDefaults } from './config.ts';
import { type PhysicalError, physicalErrors } from './errors.ts';
import { type Ending, type EpochRecord, type FitHooks, fitNetwork, type StepRecord } from './fit.ts';
import { writePredictions } from './predictions.ts';
import { recordConfig, recordDates } from './records.ts';
import { EventFile } from './tensorboard/event-file.ts';
import { trainingName } from './trained.ts';

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
  /** Threads that draw batches ahead where the engine's graph does not; by default 1. Changes no result. */
  readonly workers?: number | undefined;
  /** Called with the run's folder before the first step. */
  readonly onRun?: (run: string) => void;
  readonly onStep?: (record: StepRecord) => void;
}

type Resolved = TrainConfig & {
  readonly engine: string;
  /** Of the content of `init` and `manifest`: another file under its name is another run. */
  readonly initSha256?: string;
  readonly manifestSha256?: string;
};

/** A run as asked for, with what its files hold. */
interface Asked {
  /** With the manifest's counts, where there is one. */
  readonly config: TrainConfig;
  readonly resolved: Resolved;
  readonly manifest: Manifest | null;
}

/** @throws InputError if the file of `init` or `manifest` cannot be read, or is not for this training */
async function askedOf(given: TrainConfig, engine: Engine): Promise<Asked> {
  const manifest = given.manifest === null ? null : await readManifest(given.manifest);
  const config = manifest === null ? given : recordConfig(given, manifest);
  const init = config.init === null ? null : await readInput(config.init, 'weights');
  const resolved = {
    ...config,
    engine: engine.name,
    ...(init && { initSha256: createHash('sha256').update(init).digest('hex') }),
    ...(manifest && { manifestSha256: manifest.sha256 }),
  };
  return { config, resolved, manifest };
}

/** `pairs: 164 to train, 21 to validate, 21 to test, of pairs.csv`. */
function countsLine({ pairs, valPairs }: TrainConfig, { rows, path }: Manifest): string {
  const test = rows.length - pairs - valPairs;
  return `pairs: ${pairs} to train, ${valPairs} to validate, ${test} to test, of ${path}`;
}

/** All that decides a run's result: of `init` and `manifest` the content, wherever the files lie. */
const identityOf = ({ initSha256, manifestSha256, ...config }: Resolved) => ({
  ...config,
  init: initSha256 === undefined ? config.init : `sha256 ${initSha256}`,
  manifest: manifestSha256 === undefined ? null : `sha256 ${manifestSha256}`,
});

/** The run's own copy of the manifest, by which it is studied and resumed wherever the first one has gone. */
export const manifestFile = (run: string): string => runFile(run, 'pairs');

/** The hash leaves `manifest` out where there is none, so older run ids stay valid. */
function pathOf(resolved: Resolved, runs = defaultRuns): string {
  const { manifest, ...rest } = identityOf(resolved);
  const identity = manifest === null ? rest : { ...rest, manifest };
  return join(runs, runId(trainingName(resolved), identity, resolved.seed));
}

/** Folder of a run: named after all that decides its result, the engine included. */
export const trainRunPath = async (config: TrainConfig, engine: Engine, runs?: string): Promise<string> =>
  pathOf((await askedOf(config, engine)).resolved, runs);

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
  const { config, resolved, manifest } = await askedOf(given, engine);
  if (manifest) say(countsLine(config, manifest));
  const path = out ?? pathOf(resolved);
  await checkSameRun(path, resolved);
  options.onRun?.(path);
  const before = await readStatus(path);
  const done = before?.state === 'done' && hasCheckpoint(path);
  if (done && (before.epochs ?? config.epochs) === config.epochs)
    return finished(path, config, engine, before.ended as Ending);
  const network = networkOf(config);
  // Before the folder is made: --init may be wrong.
  const fresh = hasCheckpoint(path) ? null : await freshStart(network, config);
  await makeFolder(path);
  const work = async (): Promise<Ending> => {
    await removeHalfWritten(path);
    // Before the folder is written to: the checkpoint may be damaged, or of another network.
    const start = hasCheckpoint(path) ? await resumedStart(path, network, config) : fresh!;
    const folder = await RunFolder.open(path, resolved, environment(engine));
    if (manifest) await writeWhole(manifestFile(path), manifest.bytes);
    const dates = manifest ? recordDates(manifest) : trainingDates(config);
    return trainToStatus({ folder, config, dates, engine, network, options }, start);
  };
  return finished(path, config, engine, await withLock(runFile(path, 'busy'), work, 'train'));
}

/** What a training is made of. */
interface Job {
  readonly folder: RunFolder;
  readonly config: TrainConfig;
  readonly dates: Dates;
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
  const { folder, config } = job;
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
async function checkSameRun(path: string, config: Resolved): Promise<void> {
  if (!hasCheckpoint(path)) return;
  const before = identityOf({ ...trainDefaults, ...(await readRunJson<Resolved>(path, 'config')) });
  const now = identityOf(config);
  const keys = Object.keys(now) as (keyof typeof now)[];
  const differing = keys.filter((key) => before[key] !== now[key] && !longer(key, before, now));
  if (differing.length > 0)
    throw new InputError(
      `${path} holds a run with other options: ` +
        `${differing.map((key) => `${key} ${before[key]}, now ${now[key]}`).join('; ')}; ` +
        'give those, or another --out',
    );
  if (before.epochs !== config.epochs && config.decayEpochs === null)
    say(
      `the schedule now ends at epoch ${config.epochs}, not ${before.epochs}; --decay-epochs fixes its end`,
    );
}

const longer = (key: string, before: TrainConfig, now: TrainConfig): boolean =>
  key === 'epochs' && before.epochs < now.epochs;

async function finished(
  run: string,
  config: TrainConfig,
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
    error: physicalErrors(config, judged.valMae),
  };
}

const lowest = (epochs: EpochRecord[]): EpochRecord =>
  epochs.reduce((best, epoch) => (epoch.valLoss < best.valLoss ? epoch : best));

async function trainJob(job: Job, { state, progress: start }: Start): Promise<Ending> {
  const { folder, config, dates, engine, network, options } = job;
  const trainer = createTrainer(engine, network, state.tensors, inputOf(config), config);
  const events = new EventFile(folder.path, start.steps);
  try {
    trainer.restore(state);
    events.config({ ...config, engine: engine.name });
    return await fitNetwork(trainer, config, dates, start, {
      ...tellers(job, events),
      checkpoint: (progress, name) => saveCheckpoint(folder.path, network, trainer, progress, name),
      checkpointSeconds: options.checkpointSeconds,
      workers: options.workers,
    });
  } finally {
    events.close();
    trainer.dispose();
  }
}

/** What a training says while it runs: a bar, or a line an epoch; metrics.jsonl; TensorBoard's event file. */
function tellers(
  { folder, config, dates, options }: Job,
  events: EventFile,
): Pick<FitHooks, 'step' | 'epoch'> {
  const bar = quietBar(`train ${config.map} + ${config.net}`, 0);
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
      if (best || config.patience === null)
        await writePredictions(folder.path, record.epoch, dates.val, rows);
      events.epoch(record, parameterNames[config.map]);
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

const lineOf = ({ epoch, trainLoss, valLoss, valMae }: EpochRecord, { epochs }: TrainConfig): string =>
  `epoch ${epoch}/${epochs}  train loss ${trainLoss.toFixed(5)}  validation loss ${valLoss.toFixed(5)}` +
  `  MAE ${valMae.map((v) => v.toFixed(4)).join(' ')}`;
