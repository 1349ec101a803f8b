/** Every link of every committed page, Markdown or HTML, leads to a committed file, and to an anchor that is there. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withoutDeadLinks } from '../scripts/_reference-page.ts';

const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');
const known = new Set(files.flatMap((file) => [file, ...foldersOf(file)]));
const pages = files.filter((file) => /\.(md|html)$/.test(file) && !file.startsWith('test/'));

function foldersOf(file: string): string[] {
  const parts = file.split('/');
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** Without code: a link in it is an example. */
const prose = (text: string): string => text.replaceAll(/^( {4}|\t).*$|```[\s\S]*?```|`[^`\n]*`/gm, '');

function linksOf(file: string, text: string): string[] {
  const found = file.endsWith('.md')
    ? prose(text).matchAll(/\]\(<?([^)\s>]+)>?\)/g)
    : text.replaceAll(/<script[\s\S]*?<\/script>/g, '').matchAll(/\s(?:href|src)="([^"]*)"/g);
  return [...found].map(([, link]) => link!).filter((link) => !/^(data|https?|mailto):/.test(link));
}

/** As GitHub names the anchor of a heading. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchors = new Map<string, ReadonlySet<string>>();
function anchorsOf(file: string): ReadonlySet<string> {
  const known = anchors.get(file) ?? new Set(anchorsIn(file, readFileSync(file, 'utf8')));
  anchors.set(file, known);
  return known;
}

const anchorsIn = (file: string, text: string): string[] =>
  file.endsWith('.md')
    ? [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => slug(heading!))
    : [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);

function deadLinks(file: string, text: string): string[] {
  return linksOf(file, text).filter((link) => {
    const [path, anchor] = link.replaceAll('&#39;', "'").split('#') as [string, string?];
    const target = path ? posix.normalize(posix.join(posix.dirname(file), decodeURIComponent(path))) : file;
    if (!known.has(target.replace(/\/$/, ''))) return true;
    return (
      Boolean(anchor) && /\.(md|html)$/.test(target) && !anchorsOf(target).has(decodeURIComponent(anchor!))
    );
  });
}

test('the check sees a dead file and a dead anchor', () => {
  const text = '[a](nowhere.md) [b](README.md#nowhere) [c](README.md#safety) [d](docs) `[e](code)`';
  expect(deadLinks('CHANGELOG.md', text)).toEqual(['nowhere.md', 'README.md#nowhere']);
  expect(deadLinks('docs/page.html', '<a href="../README.md"><img src="no.png">')).toEqual(['no.png']);
});

test('the page of a reference has no link to a file that is not kept', () => {
  const link = (path: string, text: string): string => `<a href="${path}">${text}</a>`;
  const page = `Key space. Files: ${link('t.csv', 'csv')}, ${link('t.md', 'md')}, ${link('t.tex', 'tex')}.</p> Counts. File: ${link('f.svg', 'svg')}.`;
  expect(withoutDeadLinks(page, (path) => path === 't.csv')).toBe(
    `Key space. File: ${link('t.csv', 'csv')}.</p> Counts.`,
  );
});

describe('committed pages', () => {
  test('are found', () => expect(pages.length).toBeGreaterThan(30));
  test.each(pages)('%s', (file) => expect(deadLinks(file, readFileSync(file, 'utf8'))).toEqual([]));
});
