/** The chaotic sequences behind x_key, y_key and z_key, read block by block. */
import { checkLogistic, logisticIterates, logisticIterates32, logisticSamples } from '../chaos/logistic.ts';
import { checkLorenz, type LorenzState } from '../chaos/lorenz.ts';
import {
  emptyOrbit,
  encryptLorenz,
  type FusedPicture,
  lorenzIterates,
  lorenzSamples,
} from '../chaos/lorenz-fast.ts';
import { type ChaoticMap, checkFinite } from '../chaos/map.ts';
import { type MapName, mapNamed } from '../chaos/maps.ts';
import { precisions } from '../chaos/precision.ts';
import type { MapParams } from '../shared/types.ts';
import type { Samples } from './keys.ts';
import type { PaperOptions } from './options.ts';
import { checkParams } from './parameters.ts';

/** One endless sequence: each call fills `out` with its next values. */
export interface Sequence {
  (out: Float64Array): void;
  /** The next values as floor(|v| m) mod 2^bits, in one loop with the orbit; only the commonest orbits have it. */
  samples?: (out: Samples, multiplier: number) => void;
  /** The same, and the picture encrypted with them, in one loop: Lorenz's (lorenz-fast.ts). */
  encrypt?: (picture: FusedPicture, multiplier: number) => void;
}

/** Read x first, then y, then z: they may be one orbit cut in three. */
export interface Sequences {
  readonly x: Sequence;
  readonly y: Sequence;
  readonly z: Sequence;
}

/** Values a block: 32 kB, which stays in the first-level cache, and one divergence check each. */
export const blockLength = 4096;

/**
 * The three sequences of a map under the given options.
 * @throws InputError if a parameter or a start is out of range
 */
export function sequencesOf(map: MapName, params: MapParams, options: PaperOptions): Sequences {
  return (fast[map] ?? anySequences(map))(params, options);
}

/** Maps with loops of their own; any other map takes steps. */
const fast: Partial<Record<MapName, (params: MapParams, options: PaperOptions) => Sequences>> = {
  logistic: logisticSequences,
  lorenz: lorenzSequences,
};

/**
 * A flow gives its three coordinates. Any other map gives three orbits, whose first coordinate starts at the three
 * starts.
 */
const anySequences =
  (name: MapName) =>
  (params: MapParams, options: PaperOptions): Sequences => {
    const map = mapNamed(name);
    checkParams(name, params);
    const sequence = (k: 0 | 1 | 2): Sequence => {
      const start = map.dimension === 3 ? options.starts : [options.starts[k], ...map.start.slice(1)];
      return stepped(map, params, start, map.dimension === 3 ? k : map.output, options);
    };
    return { x: sequence(0), y: sequence(1), z: sequence(2) };
  };

function stepped(
  map: ChaoticMap,
  params: MapParams,
  start: readonly number[],
  axis: number,
  options: PaperOptions,
): Sequence {
  const state = Float64Array.from(start);
  const step = map.step(params, precisions[options.precision]);
  const next: Sequence = (out) => {
    for (let i = 0; i < out.length; i++) {
      step(state);
      out[i] = state[axis]!;
    }
    checkFinite(map, params, state);
  };
  drop(next, options.burnIn);
  return options.firstValue === 'start' ? startingWith(state[axis]!, next) : next;
}

function logisticSequences(params: MapParams, options: PaperOptions): Sequences {
  const [x, y, z] = options.starts;
  if (options.logistic.orbits === 'three')
    return {
      x: logistic(params, x, options),
      y: logistic(params, y, options),
      z: logistic(params, z, options),
    };
  const orbit = logistic(params, x, options);
  return { x: orbit, y: orbit, z: orbit };
}

function logistic(params: MapParams, x0: number, options: PaperOptions): Sequence {
  const r = params[0]!;
  checkLogistic(r, x0);
  const iterates = options.precision === 'float32' ? logisticIterates32 : logisticIterates;
  let state = x0;
  const next: Sequence = (out) => {
    state = iterates(r, state, out);
  };
  if (options.precision === 'float64')
    next.samples = (out, multiplier) => {
      state = logisticSamples(r, state, multiplier, out);
    };
  drop(next, options.burnIn);
  return options.firstValue === 'start' ? startingWith(state, next) : next;
}

function lorenzSequences(params: MapParams, options: PaperOptions): Sequences {
  checkLorenz(params, options.lorenz);
  return { x: lorenz(params, options, 0), y: lorenz(params, options, 1), z: lorenz(params, options, 2) };
}

/**
 * One coordinate of the trajectory. Each coordinate runs its own copy: x and y need only W and H states
 * of the W * H * C, so this costs next to nothing and keeps the three independent.
 */
function lorenz(params: MapParams, options: PaperOptions, axis: 0 | 1 | 2): Sequence {
  const name = (['x', 'y', 'z'] as const)[axis];
  const steps = { ...options.lorenz, precision: options.precision };
  let scratch = emptyOrbit(0);
  let state: LorenzState = options.starts;
  const next: Sequence = (out) => {
    if (scratch.x.length !== out.length) scratch = emptyOrbit(out.length);
    state = lorenzIterates(params, steps, state, { ...scratch, [name]: out });
  };
  if (axis === 2 && options.precision === 'float64' && steps.integrator === 'euler') {
    next.samples = (out, multiplier) => {
      state = lorenzSamples(params, steps.dt, state, multiplier, out);
    };
    next.encrypt = (picture, multiplier) => {
      state = encryptLorenz(params, steps.dt, state, multiplier, picture);
    };
  }
  drop(next, options.burnIn);
  return options.firstValue === 'start' ? startingWith(state[axis], next) : next;
}

/** Reads `n` values and forgets them. */
export function drop(next: Sequence, n: number): void {
  const block = new Float64Array(Math.min(n, blockLength));
  for (let left = n; left > 0; left -= block.length) next(block.subarray(0, left));
}

/** The same sequence with one value before it. */
function startingWith(first: number, next: Sequence): Sequence {
  let waiting = true;
  return (out) => {
    if (!waiting || out.length === 0) return next(out);
    waiting = false;
    out[0] = first;
    next(out.subarray(1));
  };
}

/** The next `n` values. */
export function take(sequence: Sequence, n: number): Float64Array {
  const values = new Float64Array(n);
  sequence(values);
  return values;
}
