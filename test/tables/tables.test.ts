/** Tables from a built fixture: rows, columns, published numbers, decimals, and the three formats. */
import { describe, expect, test } from 'vitest';
import { keyFileBits } from '../../src/metrics/key-space.ts';
import { cellMetrics } from '../../src/metrics/paper.ts';
import { fixed, meanSd, zText } from '../../src/tables/format.ts';
import paper from '../../src/tables/paper-tables.json' with { type: 'json' };
import { csvColumns, csvNumber, latexText, toCsv, toLatex, toMarkdown } from '../../src/tables/print.ts';
import { published } from '../../src/tables/published.ts';
import { methodIds } from '../../src/tables/results.ts';
import { buildTables } from '../../src/tables/tables.ts';
import { makeFixture } from '../report/fixture.ts';

const { results } = makeFixture();
const tables = buildTables(results);
const empty = buildTables({ ...results, images: [], cells: [], timings: [], training: [] });
const table = (number: number) => tables[number - 1]!;
const parsed = (number: number): string[][] =>
  toCsv(table(number))
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

/** Metrics of a table: 5 and 3 of the paper, and those added since. */
const metricsOf = (number: 5 | 6): number => cellMetrics.filter((metric) => metric.table === number).length;

describe('rows', () => {
  // 1: proposed + 5 references; 2: (proposed + 6 methods) x 2 sizes x 2 + 5 reference lines x 2;
  // 3: 4 samples x (width, height, plain + 6 ciphers); 4: 4 x 6 x 2; 5: 5 x 4 x 6; 6: 3 x 4 x 6;
  // 7: 8 quoted of 1 reference x 4 images, and 8 measures x 4 images x 6 methods
  test.each([
    [1, 6],
    [2, 38],
    [3, 36],
    [4, 48],
    [5, metricsOf(5) * 4 * 6],
    [6, metricsOf(6) * 4 * 6],
    [7, 8 * 4 + (metricsOf(5) + metricsOf(6)) * 4 * 6],
  ])('table %i has %i rows, each measure, image and method once', (number, count) => {
    const { rows } = table(number);
    expect(rows.length).toBe(count);
    expect(new Set(rows.map((r) => `${r.measure}|${r.image}|${r.method}`)).size).toBe(count);
  });
  test('a reconstruction stands beside its reference, NPCR and UACI of one changed sample', () => {
    const value = (of: number) => ({ value: of, expected: 1, sd: 1, z: of - 1 });
    const cells = results.cells.filter(({ image }) => image === 'table7b');
    const method = 'peer:unified-dna';
    const peers = {
      ciphers: [{ method, name: 'X [1]', source: '', standing: 'reconstruction', reference: 'ref1' }],
      cells: [
        {
          ...{
            image: 'table7b' as const,
            method,
            keyFile: '',
            measures: cells[0]!.measures,
            decryptedMse: 0,
          },
          differential: { trials: 5, npcr: value(3), uaci: value(4) },
          chosenPlaintext: { queries: 2, recovered: null },
          knownPlaintext: { queries: 2, recovered: null },
          predicted: value(5),
          predictedPlanes: [100, 100, 51, 50, 50, 50, 50, 50],
        },
      ],
    };
    const seventh = buildTables({ ...results, peers })[6]!;
    const of = (measure: string, method = 'ref1') =>
      seventh.rows.find((r) => r.measure === measure && r.image === 'table7b' && r.method === method)!;
    expect([of('npcr').ours, of('uaci').ours, of('npcr').published]).toEqual([3, 4, 99.603]);
    expect(of('entropy').ours).toBe(cells[0]!.measures.entropy.value);
    expect(of('predicted_planes', method).ours).toBe(2);
    const heads = seventh.layout.lines
      .filter(({ heads }) => heads[1]!.startsWith('['))
      .map(({ heads }) => heads);
    expect(heads).toContainEqual(['Image B', '[1]', 'reconstruction']);
    expect(heads).toContainEqual(['Image C', '[17]', 'published only']);
    expect(
      seventh.more
        .flatMap(({ layout }) => layout.lines)
        .some(({ heads }) => heads.includes('X [1], reconstruction')),
    ).toBe(true);
  });
  test('key space by Eq. 10, and its published twin', () => {
    expect(keyFileBits(128, 128)).toBe(133120);
    expect(table(1).rows[0]).toMatchObject({ method: 'proposed', published: 133120, ours: 133120 });
    const fifteen = table(1).layout.lines.find(({ heads }) => heads[0] === '[15]')!;
    expect(fifteen.cells.map(({ text }) => text)).toEqual([expect.stringContaining('512'), 'not public']);
  });
  test('times of a reference: of its reconstruction, or the word why there are none', () => {
    const method = 'peer:lts-tss-dna';
    const ciphers = [{ method, name: 'X [13]', source: '', standing: 'reconstruction', reference: 'ref13' }];
    const timings = [{ image: '512x512', method, encryptSeconds: 0.7, decryptSeconds: 0.8, repeats: 3 }];
    const second = buildTables({ ...results, timings, peers: { ciphers, cells: [] } })[1]!;
    const line = (head: string) =>
      second.layout.lines
        .find(({ heads }) => heads[0] === head && heads[1] === '512×512')!
        .cells.map(({ text }) => text);
    expect(line('[13]')).toEqual(['4.73389', '0.70000', '–', '0.8000']);
    expect(line('[17]')).toEqual(['10.22', 'not public', '–', 'not public']);
  });
  test('times: proposed is the median over the four methods with a network', () => {
    const row = table(2).rows.find((r) => r.method === 'proposed' && r.image === '512x512')!;
    expect(row.ours).toBeCloseTo(0.0215, 12); // 0.020 0.021 0.022 0.023
    expect(row.published).toBe(1.8107);
  });
  test('ours are the measured values, references have none', () => {
    const cell = results.cells.find((c) => c.image === 'sample2' && c.method === 'lorenz')!;
    const row = table(5).rows.find(
      (r) => r.measure === 'mse' && r.image === 'sample2' && r.method === 'lorenz',
    )!;
    expect([row.ours, row.expected, row.z]).toEqual([
      cell.measures.mse.value,
      cell.measures.mse.expected,
      cell.measures.mse.z,
    ]);
    const quoted = tables.flatMap((t) => t.rows).filter((r) => r.method.startsWith('ref'));
    expect(quoted.length).toBe(5 + 10 + 32);
    expect(quoted.every((r) => r.ours === null && r.z === null)).toBe(true);
  });
  test('a run without anything still has every published number, and no own one but Eq. 10', () => {
    const rows = empty.flatMap((t) => t.rows);
    expect(rows.filter((r) => r.ours !== null).length).toBe(1);
    expect(rows.filter((r) => r.published !== null).length).toBe(publishedNumbers());
  });
});

