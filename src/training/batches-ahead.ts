/**
 * Batches that the steps of a training take. An executor that draws itself takes codes. For the others worker threads draw
 * pictures while the network trains: bit for bit what the training thread would draw, in the same order.
 */
import { setImmediate } from 'node:timers/promises';
import type { Metadata } from '../data/metadata/extra.ts';
import type { Batch } from '../executors/executor.ts';
import { Workers } from '../shared/workers.ts';
import type { BatchTask } from './batch-work.ts';
import { batchOf, codedBatch } from './batches.ts';
import type { TrainConfig } from './config.ts';

/** Where the steps of a training take their batches from, in the order of the steps. */
export interface Batches {
  take(step: number): Promise<Batch>;
  /** Gives a batch back whose step is done. */
  giveBack(batch: Batch): void;
  close(): Promise<void>;
}

/** Codes, made as they are asked for. @param datesAt the dates of a step's batch */
export const codedBatches = (
  config: TrainConfig,
  datesAt: (step: number) => readonly Metadata[],
): Batches => ({
  take: async (step) => codedBatch(config, datesAt(step)),
  giveBack: () => undefined,
  close: async () => undefined,
});

/** Batches that stand ready, or are being drawn, for each thread: one in use, one to follow. */
const aheadPerThread = 2;

/** 224 x 224 text: one thread hands over 12,000 images a second (`bench batches`); two cores train 40. */
const defaultThreads = 1;

export class BatchesAhead implements Batches {
  readonly #config: TrainConfig;
  readonly #datesAt: (step: number) => readonly Metadata[];
  readonly #total: number;
  readonly #ahead: number;
  readonly #workers: Workers<BatchTask, Batch<Float32Array>> | null;
  readonly #asked = new Map<number, Promise<Batch<Float32Array>>>();
  readonly #spent: Float32Array[] = [];

  /**
   * @param datesAt the dates of a step's batch
   * @param total steps of the whole training: none is prepared beyond it
   * @param threads 0 draws each batch in the thread that asks for it
   */
  constructor(
    config: TrainConfig,
    datesAt: (step: number) => readonly Metadata[],
    total: number,
    threads = defaultThreads,
  ) {
    this.#config = config;
    this.#datesAt = datesAt;
    this.#total = total;
    this.#ahead = aheadPerThread * threads;
    this.#workers = threads > 0 ? new Workers(new URL('./batch-work.ts', import.meta.url), threads) : null;
  }

  /** Fulfilled when the threads can draw. A training need not wait for it. */
  async loaded(): Promise<void> {
    await this.#workers?.loaded;
  }

  /**
   * The batch of a step (steps are asked for in their order), and begins those after it. Drawn here while the threads
   * still load, so that the first step waits for nobody.
   */
  async take(step: number): Promise<Batch<Float32Array>> {
    if (this.#workers) await setImmediate(); // lets their messages in
    const asked = this.#asked.get(step);
    this.#asked.delete(step);
    this.#askAhead(step + 1);
    return asked ?? batchOf(this.#config, this.#datesAt(step), this.#spent.pop() ?? null);
  }

  /** Gives a batch back whose step is done: its memory is used again. */
  giveBack({ x }: Batch<Float32Array>): void {
    this.#spent.push(x);
  }

  /** Ends the threads, whatever they are drawing. */
  async close(): Promise<void> {
    for (const batch of this.#asked.values()) batch.catch(() => undefined); // nobody waits for it any more
    await this.#workers?.close();
  }

  #askAhead(from: number): void {
    if (!this.#workers?.ready) return;
    for (let step = from; step < Math.min(from + this.#ahead, this.#total); step++)
      if (!this.#asked.has(step)) this.#asked.set(step, this.#ask(step));
  }

  #ask(step: number): Promise<Batch<Float32Array>> {
    const spent = this.#spent.pop() ?? null;
    const task = { config: this.#config, dates: this.#datesAt(step), spent };
    const batch = this.#workers!.run(task, spent ? [spent.buffer as ArrayBuffer] : []);
    batch.catch(() => undefined); // told to whoever takes it
    return batch;
  }
}
