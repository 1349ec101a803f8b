/**
 * 2D logistic-adjusted-sine map (Hua and Zhou 2016, Information Sciences 339:237):
 *   x[n+1] = sin(pi mu (y[n] + 3) x[n] (1 - x[n])),  y[n+1] = sin(pi mu (x[n+1] + 3) y[n] (1 - y[n])).
 * Range: 0 <= mu <= 1, hyperchaotic for mu from 0.44 to 0.93 by its authors; (0, 0) is a fixed point.
 * Math.sin is the engine's own: the last bits, and with them the orbit, may differ between engines.
 */
import { InputError } from '../shared/errors.ts';

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
