/** A trained network that is asked dates. It is opened here, and its inputs are drawn here, nowhere else. */
import { statSync } from 'node:fs';
import type { MapName } from '../chaos/maps.ts';
import type { Metadata } from '../data/metadata/extra.ts';
import { type Engine, openEngine } from '../engine/engine.ts';
import type { EngineName } from '../engine/names.ts';
import { createInference } from '../executors/executors.ts';
import { buildNetwork, type NetworkName } from '../models/networks.ts';
import type { Tensors } from '../models/parameters.ts';
import { findRun, finishedRuns } from '../runs/find-run.ts';
import { readRunJson, runFile } from '../runs/run-files.ts';
import { defaultRuns } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { codesFor, inputOf } from './batches.ts';
import { checkpointFile, hasCheckpoint, loadWeights, trainedFile } from './checkpoint.ts';
import { isPictures, outputsOf, type TrainConfig } from './config.ts';

/** A network whose weights are fixed. */
export interface DateNetwork {
  readonly config: TrainConfig;
  /** Name of the engine. */
  readonly engine: string;
  /** Codes of the metadata images, [dates, cells]; with the extra metadata that the training showed, blank where unknown. */
  draw(dates: readonly Metadata[]): Int32Array;
  /** Sigmoid outputs [count, outputs] of drawn dates. */
  infer(codes: Int32Array, count: number): Promise<Float32Array>;
  /**
   * Sigmoid outputs, one array a date.
   * @param options.batch dates at a time, by default 1, as `encrypt` asks: another size may change the last bits, and
   * with them the key
   */
  outputs(dates: readonly Metadata[], options?: { readonly batch?: number }): Promise<Float32Array[]>;
  /** Runs once on zeros: TensorFlow optimises a graph in its first run, which takes 0.8 s for ResNet-18. */
  warmUp(): Promise<void>;
  dispose(): void;
}

export interface TrainedNetwork extends DateNetwork {
  /** The run folder. */
  readonly run: string;
}

/** A network with the given weights. */
export function dateNetwork(engine: Engine, config: TrainConfig, tensors: Tensors): DateNetwork {
  const each = outputsOf(config);
  const drawing = inputOf(config);
  const model = createInference(engine, buildNetwork(config.net, each), tensors, drawing);
  const draw = (dates: readonly Metadata[]): Int32Array => codesFor(config, dates);
  const infer = async (codes: Int32Array, count: number): Promise<Float32Array> =>
    model.predict(codes, count);
  const outputs: DateNetwork['outputs'] = async (dates, { batch = 1 } = {}) => {
    const rows: Float32Array[] = [];
    for (let at = 0; at < dates.length; at += batch) {
      const some = dates.slice(at, at + batch);
      const values = await infer(draw(some), some.length);
      rows.push(...some.map((_, i) => values.slice(i * each, (i + 1) * each)));
    }
    return rows;
  };
  const warmUp = async (): Promise<void> => void (await infer(new Int32Array(drawing.cells), 1));
  return { config, engine: engine.name, draw, infer, outputs, warmUp, dispose: () => model.dispose() };
}

/**
 * @param given folder or id of a training run
 * @throws InputError if it holds no trained network
 */
export async function openTrained(
  given: string,
  { engine: wanted }: { readonly engine?: Engine | EngineName | undefined } = {},
): Promise<TrainedNetwork> {
  const { run, config } = await readDateTraining(given);
  const engine = typeof wanted === 'object' ? wanted : await openEngine(wanted);
  const tensors = await loadWeights(trainedFile(run), buildNetwork(config.net, outputsOf(config)));
  return { run, ...dateNetwork(engine, config, tensors) };
}

/** A training with its options. */
export interface Training {
  /** The run folder. */
  readonly run: string;
  readonly config: TrainConfig;
}

/**
 * @param given folder or id of a training run, or of a sweep's cell that trains
 * @throws InputError if it is none
 */
export async function readTraining(given: string, runs?: string): Promise<Training> {
  const found = findRun(given, runs);
  const inCell = runFile(found, 'network');
  const run = hasCheckpoint(inCell) ? inCell : found;
  return { run, config: await readRunJson<TrainConfig>(run, 'config') };
}

/**
 * @param given as `readTraining`
 * @throws InputError if it is none, or learned pictures: a network that knows no dates gives no keys
 */
export async function readDateTraining(given: string, runs?: string): Promise<Training> {
  const training = await readTraining(given, runs);
  if (!isPictures(training.config)) return training;
  throw new InputError(
    `${training.run} learned from pictures (train --images), not from dates, so it gives no chaotic parameters and no keys; give a run of train without --images`,
  );
}

export interface Wanted {
  readonly map: MapName;
  readonly net: NetworkName;
  /** Run folder or id; by default the newest finished training of this map and net. */
  readonly model?: string | undefined;
  /** Where runs are looked for. */
  readonly runs?: string | undefined;
}

/** @throws InputError if there is no such trained network, naming the command that trains one */
export async function findTraining({ map, net, model, runs = defaultRuns }: Wanted): Promise<Training> {
  const training = await readDateTraining(model ?? (await newestTraining(map, net, runs)), runs);
  const { run, config } = training;
  if (config.map === map && config.net === net) return training;
  throw new InputError(
    `${run} holds ${config.map} + ${config.net}, not ${map} + ${net}; give --map and --net to match`,
  );
}

/** The first part of a training's id. */
export const trainingName = ({ map, net }: Pick<TrainConfig, 'map' | 'net'>): string => `train-${map}-${net}`;

async function newestTraining(map: MapName, net: NetworkName, runs: string): Promise<string> {
  const changed = (run: string): number =>
    statSync(checkpointFile(run), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const [newest] = await finishedRuns(`${trainingName({ map, net })}-`, runs, changed);
  if (newest !== undefined) return newest;
  throw new InputError(
    `no trained network for ${map} + ${net} in ${runs}; run: npm run train -- --net ${net} --map ${map}` +
      ' (or give the chaotic parameters by hand with --params)',
  );
}
