/** Every figure that FINDINGS.md links to a file is the file's figure, at the decimals printed. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const text = readFileSync('FINDINGS.md', 'utf8');

interface Link {
  readonly shown: string;
  readonly path: string;
  readonly key: string;
}

const links = [...text.matchAll(/\[([^\]]+)\]\((results\/reference\/[^)#]+)#([^)]+)\)/g)].map(
  ([, shown, path, key]): Link => ({ shown: shown!, path: path!, key: key! }),
);

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
function resolve(source: string, { path, key }: Link): number {
  const [what, query = ''] = key.split('?') as [string, string?];
  if (path.endsWith('.json')) {
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

test('the page has figures, and none without digits', () => {
  expect(links.length).toBeGreaterThan(20);
  for (const { shown } of links) expect(shown).toMatch(/^[−-]?[\d.,]+$/);
});

describe('FINDINGS.md', () => {
  test.each(links)('$shown is $path $key', (link) => {
    const value = resolve(readFileSync(link.path, 'utf8'), link);
    expect(agrees(link.shown, value), `the file says ${value}`).toBe(true);
  });
});

test('a figure one digit off is noticed', () => {
  expect(agrees('99.61', 99.6094)).toBe(true);
  expect(agrees('99.62', 99.6094)).toBe(false);
  expect(agrees('9', 10)).toBe(false);
});
