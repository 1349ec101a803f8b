/**
 * Chen system (Chen and Ueta 1999, Int. J. Bifurcation Chaos 9:1465):
 *   dx/dt = a (y - x),  dy/dt = (c - a) x - x z + c y,  dz/dt = x y - b z.
 * Chaotic at (35, 3, 28); c in 20..28.4 with a = 35, b = 3.
 * Forward Euler with dt = 0.001, each operation in the order written. Largest exponent, in its own time, 1.84
 * (2 million steps), that of the flow 2.0 (Runge-Kutta, dt = 0.002).
 */
import { eulerMap } from './_flow.ts';
import type { ChaoticMap } from './map.ts';

const dt = 0.001;

export const chenMap: ChaoticMap = {
  name: 'chen',
  dimension: 3,
  parameters: [
    { name: 'a', value: 35, range: [30, 40], drawn: [34, 36] },
    { name: 'b', value: 3, range: [1, 5], drawn: [2.8, 3.2] },
    { name: 'c', value: 28, range: [18, 30], drawn: [27.5, 28.4] },
  ],
  exponent: 1.84,
  start: [0.01, 0.02, 0.03],
  domain: [
    [-40, 40],
    [-45, 45],
    [0, 75],
  ],
  output: 2,
  time: dt,
  stride: 100,
  ...eulerMap(
    dt,
    ([a, b, c], f) => {
      const ca = f(c! - a!);
      return (s, slope) => {
        slope[0] = f(a! * f(s[1]! - s[0]!));
        slope[1] = f(f(f(ca * s[0]!) - f(s[0]! * s[2]!)) + f(c! * s[1]!));
        slope[2] = f(f(s[0]! * s[1]!) - f(b! * s[2]!));
      };
    },
    ([a, b, c], s) => [-a!, a!, 0, c! - a! - s[2]!, c!, -s[0]!, s[1]!, s[0]!, -b!],
  ),
};
