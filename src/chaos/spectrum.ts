/**
 * Lyapunov spectrum of any map (Benettin, Galgani, Giorgilli, Strelcyn 1980, Meccanica 15:9): d tangent vectors are
 * moved by the step's derivative and made orthogonal again after each step (modified Gram-Schmidt); the mean logarithms
 * of their lengths are the exponents, largest first. Natural logarithms in the map's own time (a flow's divided by dt).
 * A positive one is chaos, two are hyperchaos. Error about 1/sqrt(n) of a one-dimensional map.
 */
import type { MapParams } from '../shared/types.ts';
import { type ChaoticMap, checkFinite, checkMapParams, defaultParams, exact, type Weakness } from './map.ts';

/**
 * All exponents over `n` steps after `burnIn` steps.
 * @returns one a coordinate; -Infinity for a direction that is lost altogether
 * @throws InputError if a parameter is out of range or the orbit diverges
 */
export function lyapunovSpectrum(
  map: ChaoticMap,
  params: MapParams = defaultParams(map),
  n = 100_000,
  burnIn = 10_000,
): number[] {
  checkMapParams(map, params);
  const d = map.dimension;
  const next = map.step(params, exact);
  const derivative = map.jacobian(params);
  const state = Float64Array.from(map.start);
  for (let k = 0; k < burnIn; k++) next(state);
  const jacobian = new Float64Array(d * d);
  const sums = new Float64Array(d);
  let frame: Float64Array[] = Array.from({ length: d }, (_, i) =>
    Float64Array.from({ length: d }, (_, j) => +(i === j)),
  );
  for (let k = 0; k < n; k++) {
    derivative(state, jacobian);
    frame = frame.map((vector) => product(jacobian, vector));
    orthonormalise(frame, sums);
    next(state);
  }
  checkFinite(map, params, state);
  return Array.from(sums, (sum) => sum / (n * map.time)).sort((a, b) => b - a);
}

function product(matrix: Float64Array, vector: Float64Array): Float64Array {
  const d = vector.length;
  const out = new Float64Array(d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i]! += matrix[i * d + j]! * vector[j]!;
  return out;
}

/** Adds the logarithm of each length to `sums`. A vector that vanished stays 0. */
function orthonormalise(frame: readonly Float64Array[], sums: Float64Array): void {
  frame.forEach((vector, k) => {
    for (const before of frame.slice(0, k)) {
      const along = dot(vector, before);
      for (let i = 0; i < vector.length; i++) vector[i]! -= along * before[i]!;
    }
    const length = Math.sqrt(dot(vector, vector));
    sums[k]! += Math.log(length);
    if (length > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** When the map's parameters are weak: its own test, or that of the exponent. */
export const weaknessOf = (map: ChaoticMap): Weakness =>
  map.weakness ?? {
    test: `parameters of the ${map.name} map without chaos (largest Lyapunov exponent below a tenth of ${map.exponent})`,
    // A cycle of a flow has exponent 0, which a finite orbit shows as a little more.
    holds: (params) => lyapunovSpectrum(map, params, 30_000, 20_000)[0]! < map.exponent / 10,
  };
