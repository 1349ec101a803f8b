/**
 * Henon map (Henon 1976, Commun. Math. Phys. 50:69): x[n+1] = 1 - a x^2 + y, y[n+1] = b x. Chaotic at a = 1.4, b = 0.3,
 * exponents 0.4192 and -1.6232 (their sum is ln b exactly); x in [-1.29, 1.28]. Most other starts and larger a escape.
 */
import type { ChaoticMap } from './map.ts';

export const henonMap: ChaoticMap = {
  name: 'henon',
  dimension: 2,
  parameters: [
    { name: 'a', value: 1.4, range: [0, 1.42], drawn: [1.36, 1.4] },
    { name: 'b', value: 0.3, range: [-1, 1], drawn: [0.28, 0.3] },
  ],
  exponent: 0.419,
  start: [0.01, 0.02],
  domain: [
    [-1.3, 1.3],
    [-0.4, 0.4],
  ],
  output: 0,
  time: 1,
  stride: 1,
  step(params, f) {
    const [a, b] = params.map(f) as [number, number];
    return (s) => {
      const x = s[0]!;
      s[0] = f(f(1 - f(a * f(x * x))) + s[1]!);
      s[1] = f(b * x);
    };
  },
  jacobian:
    ([a, b]) =>
    (s, out) => {
      out.set([-2 * a! * s[0]!, 1, b!, 0]);
    },
};