/** Numbers in paper-tables.json; Table 4's one row per sample stands for four methods. */
function publishedNumbers(): number {
  const count = (values: unknown[]): number => values.filter((v) => v !== null).length;
  const rows = (number: number) =>
    paper.tables.find((t) => t.table === number)!.rows as Record<string, unknown>[];
  const times = rows(2).flatMap((r) => [r.encryptSeconds, r.decryptSeconds]);
  const values = [5, 6, 7].flatMap((n) => rows(n).flatMap((r) => r.values as unknown[]));
  return rows(1).length + count(times) + 2 * paper.samples.length + 4 * 2 * rows(4).length + count(values);
}

describe('published numbers', () => {
  test('each stands exactly once, in its own row, as printed', () => {
    const known = published.filter((cell) => cell.value !== null);
    expect(known.length).toBe(publishedNumbers());
    for (const cell of known) {
      const own = table(cell.table).rows.filter(
        (r) => r.measure === cell.measure && r.image === cell.image && r.method === cell.method,
      );
      expect(own.length).toBe(1);
      expect([own[0]!.published, own[0]!.printed]).toEqual([cell.value, cell.printed]);
    }
  });
  test('known cells of the paper', () => {
    const find = (number: number, measure: string, image: string, method: string) =>
      table(number).rows.find((r) => r.measure === measure && r.image === image && r.method === method)
        ?.printed;
    expect(find(5, 'mse', 'sample2', 'logistic+mobilenetv2')).toBe('7943.2164');
    expect(find(6, 'corr_h', 'sample4', 'logistic')).toBe('0.8428');
    expect(find(7, 'mse', 'table7b', 'ref1')).toBe('-');
    expect(find(7, 'uaci', 'table7d', 'lorenz+mobilenetv2')).toBe('30.4603');
    expect(find(2, 'encrypt_s', '512x512', 'ref17')).toBe('10.22');
    expect(find(3, 'height', 'sample1', '')).toBe('509');
  });
});

