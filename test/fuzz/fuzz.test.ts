/** A slice of `npm run fuzz`: every reader, a few files each. */
import { expect, test } from 'vitest';
import { stream } from '../../src/shared/random.ts';
import { fuzz } from './_fuzz.ts';
import { changed, changedJson } from './_mutate.ts';

test('100 changed files: each is read, or refused by one sentence', async () => {
  const { readers, faults } = await fuzz(100, 20);
  expect(faults).toEqual([]);
  const outcomes = Object.values(readers).flatMap(Object.entries) as [string, number][];
  const count = (name: string) => outcomes.reduce((sum, [key, n]) => sum + (key === name ? n : 0), 0);
  expect(count('refused')).toBeGreaterThan(20);
  expect(count('same') + count('accepted') + count('refused')).toBe(100);
});

test('a seed gives the same files again, another seed others', () => {
  const good = Buffer.from(JSON.stringify({ a: 1, b: [2, { c: 3 }] }));
  for (const change of [changed, changedJson]) {
    const made = (seed: number) =>
      Array.from({ length: 20 }, (_, i) => `${change(good, stream(seed, i), good)}`);
    expect(made(1)).toEqual(made(1));
    expect(made(2)).not.toEqual(made(1));
  }
});
