/**
 * A trained network for whole batches of dates: what an attacker runs. The last bits of its answers may differ from
 * those at batch 1, with which `encrypt` makes keys.
 */
import type { Metadata } from '../data/metadata/extra.ts';
import { openEngine } from '../engine/index.ts';
import { createInference } from '../executors/executors.ts';
import { buildNetwork } from '../models/networks.ts';
import { readRunJson } from '../runs/run-folder.ts';
import { codesFor, inputOf } from './batches.ts';
import { loadWeights, trainedFile } from './checkpoint.ts';
import { outputsOf, type TrainConfig } from './config.ts';

export interface BatchNetwork {
  /** Sigmoid outputs, one array a date. */
  outputs(dates: readonly Metadata[]): Promise<Float32Array[]>;
  dispose(): void;
}

/** @param run folder of a finished training run */
export async function openBatchNetwork(run: string): Promise<BatchNetwork> {
  const config = await readRunJson<TrainConfig>(run, 'config.json');
  const network = buildNetwork(config.net, outputsOf(config));
  const weights = await loadWeights(trainedFile(run), network);
  const model = createInference(await openEngine(), network, weights, inputOf(config));
  return {
    async outputs(dates) {
      const values = await model.predict(codesFor(config, dates), dates.length);
      const each = values.length / dates.length;
      return dates.map((_, i) => values.slice(i * each, (i + 1) * each));
    },
    dispose: () => model.dispose(),
  };
}
