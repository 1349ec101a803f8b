/** Every figure of results/reference/findings.json stands in FINDINGS.md, and is the figure of its file, at the decimals printed. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** A figure of a page: the words before it, and the file and key that it comes from. */
interface Link {
  /** Default: FINDINGS.md. */
  readonly page?: string;
  readonly after: string;
  readonly figure: string;
  readonly file: string;
  readonly key: string;
}

const links = JSON.parse(readFileSync('results/reference/findings.json', 'utf8')) as Link[];

type Row = Record<string, unknown>;

/** Rows of a CSV without quoted cells. */
function csvRows(source: string): Row[] {
  const [head, ...lines] = source.trimEnd().split('\n');
  const names = head!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
}

/** `/a/0/b` below a JSON value. */
const pointed = (value: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .filter(Boolean)
    .reduce((inner, step) => (inner as Row)[step], value);

const chosen = (rows: readonly Row[], query: string): Row[] => {
  const wanted = [...new URLSearchParams(query.replaceAll('+', '%2B'))];
  return rows.filter((row) => wanted.every(([name, value]) => String(row[name]) === value));
};

/**
 * JSON: `/pointer`, or `count/pointer?name=value&...` of the array there. CSV: `column?name=value&...` of the one
 * row that fits, or `count?...`, `min:column?...`, `max:column?...` over those that fit.
 */
function resolve(source: string, { file, key }: Link): number {
  const [what, query = ''] = key.split('?') as [string, string?];
  if (file.endsWith('.json')) {
    const value = pointed(JSON.parse(source), what.replace(/^count/, ''));
    return what.startsWith('count') ? chosen(value as Row[], query).length : Number(value);
  }
  const rows = chosen(csvRows(source), query);
  if (what === 'count') return rows.length;
  const [fold, column] = what.includes(':') ? (what.split(':') as [string, string]) : ['one', what];
  const numbers = rows.map((row) => (row[column] === '' ? Number.NaN : Number(row[column])));
  if (fold === 'one') expect(rows.length, `rows for ${key}`).toBe(1);
  return fold === 'max' ? Math.max(...numbers) : fold === 'min' ? Math.min(...numbers) : numbers[0]!;
}

/** Within half a unit of the last digit shown. */
function agrees(shown: string, value: number): boolean {
  const number = Number(shown.replace('−', '-').replaceAll(',', ''));
  const unit = 10 ** -(shown.split('.')[1] ?? '').length;
  return Math.abs(number - value) <= 0.5000001 * unit;
}

test.each(['FINDINGS.md', 'README.md'])('the figures stand in %s, in this order', (page) => {
  const text = readFileSync(page, 'utf8').replaceAll(/\s+/g, ' ');
  const own = links.filter((link) => (link.page ?? 'FINDINGS.md') === page);
  expect(own.length).toBeGreaterThan(5);
  let at = 0;
  for (const { after, figure } of own) {
    at = text.indexOf(after + figure, at);
    expect(at, `${after}${figure}`).toBeGreaterThanOrEqual(0);
  }
});

describe('figures', () => {
  test.each(links)('$after$figure is $file $key', (link) => {
    const value = resolve(readFileSync(link.file, 'utf8'), link);
    expect(agrees(link.figure, value), `the file says ${value}`).toBe(true);
  });
});

test('a figure one digit off is noticed', () => {
  expect(agrees('99.61', 99.6094)).toBe(true);
  expect(agrees('99.62', 99.6094)).toBe(false);
  expect(agrees('9', 10)).toBe(false);
});
