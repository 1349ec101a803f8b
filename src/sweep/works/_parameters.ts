/** Chaotic parameters for many dates, from a network or its replacement in an ablation. */

import { dirname } from 'node:path';
import { logisticLyapunov } from '../../chaos/logistic.ts';
import { baselineParams, parametersFromSigmoid } from '../../cipher/index.ts';
import { targetOf } from '../../data/pairs/target.ts';
import type { Engine } from '../../engine/engine.ts';
import { buildNetwork } from '../../models/networks.ts';
import { runFile } from '../../runs/run-files.ts';
import type { WallClock } from '../../shared/datetime.ts';
import { writeJson } from '../../shared/files.ts';
import { mean } from '../../shared/stats.ts';
import { seconds } from '../../shared/timing.ts';
import type { MapParams } from '../../shared/types.ts';
import { outputsOf, targetsOf } from '../../training/config.ts';
import type { Measures } from '../work.ts';
import { type AblationConfig, trainingOf } from './_config.ts';

export interface SourcedParameters {
  /** One set a date. */
  readonly parameters: readonly MapParams[];
  /** Seconds of training, milliseconds a date, and the accuracy of its predictions; null without a network. */
  readonly training: Measures;
}

const noTraining: Measures = { train_s: null, infer_ms: null, r2: null };

/** @param network run folder of the training, if there is one */
export async function parametersOf(
  config: AblationConfig,
  dates: readonly WallClock[],
  network: string,
): Promise<SourcedParameters> {
  if (config.source === 'constant')
    return { parameters: dates.map(() => baselineParams[config.map]), training: noTraining };
  const { outputs, training } = await answersOf(config, dates, network);
  return { parameters: outputs.map((s) => toParameters(config, s)), training };
}

/** Values in the unit interval. */
async function answersOf(config: AblationConfig, dates: readonly WallClock[], network: string) {
  const { source, map, seed } = config;
  if (source === 'exact' || source === 'hash') {
    const name = source === 'hash' ? 'hash' : targetsOf(trainingOf(config))[0]!;
    return { outputs: dates.map((when) => targetOf(when, map, name, seed)), training: noTraining };
  }
  return predicted(config, dates, network);
}

/** TensorFlow is loaded here only. */
async function predicted(config: AblationConfig, dates: readonly WallClock[], folder: string) {
  const { openEngine } = await import('../../engine/engine.ts');
  const { environment } = await import('../../engine/environment.ts');
  const engine = await openEngine();
  await writeJson(runFile(dirname(folder), 'environment'), environment(engine));
  const { network, train_s, r2 } = await networkOf(config, engine, folder);
  const started = seconds();
  const outputs = await network.outputs(dates);
  const infer_ms = (1000 * (seconds() - started)) / dates.length;
  network.dispose();
  return { outputs, training: { train_s, infer_ms, r2 } };
}

/** Trained in the cell's own folder, where a killed cell goes on; or untrained, from its seed. */
async function networkOf(config: AblationConfig, engine: Engine, folder: string) {
  const { dateNetwork, openTrained } = await import('../../training/trained.ts');
  const training = trainingOf(config);
  if (config.source === 'untrained') {
    const { initialTensors } = await import('../../models/parameters.ts');
    const network = buildNetwork(training.net, outputsOf(training));
    const tensors = initialTensors(network, config.seed);
    return { network: dateNetwork(engine, training, tensors), train_s: null, r2: null };
  }
  const { train } = await import('../../training/train.ts');
  const { epochs } = await train(training, engine, folder);
  const last = epochs.at(-1)!;
  const r2 = mean(last.valR2);
  return { network: await openTrained(folder, { engine }), train_s: last.seconds, r2 };
}

function toParameters({ map, range }: AblationConfig, s: ArrayLike<number>): MapParams {
  if (range === 'paper') return parametersFromSigmoid(map, s);
  const [r] = parametersFromSigmoid(map, s, range === 'high' ? [[3.99, 4]] : undefined) as [number];
  return [range === 'window-free' ? chaoticNear(r) : r];
}

/** `r`, or the next one upwards that is chaotic: offsets below a thousandth stay, and with them distinct keys. */
export function chaoticNear(r: number): number {
  let next = r;
  while (logisticLyapunov(next, 2000, 2000) <= 0) next = next + 0.001 > 4 ? next + 0.001 - 0.1 : next + 0.001;
  return next;
}
