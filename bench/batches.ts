/**
 * Metadata images a second that an engine without drawing of its own (WebAssembly, WebGPU) is fed: drawn in the training
 * thread, or in worker threads where nothing else computes. A training must get them faster than the network takes them.
 */

import { seconds } from '../src/shared/timing.ts';
import { stepDates, trainingDates } from '../src/training/batches.ts';
import { BatchesAhead, drawnBatches } from '../src/training/batches-ahead.ts';
import { type TrainConfig, trainConfig } from '../src/training/config.ts';
import { type BenchRow, row } from './row.ts';

/** Images/s that a training is promised. */
const promised = 1000;

export async function benchBatches(sizes: readonly number[] = [224, 64], steps = 100): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const size of sizes)
    for (const threads of [0, 1, 2]) rows.push(await rowOf(trainConfig({ size, batch: 32 }), threads, steps));
  return rows;
}

async function rowOf(config: TrainConfig, threads: number, steps: number): Promise<BenchRow> {
  const { size, batch } = config;
  const source = drawnBatches(config, stepDates(config, trainingDates(config)));
  const batches = new BatchesAhead(source, 2 * steps, threads);
  try {
    await batches.loaded();
    for (let step = 0; step < steps; step++) batches.giveBack(await batches.take(step)); // V8 warms up
    const began = seconds();
    for (let step = steps; step < 2 * steps; step++) batches.giveBack(await batches.take(step));
    const speed = (batch * steps) / (seconds() - began);
    const where =
      threads === 0 ? 'in the training thread' : `in ${threads} worker thread${threads > 1 ? 's' : ''}`;
    const work = `metadata images ${size}x${size}, ${where}`;
    return row({ work, batch, unit: 'images/s', ours: speed, limit: promised, runs: steps });
  } finally {
    await batches.close();
  }
}
