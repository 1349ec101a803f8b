/**
 * TSS, tent-sine system (Zhou, Bao, Chen 2014, Signal Processing 97:172): with u = min(x, 1 - x),
 *   x[n+1] = (r u / 2 + (4 - r) sin(pi x) / 4) mod 1.
 * Range: 0 < r <= 4, x in [0, 1); chaotic over all of it, as the authors say. At r = 4 it is the tent map with mu = 2,
 * which falls to 0 in floating point (tent.ts).
 */
import { type ChaoticMap, onUnitInterval } from './map.ts';

export const tssMap: ChaoticMap = {
  name: 'tss',
  ...onUnitInterval,
  parameters: [{ name: 'r', value: 3.6, range: [0, 4], drawn: [2.5, 3.9] }],
  exponent: 0.6926,
  step([given], f) {
    const r = f(given!);
    const [sine, pi] = [f(4 - r), f(Math.PI)];
    return (s) => {
      const x = s[0]!;
      const tent = f(f(r * Math.min(x, f(1 - x))) / 2);
      s[0] = f(f(tent + f(f(sine * f(Math.sin(f(pi * x)))) / 4)) % 1);
    };
  },
  jacobian:
    ([r]) =>
    (s, out) => {
      const tent = (r! / 2) * (s[0]! < 0.5 ? 1 : -1);
      out[0] = tent + ((4 - r!) / 4) * Math.PI * Math.cos(Math.PI * s[0]!);
    },
};
