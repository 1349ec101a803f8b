import { describe, expect, test } from 'vitest';
import { meanSd, pairedTest } from '../../../src/report/sweep/statistics.ts';
import { type CellRow, rankingOf, variantsOf } from '../../../src/report/sweep/summary.ts';
import { cellsCsv, meanSdText, sweepMarkdown, variantsCsv } from '../../../src/report/sweep/tables.ts';
import { holm } from '../../../src/shared/stats.ts';

describe('known answers', () => {
  // Student 1908, table of two soporifics; R: t.test(extra ~ group, paired): t = -4.0621, df = 9, p = 0.002833.
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  test("Student's sleep data", () => {
    const { pairs, difference, p } = pairedTest(first, second);
    expect(pairs).toBe(10);
    expect(difference).toBeCloseTo(-1.58, 12);
    expect(p).toBeCloseTo(0.002833, 6);
    expect(pairedTest(second, first).p).toBe(p);
  });
  test('mean and sd', () => {
    expect(meanSd([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ n: 8, mean: 5, sd: Math.sqrt(32 / 7) });
    expect(meanSd([3])).toEqual({ n: 1, mean: 3, sd: null });
    expect(meanSd([0.1, 0.1, 0.1])).toEqual({ n: 3, mean: 0.1, sd: 0 }); // their sum over 3 is not 0.1
    expect(meanSd([])).toEqual({ n: 0, mean: null, sd: null });
  });
  test('no spread: equal values are equal, a constant distance has no p', () => {
    expect(pairedTest([1, 2, 3], [1, 2, 3]).p).toBe(1);
    expect(pairedTest([2, 3, 4], [1, 2, 3])).toEqual({ pairs: 3, difference: 1, p: null });
    expect(pairedTest([2], [1]).p).toBeNull();
  });
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") is 0.03 0.06 0.06 0.02.
  test('Holm', () => {
    const adjusted = holm([0.01, null, 0.04, 0.03, 0.005]);
    expect(adjusted.map((p) => p && Number(p.toFixed(12)))).toEqual([0.03, null, 0.06, 0.06, 0.02]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });
});

const row = (net: string, seed: number, r2: number | null): CellRow => ({
  id: `x-${net}-s${seed}`,
  config: { net, size: 64, seed },
  seed,
  state: r2 === null ? 'failed' : 'done',
  reason: r2 === null ? 'ran out of memory | twice' : null,
  seconds: r2 === null ? null : 1.5,
  measures: r2 === null ? {} : { r2, none: null },
});
const rows = [
  row('a', 1, 0.5),
  row('a', 2, 0.6),
  row('a', 3, 0.7),
  row('b', 1, 0.8),
  row('b', 2, 0.95),
  row('b', 3, null),
];
const tables = {
  name: 'x',
  question: 'Why?',
  command: 'npm run sweep -- x.ts',
  axes: ['net'],
  rows,
  rank: [{ by: 'r2', better: 'higher' }],
  environment: { node: '20', engine: null },
} as const;

test('a ranking pairs by seed and leaves a failed cell out of both', () => {
  const [best, other] = rankingOf(variantsOf(rows, ['net']), 'r2', 'higher');
  expect(best!.variant.label).toBe('net b');
  expect(best!.value).toMatchObject({ n: 2 });
  expect(other).toMatchObject({ pairs: 2, difference: expect.closeTo(-0.325, 12) });
  expect(other!.p).toBe(pairedTest([0.5, 0.6], [0.8, 0.95]).p);
  expect(rankingOf(variantsOf(rows, ['net']), 'r2', 'lower')[0]!.variant.label).toBe('net a');
  expect(rankingOf(variantsOf(rows, ['net']), 'none', 'lower')).toEqual([]);
});

test('tables: one row a cell, one a variant and measure, and a page that names the failure', () => {
  const lines = cellsCsv(tables).trim().split('\n');
  expect(lines[0]).toBe('run,net,seed,state,seconds,r2,none,reason');
  expect(lines[1]).toBe('x-a-s1,a,1,done,1.5,0.5,,');
  expect(lines[6]).toBe('x-b-s3,b,3,failed,,,,ran out of memory | twice');
  expect(variantsCsv(tables)).toContain('b,r2,2,0.875,0.10606601717798207\n');
  const page = sweepMarkdown(tables);
  expect(page).toContain('6 cells: 5 done, 1 failed, 0 not run');
  expect(page).toContain('| r2 | 0.6 ± 0.1 | 0.875 ± 0.11 |');
  expect(page).toContain('- `x-b-s3`: ran out of memory | twice');
  expect(meanSdText({ n: 0, mean: null, sd: null })).toBe('');
});
