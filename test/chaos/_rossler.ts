/**
 * Rossler system (Rossler 1976, Physics Letters A 57:397): dx/dt = -y - z, dy/dt = x + a y, dz/dt = b + z (x - c).
 * Chaotic at (0.2, 0.2, 5.7), largest exponent 0.0714 (Sprott 2003, Chaos and Time-Series Analysis).
 */
import { eulerMap } from '../../src/chaos/_flow.ts';
import type { ChaoticMap } from '../../src/chaos/map.ts';

const dt = 0.005;

export const rosslerMap: ChaoticMap = {
  name: 'rossler',
  dimension: 3,
  parameters: [
    { name: 'a', value: 0.2, range: [0.1, 0.3], drawn: [0.19, 0.21] },
    { name: 'b', value: 0.2, range: [0.1, 0.3], drawn: [0.19, 0.21] },
    { name: 'c', value: 5.7, range: [2, 7], drawn: [5.6, 5.8] },
  ],
  exponent: 0.0714,
  start: [0.01, 0.02, 0.03],
  domain: [
    [-12, 14],
    [-13, 10],
    [0, 30],
  ],
  output: 0,
  time: dt,
  stride: 100,
  ...eulerMap(
    dt,
    ([a, b, c], f) =>
      (s, slope) => {
        slope[0] = f(-s[1]! - s[2]!);
        slope[1] = f(s[0]! + f(a! * s[1]!));
        slope[2] = f(b! + f(s[2]! * f(s[0]! - c!)));
      },
    ([a, , c], s) => [0, -1, -1, 1, a!, 0, s[2]!, 0, s[0]! - c!],
  ),
};
