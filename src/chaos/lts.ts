/**
 * LTS, logistic-tent system (Zhou, Bao, Chen 2014, Signal Processing 97:172): with u = min(x, 1 - x),
 *   x[n+1] = (r x (1 - x) + (4 - r) u / 2) mod 1.
 * Range: 0 < r <= 4, x in [0, 1); chaotic over all of it, as the authors say, the exponent lying near ln 2.
 */
import { type ChaoticMap, onUnitInterval } from './map.ts';

export const ltsMap: ChaoticMap = {
  name: 'lts',
  ...onUnitInterval,
  parameters: [{ name: 'r', value: 3.6, range: [0, 4], drawn: [3, 4] }],
  exponent: 0.685,
  step([given], f) {
    const r = f(given!);
    const tent = f(4 - r);
    return (s) => {
      const x = s[0]!;
      const rest = f(1 - x);
      s[0] = f(f(f(f(r * x) * rest) + f(f(tent * Math.min(x, rest)) / 2)) % 1);
    };
  },
  jacobian:
    ([r]) =>
    (s, out) => {
      out[0] = r! * (1 - 2 * s[0]!) + ((4 - r!) / 2) * (s[0]! < 0.5 ? 1 : -1);
    },
};
