/** Batches of pictures for a training, made by threads on all cores, and the validation after each epoch. */
import { availableParallelism } from 'node:os';
import type { Picture } from '../../data/pictures/picture-set.ts';
import type { Batch, Trainer } from '../../executors/executor.ts';
import { epochOrder, stepsPerEpoch } from '../batches.ts';
import { type Batches, BatchesAhead, threadsFor } from '../batches-ahead.ts';
import type { PictureConfig } from '../config.ts';
import { scores, type Validation } from '../evaluate.ts';
import type { Material } from '../lesson.ts';
import pictureBatch, { type PictureTask } from './work.ts';

const module = new URL('./work.ts', import.meta.url);

/** Mean and standard deviation of a target over the training pictures: the network learns (target - mean) / deviation. */
export interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

/** Bytes of validation pictures that stay in memory, so that they are read once. */
const mostKept = 512e6;

export class PictureMaterial implements Material {
  readonly #config: PictureConfig;
  readonly #splits: Readonly<Record<'train' | 'val', readonly Picture[]>>;
  readonly #outputs: number;
  readonly #scales: readonly Scale[] | null;
  #threads = availableParallelism();
  /** One set of threads for training, validation and test; null: none. */
  #workers: ReturnType<typeof threadsFor<PictureTask, Uint8Array>> | undefined;
  /** Batches of validation pictures. */
  #kept: Batch<Uint8Array>[] | null = null;

  constructor(
    config: PictureConfig,
    splits: Readonly<Record<'train' | 'val', readonly Picture[]>>,
    outputs: readonly string[],
    scales: readonly Scale[] | null,
  ) {
    this.#config = config;
    this.#splits = splits;
    this.#outputs = outputs.length;
    this.#scales = scales;
  }

  batches(_: Trainer, total: number, workers = availableParallelism()): Batches {
    if (this.#workers === undefined) this.#threads = workers;
    const { batch, seed, augment } = this.#config;
    const perEpoch = stepsPerEpoch(this.#config);
    const chosen = augment === 'none' ? [] : augment.split(',');
    let order: { epoch: number; places: Int32Array } = { epoch: -1, places: new Int32Array() };
    const task = (step: number, spent: Uint8Array | null): PictureTask => {
      const epoch = Math.floor(step / perEpoch);
      if (epoch !== order.epoch)
        order = { epoch, places: epochOrder({ ...this.#config, dates: 'fixed' }, epoch) };
      const at = (step % perEpoch) * batch;
      const places = [...order.places.subarray(at, at + batch)];
      const change = chosen.length === 0 ? null : { chosen, seed, epoch, places };
      return { ...this.#taskOf(places.map((place) => this.#splits.train[place]!)), change, spent };
    };
    return this.#ahead(task, total);
  }

  #ahead(
    task: (step: number, spent: Uint8Array | null) => PictureTask,
    total: number,
  ): BatchesAhead<PictureTask, Uint8Array> {
    const source = { module, task, here: pictureBatch };
    this.#workers ??= threadsFor(source, this.#threads);
    return new BatchesAhead(source, total, this.#threads, this.#workers);
  }

  async close(): Promise<void> {
    await this.#workers?.close();
    this.#workers = undefined;
  }

  async validate(model: Trainer): Promise<Validation> {
    const { val } = this.#splits;
    const rows = await this.#ask(model, val, true);
    const truth = val.flatMap(({ values }) => this.#scaled(values));
    const predicted = rows.flat();
    const all = scores(predicted, truth, [...val.keys()], this.#outputs);
    const { r2 } = all;
    const finite = {
      ...all,
      rows: { predicted, wanted: truth },
      r2: r2.map((value) => (Number.isFinite(value) ? value : 0)),
    }; // a target of one value
    if (this.#scales)
      return { ...finite, mae: finite.mae.map((mae, k) => mae * this.#scales![k]!.deviation) };
    const right = rows.filter((row, i) => val[i]!.values[row.indexOf(Math.max(...row))] === 1).length;
    return { ...finite, loss: entropyOf(rows, val), accuracy: right / val.length };
  }

  /** Outputs in units of the targets, of a classification as shares. */
  async predict(model: Trainer, pictures: readonly Picture[]): Promise<number[][]> {
    const rows = await this.#ask(model, pictures, false);
    const scales = this.#scales;
    if (!scales) return rows;
    return rows.map((row) => row.map((value, k) => scales[k]!.mean + scales[k]!.deviation * value));
  }

  #scaled(values: readonly number[]): number[] {
    return values.map((value, k) => {
      const scale = this.#scales?.[k];
      return scale ? (value - scale.mean) / scale.deviation : value;
    });
  }

  #taskOf(pictures: readonly Picture[]): PictureTask {
    const { images, size, resize } = this.#config;
    const y = Float32Array.from(pictures.flatMap(({ values }) => this.#scaled(values)));
    const files = pictures.map(({ file }) => file);
    return { images, files, y, sides: { size, resize }, change: null, spent: null };
  }

  /** Rows of outputs as the network gives them. */
  async #ask(model: Trainer, pictures: readonly Picture[], keep: boolean): Promise<number[][]> {
    const rows: number[][] = [];
    const take = async ({ x, count }: Batch<Uint8Array>): Promise<void> => {
      const outputs = await model.predict(x, count);
      for (let i = 0; i < count; i++)
        rows.push([...outputs.subarray(i * this.#outputs, (i + 1) * this.#outputs)]);
    };
    if (keep && this.#kept) {
      for (const batch of this.#kept) await take(batch);
      return rows;
    }
    const kept: Batch<Uint8Array>[] | null =
      keep && pictures.length * 3 * this.#config.size ** 2 <= mostKept ? [] : null;
    for await (const batch of this.#plainBatches(pictures)) {
      await take(batch);
      kept?.push(batch);
    }
    if (keep) this.#kept = kept;
    return rows;
  }

  /** Made while the network is asked. */
  async *#plainBatches(pictures: readonly Picture[]): AsyncGenerator<Batch<Uint8Array>> {
    const { batch } = this.#config;
    const total = Math.ceil(pictures.length / batch);
    const task = (step: number): PictureTask =>
      this.#taskOf(pictures.slice(step * batch, (step + 1) * batch));
    const batches = this.#ahead(task, total);
    try {
      for (let step = 0; step < total; step++) yield await batches.take(step);
    } finally {
      await batches.close();
    }
  }
}

/** Mean of -log of the share that each picture's own class got. */
function entropyOf(rows: readonly (readonly number[])[], pictures: readonly Picture[]): number {
  const least = 1e-45; // of float32
  const losses = pictures.map(({ values }, i) => -Math.log(Math.max(least, rows[i]![values.indexOf(1)]!)));
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}
