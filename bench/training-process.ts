/** A training for the sake of its memory, as a process of its own runs it: default export, one job, one answer. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../src/engine/engine.ts';
import type { DeviceName, EngineName } from '../src/engine/names.ts';
import { createTrainer } from '../src/executors/executors.ts';
import { buildNetwork, type NetworkName } from '../src/models/networks.ts';
import { initialTensors } from '../src/models/parameters.ts';
import { makeFolder } from '../src/shared/files.ts';
import { inputOf, trainingDates } from '../src/training/batches.ts';
import { beginning, saveCheckpoint } from '../src/training/checkpoint.ts';
import { outputsOf, trainConfig } from '../src/training/config.ts';
import { dateMaterial } from '../src/training/date-lesson.ts';
import { fitNetwork } from '../src/training/fit.ts';

export interface TrainingJob {
  readonly net: NetworkName;
  readonly size: number;
  readonly batch: number;
  readonly steps: number;
  readonly engine: EngineName;
  readonly device?: DeviceName | undefined;
  /** Trainings one after another in the same process. */
  readonly models: number;
  /** Steps after which the resident memory is read. */
  readonly watch: readonly number[];
}

/** Megabytes (10^6 bytes). */
export interface TrainingMemory {
  readonly peak: number;
  /** Resident at the watched steps of the last training. */
  readonly watched: number[];
  /** Resident after each training, its trainer disposed of. */
  readonly after: number[];
  /** TensorFlow.js tensors left then. */
  readonly tensors: number;
}

/** Trains as `train` does: a validation, a checkpoint with the optimiser's state. */
export default async function trainForMemory(job: TrainingJob): Promise<TrainingMemory> {
  const engine = await openEngine(job.engine, job.device);
  const folder = await mkdtemp(join(tmpdir(), 'medchaos-bench-'));
  try {
    await makeFolder(join(folder, 'checkpoints'));
    let watched: number[] = [];
    const after: number[] = [];
    for (let model = 0; model < job.models; model++) {
      watched = await trainOnce(job, engine, folder);
      after.push(await memory('VmRSS'));
    }
    return {
      peak: await memory('VmHWM'),
      watched,
      after,
      tensors: engine.native ? 0 : engine.tf.memory().numTensors,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function trainOnce(
  { net, size, batch, steps, watch }: TrainingJob,
  engine: Awaited<ReturnType<typeof openEngine>>,
  folder: string,
): Promise<number[]> {
  const config = trainConfig({ net, size, batch, pairs: batch * steps, valPairs: batch, epochs: 1 });
  const network = buildNetwork(net, outputsOf(config));
  const trainer = createTrainer(engine, network, initialTensors(network, 1), inputOf(config), config);
  const watched: Promise<number>[] = [];
  try {
    await fitNetwork(trainer, config, dateMaterial(config, trainingDates(config)), beginning, {
      step: (record) => void (watch.includes(record.steps) && watched.push(memory('VmRSS'))),
      epoch: async () => undefined,
      checkpoint: (progress, name) => saveCheckpoint(folder, network, trainer, progress, name),
    });
  } finally {
    trainer.dispose();
  }
  return Promise.all(watched);
}

/** Of this process, as Linux tells it; elsewhere what Node knows. */
async function memory(field: 'VmHWM' | 'VmRSS'): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kib = new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1];
  if (kib !== undefined) return (1024 * Number(kib)) / 1e6;
  return (field === 'VmRSS' ? process.memoryUsage.rss() : 1024 * process.resourceUsage().maxRSS) / 1e6;
}
