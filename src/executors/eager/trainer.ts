/**
 * The fallback's trainer: tfjs operations and TensorFlow.js' tape. Parameters live in plain arrays and
 * become tensors for the length of a step. Results are read asynchronously: WebGPU has no synchronous read.
 */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { type Drawing, drawCodes } from '../../data/pairs/drawing.ts';
import type { Engine } from '../../engine/engine.ts';
import { type BatchNorm, batchNormMomentum, type Network } from '../../models/network.ts';
import { optimizerDefaults, slotsOf } from '../../models/optimizer.ts';
import {
  type Tensor as Parameter,
  type ParameterSpec,
  parametersOf,
  sizeOf,
  type Tensors,
} from '../../models/parameters.ts';
import { InputError } from '../../shared/errors.ts';
import type { Random } from '../../shared/random.ts';
import {
  type Batch,
  type Bytes,
  dropoutMask,
  type Images,
  type Input,
  type Normal,
  sideOf,
  type Trainer,
  type TrainerOptions,
  type TrainerState,
  type Variable,
} from '../executor.ts';
import type { BatchMoments } from './batch-norm.ts';
import { forward } from './forward.ts';
import { lossOf, outputsOf } from './losses.ts';
import { clipGradients, stepUpdates } from './optimizers.ts';

export class EagerTrainer implements Trainer {
  readonly #engine: Engine;
  readonly #network: Network;
  readonly #input: Input;
  readonly #options: TrainerOptions;
  readonly #trainable: ParameterSpec[];
  readonly #values = new Map<string, Float32Array>();
  readonly variables: readonly Variable[];
  steps = 0;

