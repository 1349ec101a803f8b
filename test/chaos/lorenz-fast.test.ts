/** Every loop of lorenz-fast.ts against plain steps, to the bit: a table of integrators, number formats and outputs. */
import { describe, expect, test } from 'vitest';
import type { LorenzState } from '../../src/chaos/index.ts';
import { precisions, type Round } from '../../src/chaos/index.ts';
import { emptyOrbit, encryptLorenz, lorenzIterates, lorenzSamples } from '../../src/chaos/lorenz-fast.ts';

const params = [10.3, 28.7, 2.6401];
const start: LorenzState = [0.3, 0.2, 17.1];
const dt = 0.01;
const n = 3000;

/** The slope and both integrators, an operation after the other, each rounded. */
function plain(integrator: 'euler' | 'rk4', f: Round): number[][] {
  const [sigma, rho, beta] = params.map(f) as [number, number, number];
  const slope = ([x, y, z]: readonly number[]): number[] => [
    f(sigma * f(y! - x!)),
    f(f(f(rho * x!) - y!) - f(x! * z!)),
    f(f(x! * y!) - f(beta * z!)),
  ];
  const moved = (s: readonly number[], h: number, k: readonly number[]): number[] =>
    s.map((value, i) => f(value + f(h * k[i]!)));
  const [full, half, sixth] = [f(dt), f(f(dt) / 2), f(f(dt) / 6)];
  const step = (s: readonly number[]): number[] => {
    const k1 = slope(s);
    if (integrator === 'euler') return moved(s, full, k1);
    const k2 = slope(moved(s, half, k1));
    const k3 = slope(moved(s, half, k2));
    const k4 = slope(moved(s, full, k3));
    const sum = k1.map((k, i) => f(f(f(k + f(2 * k2[i]!)) + f(2 * k3[i]!)) + k4[i]!));
    return moved(s, sixth, sum);
  };
  const states: number[][] = [];
  let state = start.map(f);
  for (let k = 0; k < n; k++) {
    state = step(state);
    states.push(state);
  }
  return states;
}

const table = (['euler', 'rk4'] as const).flatMap((integrator) =>
  (['float64', 'float32'] as const).map((precision) => ({ integrator, precision })),
);

describe.each(table)('$integrator in $precision', ({ integrator, precision }) => {
  const states = plain(integrator, precisions[precision]);
  test('states', () => {
    const out = emptyOrbit(n);
    const last = lorenzIterates(params, { integrator, dt, precision }, start, out);
    expect(last).toEqual(states.at(-1));
    for (const [i, axis] of (['x', 'y', 'z'] as const).entries())
      expect([...out[axis]]).toEqual(states.map((state) => state[i]));
  });
});

describe.each([
  [8, 1e5],
  [16, 1e7],
  [8, 1e9],
] as const)('samples of %i bits, multiplier %f', (depth, multiplier) => {
  const samples = () => (depth === 8 ? new Uint8Array(n) : new Uint16Array(n));
  const expected = plain('euler', precisions.float64).map((state) =>
    Number(BigInt(Math.floor(Math.abs(state[2]!) * multiplier)) % BigInt(2 ** depth)),
  );
  test('alone', () => {
    const out = samples();
    lorenzSamples(params, dt, start, multiplier, out);
    expect([...out]).toEqual(expected);
  });
  test('and a picture encrypted with them', () => {
    const picture = samples().map((_, k) => 7 * k);
    const rows = Int32Array.from({ length: 30 }, (_, i) => (7 * i) % 30);
    const columns = Int32Array.from({ length: 100 }, (_, j) => (33 * j) % 100);
    const [zKey, cipher] = [samples(), samples()];
    encryptLorenz(params, dt, start, multiplier, { plain: picture, rows, columns, zKey, cipher });
    expect([...zKey]).toEqual(expected);
    const permuted = expected.map((_, k) => picture[100 * rows[Math.floor(k / 100)]! + columns[k % 100]!]!);
    expect([...cipher]).toEqual(permuted.map((value, k) => value ^ expected[k]!));
  });
});
