/** A training run from config to finished folder: found again by its id, resumed from its checkpoint. */
import { join } from 'node:path';
import { trainingDates } from '../models/batches.ts';
import { hasCheckpoint, loadCheckpoint, loadWeights, saveCheckpoint } from '../models/checkpoint.ts';
import { outputsOf, type TrainConfig } from '../models/config.ts';
import type { Engine } from '../models/engine/index.ts';
import { createTrainer } from '../models/executors.ts';
import { type EpochRecord, fitNetwork } from '../models/fit.ts';
import type { Network } from '../models/network.ts';
import { buildNetwork } from '../models/networks.ts';
import { initialTensors, type Tensors } from '../models/parameters.ts';
import { progressBar, say } from '../shared/progress.ts';
import { environment } from './environment.ts';
import { defaultRuns, RunFolder, readMetrics, readStatus, runId } from './run-folder.ts';

export interface TrainResult {
  /** The run folder. */
  readonly run: string;
  readonly engine: string;
  /** The time budget ended before the epochs did. */
  readonly undertrained: boolean;
  readonly epochs: EpochRecord[];
}

/** Folder of a run: named after all that decides its result, the engine included. */
export const trainRunPath = (config: TrainConfig, engine: Engine, runs = defaultRuns): string =>
  join(runs, runId(`train-${config.map}-${config.net}`, { ...config, engine: engine.name }, config.seed));

/** Trains, resumes, or finds a run done before. @param path overrides the run folder */
export async function train(
  config: TrainConfig,
  engine: Engine,
  path = trainRunPath(config, engine),
): Promise<TrainResult> {
  const done = await readStatus(path);
  if (done?.state === 'done') return finished(path, engine, Boolean(done.undertrained));
  const folder = await RunFolder.open(path, { ...config, engine: engine.name }, environment(engine));
  await folder.setStatus({ state: 'running' });
  try {
    const undertrained = await trainInto(folder, config, engine);
    await folder.setStatus({ state: 'done', undertrained });
    return finished(path, engine, undertrained);
  } catch (error) {
    await folder.setStatus({ state: 'failed', reason: String(error) });
    throw error;
  }
}

async function finished(run: string, engine: Engine, undertrained: boolean): Promise<TrainResult> {
  return { run, engine: engine.name, undertrained, epochs: await readMetrics<EpochRecord>(run) };
}

async function trainInto(folder: RunFolder, config: TrainConfig, engine: Engine): Promise<boolean> {
  const network = buildNetwork(config.net, outputsOf(config));
  const trainer = createTrainer(engine, network, await startingTensors(network, config), config.size);
  try {
    let start = { steps: 0, seconds: 0, epochLosses: [] as readonly number[] };
    if (hasCheckpoint(folder.path)) {
      const { state, progress } = await loadCheckpoint(folder.path, network);
      trainer.restore(state);
      start = progress;
      say(`resuming ${folder.path} after step ${progress.steps}`);
    }
    const bar = progressBar(`train ${config.map} + ${config.net}`, 0);
    return await fitNetwork(trainer, config, trainingDates(config), start, {
      step: (steps, total, loss, rate) =>
        bar.update(steps, `loss ${loss.toFixed(5)}  ${rate.toFixed(1)} images/s`, total),
      epoch: async (record) => {
        await folder.log(record);
        bar.stop(lineOf(record, config));
      },
      checkpoint: (progress) => saveCheckpoint(folder.path, network, trainer.state(), progress),
    });
  } finally {
    trainer.dispose();
  }
}

async function startingTensors(network: Network, config: TrainConfig): Promise<Tensors> {
  const initial = initialTensors(network, config.seed);
  return config.init === null ? initial : new Map([...initial, ...(await loadWeights(config.init, network))]);
}

const lineOf = ({ epoch, trainLoss, valLoss, valMae }: EpochRecord, { epochs }: TrainConfig): string =>
  `epoch ${epoch}/${epochs}  train loss ${trainLoss.toFixed(5)}  validation loss ${valLoss.toFixed(5)}` +
  `  MAE ${valMae.map((v) => v.toFixed(4)).join(' ')}`;
