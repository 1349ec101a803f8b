import { expect, test } from 'vitest';
import {
  dateBits,
  effectiveEntropy,
  entropyOfCount,
  float32Bits,
  keyFileBits,
  orderBits,
  outputBits,
} from '../../src/metrics/index.ts';
import { InputError } from '../../src/shared/errors.ts';

test("the paper's Table 1 is Eq. 10 at 128x128", () => {
  expect(keyFileBits(128, 128)).toBe(133120);
  expect(keyFileBits(2, 3, 3, 16)).toBe((2 + 3 + 18) * 16);
});

test('dates: a day, a year, 10 and 30 years of seconds', () => {
  const bits = [1, 365, 3652, 10957].map((days) => Number(dateBits(days).toFixed(1)));
  expect(bits).toEqual([16.4, 24.9, 28.2, 29.8]);
});

test('float32 numbers: those of (3.57, 4], of one octave, and by counting', () => {
  expect(2 ** float32Bits(3.57, 4)).toBeCloseTo(1_803_551, 3);
  expect(float32Bits(1, 2)).toBe(23);
  expect(2 ** outputBits()).toBeCloseTo(24 * 2 ** 23, 3); // 27.6 bits
  expect(2 ** float32Bits(0, 3 * 2 ** -149)).toBeCloseTo(3, 12); // three subnormals
});

test('permutations: counted for small sides, Stirling for large ones', () => {
  expect(2 ** orderBits(4, 3)).toBeCloseTo(24 * 6, 9);
  expect(orderBits(1, 1)).toBe(0);
  const n = 4096;
  const stirling = n * Math.log2(n / Math.E) + Math.log2(2 * Math.PI * n) / 2 + 1 / (12 * n * Math.LN2);
  expect(orderBits(n, 1)).toBeCloseTo(stirling, 6);
});

test('the least ceiling holds', () => {
  const ceilings = { date: dateBits(365), parameter: float32Bits(3.57, 4), order: orderBits(128, 128) };
  expect(effectiveEntropy(ceilings)).toEqual({ bits: ceilings.parameter, limit: 'parameter' });
  expect(effectiveEntropy({ known: entropyOfCount(1) })).toEqual({ bits: 0, limit: 'known' });
});

test.each<[string, () => unknown, RegExp]>([
  ['no width', () => keyFileBits(0, 5), /"width" expected an integer of at least 1, got 0/],
  ['half a channel', () => keyFileBits(5, 5, 0.5), /"channels"/],
  ['no day', () => dateBits(0), /"days"/],
  ['no key', () => entropyOfCount(0), /"count"/],
  ['a range backwards', () => float32Bits(4, 3.57), /"low" and "high" expected 0 <= low < high/],
  ['a range between two float32', () => float32Bits(1 + 1e-9, 1 + 2e-9), /expected a float32 in/],
  ['no row', () => orderBits(4, 0), /"height"/],
  ['no ceiling', () => effectiveEntropy({}), /"ceilings" expected at least one/],
  ['a ceiling that is no number', () => effectiveEntropy({ date: Number.NaN }), /"date" expected bits/],
])('refuses %s', (_, work, message) => {
  expect(work).toThrow(message);
  expect(work).toThrow(InputError);
});
