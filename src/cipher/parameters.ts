/** From a network's outputs, or from the user's hand, to the parameters of a map. */
import { checkCount, checkMapParams, defaultParams } from '../chaos/map.ts';
import { type MapName, mapNamed, ofEachMap } from '../chaos/maps.ts';
import { InputError } from '../shared/errors.ts';
import type { MapParams } from '../shared/types.ts';

/** The parameters' names in their order. */
export const parameterNames = ofEachMap(({ parameters }): readonly string[] =>
  parameters.map(({ name }) => name),
);

/** The intervals that a network's outputs are spread over. */
export const parameterRanges = ofEachMap(({ parameters }) =>
  parameters.map(({ drawn: [low, high] }): [number, number] => [low, high]),
);

/** Fixed parameters without a network; of the paper's maps those of its columns. */
export const baselineParams = ofEachMap(defaultParams);

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
  checkCount(mapNamed(map), s);
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
export function checkParams(name: MapName, params: MapParams): string[] {
  const map = mapNamed(name);
  checkCount(map, params);
  if (map.check) map.check(params);
  else checkMapParams(map, params);
  return map.warnings?.(params) ?? [];
}
