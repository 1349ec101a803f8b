/**
 * Lorenz system (Lorenz 1963, J. Atmos. Sci. 20:130):
 *   dx/dt = sigma (y - x),  dy/dt = rho x - y - x z,  dz/dt = x y - beta z.
 * Range: sigma, rho, beta > 0. Chaotic at (10, 28, 8/3); below rho = sigma (sigma + beta + 3) / (sigma -
 * beta - 1) its two fixed points attract too (`hopfRho`), and an orbit may end on one of them.
 * Float64, in exactly the order written here, so that any language gets the same bits:
 * forward Euler s + dt f(s), or classical Runge-Kutta s + dt/6 (k1 + 2 k2 + 2 k3 + k4). On request each operation is
 * rounded to float32, as on a graphics card. The loops stand in lorenz-fast.ts.
 */
import { InputError } from '../shared/errors.ts';
import type { MapParams } from '../shared/types.ts';
import { eulerMap } from './_flow.ts';
import type { ChaoticMap } from './map.ts';

export type LorenzState = readonly [x: number, y: number, z: number];

/** How the flow becomes a map. */
export interface LorenzSteps {
  readonly integrator: 'euler' | 'rk4';
  /** Step length in the system's own time. */
  readonly dt: number;
  /** Number format of the orbit; float64 unless given. */
  readonly precision?: 'float64' | 'float32';
}

/** One array per coordinate, all of one length. */
export interface LorenzOrbit {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
}

/** The documented default of the paper: Euler, dt = 0.01. */
export const eulerSteps: LorenzSteps = { integrator: 'euler', dt: 0.01 };

// The attractor stays within a few hundred; beyond this an explicit scheme never comes back.
const diverged = 1e100;

/** The state. @throws InputError if it lies where an explicit scheme never comes back from */
export function checkBounded(state: LorenzState, params: MapParams, dt: number): LorenzState {
  if (state.every((value) => Math.abs(value) < diverged)) return state;
  throw new InputError(
    `the Lorenz orbit of sigma ${params[0]}, rho ${params[1]}, beta ${params[2]} with dt ${dt} diverges; ` +
      'choose parameters nearer to 10, 28, 2.667',
  );
}

/** @throws InputError unless the three parameters and dt are finite and positive */
export function checkLorenz(params: MapParams, steps: LorenzSteps): void {
  for (const [i, name] of ['sigma', 'rho', 'beta'].entries()) checkPositive(name, params[i]);
  checkPositive('dt', steps.dt);
}

function checkPositive(name: string, value: number | undefined): void {
  if (Number.isFinite(value) && value! > 0) return;
  throw new InputError(
    `"${name}" expected a finite number above 0, got ${value}; the classical choice is 10, 28, 2.667 with dt 0.01`,
  );
}

/**
 * The rho below which the fixed points other than 0 are stable (Sparrow 1982, The Lorenz Equations):
 * 24.74 at sigma = 10, beta = 8/3; Infinity where sigma <= beta + 1.
 */
export function hopfRho(sigma: number, beta: number): number {
  return sigma > beta + 1 ? (sigma * (sigma + beta + 3)) / (sigma - beta - 1) : Infinity;
}

/** For the diagnostics and the keystream study: the paper's Euler steps. */
export const lorenzMap: ChaoticMap = {
  name: 'lorenz',
  dimension: 3,
  parameters: [
    { name: 'sigma', value: 10, range: [8, 12], drawn: [9, 11] },
    { name: 'rho', value: 28, range: [20, 35], drawn: [26, 32] },
    { name: 'beta', value: 2.667, range: [2, 3.5], drawn: [2.5, 2.9] },
  ],
  exponent: 1.04,
  weakness: {
    test: 'Lorenz rho below the Hopf bifurcation, where a fixed point attracts too',
    holds: ([sigma, rho, beta]) => rho! < hopfRho(sigma!, beta!),
  },
  check: (params) => checkLorenz(params, eulerSteps),
  warnings([sigma, rho, beta]) {
    const limit = hopfRho(sigma!, beta!);
    if (rho! >= limit) return [];
    return [
      `rho = ${rho} is below sigma (sigma + beta + 3) / (sigma - beta - 1) = ${limit.toPrecision(4)}: ` +
        'the orbit may settle on a fixed point and the key become constant',
    ];
  },
  start: [0.01, 0.02, 0.03],
  domain: [
    [-25, 25],
    [-32, 32],
    [0, 60],
  ],
  output: 2,
  time: eulerSteps.dt,
  stride: 50,
  ...eulerMap(
    eulerSteps.dt,
    ([sigma, rho, beta], f) =>
      (s, slope) => {
        slope[0] = f(sigma! * f(s[1]! - s[0]!));
        slope[1] = f(f(f(rho! * s[0]!) - s[1]!) - f(s[0]! * s[2]!));
        slope[2] = f(f(s[0]! * s[1]!) - f(beta! * s[2]!));
      },
    ([sigma, rho, beta], s) => [-sigma!, sigma!, 0, rho! - s[2]!, -1, -s[0]!, s[1]!, s[0]!, -beta!],
  ),
};