describe('CSV', () => {
  test.each([1, 2, 3, 4, 5, 6, 7])('table %i: the columns of the contract, LF, no quotes', (number) => {
    const text = toCsv(table(number));
    expect(text.split('\n')[0]).toBe('measure,image,method,published,ours,expected,sd,z');
    expect(text).not.toMatch(/[\r"]/);
    expect(text.endsWith('\n')).toBe(true);
    expect(parsed(number).every((row) => row.length === csvColumns.length)).toBe(true);
  });
  test('decimals read back as the same doubles', () => {
    const lines = parsed(5).slice(1);
    table(5).rows.forEach((row, i) => {
      expect([lines[i]![4], lines[i]![7]].map(Number)).toEqual([row.ours, row.z]);
    });
    expect([0.1 + 0.2, 1e-9, -0].map(csvNumber)).toEqual(['0.30000000000000004', '1e-9', '0']);
  });
  test('infinity is inf, what does not apply is empty', () => {
    expect(parsed(4)[2]).toEqual(['psnr', 'sample1', 'logistic+resnet18', 'inf', 'inf', '', '', '']);
    expect(parsed(1)[2]).toEqual(['key_space_log2', '', 'ref19', '1024', '', '', '', '']);
  });
});

describe('layout', () => {
  test('the paper shape: lines and columns', () => {
    expect(tables.map((t) => t.layout.lines.length)).toEqual([
      6,
      19,
      8,
      4,
      metricsOf(5) * 4 * 3,
      metricsOf(6) * 4 * 3,
      4 * (1 + 4 * 3 + 2 * 2 + 2),
    ]);
    expect(tables.map((t) => t.layout.columns.length)).toEqual([2, 4, 10, 4, 7, 7, cellMetrics.length]);
    for (const { layout } of tables)
      for (const line of layout.lines) {
        expect(line.cells.length).toBe(layout.columns.length);
        expect(line.heads.length).toBe(layout.heads.length);
      }
  });
  test('ours have the decimals of the paper', () => {
    const line = table(5).layout.lines[1]!;
    expect(line.heads).toEqual(['UACI, %', 'Sample 1', 'ours']);
    expect(line.cells[0]!.text).toBe(line.cells[0]!.row!.ours!.toFixed(4));
    expect(table(4).layout.lines[0]!.cells.map((c) => c.text)).toEqual(['∞', '∞', '0', '0']);
  });
  test('the broken cipher is marked in every format', () => {
    const broken = table(3).layout.lines[7]!.cells[3 + methodIds.indexOf('logistic')]!;
    expect(broken.outlier && broken.text.endsWith('†')).toBe(true);
    expect(toMarkdown(table(3))).toContain(`**${broken.text}**`);
    expect(toLatex(table(3))).toContain('\\dag{}');
  });
});

describe('Markdown and LaTeX', () => {
  test.each([1, 2, 3, 4, 5, 6, 7])('table %i: every line has all columns', (number) => {
    const { layout } = table(number);
    const columns = layout.heads.length + layout.columns.length;
    const lines = toMarkdown(table(number))
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(lines.length).toBe(layout.lines.length + 2);
    for (const line of lines) expect(line.split(/(?<!\\)\|/).length).toBe(columns + 2);

    const tex = toLatex(table(number));
    const rows = tex.split('\n').filter((line) => line.endsWith('\\\\') && !line.startsWith('\\caption'));
    for (const row of rows) expect(row.split(/(?<!\\)&/).length).toBe(columns);
    expect(tex).toMatch(new RegExp(`\\{l{${layout.heads.length}}r{${layout.columns.length}}\\}`));
    expectBalanced(tex);
  });
  test('special characters', () => {
    expect(latexText('50 % & a_b {x} ±')).toBe('50 \\% \\& a\\_b \\{x\\} $\\pm$');
    expect(latexText('2^133120')).toBe('$2^{133120}$');
    expect(latexText('-0.0012')).toBe('$-0.0012$');
    expect(
      tables
        .map(toLatex)
        .join('')
        .replace(/[a-zA-Z0-9\s!-~]/g, ''),
    ).toBe(''); // ASCII alone
  });
});

/** Environments open and close in order, braces match. */
function expectBalanced(tex: string): void {
  const open: string[] = [];
  for (const [, kind, name] of tex.matchAll(/\\(begin|end)\{(\w+)\}/g))
    if (kind === 'begin') open.push(name!);
    else expect(open.pop()).toBe(name);
  expect(open).toEqual([]);
  const depth = [...tex.replace(/\\[{}]/g, '')].reduce((d, c) => d + (c === '{' ? 1 : c === '}' ? -1 : 0), 0);
  expect(depth).toBe(0);
}

test('numbers as text', () => {
  expect([fixed(-0.00001, 4), fixed(null, 2), fixed(Number.POSITIVE_INFINITY, 2)]).toEqual([
    '0.0000',
    '–',
    '∞',
  ]);
  expect(meanSd(7.999986, 0.00000124, 4)).toBe('7.9999860 ± 0.0000012');
  expect(meanSd(33.5702, 0.0201, 4)).toBe('33.5702 ± 0.0201');
  expect([zText(3.001), zText(-3), zText(null)]).toEqual(['3.00 †', '-3.00', '–']);
});
