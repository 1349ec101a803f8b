/**
 * The Lorenz system's loops (lorenz.ts): states, samples, samples that encrypt a picture; Euler and Runge-Kutta; float64 and
 * float32. Each writes its steps out in the order of lorenz.ts, to the bit: a function for one step would return three
 * numbers in an array and cost half as much again. test/chaos/lorenz-fast.test.ts compares all of them with `lorenzMap`.
 * Stores into integer arrays, and the xor, reduce floor(|v| m) modulo a power of two by themselves (ECMAScript ToUint8).
 */
import type { MapParams } from '../shared/types.ts';
import {
  checkBounded,
  checkLorenz,
  eulerSteps,
  type LorenzOrbit,
  type LorenzState,
  type LorenzSteps,
} from './lorenz.ts';

type Samples = Uint8Array | Uint16Array;

/**
 * `n` states of the trajectory from `start`, after `burnIn` states that are dropped; the start is not among them.
 * @param params [sigma, rho, beta]
 * @throws InputError if a parameter is not positive, or the trajectory diverges
 */
export function lorenzOrbit(
  params: MapParams,
  start: LorenzState,
  n: number,
  steps: LorenzSteps = eulerSteps,
  burnIn = 0,
): LorenzOrbit {
  checkLorenz(params, steps);
  const all = emptyOrbit(burnIn + n);
  lorenzIterates(params, steps, start, all);
  return { x: all.x.subarray(burnIn), y: all.y.subarray(burnIn), z: all.z.subarray(burnIn) };
}

/** Room for `n` states. */
export const emptyOrbit = (n: number): LorenzOrbit => ({
  x: new Float64Array(n),
  y: new Float64Array(n),
  z: new Float64Array(n),
});

/**
 * Continues a trajectory: fills `out` with the states that follow `state` and returns the last one.
 * The inner loop of every Lorenz keystream: arguments are not checked, see `checkLorenz`.
 * @throws InputError if the trajectory diverges
 */
export function lorenzIterates(
  params: MapParams,
  steps: LorenzSteps,
  state: LorenzState,
  out: LorenzOrbit,
): LorenzState {
  const advance = integrators[steps.precision ?? 'float64'][steps.integrator];
  return checkBounded(advance(params, steps.dt, state, out), params, steps.dt);
}

const integrators = {
  float64: { euler, rk4: rungeKutta },
  float32: { euler: euler32, rk4: rungeKutta32 },
} as const;

function euler(params: MapParams, dt: number, state: LorenzState, out: LorenzOrbit): LorenzState {
  const [sigma, rho, beta] = params as LorenzState;
  let [x, y, z] = state;
  for (let i = 0; i < out.x.length; i++) {
    const dx = sigma * (y - x);
    const dy = rho * x - y - x * z;
    const dz = x * y - beta * z;
    x += dt * dx;
    y += dt * dy;
    z += dt * dz;
    out.x[i] = x;
    out.y[i] = y;
    out.z[i] = z;
  }
  return [x, y, z];
}

function rungeKutta(params: MapParams, dt: number, state: LorenzState, out: LorenzOrbit): LorenzState {
  const slope = flow(params);
  const half = dt / 2;
  const sixth = dt / 6;
  let s = state;
  for (let i = 0; i < out.x.length; i++) {
    const k1 = slope(s);
    const k2 = slope(shift(s, half, k1));
    const k3 = slope(shift(s, half, k2));
    const k4 = slope(shift(s, dt, k3));
    s = [
      s[0] + sixth * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0]),
      s[1] + sixth * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1]),
      s[2] + sixth * (k1[2] + 2 * k2[2] + 2 * k3[2] + k4[2]),
    ];
    out.x[i] = s[0];
    out.y[i] = s[1];
    out.z[i] = s[2];
  }
  return s;
}

const flow =
  (params: MapParams) =>
  ([x, y, z]: LorenzState): LorenzState => {
    const [sigma, rho, beta] = params as LorenzState;
    return [sigma * (y - x), rho * x - y - x * z, x * y - beta * z];
  };

const shift = (s: LorenzState, h: number, k: LorenzState): LorenzState => [
  s[0] + h * k[0],
  s[1] + h * k[1],
  s[2] + h * k[2],
];

/**
 * Euler's steps in float64, of which floor(|z| m) mod 2^bits is kept: see `logisticSamples`.
 * @throws InputError if the trajectory diverges
 */
