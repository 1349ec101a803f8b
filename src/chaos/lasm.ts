/**
 * 2D logistic-adjusted-sine map (Hua and Zhou 2016, Information Sciences 339:237):
 *   x[n+1] = sin(pi mu (y[n] + 3) x[n] (1 - x[n])),  y[n+1] = sin(pi mu (x[n+1] + 3) y[n] (1 - y[n])).
 * Range: 0 <= mu <= 1, hyperchaotic for mu from 0.44 to 0.93 by its authors; (0, 0) is a fixed point.
 * Math.sin is the engine's own: the last bits, and with them the orbit, may differ between engines.
 */
import { InputError } from '../shared/errors.ts';
import type { ChaoticMap } from './map.ts';

/**
 * `n` states that follow the start, which is not among them.
 * @throws InputError if mu is outside [0, 1] or the start is not finite
 */
export function lasmOrbit(
  mu: number,
  [x0, y0]: readonly [number, number],
  n: number,
): { x: Float64Array; y: Float64Array } {
  if (!(mu >= 0 && mu <= 1))
    throw new InputError(`"mu" expected a number from 0 to 1, got ${mu}; a chaotic choice is 0.8`);
  if (!Number.isFinite(x0) || !Number.isFinite(y0))
    throw new InputError(`the start expected finite numbers, got ${x0}, ${y0}`);
  const orbit = { x: new Float64Array(n), y: new Float64Array(n) };
  let [x, y] = [x0, y0];
  for (let k = 0; k < n; k++) {
    x = Math.sin(Math.PI * mu * (y + 3) * x * (1 - x));
    y = Math.sin(Math.PI * mu * (x + 3) * y * (1 - y));
    orbit.x[k] = x;
    orbit.y[k] = y;
  }
  return orbit;
}

/** For the diagnostics and the keystream study. */
export const lasmMap: ChaoticMap = {
  name: '2d-lasm',
  dimension: 2,
  parameters: [{ name: 'mu', value: 0.9, range: [0, 1], drawn: [0.8, 0.93] }],
  exponent: 1.062,
  start: [0.01, 0.02],
  domain: [
    [0, 1],
    [0, 1],
  ],
  output: 0,
  time: 1,
  stride: 1,
  step([mu], f) {
    const scale = f(f(Math.PI) * f(mu!));
    const half = (moved: number, other: number): number =>
      f(Math.sin(f(f(f(scale * f(other + 3)) * moved) * f(1 - moved))));
    return (s) => {
      s[0] = half(s[0]!, s[1]!);
      s[1] = half(s[1]!, s[0]!);
    };
  },
  jacobian([mu]) {
    const scale = Math.PI * mu!;
    return (s, out) => {
      const [x, y] = [s[0]!, s[1]!];
      const first = scale * (y + 3) * x * (1 - x);
      const next = Math.sin(first);
      const xx = Math.cos(first) * scale * (y + 3) * (1 - 2 * x);
      const xy = Math.cos(first) * scale * x * (1 - x);
      const outer = Math.cos(scale * (next + 3) * y * (1 - y)) * scale;
      const yx = outer * y * (1 - y);
      out.set([xx, xy, yx * xx, yx * xy + outer * (next + 3) * (1 - 2 * y)]);
    };
  },
};
