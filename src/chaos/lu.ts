/**
 * Lu system (Lu and Chen 2002, Int. J. Bifurcation Chaos 12:659), between Lorenz's and Chen's:
 *   dx/dt = a (y - x),  dy/dt = -x z + c y,  dz/dt = x y - b z.
 * Chaotic at (36, 3, 20); c in 12.7..28.5 with a = 36, b = 3.
 * Forward Euler with dt = 0.001, each operation in the order written: not the flow. Largest exponent, in its own time,
 * 0.42 (2 million steps), that of the flow 1.34 (Runge-Kutta, dt = 0.002, 3 million steps).
 */
import { eulerMap } from './_flow.ts';
import type { ChaoticMap } from './map.ts';

const dt = 0.001;

export const luMap: ChaoticMap = {
  name: 'lu',
  dimension: 3,
  parameters: [
    { name: 'a', value: 36, range: [30, 40], drawn: [35, 37] },
    { name: 'b', value: 3, range: [1, 5], drawn: [2.8, 3.2] },
    { name: 'c', value: 20, range: [12, 29], drawn: [19, 21] },
  ],
  exponent: 0.42,
  start: [0.01, 0.02, 0.03],
  domain: [
    [-30, 30],
    [-35, 35],
    [0, 60],
  ],
  output: 2,
  time: dt,
  stride: 100,
  ...eulerMap(
    dt,
    ([a, b, c], f) =>
      (s, slope) => {
        slope[0] = f(a! * f(s[1]! - s[0]!));
        slope[1] = f(f(c! * s[1]!) - f(s[0]! * s[2]!));
        slope[2] = f(f(s[0]! * s[1]!) - f(b! * s[2]!));
      },
    ([a, b, c], s) => [-a!, a!, 0, -s[2]!, c!, -s[0]!, s[1]!, s[0]!, -b!],
  ),
};
