import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/shared/errors.ts';
import { planOf } from '../../src/sweep/sweep.ts';
import { asWork } from '../../src/sweep/work.ts';
import { loadWork, workNames } from '../../src/sweep/works.ts';

interface Toy {
  readonly net: string;
  readonly size: number;
  readonly burnIn: number | null;
  readonly seed: number;
}
const toy = asWork<Toy>({
  defaults: { net: 'a', size: 1, burnIn: null, seed: 1 },
  check: ({ size }) => {
    if (size > 9) throw new InputError(`"size" expected at most 9, got ${size}`);
  },
  run: async () => ({}),
});
const sweep = { name: 'toy', question: 'Why?', work: 'toy', seeds: [1, 2] };

describe('cells', () => {
  test('every combination over every seed, under the base, named by what decides them', () => {
    const { cells, axes } = planOf(
      { ...sweep, base: { burnIn: 5 }, grid: { net: ['a', 'b'], size: [1, 2, 3] } },
      toy,
    );
    expect(cells).toHaveLength(12);
    expect(axes).toEqual(['net', 'size']);
    expect(cells[3]!.config).toEqual({ net: 'a', size: 2, burnIn: 5, seed: 2 });
    expect(new Set(cells.map(({ id }) => id)).size).toBe(12);
    expect(cells[0]!.id).toMatch(/^toy-[0-9a-f]{8}-s1$/);
  });

  test('a grown grid keeps the ids of the cells that it had', () => {
    const ids = (given: object) => planOf({ ...sweep, ...given }, toy).cells.map(({ id }) => id);
    const before = ids({ grid: { net: ['a'] } });
    expect(ids({ grid: { net: ['b', 'a'], size: [1, 2] }, seeds: [3, 2, 1] })).toEqual(
      expect.arrayContaining(before),
    );
  });

  test('"where" leaves out, "variants" add, equal cells are one', () => {
    const grid = { net: ['a', 'b'], size: [1, 2] };
    const { cells } = planOf(
      {
        ...sweep,
        seeds: [1],
        grid,
        where: ({ net, size }: Toy) => net === 'a' || size === 1,
        variants: [{ burnIn: 7 }, { net: 'b' }],
      },
      toy,
    );
    expect(cells.map(({ config }) => [config.net, config.size, config.burnIn])).toEqual([
      ['a', 1, null],
      ['a', 2, null],
      ['b', 1, null],
      ['a', 1, 7],
    ]);
    expect(planOf({ ...sweep, variants: [{ size: 2 }] }, toy).cells).toHaveLength(2);
  });
});

describe('wrong inputs', () => {
  const table: [string, unknown, RegExp][] = [
    ['no object', [1], /a sweep: expected an object, got \[1\]/],
    ['an unknown key', { ...sweep, gird: {} }, /"gird" is unknown; known: name, question/],
    [
      'an unknown axis',
      { ...sweep, grid: { nets: ['a'] } },
      /"nets" is no key of work toy.*known: net, size/,
    ],
    ['an unknown base key', { ...sweep, base: { depth: 1 } }, /"depth" is no key of work toy/],
    ['the seed as an axis', { ...sweep, grid: { seed: [1] } }, /"seed" is no key of work toy.*"seeds" gives/],
    ['a wrong type in the grid', { ...sweep, grid: { size: [1, '2'] } }, /"size" expected a number.*got "2"/],
    ['a wrong type in a variant', { ...sweep, variants: [{ net: 3 }] }, /"net" expected a string.*got 3/],
    ['an object as a value', { ...sweep, base: { burnIn: {} } }, /"burnIn" expected null, a text or/],
    ['NaN', { ...sweep, base: { size: Number.NaN } }, /"size" expected a number/],
    ['a value that the work refuses', { ...sweep, grid: { size: [1, 10] } }, /"size" expected at most 9/],
    ['an axis that is no list', { ...sweep, grid: { size: 1 } }, /"grid.size" expected a list, got 1/],
    ['an empty axis', { ...sweep, grid: { size: [] } }, /"grid.size" expected at least one value, got \[\]/],
    ['no seed', { ...sweep, seeds: [] }, /"seeds" expected a list of different integers/],
    ['a seed twice', { ...sweep, seeds: [1, 1] }, /"seeds" expected/],
    ['a name with a slash', { ...sweep, name: '../x' }, /"name" expected small letters/],
    [
      'a ranking without a direction',
      { ...sweep, rank: [{ by: 'r2' }] },
      /"rank\[0\].better" expected higher or lower, got nothing/,
    ],
    ['no time', { ...sweep, timeLimit: 0 }, /"timeLimit" expected seconds/],
    ['nothing left', { ...sweep, where: () => false }, /expected at least one cell, got none/],
    [
      'a grid beyond reason',
      { ...sweep, grid: { size: Array.from({ length: 60_000 }, (_, i) => i) } },
      /expected at most 100000 cells, got 120000/,
    ],
  ];
  test.each(table)('%s', (_, given, message) => {
    expect(() => planOf(given, toy)).toThrow(message);
    expect(() => planOf(given, toy)).toThrow(InputError);
  });

  test('an unknown work lists the known', async () => {
    await expect(loadWork('magic')).rejects.toThrow(/"work" expected ablation.*got magic/);
    await expect(loadWork('/nowhere/work.ts')).rejects.toThrow(/cannot load work \/nowhere\/work.ts/);
  });
});

test.each(workNames)('work %s accepts its own defaults', async (name) => {
  const work = await loadWork(name);
  const { cells } = planOf({ ...sweep, work: name, seeds: [1] }, work);
  expect(cells[0]!.config).toEqual({ ...work.defaults, seed: 1 });
});
