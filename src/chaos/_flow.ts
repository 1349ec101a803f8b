/** A three-dimensional flow as a map: forward Euler, s + dt f(s), all of f from the old state. */
import type { MapParams } from '../shared/types.ts';
import type { ChaoticMap, Round } from './map.ts';

/** Writes the right side of the system at s = (x, y, z). */
export type Field = (params: MapParams, round: Round) => (s: Float64Array, slope: Float64Array) => void;
/** Its derivative, row-major 3 x 3. */
export type FieldJacobian = (params: MapParams, s: Float64Array) => readonly number[];

export const eulerMap = (
  dt: number,
  field: Field,
  derivative: FieldJacobian,
): Pick<ChaoticMap, 'step' | 'jacobian'> => ({
  step(params, f) {
    const slopeAt = field(params.map(f), f);
    const h = f(dt);
    const slope = new Float64Array(3);
    return (s) => {
      slopeAt(s, slope);
      for (let i = 0; i < 3; i++) s[i] = f(s[i]! + f(h * slope[i]!));
    };
  },
  jacobian: (params) => (state, out) => {
    derivative(params, state).forEach((value, at) => {
      out[at] = (at % 4 === 0 ? 1 : 0) + dt * value;
    });
  },
});
