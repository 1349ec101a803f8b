import { expect, test } from 'vitest';
import { logisticIterates, logisticOrbit } from '../../src/chaos/index.ts';

test('first iterates at r = 3.95, x0 = 0.01, equal in Python and here', () => {
  const orbit = logisticOrbit(3.95, 0.01, 100);
  expect([orbit[0], orbit[1], orbit[2], orbit[9], orbit[99]]).toEqual([
    0.039105, 0.14842440595125003, 0.4992586765936109, 0.5596782162348793, 0.7003890527302608,
  ]);
});

test('at r = 2 the orbit of 0.25 reaches the fixed point 1 - 1/r', () => {
  expect(logisticOrbit(2, 0.25, 8).at(-1)).toBe(0.5);
});

test('burn-in drops the first iterates and nothing else', () => {
  expect([...logisticOrbit(3.9, 0.3, 5, 7)]).toEqual([...logisticOrbit(3.9, 0.3, 12).subarray(7)]);
});

test('blocks continue each other', () => {
  const whole = logisticOrbit(3.99, 0.02, 10);
  const [a, b] = [new Float64Array(4), new Float64Array(6)];
  logisticIterates(3.99, logisticIterates(3.99, 0.02, a), b);
  expect([...a, ...b]).toEqual([...whole]);
});

test.each([0, -1, 4.0000001, Number.NaN, Infinity])('r = %s is refused', (r) => {
  expect(() => logisticOrbit(r, 0.5, 1)).toThrow(/"r" expected a number in \(0, 4\]/);
});

test.each([0, 1, -0.1, Number.NaN])('x0 = %s is refused', (x0) => {
  expect(() => logisticOrbit(3.9, x0, 1)).toThrow(/"x0" expected/);
});
