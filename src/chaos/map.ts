/** A chaotic map: one step, its derivative, its chaotic parameters. */
import { InputError } from '../shared/errors.ts';
import type { MapParams } from '../shared/types.ts';

/** Rounds the result of each operation to a number format (precision.ts). */
export type Round = (value: number) => number;

export interface MapParameter {
  readonly name: string;
  /** A chaotic choice, the literature's where there is one. */
  readonly value: number;
  /** Where the map is defined and stays bounded; both ends included. */
  readonly range: readonly [low: number, high: number];
  /** The interval that a network's outputs are spread over; mostly chaotic. */
  readonly drawn: readonly [low: number, high: number];
}

/** Parameters that make no chaos, and a keystream that repeats. */
export interface Weakness {
  /** Why they are weak, a phrase. */
  readonly test: string;
  holds(params: MapParams): boolean;
  /** Its share of parameters that are uniform in their intervals, where it is known better than by drawing some. */
  share?(): number;
}

export interface ChaoticMap {
  /** As in options and files. */
  readonly name: string;
  /** Coordinates of a state. */
  readonly dimension: number;
  readonly parameters: readonly MapParameter[];
  /** Largest Lyapunov exponent at the default parameters, in the map's own time, of a long orbit. */
  readonly exponent: number;
  /** Default: a largest Lyapunov exponent that is not positive (`weaknessOf`). */
  readonly weakness?: Weakness;
  /** Parameters of which an attacker sees that they are weak; default: the map's own, which are not. */
  readonly weakParams?: MapParams;
  /** Default: each in its range. @throws InputError for parameters that the map is not defined for */
  check?(params: MapParams): void;
  /** About parameters that work and are weak. */
  warnings?(params: MapParams): string[];
  /** Default start of an orbit, within the basin of the attractor. */
  readonly start: readonly number[];
  /** The attractor lies within these limits, one for each coordinate, at the default parameters. */
  readonly domain: readonly (readonly [low: number, high: number])[];
  /** The coordinate that makes the keystream. */
  readonly output: number;
  /** Time of a step: 1 of a map, dt of a flow. */
  readonly time: number;
  /** Steps between the values that a time series is judged by; above 1 of a flow, whose neighbours are nearly equal. */
  readonly stride: number;
  /** Moves a state one step on, in place; each operation is rounded. */
  step(params: MapParams, round: Round): (state: Float64Array) => void;
  /** Writes the step's derivative at a state, row-major d x d: entry (i, j) is d next_i / d state_j. */
  jacobian(params: MapParams): (state: Float64Array, out: Float64Array) => void;
}

/** Common fields of maps of [0, 1] to itself. Their start is that of the logistic map in the paper's ancestor. */
export const onUnitInterval = {
  dimension: 1,
  start: [0.01],
  domain: [[0, 1]],
  output: 0,
  time: 1,
  stride: 1,
} as const;

/** The map's own parameters. */
export const defaultParams = (map: ChaoticMap): number[] => map.parameters.map(({ value }) => value);

/** @throws InputError if their number is wrong */
export function checkCount({ name, parameters }: ChaoticMap, { length }: ArrayLike<number>): void {
  if (length === parameters.length) return;
  const names = parameters.map((one) => one.name).join(', ');
  throw new InputError(
    `the ${name} map expected ${parameters.length} parameter${parameters.length > 1 ? 's' : ''} (${names}), ` +
      `got ${length}; give --params ${parameters.map(({ value }) => value).join(',')}, for example`,
  );
}

/** @throws InputError if their number is wrong or one lies outside its range */
export function checkMapParams(map: ChaoticMap, params: MapParams): void {
  checkCount(map, params);
  const { name, parameters } = map;
  parameters.forEach(({ name: which, value, range: [low, high] }, i) => {
    if (!(params[i]! >= low && params[i]! <= high))
      throw new InputError(
        `"${which}" of the ${name} map expected a number from ${low} to ${high}, got ${params[i]}; a chaotic choice is ${value}`,
      );
  });
}

/**
 * Values of one coordinate, every `stride` steps, after `burnIn` steps; the start is not among them.
 * @throws InputError if the orbit leaves the finite numbers
 */
export function mapOrbit(
  map: ChaoticMap,
  n: number,
  {
    params = defaultParams(map),
    start = map.start,
    stride = 1,
    burnIn = 0,
    axis = map.output,
    round = exact,
  } = {},
): Float64Array {
  checkMapParams(map, params);
  const state = Float64Array.from(start);
  const next = map.step(params, round);
  for (let k = 0; k < burnIn; k++) next(state);
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < stride; k++) next(state);
    values[i] = state[axis]!;
  }
  checkFinite(map, params, state);
  return values;
}

/** Float64 as it is. */
export const exact: Round = (value) => value;

/** @throws InputError for a state that is not finite */
export function checkFinite({ name, start }: ChaoticMap, params: MapParams, state: Float64Array): void {
  if (state.every((value) => Math.abs(value) < 1e100)) return;
  throw new InputError(
    `the orbit of the ${name} map with parameters ${params.join(', ')} diverges; start nearer to ${start.join(', ')}`,
  );
}