  /** @param input where it is a drawing, drawn pictures may be fed as well as codes */
  constructor(
    engine: Engine,
    network: Network,
    initial: Tensors,
    input: Input,
    options: TrainerOptions = optimizerDefaults,
  ) {
    this.#engine = engine;
    this.#network = network;
    this.#input = input;
    this.#options = options;
    this.#trainable = parametersOf(network).filter((spec) => spec.trainable);
    const slots = this.#trainable.flatMap(({ name, shape }) =>
      slotsOf[options.optimizer].map((slot) => ({ name: slot + name, shape })),
    );
    this.variables = [...parametersOf(network), ...slots];
    this.restore({ tensors: initial, steps: 0 });
  }

  async step(batch: Batch, rate: number, random: Random): Promise<number> {
    const { loss, gradients, statistics } = await this.gradients(batch, random);
    const { optimizer, clip } = this.#options;
    this.steps++;
    if (clip !== null) clipGradients(gradients, clip);
    this.#trainable.forEach(({ name }, i) => {
      const slots = slotsOf[optimizer].map((slot) => this.#values.get(slot + name)!);
      stepUpdates[optimizer](this.#values.get(name)!, gradients[i]!, slots, this.#options, rate, this.steps);
    });
    for (const [layer, batchStatistics] of statistics) this.#move(layer, batchStatistics);
    return loss;
  }

  /**
   * Loss, gradients of the trainable parameters in their order, and the batch's statistics.
   * @throws InputError if the memory of WebAssembly (2 GB) or of the graphics card does not hold the step
   */
  gradients(batch: Batch, random: Random) {
    return this.#held(batch.count, () => this.#gradients(batch, random));
  }

  /** What `work` gives, unless the engine could not hold it. */
  async #held<T>(count: number, work: () => Promise<T>): Promise<T> {
    const [done] = await Promise.allSettled([work()]);
    const refused = this.#engine.fault?.() ?? null;
    // When its memory overflows, the wasm backend throws some WebAssembly.RuntimeError.
    const overflow = done.status === 'rejected' && (done.reason as Error).name === 'RuntimeError';
    if (refused !== null || overflow) {
      const what = refused === null ? "WebAssembly's memory" : `the graphics card (${refused})`;
      const size = sideOf(this.#input);
      throw new InputError(
        `${what} does not hold a step of ${count} images of ${size}x${size}; ` +
          'give a smaller --batch or --size, or mend the native engine: npm run doctor',
      );
    }
    if (done.status === 'rejected') throw done.reason;
    return done.value;
  }

  async #gradients(batch: Batch, random: Random) {
    const { tf } = this.#engine;
    const observed: [BatchNorm, BatchMoments][] = [];
    const observe = (layer: BatchNorm, moments: BatchMoments) => void observed.push([layer, moments]);
    const mask = ({ channels, rate }: { channels: number; rate: number }) =>
      tf.tensor2d(dropoutMask(batch.count, channels, rate, random), [batch.count, channels]);
    const results = tf.tidy(() => {
      const x = this.#images(batch.x, batch.count);
      const y = tf.tensor2d(batch.y, [batch.count, this.#network.outputs]);
      const tensors = this.#trainable.map(({ name, shape }) =>
        tf.tensor(this.#values.get(name)!, [...shape]),
      );
      const loss = (...parameters: Tensor[]): Scalar => {
        const byName = new Map(this.#trainable.map(({ name }, i) => [name, parameters[i]!]));
        const walk = { tf, value: (name: string) => byName.get(name)!, training: { mask, observe } };
        const logits = forward(walk, x, this.#network.layers);
        return lossOf(tf, this.#options.loss, logits, y);
      };
      const { value, grads } = tf.valueAndGrads(loss)(tensors);
      return [value, ...grads];
    });
    const [loss, ...gradients] = await taken(results);
    const statistics: [BatchNorm, BatchStatistics][] = [];
    for (const [layer, moments] of observed) statistics.push([layer, await statisticsOf(moments)]);
    return { loss: loss![0]!, gradients, statistics };
  }

  async predict(x: Images, count: number): Promise<Float32Array> {
    const { tf } = this.#engine;
    const shapes = new Map(parametersOf(this.#network).map((spec) => [spec.name, spec.shape]));
    const value = (name: string) => tf.tensor(this.#values.get(name)!, [...shapes.get(name)!]);
    const outputs = tf.tidy(() => {
      const logits = forward({ tf, value }, this.#images(x, count), this.#network.layers);
      return outputsOf(tf, this.#options.loss, logits);
    });
    return (await this.#held(count, () => taken([outputs])))[0]!;
  }

  read(name: string): Parameter {
    const { shape } = this.variables.find((variable) => variable.name === name)!;
    return { shape, data: this.#values.get(name)!.slice() };
  }

  restore(state: TrainerState): void {
    for (const { name, shape } of this.variables)
      this.#values.set(name, state.tensors.get(name)?.data.slice() ?? new Float32Array(sizeOf(shape)));
    this.steps = state.steps;
  }

  dispose(): void {
    this.#values.clear();
  }

  #images(x: Images, count: number): Tensor {
    const size = sideOf(this.#input);
    return this.#engine.tf.tensor4d(pictures(this.#input, x), [count, size, size, 3]);
  }

  /** running = 0.9 running + 0.1 batch */
  #move(layer: BatchNorm, { mean, variance }: BatchStatistics): void {
    for (const [part, batch] of [
      ['running_mean', mean],
      ['running_var', variance],
    ] as const) {
      const running = this.#values.get(`${layer.name}.${part}`)!;
      for (let c = 0; c < running.length; c++) running[c]! += batchNormMomentum * (batch[c]! - running[c]!);
    }
  }
}

/** Images as a network sees them: values 0-1, or normalised. */
function pictures(input: Input, x: Images): Float32Array {
  if (x instanceof Float32Array) return x;
  if (x instanceof Uint8Array) return fromBytes(x, (input as Bytes).normal);
  const drawing = input as Drawing;
  const out = new Float32Array((x.length / drawing.cells) * drawing.size ** 2 * 3);
  drawCodes(drawing, x, out);
  return out;
}

function fromBytes(x: Uint8Array, normal: Normal | undefined): Float32Array {
  if (normal === undefined) return Float32Array.from(x, (level) => level / 255);
  const { mean, deviation } = normal;
  return Float32Array.from(x, (level, i) => (level / 255 - mean[i % 3]!) / deviation[i % 3]!);
}

/** The values of tensors, which are then disposed of. */
async function taken(tensors: Tensor[]): Promise<Float32Array[]> {
  try {
    return await Promise.all(tensors.map(async (tensor) => (await tensor.data()) as Float32Array));
  } finally {
    for (const tensor of tensors) tensor.dispose();
  }
}

/** Mean and Bessel-corrected variance of a batch, [channels] each. */
interface BatchStatistics {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

async function statisticsOf({ mean, variance, count }: BatchMoments): Promise<BatchStatistics> {
  const [means, variances] = await taken([mean, variance]);
  const unbiased = count > 1 ? count / (count - 1) : 1;
  return { mean: means!, variance: variances!.map((v) => v * unbiased) };
}
