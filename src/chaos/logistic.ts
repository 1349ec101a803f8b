/**
 * Logistic map (May 1976, Nature 261:459): x[n+1] = r x[n] (1 - x[n]).
 * Range: 0 < x0 < 1, 0 < r <= 4, which keeps x in [0, 1]. Chaotic for most r > 3.57; periodic windows
 * remain (period 3 opens at 1 + sqrt 8 = 3.8284), so test the Lyapunov exponent.
 * Keep the order r * x * (1 - x) and float64: regrouped, orbits part after 50-70 steps. In float32 they are
 * other orbits, and short ones (cycle.ts).
 * Lyapunov exponent: lambda = lim 1/n sum ln |r (1 - 2 x_k)|. Positive: chaos, neighbours part by e^lambda a step; zero or
 * less: a cycle attracts. lambda(4) = ln 2 (Ulam and von Neumann 1947).
 */
import { InputError } from '../shared/errors.ts';
import { type ChaoticMap, onUnitInterval } from './map.ts';

/**
 * Continues an orbit: fills `out` with the iterates that follow `x` and returns the last one.
 * The inner loop of every logistic keystream: arguments are not checked, see `checkLogistic`.
 */
export function logisticIterates(r: number, x: number, out: Float64Array): number {
  let state = x;
  for (let i = 0; i < out.length; i++) {
    state = r * state * (1 - state);
    out[i] = state;
  }
  return state;
}

/**
 * The same orbit, of which floor(v m) mod 2^bits is kept: a store into an integer array truncates and reduces, exactly
 * (ECMAScript ToUint8, ToUint16). It hides behind the multiplications, which wait for each other: 262,144 samples take
 * 0.49 ms, their values alone 0.43 ms.
 */
export function logisticSamples(
  r: number,
  x: number,
  multiplier: number,
  out: Uint8Array | Uint16Array,
): number {
  let state = x;
  for (let i = 0; i < out.length; i++) {
    state = r * state * (1 - state);
    out[i] = state * multiplier;
  }
  return state;
}

/** The same with each operation rounded to float32. */
export function logisticIterates32(r: number, x: number, out: Float64Array): number {
  const next = logisticStep32(r);
  let state = x;
  for (let i = 0; i < out.length; i++) {
    state = next(state);
    out[i] = state;
  }
  return state;
}

/** One iterate in float32. */
export function logisticStep32(r: number): (x: number) => number {
  const { fround } = Math;
  const r32 = fround(r);
  return (x) => {
    const x32 = fround(x);
    return fround(fround(r32 * x32) * fround(1 - x32));
  };
}

/**
 * `n` iterates of the orbit of `x0`, after `burnIn` iterates that are dropped; x0 itself is not among them.
 * @throws InputError if r is outside (0, 4] or x0 outside (0, 1)
 */
export function logisticOrbit(r: number, x0: number, n: number, burnIn = 0): Float64Array {
  checkLogistic(r, x0);
  const orbit = new Float64Array(burnIn + n);
  logisticIterates(r, x0, orbit);
  return orbit.subarray(burnIn);
}

/** @throws InputError if r is outside (0, 4] or x0 outside (0, 1) */
export function checkLogistic(r: number, x0: number): void {
  if (!(r > 0 && r <= 4))
    throw new InputError(`"r" expected a number in (0, 4], got ${r}; a chaotic choice is 3.95`);
  if (!(x0 > 0 && x0 < 1))
    throw new InputError(
      `"x0" expected a number between 0 and 1, got ${x0}; the paper's ancestor takes 0.01`,
    );
}

/**
 * The exponent over `n` iterates from 0.4 after `burnIn`. Error about 0.5/sqrt(n) in chaos.
 * @returns -Infinity on a superstable cycle
 * @throws InputError if r is outside (0, 4]
 */
export function logisticLyapunov(r: number, n = 10_000, burnIn = 1000): number {
  checkLogistic(r, 0.4);
  let x = 0.4;
  for (let k = 0; k < burnIn; k++) x = r * x * (1 - x);
  let sum = 0;
  for (let k = 0; k < n; k++) {
    sum += Math.log(Math.abs(r * (1 - 2 * x)));
    x = r * x * (1 - x);
  }
  return sum / n;
}

/** Share of r in (low, high], on a grid of midpoints, whose exponent is not positive: 10.3 % of (3.57, 4]. */
export function periodicShare(low: number, high: number, points = 2000): number {
  let periodic = 0;
  for (let k = 0; k < points; k++)
    if (logisticLyapunov(low + ((high - low) * (k + 0.5)) / points, 2000, 2000) <= 0) periodic++;
  return periodic / points;
}

const drawn: [low: number, high: number] = [3.57, 4];

export const logisticMap: ChaoticMap = {
  name: 'logistic',
  ...onUnitInterval,
  parameters: [{ name: 'r', value: 3.95, range: [0, 4], drawn }],
  exponent: 0.576,
  weakness: {
    test: 'logistic r in a window without chaos (Lyapunov exponent not positive)',
    holds: ([r]) => logisticLyapunov(r!) <= 0,
    share: () => periodicShare(...drawn),
  },
  weakParams: [3.83], // in the window of period 3
  check: ([r]) => checkLogistic(r!, 0.5),
  warnings: ([r]) =>
    r! <= 3.57 ? [`r = ${r} is at most 3.57: the logistic map is not chaotic there, the key repeats`] : [],
  step([given], f) {
    const r = f(given!);
    return (s) => {
      s[0] = f(f(r * s[0]!) * f(1 - s[0]!));
    };
  },
  jacobian:
    ([r]) =>
    (s, out) => {
      out[0] = r! * (1 - 2 * s[0]!);
    },
};
