/**
 * Block lengths of the tests, and the lengths that SP 800-22 rev 1a advises for sequences of n bits. The defaults are
 * those of NIST's program, which do not follow NIST's advice for every n: M = 128 of the block frequency test at 1,000,000
 * bits, where section 2.2.7 advises 10,001 and more.
 */
import { excerptOf, InputError } from '../shared/errors.ts';
import { type NistOptions, nistDefaults, type TestName } from './types.ts';

export interface BlockLength {
  readonly test: TestName;
  /** Section of SP 800-22 rev 1a, and its advice. */
  readonly advice: string;
  /** An advised length for n bits. */
  readonly advised: (n: number) => number;
  readonly follows: (length: number, n: number) => boolean;
}

const log2 = (n: number): number => Math.floor(Math.log2(n));
const within = (low: number, value: number, high: number): number => Math.max(low, Math.min(value, high));

export const blockLengths = {
  blockFrequencyM: {
    test: 'block-frequency',
    advice: '2.2.7: M >= 20, M > 0.01 n, fewer than 100 blocks',
    advised: (n) => Math.max(20, Math.floor(n / 100) + 1),
    follows: (M, n) => M >= 20 && M > 0.01 * n && Math.floor(n / M) < 100,
  },
  templateM: {
    test: 'non-overlapping',
    advice: '2.7.7: m = 9 or 10',
    advised: () => nistDefaults.templateM,
    follows: (m) => m === 9 || m === 10,
  },
  linearComplexityM: {
    test: 'linear-complexity',
    advice: '2.10.7: 500 <= M <= 5000, at least 200 blocks',
    advised: (n) => within(500, Math.floor(n / 200), nistDefaults.linearComplexityM),
    follows: (M, n) => M >= 500 && M <= 5000 && Math.floor(n / M) >= 200,
  },
  serialM: {
    test: 'serial',
    advice: '2.11.7: m < floor(log2 n) - 2',
    advised: (n) => within(3, log2(n) - 3, nistDefaults.serialM),
    follows: (m, n) => m < log2(n) - 2,
  },
  approximateEntropyM: {
    test: 'approximate-entropy',
    advice: '2.12.7: m < floor(log2 n) - 5',
    advised: (n) => within(1, log2(n) - 6, nistDefaults.approximateEntropyM),
    follows: (m, n) => m < log2(n) - 5,
  },
} satisfies Partial<Record<keyof NistOptions, BlockLength>>;

export type LengthName = keyof typeof blockLengths;
const lengthNames = Object.keys(blockLengths) as LengthName[];

/** Lengths that follow the advice for n bits. */
export const advisedLengths = (n: number): Pick<NistOptions, LengthName> =>
  Object.fromEntries(lengthNames.map((name) => [name, blockLengths[name].advised(n)])) as Pick<
    NistOptions,
    LengthName
  >;

/**
 * `advised`, or lengths by test such as `block-frequency=1000,serial=13`.
 * @throws InputError for an unknown test, or no integer
 */
export function lengthsNamed(text: string, n: number): Partial<NistOptions> {
  if (text.trim() === 'advised') return advisedLengths(n);
  return Object.fromEntries(text.split(',').map((pair) => lengthNamed(pair.trim())));
}

function lengthNamed(pair: string): [LengthName, number] {
  const [test, value, ...more] = pair.split('=');
  const name = lengthNames.find((one) => blockLengths[one].test === test);
  if (name && more.length === 0 && /^\d{1,10}$/.test(value ?? '')) return [name, Number(value)];
  const known = lengthNames.map((one) => blockLengths[one].test).join(', ');
  throw new InputError(
    `--block-lengths expected advised, or TEST=LENGTH by commas with a test out of ${known}, got "${excerptOf(pair)}"`,
  );
}

/** A sentence for each length of the tests in use that does not follow the advice. */
export function departures(n: number, options: NistOptions, tests: readonly TestName[]): string[] {
  return lengthNames.flatMap((name) => {
    const { test, advice, advised, follows } = blockLengths[name];
    if (!tests.includes(test) || follows(options[name], n)) return [];
    const letter = name.at(-1);
    return [
      `${test}: ${letter} = ${options[name]}; SP 800-22 ${advice}, such as ${advised(n)} (--block-lengths advised)`,
    ];
  });
}
