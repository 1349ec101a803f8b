/** What the docs show: a site of which every link leads somewhere (typedoc ends with an error else), the verdict of README. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { medchaosHere } from './commands/_cli.ts';

const out = mkdtempSync(join(tmpdir(), 'medchaos-docs-'));
afterAll(() => rmSync(out, { recursive: true }));

test('npm run docs', { timeout: 300_000 }, () => {
  const { status, stderr, stdout } = spawnSync('npm', ['run', 'docs', '--', '--out', out], {
    encoding: 'utf8',
  });
  expect(status, stdout + stderr).toBe(0);
  for (const page of ['index.html', 'modules/metrics.html', 'documents/docs_install.html'])
    expect(existsSync(join(out, page)), page).toBe(true);
});

/** Pages of the site, from its root. */
const pagesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));

test('every page of docs/ is in the site', () => {
  const documents = readdirSync('docs').filter((name) => name.endsWith('.md'));
  for (const name of documents)
    expect(existsSync(join(out, 'documents', `docs_${name.replace('.md', '.html')}`)), name).toBe(true);
});

test('every link and picture of the site leads to a page of it, and to an anchor that is there', () => {
  const texts = new Map(pagesOf(out).map((page) => [page, readFileSync(join(out, page), 'utf8')]));
  const dead = [...texts].flatMap(([page, text]) =>
    [...text.matchAll(/\s(?:href|src)="([^"]*)"/g)]
      .map(([, link]) => link!.replaceAll('&amp;', '&'))
      .filter((link) => !/^(https?|data|mailto):/.test(link))
      .filter((link) => {
        const [path, anchor] = link.split('#').map(decodeURIComponent) as [string, string?];
        const target = path ? posix.normalize(posix.join(posix.dirname(page), path.split('?')[0]!)) : page;
        if (!existsSync(join(out, target))) return true;
        return Boolean(anchor) && texts.has(target) && !texts.get(target)!.includes(` id="${anchor}"`);
      })
      .map((link) => `${page}: ${link}`),
  );
  expect(texts.size).toBeGreaterThan(100);
  expect(dead).toEqual([]);
});

test('diagrams are drawn, and the site loads nothing from elsewhere', () => {
  const texts = pagesOf(out).map((page) => readFileSync(join(out, page), 'utf8'));
  const diagrams = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)]
    .filter((path) => path.endsWith('.md'))
    .map((path) => readFileSync(path, 'utf8').split('```mermaid').length - 1);
  expect(texts.map((text) => text.split('<div class="diagram"').length - 1).reduce((a, b) => a + b)).toBe(
    diagrams.reduce((a, b) => a + b),
  );
  for (const text of texts) {
    expect(text).not.toMatch(/<(script|img|iframe)[^>]*\ssrc="https?:|<link[^>]*\shref="https?:|@import url/);
    expect(text).not.toContain('<code class="mermaid">');
  }
});

test('README.md shows the verdict that judge gives', { timeout: 300_000 }, async () => {
  const folder = join(out, 'judge');
  const { stdout } = await medchaosHere(['judge', '--scheme', '2d-lasm', '--out', folder], '.');
  expect(readFileSync('README.md', 'utf8')).toContain(`    ${stdout.split('\n')[0]}\n`);
});
