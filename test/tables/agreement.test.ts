/** Do published and own numbers agree: the limits of the intervals, and the scores of a run. */
import { describe, expect, test } from 'vitest';
import { expectedEntropy } from '../../src/metrics/entropy.ts';
import { expectedNpcr } from '../../src/metrics/npcr.ts';
import { agrees, incomparableOf, scoresOfAgreement } from '../../src/tables/agreement.ts';
import { publishedSamples } from '../../src/tables/published.ts';
import type { TidyRow } from '../../src/tables/rows.ts';
import { buildTables } from '../../src/tables/tables.ts';
import { makeFixture } from '../report/fixture.ts';

const n = publishedSamples('sample1')!;
const rowOf = (over: Partial<TidyRow>): TidyRow => {
  const ideal = expectedNpcr(n, 8);
  return {
    ...{ measure: 'npcr', image: 'sample1', method: 'lorenz', published: 99.6094, printed: '99.6094' },
    ...{ ours: 99.6094, expected: ideal.mean, sd: ideal.sd, z: 0 },
    ...over,
  };
};

describe('two intervals', () => {
  const { mean, sd } = expectedNpcr(n, 8);
  test.each([
    [5.9, true],
    [6.2, false],
    [-5.9, true],
    [-6.2, false],
  ])('%f standard deviations apart: %s', (apart, expected) => {
    const published = mean + apart * sd;
    expect(agrees(rowOf({ ours: mean, published, printed: published.toFixed(8) }), 5)).toBe(expected);
  });
  test('rounding is granted', () => {
    expect(agrees(rowOf({ published: 99.7, printed: '99.7' }), 5)).toBe(true);
    expect(agrees(rowOf({ published: 99.7, printed: '99.7000' }), 5)).toBe(false);
  });
  test('each counts from the ideal of its own size', () => {
    const small = expectedEntropy(1000, 8);
    const large = expectedEntropy(n, 8);
    const row = rowOf({
      ...{ measure: 'entropy', ours: small.mean, expected: small.mean, sd: small.sd },
      ...{ published: large.mean, printed: large.mean.toFixed(6) },
    });
    expect(agrees(row, 5)).toBe(true);
  });
  test.each<[string, Partial<TidyRow>, number | null, boolean | null]>([
    ['UACI of plain against cipher', { measure: 'uaci' }, 5, null],
    ['an image without a printed size', { image: 'table7a' }, 7, null],
    ['nothing printed', { published: null, printed: null }, 5, null],
    ['nothing measured', { ours: null }, 5, null],
    ['an exact number', { measure: 'mse', published: 0, ours: 0 }, 4, true],
    ['an exact number that differs', { measure: 'mse', published: 0, ours: 0.1 }, 4, false],
    ['the key space', { measure: 'key_space_log2', published: 133120, ours: 133120 }, 1, true],
  ])('%s', (_, over, table, expected) => expect(agrees(rowOf(over), table)).toBe(expected));
});

describe('scores of a run', () => {
  const tables = buildTables(makeFixture().results);
  const scores = scoresOfAgreement(tables);
  test('as many numbers as the paper prints', () => {
    expect(scores.map(({ label, all }) => [label, all])).toEqual([
      ['NPCR', 24],
      ['Entropy', 24],
      ['Correlation', 72],
      ['Exact decryption', 32],
      ['Key space', 1],
    ]);
    for (const { agree, all, differing } of scores) expect(agree + differing.length).toBe(all);
  });
  test('the row of Table 5 that nobody can reproduce differs', () => {
    const npcr = scores[0]!.differing.map(({ row }) => `${row.image} ${row.method}`);
    expect(npcr).toContain('sample4 logistic');
  });
  test('what cannot be compared has its reason', () => {
    expect(incomparableOf(tables).map(({ count, what }) => [count, what])).toEqual([
      [72, 'UACI, MSE and PSNR of Table 5'],
      [4, 'times of Table 2'],
      [128, 'numbers of Table 7'],
    ]);
  });
});
