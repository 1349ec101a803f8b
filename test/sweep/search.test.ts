/** Random search and successive halving: seeded draws, rungs of cells, and what they refuse. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readRunJson, runFile } from '../../src/runs/run-files.ts';
import { writeStatus } from '../../src/runs/run-folder.ts';
import { InputError } from '../../src/shared/errors.ts';
import { writeJson } from '../../src/shared/files.ts';
import type { CellOrder } from '../../src/sweep/cell-folder.ts';
import type { Launcher } from '../../src/sweep/launcher.ts';
import { runSweep } from '../../src/sweep/run.ts';
import { drawnFrom } from '../../src/sweep/search.ts';
import { planOf } from '../../src/sweep/sweep.ts';
import { axesIn, combinationsOf, halvingIn, trainSweep } from '../../src/sweep/train-sweep.ts';
import { asWork } from '../../src/sweep/work.ts';
import train from '../../src/sweep/works/train.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-search-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('draws', () => {
  const space = {
    lr: { min: 1e-4, max: 1e-1, log: true },
    epochs: { min: 1, max: 3, integer: true },
    net: ['a', 'b'],
  };
  const drawn = drawnFrom(space, 300, 7);

  test('lie in the space, and reach all of it', () => {
    const of = (key: string) => drawn.map((config) => config[key] as number);
    expect(Math.min(...of('lr'))).toBeGreaterThanOrEqual(1e-4);
    expect(Math.max(...of('lr'))).toBeLessThanOrEqual(1e-1);
    expect(new Set(of('epochs'))).toEqual(new Set([1, 2, 3]));
    expect(new Set(of('net'))).toEqual(new Set(['a', 'b']));
    const below = of('lr').filter((lr) => lr < Math.sqrt(1e-5)).length; // the middle of the logarithms
    expect(below).toBeGreaterThan(110);
    expect(below).toBeLessThan(190);
  });

  test('repeat by their seed; more of them begin with the same', () => {
    expect(drawnFrom(space, 10, 7)).toEqual(drawn.slice(0, 10));
    expect(drawnFrom(space, 10, 8)).not.toEqual(drawn.slice(0, 10));
    const { net: _, ...rest } = space;
    expect(drawnFrom(rest, 3, 7).map(({ lr }) => lr)).toEqual(drawn.slice(0, 3).map(({ lr }) => lr));
  });

  test.each([
    [{}, /at least one key, got none/],
    [{ lr: { min: 1, max: 1 } }, /range of "lr" expected a minimum below its maximum, got 1..1/],
    [{ lr: { min: 0, max: 1, log: true } }, /logarithmic range of "lr" expected a minimum above 0, got 0/],
  ])('%j is refused', (given, message) => {
    expect(() => drawnFrom(given, 3)).toThrow(message);
    expect(() => drawnFrom(given, 3)).toThrow(InputError);
  });
});

const toy = asWork<{ x: number; budget: number; seed: number }>({
  defaults: { x: 0, budget: 1, seed: 1 },
  run: async () => ({}),
});
const sweep = { name: 'toy', question: 'Which x?', work: 'toy', seeds: [1, 2] };
const halving = { budget: 'budget', values: [1, 3, 9], by: 'score', better: 'higher' } as const;

/** Scores a cell by its distance from 4; x = 0 fails. */
const launched: string[] = [];
const launcher: Launcher = {
  async launch(folders, _, onEnd) {
    for (const folder of folders) {
      launched.push(basename(folder));
      const { config } = await readRunJson<CellOrder>(folder, 'config');
      const score = -Math.abs(Number(config.x) - 4) + Number(config.seed) / 100;
      if (config.x === 0) await writeStatus(folder, { state: 'failed', reason: 'no x' });
      else {
        await writeJson(runFile(folder, 'result'), { measures: { score }, seconds: 1 });
        await writeStatus(folder, { state: 'done' });
      }
      await onEnd(folder);
    }
  },
};
const options = {
  launcher,
  retries: 0,
  work: 'toy',
  command: 'x',
  jobs: 1,
  timeLimit: 9,
  memory: null,
  failFast: false,
};

describe('halving', () => {
  const plan = planOf({ ...sweep, grid: { x: [0, 1, 2, 3, 4, 5, 6, 7, 8] }, halving }, toy);

  test('the best third goes on, with all seeds, and a second call does nothing', async () => {
    const out = join(dir, 'halving');
    const { rows } = await runSweep(plan, { ...options, out });
    const xs = (budget: number) =>
      new Set(rows.filter(({ config }) => config.budget === budget).map(({ config }) => config.x));
    expect(plan.cells).toHaveLength(18);
    expect(rows).toHaveLength(18 + 6 + 2);
    expect([...xs(3)].sort()).toEqual([3, 4, 5]);
    expect([...xs(9)]).toEqual([4]);
    expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('26 cells: 24 done, 2 failed');
    const before = launched.length;
    expect(await runSweep(plan, { ...options, out })).toMatchObject({ skipped: 24, rows: { length: 26 } });
    expect(launched.length - before).toBe(2); // the two that failed are tried again
  });

  test.each([
    [{ ...halving, values: [3, 1] }, /"halving" expected budgets that rise, got 3, 1/],
    [{ ...halving, values: [3] }, /at least two rising budgets/],
    [{ ...halving, budget: 'epoch' }, /"epoch" is no key of work toy/],
  ])('%j is refused', (wrong, message) => {
    expect(() => planOf({ ...sweep, halving: wrong }, toy)).toThrow(message);
  });
});

test('a sweep file with a random search', () => {
  const random = { count: 5, seed: 3, space: { x: { min: 0, max: 100, integer: true } } };
  const { cells, axes } = planOf({ ...sweep, random }, toy);
  expect(axes).toEqual(['x']);
  expect(cells).toHaveLength(10);
  expect(() => planOf({ ...sweep, random: { ...random, space: { y: [1] } } }, toy)).toThrow(
    /"y" is no key of work/,
  );
  expect(() => planOf({ ...sweep, random: { ...random, count: 0 } }, toy)).toThrow(InputError);
});

describe('by --set', () => {
  test('ranges: logarithmic from ten times on, whole for whole options', () => {
    expect(axesIn(['lr=1e-4..1e-2', 'dropout=0..0.5', 'epochs=2..6']).map(({ range }) => range)).toEqual([
      { min: 1e-4, max: 1e-2, log: true },
      { min: 0, max: 0.5 },
      { min: 2, max: 6, integer: true },
    ]);
    expect(() => combinationsOf(axesIn(['lr=1e-4..1e-2']))).toThrow(
      /--set lr expected values, got a range; give --random N/,
    );
    expect(() => combinationsOf(axesIn(['lr=2..1']), { count: 2, seed: 1 })).toThrow(
      /minimum below its maximum/,
    );
  });

  test('a random search, halved; each variant with all seeds', () => {
    const axes = axesIn(['lr=1e-4..1e-2', 'net=resnet18,mobilenetv2', 'seed=1,2']);
    const configs = combinationsOf(axes, { count: 6, seed: 1 });
    expect(configs).toHaveLength(12);
    const made = trainSweep(axes, configs, {}, halvingIn('epochs=1,3,9'));
    const plan = planOf(made, train);
    expect(plan.axes).toEqual(['net', 'lr', 'epochs']);
    expect(plan.cells).toHaveLength(12);
    expect(plan.cells.every(({ config }) => config.epochs === 1)).toBe(true);
  });

  test.each(['epochs=9', 'net=resnet18,resnet34', 'epochs='])('--halving %s is refused', (text) => {
    expect(() => halvingIn(text)).toThrow(InputError);
  });
});
