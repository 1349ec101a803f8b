/** Too short, constant, out of range: one sentence that names the minimum; in a battery, not applicable. */
import { describe, expect, test } from 'vitest';
import {
  battery,
  bitsFromBytes,
  bitsFromText,
  type NistOptions,
  nonOverlapping,
  type TestName,
  testNames,
  tests,
  universal,
} from '../../src/nist/index.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import { randomBits } from './_random.ts';

/** The document's minimum lengths; of the non-overlapping templates ours. */
const minimum: Record<TestName, number> = {
  frequency: 100,
  'block-frequency': 128,
  runs: 100,
  'longest-run': 128,
  rank: 38_912,
  dft: 1000,
  'non-overlapping': 41_024,
  overlapping: 1_000_000,
  universal: 387_840,
  'linear-complexity': 1_000_000,
  serial: 524_288,
  'approximate-entropy': 65_536,
  cusum: 100,
  'random-excursions': 1_000_000,
  'random-excursions-variant': 1_000_000,
};
const longest = randomBits(1_000_000, stream(30, 'minimum'));
const first = (n: number) => bitsFromText(longest.values.subarray(0, n).join(''));

describe.each(testNames)('%s', (name) => {
  test(`needs ${minimum[name]} bits`, () => {
    expect(() => tests[name](first(minimum[name] - 1))).toThrow(InputError);
    expect(() => tests[name](first(minimum[name] - 1))).toThrow(
      `the ${name} test expected at least ${minimum[name]} bits, got ${minimum[name] - 1}; give a longer sequence`,
    );
  });
  test('runs at its minimum', () => {
    if (name.startsWith('random')) return expect(outcome(name)).toMatch(/p-values|at least 500 cycles/);
    for (const { p } of tests[name](first(minimum[name])).subTests) {
      expect(p).toBeGreaterThanOrEqual(0);
      expect(p).toBeLessThanOrEqual(1);
    }
  });
});

function outcome(name: TestName): string {
  try {
    return `${tests[name](longest).subTests.length} p-values`;
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(['0', '1'])('a million times %s', (digit) => {
  const constant = bitsFromText(digit.repeat(1_000_000));
  const report = battery(constant);
  test('fails every test, and the walk has too few cycles', () => {
    for (const result of report) {
      if ('notApplicable' in result) {
        expect(result.test).toMatch(/^random-excursions/);
        expect(result.notApplicable).toMatch(/expected at least 500 cycles of the random walk, got 1;/);
      } else if (result.test !== 'non-overlapping')
        for (const { p } of result.subTests) expect(p).toBeLessThan(1e-10);
      else expect(Math.max(...result.subTests.map((sub) => sub.p))).toBeLessThan(1e-10);
    }
  });
});

const options: [Partial<NistOptions>, TestName, RegExp][] = [
  [{ blockFrequencyM: 1 }, 'block-frequency', /"blockFrequencyM" expected an integer from 2 to \d+, got 1$/],
  [{ blockFrequencyM: 12.5 }, 'block-frequency', /got 12.5/],
  [{ blockFrequencyM: 20_000 }, 'block-frequency', /expected at least 20000 bits, got 10000/],
  [{ templateM: 1 }, 'non-overlapping', /"templateM" expected an integer from 2 to 16, got 1/],
  [{ templateM: 17 }, 'overlapping', /got 17/],
  [{ templateBlocks: 0 }, 'non-overlapping', /"templateBlocks" expected an integer from 1/],
  [{ overlappingM: 8 }, 'overlapping', /"overlappingM" expected an integer from 9/],
  [
    { approximateEntropyM: 0 },
    'approximate-entropy',
    /"approximateEntropyM" expected an integer from 1 to 20/,
  ],
  [{ serialM: 2 }, 'serial', /"serialM" expected an integer from 3 to 24/],
  [{ serialM: 11 }, 'serial', /expected at least 16384 bits/],
  [
    { linearComplexityM: 499 },
    'linear-complexity',
    /"linearComplexityM" expected an integer from 500 to 5000/,
  ],
];
test.each(options)('options %o', (given, name, message) => {
  const bits = randomBits(10_000, stream(31, 'options'));
  const allowShort = !('serialM' in given && given.serialM === 11);
  expect(() => tests[name](bits, { allowShort, ...given })).toThrow(message);
  expect(() => tests[name](bits, { allowShort, ...given })).toThrow(InputError);
});

test.each([['000000000'], ['101010101'], ['00000000x'], ['']])('template %s', (template) => {
  const call = () => nonOverlapping(longest, {}, [template]);
  expect(call).toThrow(InputError);
  expect(call).toThrow(/expected/);
});

test('below any statistic even where short ones are allowed', () => {
  const one = bitsFromText('1');
  const refused = testNames.filter((name) => {
    const result = battery(one, { allowShort: true, serialM: 3, approximateEntropyM: 1 }, [name])[0]!;
    return 'notApplicable' in result;
  });
  expect(refused).toEqual(
    testNames.filter((name) => /block|longest|rank|dft|lapping|univ|excur|linear/.test(name)),
  );
  expect(() => universal(one, { allowShort: true }, { L: 17, Q: 4 })).toThrow(
    /"L" expected an integer from 1 to 16/,
  );
});

test.each([
  ['no bytes', () => bitsFromBytes(new Uint8Array(0)), /at least 1 bit/],
  ['too few bytes', () => bitsFromBytes(new Uint8Array(2), 10, 7), /17 bits in all, got 16/],
  ['a negative start', () => bitsFromBytes(new Uint8Array(2), -1, 7), /"bytes" expected/],
  ['no text', () => bitsFromText(' \n'), /expected at least 1 bit, got none/],
  ['another character', () => bitsFromText('0120'), /expected characters 0 and 1, got "2"/],
])('%s', (_, make, message) => {
  expect(make).toThrow(message);
  expect(make).toThrow(InputError);
});

test('a battery says what does not apply and why', () => {
  const report = battery(randomBits(10_000, stream(32, 'battery')));
  const missing = report.filter((result) => 'notApplicable' in result);
  expect(report.map((result) => result.test)).toEqual(testNames);
  expect(missing).toHaveLength(9);
  expect(missing[0]).toEqual({
    test: 'rank',
    notApplicable: 'the rank test expected at least 38912 bits, got 10000; give a longer sequence',
  });
});
