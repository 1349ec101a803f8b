/** Every map of the registry, and the diagnostics on orbits whose answers are known. */
import { describe, expect, test } from 'vitest';
import {
  type ChaoticMap,
  cycleLength,
  defaultParams,
  logisticMap,
  logisticOrbit,
  lorenzMap,
  lorenzOrbit,
  lyapunovSpectrum,
  type MapName,
  mapCycle,
  mapNamed,
  mapOrbit,
  maps,
  permutationEntropy,
  precisions,
  zeroOneTest,
} from '../../src/chaos/index.ts';
import { checkParams, deriveKeys, parametersFromSigmoid, presets } from '../../src/cipher/index.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';

describe.each(Object.entries<ChaoticMap>(maps))('%s', (name, map) => {
  test('bears its name', () => expect(map.name).toBe(name));

  const params = defaultParams(map);

  test('stays in its domain', () => {
    map.domain.forEach(([low, high], axis) => {
      const orbit = mapOrbit(map, 5000, { axis, burnIn: 1000 });
      expect(orbit.every((value) => value >= low && value <= high)).toBe(true);
    });
  });

  test('has the derivative that differences show', () => {
    const state = Float64Array.from(map.domain, ([low, high]) => low + 0.31 * (high - low));
    const jacobian = new Float64Array(map.dimension ** 2);
    map.jacobian(params)(state, jacobian);
    const moved = (axis: number, by: number): Float64Array => {
      const s = state.slice();
      s[axis]! += by;
      map.step(params, precisions.float64)(s);
      return s;
    };
    for (let j = 0; j < map.dimension; j++) {
      const [up, down] = [moved(j, 1e-6), moved(j, -1e-6)];
      for (let i = 0; i < map.dimension; i++)
        expect(Math.abs((up[i]! - down[i]!) / 2e-6 - jacobian[i * map.dimension + j]!)).toBeLessThan(1e-6);
    }
  });

  test('is chaotic at its own parameters, with the exponent that it states', () => {
    const found = lyapunovSpectrum(map, params, 20_000, 5000)[0]! / map.exponent;
    expect(found).toBeGreaterThan(0.5); // 20 time units of a flow say no more
    expect(found).toBeLessThan(2);
  });

  test('encrypts: keys of any of its drawn parameters, other ones for others', () => {
    const shape = { width: 9, height: 7, channels: 1, depth: 8 } as const;
    const ends = [0, 0.5, 1].map((at) =>
      map.parameters.map(({ drawn: [low, high] }) => low + at * (high - low)),
    );
    const keys = ends.map((each) => deriveKeys(name as MapName, each, shape, presets.sound).zKey.join());
    expect(new Set(keys).size).toBe(3);
    expect(
      parametersFromSigmoid(
        name as MapName,
        params.map(() => 0.5),
      ),
    ).toEqual(ends[1]);
    expect(checkParams(name as MapName, params)).toEqual([]);
    expect(() => checkParams(name as MapName, [...params, 1])).toThrow(/expected \d parameter/);
  });

  test('float32 gives float32 numbers and another orbit', () => {
    const single = mapOrbit(map, 3000, { round: precisions.float32 });
    expect(single.every((value) => Math.fround(value) === value)).toBe(true);
    expect(single).not.toEqual(mapOrbit(map, 3000));
  });
});

test('the registered maps are those of the cipher, to the bit', () => {
  expect(mapOrbit(logisticMap, 1000)).toEqual(logisticOrbit(3.95, 0.01, 1000));
  expect(mapOrbit(lorenzMap, 1000)).toEqual(lorenzOrbit([10, 28, 2.667], [0.01, 0.02, 0.03], 1000).z);
});

