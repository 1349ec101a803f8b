import { describe, expect, test } from 'vitest';
import { hopfRho, type LorenzState, lorenzOrbit } from '../../src/chaos/index.ts';

const classical = [10, 28, 2.667];
const start: LorenzState = [0.01, 0.02, 0.03];

const state = (n: number, ...rest: [] | [{ integrator: 'euler' | 'rk4'; dt: number }]): number[] => {
  const { x, y, z } = lorenzOrbit(classical, start, n, ...rest);
  return [x.at(-1)!, y.at(-1)!, z.at(-1)!];
};

describe('forward Euler, equal in Python and here', () => {
  test.each([
    [1, [0.011, 0.022597, 0.0292019]],
    [2, [0.012159699999999999, 0.025447817791, 0.028425570997]],
    [10, [0.028996147833454885, 0.06313462678532528, 0.02295489000546333]],
    [1000, [1.222979859715682, 2.3534370806310796, 7.530868718115505]],
    [10000, [-9.290276538946845, -16.705717092891984, 14.308202588929754]],
  ])('state %d', (n, expected) => expect(state(n)).toEqual(expected));
});

test('Runge-Kutta is of fourth order: half the step, a sixteenth of the error', () => {
  const at = (dt: number) => state(Math.round(0.5 / dt), { integrator: 'rk4', dt });
  const exact = at(1 / 4096);
  const error = (dt: number) => Math.hypot(...at(dt).map((v, i) => v - exact[i]!));
  expect(error(1 / 128) / error(1 / 256)).toBeGreaterThan(12);
  expect(error(1 / 128) / error(1 / 256)).toBeLessThan(22);
});

test('burn-in drops the first states and nothing else', () => {
  const late = lorenzOrbit(classical, start, 5, undefined, 7);
  expect([...late.z]).toEqual([...lorenzOrbit(classical, start, 12).z.subarray(7)]);
});

test('the fixed points lose their stability at rho = 24.74 (sigma 10, beta 8/3)', () => {
  expect(hopfRho(10, 8 / 3)).toBeCloseTo(24.7368, 4);
  expect(hopfRho(3, 8 / 3)).toBe(Infinity);
});

test.each([
  ['sigma', [0, 28, 2.667]],
  ['rho', [10, Number.NaN, 2.667]],
  ['beta', [10, 28, Infinity]],
  ['beta', [10, 28]],
])('%s is refused in %s', (name, params) => {
  expect(() => lorenzOrbit(params, start, 1)).toThrow(
    new RegExp(`"${name}" expected a finite number above 0`),
  );
});

test('a trajectory that blows up is an error, not a key of NaN', () => {
  expect(() => lorenzOrbit([10, 28000, 2.667], start, 1000)).toThrow(/diverges/);
});
