/** The interface of executors. Targets and outputs are float32 [count, outputs]. */
import type { Drawing } from '../data/pairs/drawing.ts';
import type { OptimizerConfig } from '../models/optimizer.ts';
import type { Tensor, Tensors } from '../models/parameters.ts';
import type { Random } from '../shared/random.ts';

/**
 * Images of a batch: codes [count, cells], of which the executor draws the pictures; or pictures [count, size, size, 3],
 * of float32 0-1 or of bytes 0-255.
 */
export type Images = Int32Array | Float32Array | Uint8Array;

/** The images that a network takes: codes of this drawing, float32 pictures of this side, or pictures of bytes. */
export type Input = Drawing | number | Bytes;

export interface Bytes {
  readonly size: number;
  readonly type: 'uint8';
  /** Left out: values 0-1. */
  readonly normal?: Normal;
}

/** A network sees (level / 255 - mean) / deviation, a value a channel. */
export interface Normal {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

export const isDrawing = (input: Input): input is Drawing => typeof input !== 'number' && 'cells' in input;

/** Side of the images. */
export const sideOf = (input: Input): number => (typeof input === 'number' ? input : input.size);

export interface Batch<X extends Images = Images> {
  readonly x: X;
  readonly y: Float32Array;
  readonly count: number;
}

export const precisions = ['float32', 'mixed'] as const;
/** `mixed`: bfloat16 activations, float32 weights and statistics. */
export type Precision = (typeof precisions)[number];

/**
 * What a network's logits become, and its loss: sigmoid outputs and their mean squared error; the logits themselves and
 * theirs; softmax outputs and their cross-entropy, for targets that are one-hot.
 */

export const losses = ['sigmoid', 'linear', 'softmax'] as const;
export type Loss = (typeof losses)[number];

export interface TrainerOptions extends OptimizerConfig {
  /** Left out: sigmoid. */
  readonly loss?: Loss;
  /** Left out: float32. */
  readonly precision?: Precision;
}

/** An engine that reads its tensors asynchronously (WebGPU) answers with a promise, the others at once. */
export type Later<T> = T | Promise<T>;

/** A trainer's state: parameters, statistics, the optimiser's `slotsOf`, and the number of steps taken. */
export interface TrainerState {
  readonly tensors: Tensors;
  readonly steps: number;
}

export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A network in training: its loss and an optimiser. */
export interface Trainer {
  /** One step at a learning rate; `random` draws dropout masks. Returns the loss before the step. */
  step(batch: Batch, rate: number, random: Random): Later<number>;
  /** Outputs [count, outputs] with the running statistics. */
  predict(x: Images, count: number): Later<Float32Array>;
  /** The executor draws in its graph: feed it codes, and let no thread draw ahead. */
  readonly drawsItself?: boolean;
  /** Names and shapes of the state, in order. */
  readonly variables: readonly Variable[];
  /** Steps taken. */
  readonly steps: number;
  /** One of `variables` as it is now: one at a time, so that a checkpoint costs no second copy of the network. */
  read(name: string): Tensor;
  restore(state: TrainerState): void;
  dispose(): void;
}

/** A trained network: sigmoid outputs only. */
export interface Inference {
  predict(x: Images, count: number): Later<Float32Array>;
  dispose(): void;
}

/** Inverted-dropout mask of [count, channels]: 0 with probability `rate`, else 1 / (1 - rate). */
export function dropoutMask(count: number, channels: number, rate: number, random: Random): Float32Array {
  return Float32Array.from({ length: count * channels }, () => (random.next() < rate ? 0 : 1 / (1 - rate)));
}
