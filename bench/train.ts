/**
 * Training speed on the engine that is open: images per second of whole steps (forward, backward, Adam), by the
 * median step after the first; and the first step with what comes before it (graph, weights, optimiser state).
 * The native engine draws the metadata images in its step; for the others their drawing is not counted.
 */
import { syntheticDates } from '../src/data/pairs/dates.ts';
import type { Engine } from '../src/engine/engine.ts';
import { createTrainer } from '../src/executors/executors.ts';
import { networks, paperNetworks } from '../src/models/networks.ts';
import { initialTensors } from '../src/models/parameters.ts';
import { say } from '../src/shared/progress.ts';
import { stream } from '../src/shared/random.ts';
import { seconds } from '../src/shared/timing.ts';
import { batchOf, codedBatch, inputOf } from '../src/training/batches.ts';
import { type TrainConfig, trainConfig } from '../src/training/config.ts';
import { type Effort, medians } from './_measure.ts';
import { fallbackRows } from './fallback.ts';
import { peakRows } from './peak.ts';
import { type BenchRow, row } from './row.ts';

/** On a fallback one step counts, or the bench would take an hour. */
const effort: Effort = { runs: 7, seconds: 8 };

export interface TrainCell {
  readonly size: number;
  readonly batch: number;
}

const defaultCells: readonly TrainCell[] = [
  { size: 224, batch: 16 },
  { size: 224, batch: 32 },
  { size: 64, batch: 32 },
];

/** On a fallback, what can be waited for and fits into WebAssembly's memory (224x224: 4 do, 8 do not). */
const fallbackCells: readonly TrainCell[] = [
  { size: 224, batch: 4 },
  { size: 64, batch: 32 },
];

/** Seconds from nothing (no graph, no weights) to the first step, on 2 cores with the native engine. */
const firstStepLimit = 3;

/** @param cells by default all that the engine can do in a few minutes; then the native engine also says what share
 * of the machine's arithmetic that is, and what the fallback does */
export async function benchTrain(engine: Engine, cells?: readonly TrainCell[]): Promise<BenchRow[]> {
  if (cells) return cellRows(engine, cells);
  if (!engine.native) return cellRows(engine, fallbackCells);
  const rows = await cellRows(engine, defaultCells);
  const full = rows.filter(({ work }) => work === 'train 224x224');
  return [...rows, ...peakRows(engine, full, 224), ...(await fallbackRows(rows))];
}

async function cellRows(engine: Engine, cells: readonly TrainCell[]): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const net of paperNetworks) {
    for (const { size, batch } of cells) {
      say(`bench: train ${net} ${size}x${size}, batch ${batch}`);
      rows.push(...(await rowsOf(engine, trainConfig({ net, size, batch }))));
    }
  }
  return rows;
}

async function rowsOf(engine: Engine, config: TrainConfig): Promise<BenchRow[]> {
  const { net, size, batch } = config;
  const network = networks[net](3);
  const initial = initialTensors(network, config.seed);
  const data = (engine.native ? codedBatch : batchOf)(config, syntheticDates(batch, config.seed, 'bench'));
  const random = stream(config.seed, 'dropout');
  const began = seconds();
  const trainer = createTrainer(engine, network, initial, inputOf(config));
  try {
    await trainer.step(data, config.lr, random);
    const first = seconds() - began;
    const { ms, runs } = await medians([() => trainer.step(data, config.lr, random)], effort);
    const common = { net, batch } as const;
    const speed = (1000 * batch) / ms[0]!;
    const limit = engine.native ? firstStepLimit : null;
    return [
      row({ ...common, work: `train ${size}x${size}`, unit: 'images/s', ours: speed, runs }),
      row({ ...common, work: `train ${size}x${size}, first step`, unit: 's', ours: first, limit, runs: 1 }),
    ];
  } finally {
    trainer.dispose();
  }
}
