/**
 * Batches that the steps of a training take. An executor that draws itself takes codes. For the others worker threads draw
 * pictures while the network trains: bit for bit what the training thread would draw, in the same order.
 */
import { setImmediate } from 'node:timers/promises';
import type { Metadata } from '../data/metadata/extra.ts';
import type { Batch } from '../executors/executor.ts';
import { Workers } from '../shared/workers.ts';
import drawBatch, { type BatchTask } from './batch-work.ts';
import { codedBatch } from './batches.ts';
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

/** Pictures of a batch, and how a thread makes them. */
export interface BatchSource<Task, X extends Float32Array | Uint8Array> {
  /** With `here` as its default export. */
  readonly module: URL;
  /** What makes the batch of a step. @param spent images of a batch that was used, to be filled again */
  task(step: number, spent: X | null): Task;
  here(task: Task): Batch<X> | Promise<Batch<X>>;
}

/** Drawn pictures of dates. @param datesAt the dates of a step's batch */
export const drawnBatches = (
  config: TrainConfig,
  datesAt: (step: number) => readonly Metadata[],
): BatchSource<BatchTask, Float32Array> => ({
  module: new URL('./batch-work.ts', import.meta.url),
  task: (step, spent) => ({ config, dates: datesAt(step), spent }),
  here: drawBatch,
});

/** Batches that stand ready, or are being drawn, for each thread: one in use, one to follow. */
const aheadPerThread = 2;

/** 224 x 224 text: one thread hands over 12,000 images a second (`bench batches`); two cores train 40. */
const defaultThreads = 1;

/** @returns null for 0 threads */
export const threadsFor = <Task, X extends Float32Array | Uint8Array>(
  { module }: BatchSource<Task, X>,
  threads: number,
): Workers<Task, Batch<X>> | null => (threads > 0 ? new Workers(module, threads) : null);

export class BatchesAhead<Task, X extends Float32Array | Uint8Array> implements Batches {
  readonly #source: BatchSource<Task, X>;
  readonly #total: number;
  readonly #ahead: number;
  readonly #workers: Workers<Task, Batch<X>> | null;
  /** Threads of somebody else stay. */
  readonly #own: boolean;
  readonly #asked = new Map<number, Promise<Batch<X>>>();
  readonly #spent: X[] = [];

  /**
   * @param total steps of the whole training: none is prepared beyond it
   * @param threads 0 draws each batch in the thread that asks for it
   * @param workers so many threads that run already, and stay
   */
  constructor(
    source: BatchSource<Task, X>,
    total: number,
    threads = defaultThreads,
    workers?: Workers<Task, Batch<X>> | null,
  ) {
    this.#source = source;
    this.#total = total;
    this.#ahead = aheadPerThread * threads;
    this.#own = workers === undefined;
    this.#workers = workers === undefined ? threadsFor(source, threads) : workers;
  }

  /** Fulfilled when the threads can draw. A training need not wait for it. */
  async loaded(): Promise<void> {
    await this.#workers?.loaded;
  }

  /**
   * The batch of a step (steps are asked for in their order), and begins those after it. Drawn here while the threads
   * still load, so that the first step waits for nobody.
   */
  async take(step: number): Promise<Batch<X>> {
    if (this.#workers) await setImmediate(); // lets their messages in
    const asked = this.#asked.get(step);
    this.#asked.delete(step);
    this.#askAhead(step + 1);
    return asked ?? this.#source.here(this.#source.task(step, this.#spent.pop() ?? null));
  }

  /** Gives a batch back whose step is done: its memory is used again. */
  giveBack({ x }: Batch): void {
    this.#spent.push(x as X);
  }

  /** Ends the threads, whatever they are drawing. */
  async close(): Promise<void> {
    for (const batch of this.#asked.values()) batch.catch(() => undefined); // nobody waits for it any more
    if (this.#own) await this.#workers?.close();
  }

  #askAhead(from: number): void {
    if (!this.#workers?.ready) return;
    for (let step = from; step < Math.min(from + this.#ahead, this.#total); step++)
      if (!this.#asked.has(step)) this.#asked.set(step, this.#ask(step));
  }

  #ask(step: number): Promise<Batch<X>> {
    const spent = this.#spent.pop() ?? null;
    const batch = this.#workers!.run(
      this.#source.task(step, spent),
      spent ? [spent.buffer as ArrayBuffer] : [],
    );
    batch.catch(() => undefined); // told to whoever takes it
    return batch;
  }
}
