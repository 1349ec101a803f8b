/** A trained network, from its run folder: dates in, sigmoid outputs out. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metadata } from '../data/metadata/extra.ts';
import { openEngine } from '../engine/index.ts';
import type { EngineName } from '../engine/names.ts';
import { createInference } from '../executors/executors.ts';
import { buildNetwork, type NetworkName } from '../models/networks.ts';
import { InputError } from '../shared/errors.ts';
import type { MapName } from '../shared/types.ts';
import { batchOf, codesFor, inputOf } from './batches.ts';
import { checkpointFile, loadWeights, trainedFile } from './checkpoint.ts';
import { outputsOf, type TrainConfig } from './config.ts';

export interface Predictor {
  /** The run folder the network comes from. */
  readonly run: string;
  readonly engine: string;
  /**
   * The codes of the metadata image; with the extra metadata that the network was trained with, blank where the image's
   * are not known.
   */
  codes(when: Metadata): Int32Array;
  /** The picture that the network sees, values 0-1, [1, size, size, 3]. */
  draw(when: Metadata): Float32Array;
  /** Sigmoid outputs for the codes of one image. */
  infer(codes: Int32Array): Promise<Float32Array>;
  /** Both, date by date: a batch of another size may differ in the last bits, and a bit is another key. */
  sigmoid(when: readonly Metadata[]): Promise<Float32Array[]>;
  /** One run whose answer nobody wants: TensorFlow optimises a graph in its first, 0.8 s for ResNet-18. */
  warmUp(): Promise<void>;
  dispose(): void;
}

export interface PredictorOptions {
  readonly map: MapName;
  readonly net: NetworkName;
  /** Run folder; by default the newest finished one for this map and net. */
  readonly model?: string | undefined;
  readonly engine?: EngineName | undefined;
  /** Where runs are looked for. */
  readonly runs?: string | undefined;
}

/** @throws InputError if there is no such trained network, naming the command that trains one */
export async function openPredictor(options: PredictorOptions): Promise<Predictor> {
  const { net } = options;
  const { run, config } = await findRun(options);
  const engine = await openEngine(options.engine);
  const network = buildNetwork(net, outputsOf(config));
  const model = createInference(
    engine,
    network,
    await loadWeights(trainedFile(run), network),
    inputOf(config),
  );
  const codes = (when: Metadata): Int32Array => codesFor(config, [when]);
  const infer = async (image: Int32Array): Promise<Float32Array> => model.predict(image, 1);
  return {
    run,
    engine: engine.name,
    codes,
    draw: (when) => batchOf(config, [when]).x,
    infer,
    sigmoid: async (when) => {
      const outputs: Float32Array[] = [];
      for (const date of when) outputs.push(await infer(codes(date)));
      return outputs;
    },
    warmUp: async () => void (await infer(new Int32Array(inputOf(config).cells))),
    dispose: () => model.dispose(),
  };
}

/**
 * The run folder of a trained network.
 * @throws InputError as `openPredictor`
 */
export async function findRun({ map, net, model, runs = join('results', 'runs') }: PredictorOptions) {
  const run = model ?? (await newestRun(map, net, runs));
  const config = await runConfig(run);
  if (config.map !== map || config.net !== net)
    throw new InputError(
      `${run} holds ${config.map} + ${config.net}, not ${map} + ${net}; give --map and --net to match`,
    );
  return { run, config };
}

async function newestRun(map: MapName, net: NetworkName, runs: string): Promise<string> {
  const names = await readdir(runs).catch(() => []);
  const mine = names
    .filter((name) => name.startsWith(`train-${map}-${net}-`))
    .map((name) => join(runs, name));
  const times = await Promise.all(mine.map(finishedAt));
  const newest = times.indexOf(Math.max(...times, 0));
  if (newest < 0 || times[newest] === 0)
    throw new InputError(
      `no trained network for ${map} + ${net} in ${runs}; run: npm run train -- --net ${net} --map ${map}` +
        ' (or give the chaotic parameters by hand with --params)',
    );
  return mine[newest]!;
}

/** Time of the last change of a finished run, 0 for one that is not finished. */
async function finishedAt(run: string): Promise<number> {
  try {
    const { state } = JSON.parse(await readFile(join(run, 'status.json'), 'utf8')) as { state: string };
    return state === 'done' ? (await stat(checkpointFile(run))).mtimeMs : 0;
  } catch {
    return 0;
  }
}

/** @throws InputError if the folder is no training run */
export async function runConfig(run: string): Promise<TrainConfig> {
  try {
    const config = JSON.parse(await readFile(join(run, 'config.json'), 'utf8')) as TrainConfig | null;
    if (typeof config === 'object' && config !== null) return config;
  } catch {} // told below
  throw new InputError(
    `${run} is no run folder of a trained network: its config.json is missing or damaged; see results/runs`,
  );
}
