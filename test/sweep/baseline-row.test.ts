/** The hunt for the r behind a row of the paper: what it finds, and what its distance means. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { planOf } from '../../src/sweep/sweep.ts';
import type { Config, Measures } from '../../src/sweep/work.ts';
import baselineRow from '../../src/sweep/works/baseline-row.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-row-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const hunt = (change: Config): Promise<Measures> =>
  baselineRow.run({ ...baselineRow.defaults, ...change }, dir);
const only = (r: number, change: Config = {}): Promise<Measures> => hunt({ from: r, to: r, ...change });

describe('distance to the odd row of Sample 4', () => {
  test('1 for a key without fault, little just above the window of period 3', async () => {
    expect((await only(3.95)).distance).toBeCloseTo(1, 1);
    const found = await only(3.82844078);
    expect(found.distance).toBeLessThan(0.3);
    expect(Math.abs(found.corr_v! - 0.2421)).toBeLessThan(0.02);
    expect(Math.abs(found.npcr! - 99.4507)).toBeLessThan(0.1);
  });

  test('0.1442 of Sample 1 comes from below the window', async () => {
    const found = await only(3.828336, { row: 'sample1' });
    expect(Math.abs(found.corr_h! - 0.1442)).toBeLessThan(0.03);
    expect(Math.abs(found.corr_v!)).toBeLessThan(0.01);
    expect(Math.abs(found.entropy! - 7.9991)).toBeLessThan(0.0005);
  });

  test('little for a row that an ideal cipher gives', async () => {
    expect((await only(3.95, { row: 'sample2', multiplier: 1e14 })).distance).toBeLessThan(0.5);
  });
});

describe('readings of the key', () => {
  test('of period 3, neighbours share a key where channels interleave, and have others in planes', async () => {
    const r = 3.835;
    expect((await only(r)).corr_h).toBeGreaterThan(0.7);
    const [planar, plane] = [await only(r, { layout: 'planar' }), await only(r, { layout: 'plane' })];
    expect(planar.corr_h).toBeLessThan(0.6);
    expect(planar.corr_h).toBeCloseTo(plane.corr_h!, 1); // each plane begins elsewhere in the orbit
  });

  test('unpermuted, starts, burn-in, orbits and a turned picture each change what comes out', async () => {
    const changes: Config[] = [
      {},
      { permute: false },
      { starts: '0.1 0.2 0.3' },
      { burnIn: 1000 },
      { orbits: 'one' },
      { size: 'turned' },
      { multiplier: 1e14 },
    ];
    const found: Measures[] = [];
    for (const change of changes) found.push(await only(3.82844, change));
    expect(new Set(found.map(({ corr_v }) => corr_v)).size).toBe(changes.length);
  });
});

test('finer steps around the best are no worse, and the nearest are kept', async () => {
  const coarse: Config = { from: 3.82844, to: 3.8284403, step: 1e-6, row: 'sample1' };
  const [plain, finer] = [await hunt(coarse), await hunt({ ...coarse, refine: 1 })];
  expect([plain.scanned, finer.scanned]).toEqual([1, 1 + 31]);
  expect(finer.distance).toBeLessThanOrEqual(plain.distance!);
  expect(existsSync(join(dir, 'nearest.json'))).toBe(true);
  const nearest = JSON.parse(readFileSync(join(dir, 'nearest.json'), 'utf8'));
  expect(nearest).toHaveLength(20);
  expect(nearest[0]).toMatchObject({ r: finer.r, distance: finer.distance });
});

describe('wrong inputs', () => {
  const table: [Config, RegExp][] = [
    [{ row: 'sample5' }, /"row" expected sample1, sample2, sample3 or sample4, got sample5/],
    [{ layout: 'rows' }, /"layout" expected interleaved, planar or plane/],
    [{ from: 0 }, /"from" and "to" expected 0 < from <= to <= 4, got 0 and 4/],
    [{ from: 3.9, to: 3.8 }, /"from" and "to" expected/],
    [{ step: 1e-9 }, /"step" expected at most 100000 values of r/],
    [{ refine: 9 }, /"refine" expected an integer from 0 to 3/],
    [{ starts: '0.1 0.2' }, /"starts" expected three numbers/],
    [{ starts: '0.1 0.2 x' }, /"starts" expected three numbers/],
  ];
  test.each(table)('%o', (base, message) => {
    const sweep = { name: 'x', question: 'Why?', work: 'x', seeds: [1], base };
    expect(() => planOf(sweep, baselineRow)).toThrow(message);
  });
});
