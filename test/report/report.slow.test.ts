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
    expect((await stat(join(out, 'report.html'))).size).toBeLessThan(4e6);
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
    expect(page.match(/<\/script>/g)?.length).toBe(4);
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

  /** As a link in the page does. */
  const follow = (anchor: string): Promise<unknown> =>
    tab.evaluate(`location.hash = ''; location.hash = ${JSON.stringify(anchor)}`);

  const points = (): Promise<number> =>
    tab.evaluate(`document.querySelectorAll('#plot-fig2-sample1 .scatterlayer .point').length`) as never;

  test('figures wait until they come into view, then are drawn', async () => {
    const before = await drawn();
    expect(before).toBeLessThan(12);
    await follow('plot-timing');
    await tab.locator('#plot-timing svg.main-svg').first().waitFor();
    expect(await drawn()).toBeLessThan(12);
  });
  test('all are drawn before printing', async () => {
    await tab.evaluate(`window.dispatchEvent(new Event('beforeprint'))`);
    await expect.poll(drawn, { timeout: 120_000 }).toBe(12);
    expect(await points()).toBe(6 * 267); // a third: 12 pages and 8 MB are the limit
    expect(await tab.evaluate(`document.querySelectorAll('details:not([open])').length`)).toBe(0);
    await tab.evaluate(`window.dispatchEvent(new Event('afterprint'))`);
    await expect.poll(points, { timeout: 120_000 }).toBe(6 * 800);
    expect(await tab.evaluate(`document.querySelectorAll('details:not([open])').length`)).toBeGreaterThan(10);
    await tab.evaluate('openAllFolds()');
  });
  test('cells of the tables equal the tidy rows', async () => {
    const cells = (await tab.evaluate(
      `[...document.querySelectorAll('td[data-of] [data-value]')].map((c) => [c.closest('table').id, c.closest('td').dataset.of, c.className.split(' ')[0], c.dataset.value, c.textContent])`,
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
      const number = row[kind as 'published' | 'ours' | 'z'];
      expect(value).toBe(number === null ? '' : String(number));
      if (number !== null && /^-?[\d.]+$/.test(text!))
        expect(Math.abs(Number(text) - number)).toBeLessThanOrEqual(
          kind === 'z' ? 0.5001 : Math.abs(0.000501 * number), // four significant digits
        );
    }
  });
  test.each(['light', 'dark'] as const)('meets WCAG 2 AA in %s', async (colorScheme) => {
    const fresh = await browser.newPage({ colorScheme }); // clouds not drawn yet: they only slow the check down
    await fresh.goto(pathToFileURL(join(out, 'report.html')).href);
    await fresh.evaluate(
      `document.querySelectorAll('details:not(#fig2):not(#histograms)').forEach((d) => { d.open = true; })`,
    );
    await fresh.locator('#plot-timing').scrollIntoViewIfNeeded();
    await fresh.locator('#plot-timing svg.main-svg').first().waitFor();
    const found = await accessibility(fresh);
    await fresh.close();
    expect(found).toEqual({ passed: expect.any(Number), violations: [] });
    expect(found.passed).toBeGreaterThan(15);
  });
  test('a link to a cell opens the folds around it; every link of the page leads somewhere', async () => {
    await tab.evaluate(`document.querySelectorAll('details').forEach((d) => { d.open = false; })`);
    await follow('table-6.corr_h.sample2.lorenz');
    const target = tab.locator('td:target');
    expect(await target.isVisible()).toBe(true);
    expect(await target.locator('a').getAttribute('href')).toBe('#table-6.corr_h.sample2.lorenz');
    const dead = await tab.evaluate(
      `[...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute('href').slice(1)).filter((id) => !document.getElementById(id))`,
    );
    expect(dead).toEqual([]);
    await tab.evaluate('openAllFolds()');
  });
  test('a click on a head sorts up, down, and back; by keyboard too', async () => {
    const column = (): Promise<number[]> =>
      tab.evaluate(
        `[...document.querySelectorAll('#table-2 tbody tr')].map((r) => Number(r.cells[1].querySelector('[data-value]')?.dataset.value))`,
      ) as never;
    const printed = await column();
    const button = tab.locator('#table-2 thead button').first();
    const head = tab.locator('#table-2 thead th').nth(1);
    await button.click();
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await column()).toEqual([...printed].sort((a, b) => a - b));
    await button.focus();
    await tab.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect(await column()).toEqual([...printed].sort((a, b) => b - a));
    await button.click();
    expect([await head.getAttribute('aria-sort'), await column()]).toEqual(['none', printed]);
  });
  test('the filter leaves the rows with a mark', async () => {
    const rows = tab.locator('#table-5 tbody tr');
    const [all, off] = [await rows.count(), await tab.locator('#table-5 tbody tr[data-off]').count()];
    await tab.locator('#part-5 .only-off').click();
    expect(await tab.locator('#table-5 tbody tr:visible').count()).toBe(off);
    expect(off).toBeGreaterThan(0);
    expect(off).toBeLessThan(all);
    await tab.locator('#part-5 .only-off').click();
    expect(await tab.locator('#table-5 tbody tr:visible').count()).toBe(all);
  });
  test('head and first column stay while a table is scrolled', async () => {
    await follow('table-5');
    const places = await tab.evaluate(`(() => {
      const box = document.querySelector('#part-5 .scroll');
      box.style.width = '300px'; box.scrollTo(200, 400);
      const at = (e) => { const r = e.getBoundingClientRect(), b = box.getBoundingClientRect(); return [Math.round(r.left - b.left), Math.round(r.top - b.top)]; };
      const places = [at(box.querySelector('thead th'))[1], at(box.querySelector('tbody th'))[0], box.scrollLeft > 0, box.scrollTop > 0];
      box.style.width = ''; return places;
    })()`);
    expect(places).toEqual([0, 0, true, true]);
  });
  test('the first Tab offers to skip to the results', async () => {
    const { tab: fresh } = await open(browser, join(out, 'report.html'));
    await fresh.keyboard.press('Tab');
    expect(await fresh.evaluate('document.activeElement.textContent')).toBe('Skip to the results');
    await fresh.keyboard.press('Enter');
    expect(await fresh.evaluate('document.activeElement.id')).toBe('main');
    await fresh.close();
  });
  test('the page is painted before its last script, Plotly, has run', async () => {
    const painted = (await tab.evaluate(
      `[performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.getEntriesByType('navigation')[0].domInteractive]`,
    )) as number[];
    expect(painted[0]).toBeLessThan(painted[1]!);
  });
  test('no sideways scrolling of the page at four sizes', async () => {
    for (const width of [360, 768, 1280, 1920]) {
      await tab.setViewportSize({ width, height: 740 });
      expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
  });
  test('on a phone the score stands on the first screen', async () => {
    await tab.setViewportSize({ width: 360, height: 740 });
    await tab.evaluate('window.scrollTo(0, 0)');
    const box = await tab.locator('table.score').first().boundingBox();
    expect(box!.y + box!.height).toBeLessThan(740);
  });
  test('print has at most 12 pages and 8 MB', async () => {
    await tab.emulateMedia({ media: 'print' });
    await tab.evaluate(`window.dispatchEvent(new Event('beforeprint'))`);
    await expect.poll(points, { timeout: 120_000 }).toBe(6 * 267);
    const pdf = await tab.pdf({ format: 'A4' });
    await tab.evaluate(`window.dispatchEvent(new Event('afterprint'))`);
    await tab.emulateMedia({ media: null });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)!.length).toBeLessThanOrEqual(12);
    expect(pdf.length).toBeLessThan(8e6);
  });
  test('on paper no table, picture or figure is cut, and figures have no buttons', async () => {
    expect(await cutInPrint(tab, 'table, img, .canvas, pre')).toEqual([]);
    await tab.emulateMedia({ media: 'print' });
    expect(await tab.locator('.modebar:visible').count()).toBe(0);
    await tab.emulateMedia({ media: null });
  });
  test('nothing was complained about or fetched', () => expect(complaints).toEqual([]));
});
