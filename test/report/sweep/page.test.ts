/** The page of a sweep: what each option does, the best cell's command, curves; and its look in Chromium. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { scaleColour, shareOf } from '../../../src/report/sweep/colour.ts';
import { renderSweepPage, type SweepPage } from '../../../src/report/sweep/page.ts';
import { groupsOf, strengthsOf } from '../../../src/report/sweep/strength.ts';
import type { CellRow } from '../../../src/report/sweep/summary.ts';
import { accessibility, chromium, launch, missing, open } from '../browser.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-sweep-page-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const row = (config: Record<string, string | number | null>, r2: number | null): CellRow => ({
  id: `x-${Object.values(config).join('-')}`,
  config,
  seed: Number(config.seed),
  state: r2 === null ? 'failed' : 'done',
  reason: r2 === null ? 'no <room>' : null,
  seconds: 1,
  measures: r2 === null ? {} : { r2 },
});
const grid = [1e-3, 3e-3].flatMap((lr) =>
  ['a', 'b'].flatMap((net) =>
    [1, 2].map((seed) =>
      row({ lr, net, seed }, (lr === 3e-3 ? 0.9 : 0.6) + (net === 'b' ? 0.05 : 0) + seed / 100),
    ),
  ),
);
const point = (epoch: number) => ({
  ...{ epoch, imagesSeen: 64 * epoch, trainLoss: 0.1 / epoch, valLoss: 0.1 / epoch },
  ...{ valR2: [1 - 1 / epoch], seconds: epoch },
});
const page: SweepPage = {
  name: 'rates',
  question: 'Which rate & net?',
  command: 'npm run sweep -- x.ts',
  axes: ['lr', 'net'],
  rows: [...grid, row({ lr: 1, net: 'a', seed: 1 }, null)],
  rank: [{ by: 'r2', better: 'higher' }],
  environment: { node: '20' },
  curves: new Map(grid.map(({ id }) => [id, [point(1), point(2)]])),
  commandOf: ({ config }) => `npm run train -- --lr ${config.lr} --net ${config.net}`,
  budget: null,
};

describe('the strength of an option', () => {
  test('the strongest first; what does nothing has 0, what decides all has 1', () => {
    const [first, second] = strengthsOf(grid, ['net', 'lr'], 'r2');
    expect([first!.axis, second!.axis]).toEqual(['lr', 'net']);
    expect(first!.share).toBeGreaterThan(0.95);
    expect(second!.share).toBe(0); // less than noise would give
    const decided = [0, 1, 0, 1].map((x, seed) => row({ x, y: seed % 4, seed }, x));
    expect(strengthsOf(decided, ['x'], 'r2')[0]!.share).toBe(1);
  });

  test('many numbers become five ranges; names and few numbers stay', () => {
    const values = Array.from({ length: 100 }, (_, i) => i);
    expect(groupsOf(values).map(({ label }) => label)).toEqual([
      '0 to 19',
      '20 to 39',
      '40 to 59',
      '60 to 79',
      '80 to 99',
    ]);
    expect(groupsOf(values).map(({ holds }) => values.filter(holds).length)).toEqual([20, 20, 20, 20, 20]);
    expect(groupsOf([3, 1, 2, 1]).map(({ label }) => label)).toEqual(['1', '2', '3']);
    expect(groupsOf(['b', null]).map(({ label }) => label)).toEqual(['b', 'none']);
  });
});

test('colours: the best is yellow with black text, the worst purple with white, by either order', () => {
  expect(scaleColour(1)).toEqual({ ground: 'rgb(253 231 37)', ink: '#000000' });
  expect(scaleColour(0)).toEqual({ ground: 'rgb(68 1 84)', ink: '#ffffff' });
  expect(shareOf([1, 3], 'higher')(3)).toBe(1);
  expect(shareOf([1, 3], 'lower')(3)).toBe(0);
});

describe('the page', () => {
  const text = renderSweepPage(page);

  test('says the best first, with its command, and shows each part', () => {
    expect(text).toContain('8 of 9 cells done, 1 failed. Best by r2: lr 0.003, net b (0.965 ± 0.0071).');
    expect(text).toContain('<code>npm run train -- --lr 0.003 --net b</code>');
    for (const id of ['best', 'options', 'parallel', 'curves', 'by-r2', 'means', 'failed', 'environment'])
      expect(text, id).toContain(`<section id="${id}">`);
    expect(text).toContain('no &lt;room&gt;');
    expect(text).toContain('Which rate &amp; net?');
    expect(text).toMatch(/net \\ lr.*0.001.*0.003/s);
    expect(text).toContain('<title>lr 0.003, net b, seed 1</title>');
    expect(text.match(/class="curve"/g)).toHaveLength(4 + 2 * 8);
  });

  test('of one option, of no ranking, of no finished cell, and of a search by halving', () => {
    const one = renderSweepPage({ ...page, axes: ['lr'], curves: new Map() });
    expect(one).not.toContain('id="curves"');
    expect(one).toContain('<th scope="row">0.003</th>');
    expect(renderSweepPage({ ...page, rank: [] })).not.toContain('id="best"');
    expect(renderSweepPage({ ...page, rows: [page.rows.at(-1)!] })).toContain('0 of 1 cells done, 1 failed.');
    const rungs = [...grid.map((r) => ({ ...r, config: { ...r.config, epochs: 1 } }))];
    const best = row({ lr: 3e-3, net: 'b', seed: 1, epochs: 3 }, 0.99);
    const halved = { ...page, axes: ['lr', 'net', 'epochs'], rows: [...rungs, best], budget: 'epochs' };
    expect(renderSweepPage(halved)).toContain('Only cells with the least epochs are counted');
    expect(renderSweepPage(halved)).toContain('lr 0.003, net b, epochs 3 (0.99)');
  });

  test.skipIf(!chromium)(
    `in Chromium${missing}: no complaint, WCAG 2 AA, fits a phone, copies`,
    async () => {
      const path = join(root, 'page.html');
      writeFileSync(path, text);
      const browser = await launch();
      try {
        const { tab, complaints } = await open(browser, path);
        await tab.context().grantPermissions(['clipboard-read', 'clipboard-write']);
        await tab.locator('.command button').first().click();
        expect(await tab.evaluate('navigator.clipboard.readText()')).toBe(
          'npm run train -- --lr 0.003 --net b',
        );
        expect((await accessibility(tab)).violations).toEqual([]);
        await tab.setViewportSize({ width: 390, height: 800 });
        expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(390);
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    60_000,
  );
});
