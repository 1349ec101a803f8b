/** A batch of pairs, as worker threads draw it. */
import type { Metadata } from '../data/metadata/extra.ts';
import type { Batch } from '../executors/executor.ts';
import { batchOf } from './batches.ts';
import type { TrainConfig } from './config.ts';

export interface BatchTask {
  readonly config: TrainConfig;
  readonly dates: readonly Metadata[];
  /** Of a batch that was used, to be filled again: a fresh 19 MB for each step would be paged in anew. */
  readonly spent: Float32Array | null;
}

export default ({ config, dates, spent }: BatchTask): Batch<Float32Array> => batchOf(config, dates, spent);

export const transfer = ({ x, y }: Batch<Float32Array>): ArrayBufferLike[] => [x.buffer, y.buffer];
