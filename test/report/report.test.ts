/** The written report: its files, its HTML as text, and in headless Chromium where there is one. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embeddedJson } from '../../src/report/html.ts';
import { writeReproduction } from '../../src/report/write.ts';
import type { TidyRow } from '../../src/tables/rows.ts';
import { buildTables } from '../../src/tables/tables.ts';
import { accessibility, chromium, cutInPrint, launch, missing, open } from './browser.ts';
import { makeFixture, withPeers, writePictures } from './fixture.ts';

const made = makeFixture(4);
const fixture = { ...made, results: withPeers(made) };
let out: string;
let page: string;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'medchaos-report-'));
  await writePictures(out, fixture);
  await writeReproduction(out, fixture.results);
  page = await readFile(join(out, 'report.html'), 'utf8');
});
afterAll(() => rm(out, { recursive: true }));

/** The page without Plotly and the other scripts. */
const markup = (): string => page.replaceAll(/<script[\s\S]*?<\/script>/g, '');

describe('files', () => {
  test('tables in three formats, figures in two, run.json', async () => {
    expect((await readdir(join(out, 'tables'))).length).toBe(21);
    const figures = await readdir(join(out, 'figures'));
    expect(figures.filter((name) => name.endsWith('.svg')).length).toBe(12);
    expect(figures.filter((name) => name.endsWith('.json')).length).toBe(12);
    expect((await readdir(out)).sort()).toEqual(['figures', 'images', 'report.html', 'run.json', 'tables']);
    expect((await stat(join(out, 'report.html'))).size).toBeLessThan(8e6);
  });
  test('SVG files are well-formed, with no number missing', async () => {
    for (const name of (await readdir(join(out, 'figures'))).filter((n) => n.endsWith('.svg'))) {
      const svg = await readFile(join(out, 'figures', name), 'utf8');
      expectWellFormed(svg);
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
  test('the same results give the same report', async () => {
    await writeReproduction(out, fixture.results);
    expect((await readFile(join(out, 'report.html'), 'utf8')) === page).toBe(true);
  });
  test('a run without picture files has a report without thumbnails', async () => {
    const bare = await mkdtemp(join(tmpdir(), 'medchaos-bare-'));
    await writeReproduction(bare, fixture.results);
    const text = await readFile(join(bare, 'report.html'), 'utf8');
    await rm(bare, { recursive: true });
    expect(text).toContain('The run has no picture files.');
    expect(text).not.toContain('<img');
  });
});

describe('HTML', () => {
  test('is well-formed, declares utf-8, and loads nothing', () => {
    expectWellFormed(markup());
    expect(page).toContain('<meta charset="utf-8">');
    expect(markup()).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page.match(/<script>\/\*\*\s*\* plotly\.js/g)?.length).toBe(1);
    expect(page.match(/<\/script>/g)?.length).toBe(3);
  });
  test('says that the networks are undertrained, and escapes what users typed', () => {
    expect(markup()).toContain('<span class="label">Undertrained networks</span>');
    expect(markup()).toContain('--samples &quot;a &lt;b&gt; &amp; c.png&quot;');
  });
  test('header cells have a scope, images an alt text, ids are unique', () => {
    for (const th of markup().match(/<th[ >][^>]*/g)!) expect(th).toMatch(/scope="(col|row|rowgroup)"/);
    for (const img of markup().match(/<img[^>]*>/g)!) expect(img).toMatch(/alt="[^"]+"/);
    const ids = [...markup().matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
  test('JSON inside a script element cannot end it', () => {
    const text = embeddedJson({ a: '</script><!--\u2028\u2029' });
    expect(text).not.toMatch(/[<\u2028\u2029]/);
    expect(JSON.parse(text)).toEqual({ a: '</script><!--\u2028\u2029' });
  });
});

/** Tags open and close in order; void elements and self-closed tags apart. */
function expectWellFormed(text: string): void {
  const open: string[] = [];
  for (const [, slash, name, , closed] of text.matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:\s[^<>]*?)?)(\/?)>/g))
    if (slash) expect(open.pop()).toBe(name);
    else if (!closed && !/^(meta|link|img|br)$/.test(name!)) open.push(name!);
  expect(open).toEqual([]);
}

describe.skipIf(!chromium)(`in Chromium${missing}`, () => {
  let browser: Browser;
  let tab: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launch();
    ({ tab, complaints } = await open(browser, join(out, 'report.html')));
  });
  afterAll(() => browser?.close());

  const drawn = (): Promise<number> =>
    tab.evaluate(`document.querySelectorAll('.canvas:has(svg.main-svg)').length`) as Promise<number>;

  test('figures wait until they come into view, then are drawn', async () => {
    const before = await drawn();
    expect(before).toBeLessThan(12);
    await tab.locator('#plot-timing').scrollIntoViewIfNeeded();
    await tab.locator('#plot-timing svg.main-svg').first().waitFor();
    expect(await drawn()).toBeLessThan(12);
  });
  test('all are drawn before printing', async () => {
    await tab.evaluate(`window.dispatchEvent(new Event('beforeprint'))`);
    await expect.poll(drawn, { timeout: 120_000 }).toBe(12);
    const points = await tab.evaluate(
      `document.querySelectorAll('#plot-fig2-sample1 .scatterlayer .point').length`,
    );
    expect(points).toBe(6 * 2000);
  });
  test('cells of the tables equal the tidy rows', async () => {
    const cells = (await tab.evaluate(
      `[...document.querySelectorAll('td[data-of]')].map((c) => [c.closest('table').id, c.dataset.of, c.className.split(' ')[0], c.dataset.value ?? '', c.textContent])`,
    )) as string[][];
    const rows = new Map<string, TidyRow>(
      buildTables(fixture.results).flatMap((table) =>
        table.rows.map(
          (row) => [`table-${table.number}|${row.measure}|${row.image}|${row.method}`, row] as const,
        ),
      ),
    );
    expect(cells.length).toBeGreaterThan(1000);
    for (const [table, of, kind, value, text] of cells) {
      const row = rows.get(`${table!.slice(0, 7)}|${of}`)!; // table-7-peers and table-7-security show rows of table-7
      if (kind === 'ideal' || kind === 'none') continue;
      const number = row[kind as 'published' | 'ours' | 'z'];
      expect(value).toBe(number === null ? '' : String(number));
      if (number !== null && /^-?[\d.]+$/.test(text!))
        expect(Math.abs(Number(text) - number)).toBeLessThanOrEqual(
          0.5001 * 10 ** -(text!.split('.')[1] ?? '').length,
        );
    }
  });
  test.each(['light', 'dark'] as const)('meets WCAG 2 AA in %s', async (colorScheme) => {
    const fresh = await browser.newPage({ colorScheme }); // clouds not drawn yet: they only slow the check down
    await fresh.goto(pathToFileURL(join(out, 'report.html')).href);
    await fresh.locator('#plot-timing').scrollIntoViewIfNeeded();
    await fresh.locator('#plot-timing svg.main-svg').first().waitFor();
    const found = await accessibility(fresh);
    await fresh.close();
    expect(found).toEqual({ passed: expect.any(Number), violations: [] });
    expect(found.passed).toBeGreaterThan(15);
  });
  test('the first Tab offers to skip to the results', async () => {
    await tab.evaluate('document.activeElement.blur(); window.scrollTo(0, 0)');
    await tab.keyboard.press('Tab');
    expect(await tab.evaluate('document.activeElement.textContent')).toBe('Skip to the results');
    await tab.keyboard.press('Enter');
    expect(await tab.evaluate('document.activeElement.id')).toBe('main');
  });
  test('the page is painted before its last script, Plotly, has run', async () => {
    const painted = (await tab.evaluate(
      `[performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.getEntriesByType('navigation')[0].domInteractive]`,
    )) as number[];
    expect(painted[0]).toBeLessThan(painted[1]!);
  });
  test('a phone shows no sideways scrolling of the page', async () => {
    await tab.setViewportSize({ width: 390, height: 844 });
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
  test('on paper no table, picture or figure is cut, and figures have no buttons', async () => {
    expect(await cutInPrint(tab, 'table, img, .canvas, pre')).toEqual([]);
    await tab.emulateMedia({ media: 'print' });
    expect(await tab.locator('.modebar:visible').count()).toBe(0);
    await tab.emulateMedia({ media: null });
  });
  test('nothing was complained about or fetched', () => expect(complaints).toEqual([]));
});
