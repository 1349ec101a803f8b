/** The Lorenz system's two integrators with each operation rounded to float32, in the order of lorenz.ts. */
import type { MapParams } from '../shared/types.ts';
import type { LorenzOrbit, LorenzState } from './lorenz.ts';

const f = Math.fround;

/** sigma (y - x), rho x - y - x z, x y - beta z. */
const flow =
  (params: MapParams) =>
  ([x, y, z]: LorenzState): LorenzState => {
    const [sigma, rho, beta] = params.map(f) as unknown as LorenzState;
    return [f(sigma * f(y - x)), f(f(f(rho * x) - y) - f(x * z)), f(f(x * y) - f(beta * z))];
  };

/** s + h k. */
const shift = (s: LorenzState, h: number, k: LorenzState): LorenzState => [
  f(s[0] + f(h * k[0])),
  f(s[1] + f(h * k[1])),
  f(s[2] + f(h * k[2])),
];

/** Fills `out` with the states that `next` makes one from another. */
function iterate(state: LorenzState, out: LorenzOrbit, next: (s: LorenzState) => LorenzState): LorenzState {
  let s: LorenzState = [f(state[0]), f(state[1]), f(state[2])];
  for (let i = 0; i < out.x.length; i++) {
    s = next(s);
    out.x[i] = s[0];
    out.y[i] = s[1];
    out.z[i] = s[2];
  }
  return s;
}

export function euler32(params: MapParams, dt: number, state: LorenzState, out: LorenzOrbit): LorenzState {
  const slope = flow(params);
  const step = f(dt);
  return iterate(state, out, (s) => shift(s, step, slope(s)));
}

export function rungeKutta32(
  params: MapParams,
  dt: number,
  state: LorenzState,
  out: LorenzOrbit,
): LorenzState {
  const slope = flow(params);
  const [full, half, sixth] = [f(dt), f(f(dt) / 2), f(f(dt) / 6)];
  return iterate(state, out, (s) => {
    const k1 = slope(s);
    const k2 = slope(shift(s, half, k1));
    const k3 = slope(shift(s, half, k2));
    const k4 = slope(shift(s, full, k3));
    const sum = (i: 0 | 1 | 2): number => f(f(f(k1[i] + f(2 * k2[i])) + f(2 * k3[i])) + k4[i]);
    return shift(s, sixth, [sum(0), sum(1), sum(2)]);
  });
}