describe('Lyapunov spectrum', () => {
  test('of the tent map is ln mu', () =>
    expect(lyapunovSpectrum(mapNamed('tent'), [1.7], 1000)[0]).toBeCloseTo(Math.log(1.7), 12));
  test('of the logistic map at r = 4 is ln 2', () =>
    expect(Math.abs(lyapunovSpectrum(logisticMap, [4])[0]! - Math.LN2)).toBeLessThan(0.01));
  test('of the Henon map adds up to ln b; published 0.4192 and -1.6232', () => {
    const [first, second] = lyapunovSpectrum(mapNamed('henon'));
    expect(first! + second!).toBeCloseTo(Math.log(0.3), 10);
    expect(Math.abs(first! - 0.4192)).toBeLessThan(0.01);
  });
});

describe('cycles', () => {
  test.each(['float64', 'float32'] as const)('as those of cycleLength in %s', (precision) => {
    const [r, limit] = [precision === 'float64' ? 3.83 : 3.9999, 1e5];
    const single = { limit, float32: precision === 'float32' };
    expect(mapCycle(logisticMap, [r], [0.1], precision, limit).length).toBe(cycleLength(r, 0.1, single));
  });
  test('16 bits come back soon; a small limit is said', () => {
    expect(mapCycle(logisticMap, [3.95], [0.01], 'fixed16', 2 ** 18).length).toBeGreaterThan(0);
    expect(mapCycle(logisticMap, [3.95], [0.01], 'float64', 100)).toEqual({ length: null, note: 'limit' });
  });
  test('the tent map at mu = 2 falls to 0 in float64', () =>
    expect(mapCycle(mapNamed('tent'), [2], [0.01], 'float64', 5000).length).toBe(1));
});

describe('0-1 test and permutation entropy', () => {
  const random = () => stream(1, 'c');
  test('chaos gives K near 1, period 3 near 0', () => {
    expect(zeroOneTest(mapOrbit(logisticMap, 600, { params: [4] }), random())).toBeGreaterThan(0.98);
    const periodic = mapOrbit(logisticMap, 600, { params: [3.83], burnIn: 1000 });
    expect(Math.abs(zeroOneTest(periodic, random()))).toBeLessThan(0.1);
  });
  test('patterns of Bandt and Pompe: 4, 7, 9, 10, 6, 11, 3', () => {
    // Their example: orders 012 twice, 201 twice, 102 once.
    const bits = 0.4 * Math.log2(2.5) * 2 + 0.2 * Math.log2(5);
    const found = permutationEntropy(Float64Array.of(4, 7, 9, 10, 6, 11, 3), 3);
    expect(found).toBeCloseTo(bits / Math.log2(6), 12);
  });
  test('a rising series has none, noise nearly all', () => {
    expect(permutationEntropy(Float64Array.from({ length: 50 }, (_, i) => i))).toBe(0);
    const noise = stream(2, 'noise');
    const series = Float64Array.from({ length: 50_000 }, () => noise.next());
    expect(1 - permutationEntropy(series, 4)).toBeLessThan(3e-4);
  });
});

test.each<[string, () => unknown, RegExp]>([
  ['an unknown map', () => mapNamed('arnold'), /expected one of logistic, lorenz, .*got "arnold"/],
  ['a parameter out of range', () => mapOrbit(logisticMap, 9, { params: [5] }), /"r" .*from 0 to 4, got 5/],
  ['too many', () => lyapunovSpectrum(logisticMap, [1, 2]), /expected 1 parameter \(r\), got 2/],
  ['an orbit that escapes', () => mapOrbit(mapNamed('henon'), 99, { start: [3, 3] }), /diverges/],
  ['a short series', () => zeroOneTest(new Float64Array(99), stream(1)), /at least 100 values, got 99/],
  ['an order', () => permutationEntropy(new Float64Array(99), 1), /"order" .* from 2 to 8, got 1/],
  ['a series below the order', () => permutationEntropy(new Float64Array(2), 3), /at least 3 values, got 2/],
])('refuses %s', (_, work, message) => {
  expect(work).toThrow(InputError);
  expect(work).toThrow(message);
});
