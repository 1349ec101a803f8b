/** Block lengths: those that SP 800-22 advises let every test run that can, and departures are named. */
import { expect, test } from 'vitest';
import { advisedLengths, departures, lengthsNamed } from '../../src/nist/block-lengths.ts';
import { battery } from '../../src/nist/index.ts';
import { nistDefaults, testNames } from '../../src/nist/types.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import { randomBits } from './_random.ts';

test.each([10_000, 20_000, 65_536, 100_000, 524_288, 1_000_000, 10_000_000])(
  'advised lengths for %d bits follow the advice',
  (n) => {
    const options = { ...nistDefaults, ...advisedLengths(n) };
    const tests = testNames.filter((name) => name !== 'linear-complexity' || n >= 100_000);
    expect(departures(n, options, tests)).toEqual([]);
  },
);

test('100,000 bits: serial and approximate entropy run with advised lengths, serial does not with those of the program', () => {
  const bits = randomBits(100_000, stream(1, 'advised lengths'));
  const run = (options: object) =>
    battery(bits, options, ['block-frequency', 'serial', 'approximate-entropy']);
  expect(run({}).map((one) => 'notApplicable' in one)).toEqual([false, true, false]);
  for (const one of run(advisedLengths(100_000)))
    expect(Math.min(...('subTests' in one ? one.subTests : []).map(({ p }) => p))).toBeGreaterThan(1e-4);
});

test('departures are named with the section', () => {
  const [only, ...others] = departures(1_000_000, nistDefaults, testNames);
  expect(only).toBe(
    'block-frequency: M = 128; SP 800-22 2.2.7: M >= 20, M > 0.01 n, fewer than 100 blocks, such as 10001 (--block-lengths advised)',
  );
  expect(others).toEqual([]);
  expect(departures(1_000_000, nistDefaults, ['frequency', 'serial'])).toEqual([]);
  expect(departures(1000, { ...nistDefaults, serialM: 8 }, ['serial'])).toHaveLength(1);
});

test('lengths by name', () => {
  expect(lengthsNamed('block-frequency=1000, serial=13', 1e6)).toEqual({
    blockFrequencyM: 1000,
    serialM: 13,
  });
  expect(lengthsNamed('advised', 1e6)).toEqual(advisedLengths(1e6));
  for (const bad of ['', 'runs=3', 'serial', 'serial=x', 'serial=1=2', 'serial=-3'])
    expect(() => lengthsNamed(bad, 1e6)).toThrow(InputError);
});
