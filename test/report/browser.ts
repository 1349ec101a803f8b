/** Headless Chromium for pages of the report: where it is, a tab that notes every complaint, WCAG 2 AA by axe-core. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

export const chromium = [process.env.MEDCHAOS_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);

/** What stands behind the name of a suite that needs it. */
export const missing = chromium ? '' : ' (none found: set MEDCHAOS_CHROMIUM)';

const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

export async function launch(): Promise<Browser> {
  const { chromium: launcher } = await import('playwright-core');
  return launcher.launch({ executablePath: chromium!, args: flags.split(' ') });
}

/** A page opened from disk at desktop size, with the errors, warnings and requests that it made. */
export async function open(browser: Browser, path: string): Promise<{ tab: Page; complaints: string[] }> {
  const complaints: string[] = [];
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  tab.on(
    'console',
    (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()),
  );
  tab.on('pageerror', (error) => complaints.push(error.message));
  tab.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
  });
  await tab.goto(pathToFileURL(path).href);
  return { tab, complaints };
}

const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds against WCAG 2.1 A and AA, and how many of its rules were met. */
export async function accessibility(tab: Page): Promise<{ passed: number; violations: string[] }> {
  await tab.evaluate(axeSource);
  return tab.evaluate(`axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })
    .then(({ violations, passes }) => ({ passed: passes.length,
      violations: violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.target + ' ' + n.failureSummary).join(' | ')) }))`) as never;
}

/** Elements of a page on A4, 718 CSS pixels wide inside its margins, that stick out of it. */
export async function cutInPrint(tab: Page, selector: string): Promise<string[]> {
  await tab.emulateMedia({ media: 'print' });
  await tab.setViewportSize({ width: 718, height: 1000 });
  const cut = await tab.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})]
    .filter((e) => e.getBoundingClientRect().right > 719).map((e) => (e.id || e.className || e.tagName) + ' ' + e.getBoundingClientRect().right)`);
  await tab.emulateMedia({ media: null });
  return cut as string[];
}
