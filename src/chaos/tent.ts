/**
 * Tent map: x[n+1] = mu min(x, 1 - x). Range: 0 < mu <= 2, x in [0, 1]; chaotic for mu > 1, where the Lyapunov
 * exponent is ln mu exactly (Collet and Eckmann 1980, Iterated Maps on the Interval). At mu = 2 a step only shifts
 * binary digits: every float64 orbit reaches 0 within 1,100 steps, hence 1.99 here.
 */
import { type ChaoticMap, onUnitInterval } from './map.ts';

export const tentMap: ChaoticMap = {
  name: 'tent',
  ...onUnitInterval,
  parameters: [{ name: 'mu', value: 1.99, range: [0, 2], drawn: [1.9, 1.999] }],
  exponent: 0.6881,
  step([mu], f) {
    const m = f(mu!);
    return (s) => {
      s[0] = f(m * Math.min(s[0]!, f(1 - s[0]!)));
    };
  },
  jacobian:
    ([mu]) =>
    (s, out) => {
      out[0] = s[0]! < 0.5 ? mu! : -mu!;
    },
};
