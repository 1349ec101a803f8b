/** From a network's outputs, or from the user's hand, to the parameters of a map. */
import { checkLogistic } from '../chaos/logistic.ts';
import { checkLorenz, eulerSteps, hopfRho } from '../chaos/lorenz.ts';
import { InputError } from '../shared/errors.ts';
import type { MapName, MapParams } from '../shared/types.ts';

/** The parameters' names in their order. */
export const parameterNames: Readonly<Record<MapName, readonly string[]>> = {
  logistic: ['r'],
  lorenz: ['sigma', 'rho', 'beta'],
};

/** The intervals that a network's outputs are spread over. */
export const parameterRanges: Readonly<Record<MapName, [number, number][]>> = {
  logistic: [[3.57, 4]],
  lorenz: [
    [9, 11],
    [26, 32],
    [2.5, 2.9],
  ],
};

/** The fixed parameters of the paper's columns without a network. */
export const baselineParams: Readonly<Record<MapName, number[]>> = {
  logistic: [3.95],
  lorenz: [10, 28, 2.667],
};

const lowest = 2 ** -24; // one step below 1 in float32, so both ends are open

/**
 * p = lo + (hi - lo) s in float64, s clamped to [2^-24, 1 - 2^-24].
 * @param s the network's float32 sigmoid outputs, one per parameter
 * @param ranges [lo, hi] of each parameter
 * @throws InputError if their count is wrong or one is not a number
 */
export function parametersFromSigmoid(
  map: MapName,
  s: ArrayLike<number>,
  ranges: readonly (readonly [number, number])[] = parameterRanges[map],
): number[] {
  checkCount(map, s);
  return ranges.map(([lo, hi], i) => {
    const value = s[i]!;
    if (Number.isNaN(value))
      throw new InputError(`the network gave NaN for ${parameterNames[map][i]}; train it again`);
    return lo + (hi - lo) * Math.min(Math.max(value, lowest), 1 - lowest);
  });
}

/**
 * Checks parameters given by hand; returns warnings about choices that work and are weak.
 * @throws InputError if a parameter is missing or outside its range
 */
export function checkParams(map: MapName, params: MapParams): string[] {
  checkCount(map, params);
  return map === 'logistic' ? logisticWarnings(params[0]!) : lorenzWarnings(params);
}

function logisticWarnings(r: number): string[] {
  checkLogistic(r, 0.5);
  return r <= 3.57
    ? [`r = ${r} is at most 3.57: the logistic map is not chaotic there, the key repeats`]
    : [];
}

function lorenzWarnings(params: MapParams): string[] {
  checkLorenz(params, eulerSteps);
  const [sigma, rho, beta] = params as [number, number, number];
  const limit = hopfRho(sigma, beta);
  if (rho >= limit) return [];
  return [
    `rho = ${rho} is below sigma (sigma + beta + 3) / (sigma - beta - 1) = ${limit.toPrecision(4)}: ` +
      'the orbit may settle on a fixed point and the key become constant',
  ];
}

function checkCount(map: MapName, values: ArrayLike<number>): void {
  const names = parameterNames[map];
  if (!names) throw new InputError(`"map" expected logistic or lorenz, got ${map}`);
  if (values.length !== names.length)
    throw new InputError(
      `the ${map} map expected ${names.length} parameter${names.length > 1 ? 's' : ''} (${names.join(', ')}), ` +
        `got ${values.length}; give --params ${baselineParams[map].join(',')}, for example`,
    );
}
