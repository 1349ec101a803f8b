/** The comparison of two runs in headless Chromium: its tables against what was computed, and how it looks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fourDigits } from '../../src/report/compact.ts';
import { differencesOf, renderComparison, settingsThatDiffer } from '../../src/report/compare.ts';
import type { ReproductionResults } from '../../src/tables/results.ts';
import { accessibility, chromium, cutInPrint, launch, missing, open } from './browser.ts';
import { makeFixture, withPeers, writePictures } from './fixture.ts';

const fixture = makeFixture(8);
const a = fixture.results;
const b: ReproductionResults = {
  ...withPeers(fixture),
  seed: 2,
  cells: a.cells.map((cell, i) =>
    i % 5 ? cell : { ...cell, chi2Plain: cell.chi2Plain + 1, measures: moved(cell.measures) },
  ),
};

/** Every value a little off, one undefined. */
function moved(measures: ReproductionResults['cells'][number]['measures']) {
  const off = Object.entries(measures).map(([name, m]) => [name, { ...m, value: m.value! + 0.125 }]);
  return { ...Object.fromEntries(off), corr_d: { ...measures.corr_d, value: null } };
}

describe.skipIf(!chromium)(`in Chromium${missing}`, () => {
  let folder: string;
  let browser: Browser;
  let tab: Page;
  let complaints: string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'medchaos-compare-'));
    await writePictures(folder, fixture);
    const page = await renderComparison({ folder, results: a }, { folder, results: b });
    await writeFile(join(folder, 'compare.html'), page);
    browser = await launch();
    ({ tab, complaints } = await open(browser, join(folder, 'compare.html')));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true });
  });

  const cells = (section: string): Promise<string[][]> =>
    tab.evaluate(
      `[...document.querySelectorAll('#${section} tbody tr')].map((r) => [...r.cells].map((c) => c.textContent))`,
    ) as Promise<string[][]>;

  test('settings and numbers that differ are those computed, the largest difference first', async () => {
    expect(await cells('settings')).toEqual(settingsThatDiffer(a, b));
    const differences = differencesOf(a, b);
    expect(differences.length).toBeGreaterThan(60);
    const told = (value: number | null): string => (value === null ? 'none' : fourDigits(value));
    expect((await cells('numbers')).map((row) => [row[6], row[3], row[4]])).toEqual(
      differences.map((d) => [String(d.table), told(d.a), told(d.b)]),
    );
    const sds = differences.filter(({ inSd }) => inSd !== null).map(({ inSd }) => Math.abs(inSd!));
    expect(sds).toEqual([...sds].sort((x, y) => y - x));
    const tips = await tab.evaluate(
      `[...document.querySelectorAll('#numbers tbody td:nth-child(5)')].map((c) => c.title)`,
    );
    expect(tips).toEqual(differences.map((d) => (d.b === null ? '' : String(d.b))));
    expect((await cells('numbers'))[0]!.slice(0, 6)).toEqual([
      'Correlation D',
      'Sample 1',
      'Logistic + ResNet-18',
      fourDigits(differences[0]!.a!),
      'none',
      '',
    ]);
  });
  test('what differs less is folded', async () => {
    expect(await tab.locator('#numbers tbody tr:visible').count()).toBe(60);
  });
  test('pictures of both runs are drawn', async () => {
    const drawn = await tab.evaluate(
      `[...document.querySelectorAll('#images img')].map((i) => i.complete && i.naturalWidth > 0)`,
    );
    expect(drawn).toEqual(new Array(8 * 4).fill(true));
  });
  test.each(['light', 'dark'] as const)('meets WCAG 2 AA in %s', async (colorScheme) => {
    await tab.emulateMedia({ colorScheme });
    const { violations, passed } = await accessibility(tab);
    expect(violations).toEqual([]);
    expect(passed).toBeGreaterThan(10);
  });
  test('a phone shows no sideways scrolling of the page, paper cuts nothing', async () => {
    await tab.setViewportSize({ width: 390, height: 844 });
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await cutInPrint(tab, 'table, img')).toEqual([]);
  });
  test('nothing was complained about or fetched', () => expect(complaints).toEqual([]));
});
