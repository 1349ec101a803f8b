/**
 * Sine map: x[n+1] = a sin(pi x). Range: 0 < a <= 1, x in [0, 1]; the logistic map's twin (r = 4a), chaotic for most
 * a > 0.8656 with periodic windows (May 1976, Nature 261:459, on maps with one hump). Math.sin is not the same to the
 * last bit on all machines: an orbit is reproducible for about 50 steps only.
 */
import { type ChaoticMap, onUnitInterval } from './map.ts';

export const sineMap: ChaoticMap = {
  name: 'sine',
  ...onUnitInterval,
  parameters: [{ name: 'a', value: 0.99, range: [0, 1], drawn: [0.95, 1] }],
  exponent: 0.599,
  step([a], f) {
    const [scale, pi] = [f(a!), f(Math.PI)];
    return (s) => {
      s[0] = f(scale * f(Math.sin(f(pi * s[0]!))));
    };
  },
  jacobian:
    ([a]) =>
    (s, out) => {
      out[0] = a! * Math.PI * Math.cos(Math.PI * s[0]!);
    },
};
