/**
 * Unified chaotic system (Lu, Chen, Cheng, Celikovsky 2002, Int. J. Bifurcation Chaos 12:2917), a in [0, 1]:
 *   dx/dt = (25a + 10) (y - x),  dy/dt = (28 - 35a) x - x z + (29a - 1) y,  dz/dt = x y - (8 + a) z / 3,
 * the Lorenz system at a = 0, Lu's at 0.8, Chen's at 1, chaotic between. Forward Euler with dt = 0.001, as chen.ts.
 * Largest exponent 0.92 at a = 0, 2.07 at 0.5, 1.83 at 1 (1 million steps).
 * It belongs to one peer (cipher/peers/unified-dna.ts) and is no map of options.
 */
import { eulerMap } from './_flow.ts';
import type { ChaoticMap } from './map.ts';

const dt = 0.001;

/** Of y - x, x, y and z. */
const coefficients = (a: number) => [25 * a + 10, 28 - 35 * a, 29 * a - 1, (8 + a) / 3] as const;

export const unifiedMap: ChaoticMap = {
  name: 'unified',
  dimension: 3,
  parameters: [{ name: 'a', value: 0.5, range: [0, 1], drawn: [0, 1] }],
  exponent: 2.07,
  start: [0.1, 0.2, 15],
  domain: [
    [-40, 40],
    [-45, 45],
    [0, 75],
  ],
  output: 0,
  time: dt,
  stride: 100,
  ...eulerMap(
    dt,
    ([a], f) => {
      const [sigma, rho, gain, beta] = coefficients(a!).map(f) as [number, number, number, number];
      return (s, slope) => {
        slope[0] = f(sigma * f(s[1]! - s[0]!));
        slope[1] = f(f(f(rho * s[0]!) - f(s[0]! * s[2]!)) + f(gain * s[1]!));
        slope[2] = f(f(s[0]! * s[1]!) - f(beta * s[2]!));
      };
    },
    ([a], s) => {
      const [sigma, rho, gain, beta] = coefficients(a!);
      return [-sigma, sigma, 0, rho - s[2]!, gain, -s[0]!, s[1]!, s[0]!, -beta];
    },
  ),
};
