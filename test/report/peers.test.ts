/** The hardened scheme and the peers in tables, findings, run.json and the comparison; and runs that have none. */
import { describe, expect, test } from 'vitest';
import { differencesOf, settingsThatDiffer } from '../../src/report/compare.ts';
import { findingsOf, scoresOf } from '../../src/tables/findings.ts';
import { toCsv, toLatex, toMarkdown } from '../../src/tables/print.ts';
import { cellMeasures } from '../../src/tables/rows.ts';
import { parseResults } from '../../src/tables/run-json.ts';
import { buildTables } from '../../src/tables/tables.ts';
import { makeFixture, withPeers } from './fixture.ts';

const fixture = makeFixture(16);
const older = fixture.results;
const results = withPeers(fixture);
const tables = buildTables(results);
const [second, seventh] = [tables[1]!, tables[6]!];
const [peers, security] = seventh.more as [(typeof seventh.more)[0], (typeof seventh.more)[0]];

describe('rows', () => {
  test('Table 2: two times at two sizes each, nothing published', () => {
    const own = second.rows.filter(({ method }) => method === 'peer:test');
    expect(own.map(({ measure, image, ours }) => [measure, image, ours])).toEqual([
      ['encrypt_s', '256x256', 0.004],
      ['decrypt_s', '256x256', 0.003],
      ['encrypt_s', '512x512', 0.004],
      ['decrypt_s', '512x512', 0.003],
    ]);
    expect(own.every(({ published }) => published === null)).toBe(true);
  });
  test('Table 7: the measures of a cell and six more; of the paper methods the six only', () => {
    const of = (method: string) =>
      seventh.rows.filter((r) => r.image === 'table7b' && r.method === method).map((r) => r.measure);
    const six = [
      'npcr_differential',
      'uaci_differential',
      'chosen_plaintext',
      'known_plaintext',
      'predicted',
      'predicted_planes',
    ];
    expect(of('hardened')).toEqual([...cellMeasures, ...six]);
    expect(of('lorenz')).toEqual([...cellMeasures, ...six]);
    const keys = seventh.rows.map((r) => `${r.measure}|${r.image}|${r.method}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
  test('CSV: an attack that does not apply is empty, as what it would be compared with', () => {
    const lines = toCsv(seventh).split('\n');
    expect(lines).toContain('chosen_plaintext,table7a,peer:test,,,,,');
    expect(lines.find((l) => l.startsWith('chosen_plaintext,table7a,lorenz,'))).toMatch(/,,100,0\.390625,/);
  });
});

describe('layout', () => {
  test("the paper's rows stay as they were", () => {
    expect(seventh.layout).toEqual(buildTables(older)[6]!.layout);
    expect(second.layout.lines.slice(0, 19)).toEqual(buildTables(older)[1]!.layout.lines);
    expect(second.layout.lines.slice(19).map((l) => l.heads[0])).toEqual([
      'Hardened scheme',
      'Hardened scheme',
      'Test & peer',
      'Test & peer',
    ]);
  });
  test('under them: ours and z of each cipher and image', () => {
    expect(peers.layout.lines.length).toBe(4 * 2 * 2);
    expect(peers.layout.lines[2]!.heads).toEqual(['Image A', 'Test & peer', 'ours']);
  });
  test('and what the attacks gave: references published, broken marked, the rest not attacked', () => {
    const [reference, logistic, , hardened] = security.layout.lines;
    expect(security.layout.lines.length).toBe(4 * (1 + 4 + 1));
    expect(reference!.heads[1]).toMatch(/^\[\d+\], published$/);
    expect(reference!.cells[0]!.row).toMatchObject({ measure: 'npcr', ours: null });
    expect(logistic!.cells.slice(4).map((c) => [c.text, c.outlier])).toEqual([
      ['100', true],
      ['100', true],
      ['100', true],
      ['8', true],
    ]);
    expect(hardened!.cells.slice(4, 6).map((c) => c.text)).toEqual(['not attacked', 'not attacked']);
    expect(hardened!.cells.some((c) => c.outlier)).toBe(false);
  });
  test.each([
    [2, second],
    [7, seventh],
  ])('table %i in Markdown and LaTeX: every line has all columns of its part', (_, table) => {
    const parts = [table, ...table.more];
    const widths = parts.map(({ layout }) => layout.heads.length + layout.columns.length);
    const blocks = toMarkdown(table)
      .split(/^###? .*$/m)
      .slice(1);
    expect(blocks.length).toBe(parts.length);
    blocks.forEach((block, i) => {
      const lines = block.split('\n').filter((line) => line.startsWith('|'));
      expect(lines.length).toBe(parts[i]!.layout.lines.length + 2);
      for (const line of lines) expect(line.split(/(?<!\\)\|/).length).toBe(widths[i]! + 2);
    });
    const tex = toLatex(table);
    expect([...tex.matchAll(/\\label\{tab:([^}]+)\}/g)].map(([, id]) => id)).toEqual(parts.map((p) => p.id));
    expect(tex.replace(/[\s!-~]/g, '')).toBe(''); // ASCII alone
    expect(tex).toContain('Test \\& peer');
  });
});

test('the scores that findings count are those of the six methods, with peers or without', () => {
  expect(scoresOf(tables)).toEqual(scoresOf(buildTables(older)));
});

test('findings name who fell to what', () => {
  const told = new Map(findingsOf(results, tables).map(({ id, text }) => [id, text]));
  expect(told.get('peers-exact')).toContain('exact for all 16 image and cipher pairs');
  expect(told.get('peers-attacked')).toMatch(
    /unseen one: Logistic; Lorenz\..*say nothing for: Hardened scheme; Test & peer\./,
  );
  expect(told.get('peers-predicted')).toContain('a fourth: Logistic; Lorenz.');
  expect(told.get('peers-spread')).toContain('standard deviations: Logistic; Lorenz.');
  expect(findingsOf(older, buildTables(older)).some(({ id }) => id.startsWith('peers'))).toBe(false);
});

test('run.json gives peers back, an infinite PSNR too; an older one has none', () => {
  const cell = results.peers!.cells.find(({ measures }) => measures)!;
  const infinite = { value: Number.POSITIVE_INFINITY, expected: 8, sd: 1, z: Number.POSITIVE_INFINITY };
  const mse = { ...cell.measures!.mse, value: 0 };
  const equal = { ...cell, measures: { ...cell.measures!, mse, psnr: infinite } };
  const written = { ...results, peers: { ...results.peers!, cells: [...results.peers!.cells, equal] } };
  expect(parseResults(JSON.stringify(written), 'run.json')).toEqual(written);
  expect(parseResults(JSON.stringify(older), 'run.json').peers).toBeUndefined();
});

test('an older run beside one with peers: said once, not number by number', () => {
  for (const [a, b] of [
    [older, results],
    [results, older],
  ] as const)
    expect(differencesOf(a, b)).toEqual([]);
  expect(settingsThatDiffer(older, results)).toEqual([
    ['Measured beside', 'none', 'Hardened scheme; Test & peer'],
  ]);
});