export function lorenzSamples(
  params: MapParams,
  dt: number,
  state: LorenzState,
  multiplier: number,
  out: Samples,
): LorenzState {
  const [sigma, rho, beta] = params as LorenzState;
  let [x, y, z] = state;
  for (let i = 0; i < out.length; i++) {
    const dx = sigma * (y - x);
    const dy = rho * x - y - x * z;
    const dz = x * y - beta * z;
    x += dt * dx;
    y += dt * dy;
    z += dt * dz;
    out[i] = Math.abs(z) * multiplier;
  }
  return checkBounded([x, y, z], params, dt);
}

/** Arrays of the loop. */
export interface FusedPicture {
  readonly plain: Samples;
  /** y_index. */
  readonly rows: Int32Array;
  /** x_index, a position for every sample of a row: `sampleColumns`. */
  readonly columns: Int32Array;
  /** Output: z_key, and the encrypted samples. */
  readonly zKey: Samples;
  readonly cipher: Samples;
}

/**
 * Euler's steps, z_key made of z, the permutations and the xor in one loop over the samples. A state waits for the one
 * before it, for nine floating-point operations in two steps, and the sample that it encrypts is fetched meanwhile:
 * 512x512 grey takes 1.08 ms, where the trajectory alone takes 1.06 and the picture after it 0.50. (The logistic map's two
 * operations leave no such room: in one loop it gained 0.1 ms by itself and lost as much beside other work.)
 * @returns the last state of the trajectory
 * @throws InputError if it diverges
 */
export function encryptLorenz(
  params: MapParams,
  dt: number,
  state: LorenzState,
  multiplier: number,
  { plain, rows, columns, zKey, cipher }: FusedPicture,
): LorenzState {
  const [sigma, rho, beta] = params as LorenzState;
  let [x, y, z] = state;
  for (let i = 0, at = 0; i < rows.length; i++) {
    const from = rows[i]! * columns.length;
    for (let k = 0; k < columns.length; k++, at++) {
      const dx = sigma * (y - x);
      const dy = rho * x - y - x * z;
      const dz = x * y - beta * z;
      x += dt * dx;
      y += dt * dy;
      z += dt * dz;
      const sample = Math.abs(z) * multiplier;
      zKey[at] = sample;
      cipher[at] = plain[from + columns[k]!]! ^ sample;
    }
  }
  return checkBounded([x, y, z], params, dt);
}

const f = Math.fround;

// The two integrators with each operation rounded to float32, in the same order.

const flow32 =
  (params: MapParams) =>
  ([x, y, z]: LorenzState): LorenzState => {
    const [sigma, rho, beta] = params.map(f) as unknown as LorenzState;
    return [f(sigma * f(y - x)), f(f(f(rho * x) - y) - f(x * z)), f(f(x * y) - f(beta * z))];
  };

/** s + h k. */
const shift32 = (s: LorenzState, h: number, k: LorenzState): LorenzState => [
  f(s[0] + f(h * k[0])),
  f(s[1] + f(h * k[1])),
  f(s[2] + f(h * k[2])),
];

/** Fills `out` with the states that `next` makes one from another. */
function iterate32(state: LorenzState, out: LorenzOrbit, next: (s: LorenzState) => LorenzState): LorenzState {
  let s: LorenzState = [f(state[0]), f(state[1]), f(state[2])];
  for (let i = 0; i < out.x.length; i++) {
    s = next(s);
    out.x[i] = s[0];
    out.y[i] = s[1];
    out.z[i] = s[2];
  }
  return s;
}

function euler32(params: MapParams, dt: number, state: LorenzState, out: LorenzOrbit): LorenzState {
  const slope = flow32(params);
  const step = f(dt);
  return iterate32(state, out, (s) => shift32(s, step, slope(s)));
}

function rungeKutta32(params: MapParams, dt: number, state: LorenzState, out: LorenzOrbit): LorenzState {
  const slope = flow32(params);
  const [full, half, sixth] = [f(dt), f(f(dt) / 2), f(f(dt) / 6)];
  return iterate32(state, out, (s) => {
    const k1 = slope(s);
    const k2 = slope(shift32(s, half, k1));
    const k3 = slope(shift32(s, half, k2));
    const k4 = slope(shift32(s, full, k3));
    const sum = (i: 0 | 1 | 2): number => f(f(f(k1[i] + f(2 * k2[i])) + f(2 * k3[i])) + k4[i]);
    return shift32(s, sixth, [sum(0), sum(1), sum(2)]);
  });
}
