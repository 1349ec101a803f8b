/** `metrics audit`: the paper's rows, ideal and defective rows of a CSV, and bad CSVs with their line. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { auditRow } from '../../src/metrics/audit.ts';
import { differential, measureCell } from '../../src/metrics/index.ts';
import { InputError } from '../../src/shared/errors.ts';
import { readAuditCsv } from '../../src/tables/audit-csv.ts';
import { auditOf, rowsOfTable5, rowsOfTable7 } from '../../src/tables/audit-rows.ts';
import { auditJson, describeAudit } from '../../src/tables/audit-text.ts';
import { medchaos } from '../commands/_cli.ts';
import { forEachSeed, noise, picture } from '../metrics/_images.ts';

const failedOf = (csv: string): string[] =>
  readAuditCsv(csv, 'x.csv').flatMap((row) =>
    auditOf(row)
      .results.filter((r) => !r.passed)
      .map((r) => r.test),
  );

test('rows printed of ideal ciphers pass, in both senses', () => {
  const lines = ['scheme,uaci,npcr,mse,psnr,entropy,width,height,sense'];
  forEachSeed(20, (random, seed) => {
    const cipher = noise(96, 80, 1, 8, random);
    const cell = measureCell(picture(96, 80, 1, 8, seed), cipher);
    const print = (name: keyof typeof cell, digits: number): string => cell[name].value!.toFixed(digits);
    const values = [
      print('uaci', 4),
      print('npcr', 4),
      print('mse', 4),
      print('psnr', 2),
      print('entropy', 4),
    ];
    lines.push(`ideal,${values.join(',')},96,80,`);
    const two = differential(cipher, noise(96, 80, 1, 8, random));
    lines.push(`two,${two.uaci.value!.toFixed(3)},${two.npcr.value!.toFixed(3)},,,,96,80,differential`);
  });
  expect(lines).toHaveLength(41);
  expect(failedOf(lines.join('\n'))).toEqual([]);
});

test('each defect is found by its test', () => {
  const head = 'uaci,npcr,mse,psnr,entropy,samples,sense\n';
  expect(failedOf(`${head}33.4635,99.6094,10922.5,7.75,7.9998,786432,plain`)).toEqual([]);
  expect(failedOf(`${head}33.7635,99.6094,10922.5,7.75,7.9998,786432,`)).toEqual(['residual']);
  expect(failedOf(`${head}33.7635,99.6094,,,,786432,differential`)).toEqual(['uaci']);
  expect(failedOf(`${head},99.69,,,,262144,`)).toEqual(['npcr']);
  expect(failedOf(`${head},,,,7.9990,786432,`)).toEqual(['entropy']);
  expect(failedOf(`${head},,10922.5,7.70,,,`)).toEqual(['psnr']);
});

test('the printed rounding is granted: 99.6 at 13 million samples', () => {
  expect(failedOf('npcr,samples\n99.6,13100832')).toEqual([]);
  expect(failedOf('npcr,samples\n99.6000,13100832')).toEqual(['npcr']);
});

test('Table 5: z of the marked rows as computed from the print; Table 7 has PSNR only', () => {
  const five = rowsOfTable5().map(auditOf);
  const row = five.find(({ label }) => label.image === 'sample4' && label.method === 'logistic')!;
  const z = Object.fromEntries(row.results.map((r) => [r.test, r.excess]));
  expect(z.residual).toBeCloseTo(-118.9, 1);
  expect(z.npcr).toBeCloseTo(-23.2, 1);
  const seven = rowsOfTable7().map(auditOf);
  expect(seven).toHaveLength(20);
  expect(new Set(seven.flatMap(({ results }) => results.map((r) => r.test)))).toEqual(new Set(['psnr']));
  const reference = seven.filter(({ label }) => label.method === 'ref17');
  expect(reference.map(({ results }) => results.length)).toEqual([0]);
  expect(describeAudit([...five, ...seven])).toContain('20 rows have no size');
  expect(auditJson('paper', seven)).toMatchObject({ rows: 20, marked: 0 });
});

test('columns of numbers that are not tested are named', () => {
  const rows = readAuditCsv('table,npcr,chi2,corr_v,samples\n5,99.61,120,-0.3,65536', 'x.csv').map(auditOf);
  expect(describeAudit(rows)).toContain('Not tested here: chi2, corr_v; medchaos review');
  expect(describeAudit(rowsOfTable5().map(auditOf))).not.toContain('Not tested');
});

test('without N only PSNR against MSE is tested', () => {
  const row = { uaci: '20.1', npcr: '50', mse: '10922.5', psnr: '7.75', entropy: '1', n: null };
  expect(auditRow(row).map((r) => r.test)).toEqual(['psnr']);
});

test('quoted fields, a BOM, CRLF and blank lines', () => {
  const csv = '\uFEFFscheme,npcr,samples\r\n"A ""new"", fast\nscheme",99.61,65536\r\n\r\nB,-,\r\n';
  const rows = readAuditCsv(csv, 'x.csv');
  expect(rows.map(({ label, printed }) => [label.scheme, printed.npcr, printed.n])).toEqual([
    ['A "new", fast\nscheme', '99.61', 65536],
    ['B', null, null],
  ]);
});

const wrong: [string, string, RegExp][] = [
  ['nothing', '', /x.csv, line 1: expected a header with at least one of uaci/],
  ['no known column', 'a,b\n1,2', /line 1: expected a header/],
  ['a column twice', 'npcr,npcr\n1,2', /column "npcr" expected once/],
  ['a header alone', 'npcr,samples\n', /expected rows below its header, got none/],
  ['a short row', 'npcr,samples\n99.6,100\n99.6', /x.csv, line 3: expected 2 fields as in the header, got 1/],
  ['a word', 'npcr\nhigh', /line 2: "npcr" expected a number in 0..100, got "high"/],
  ['a unit', 'npcr\n99.6%', /line 2: "npcr"/],
  ['an exponent', 'mse\n1e4', /line 2: "mse".*without unit or exponent/],
  ['an MSE of 0', 'mse\n0', /line 2: "mse"/],
  ['9 bits', 'entropy\n9', /"entropy" expected a number in 0..8/],
  ['no samples', 'npcr,samples\n99,0', /line 2: "samples" expected an integer of at least 1, got "0"/],
  ['a width alone', 'npcr,width\n99,5', /expected width and height together/],
  ['sizes that differ', 'npcr,width,height,samples\n99,5,5,26', /"samples" expected .* = 25, got 26/],
  ['another sense', 'npcr,sense\n99,both', /"sense" expected plain or differential, got "both"/],
  ['a line after a quoted newline', 'a,npcr\n"x\ny",1\nz,q', /line 4: "npcr"/],
  ['an open quote', 'a,npcr\n"x,1', /line 2: a quote is out of place/],
];

test.each(wrong)('refuses %s', (_, csv, message) => {
  expect(() => readAuditCsv(csv, 'x.csv')).toThrow(message);
  expect(() => readAuditCsv(csv, 'x.csv')).toThrow(InputError);
});

describe('the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  test('audits the paper and a CSV, and explains its columns', () => {
    writeFileSync(join(folder, 'a.csv'), 'scheme,npcr,samples\nA,99.61,65536\nB,99.9,65536\n');
    const own = medchaos(['metrics', 'audit', 'a.csv', '--json'], folder);
    expect([own.code, JSON.parse(own.stdout)]).toMatchObject([0, { source: 'a.csv', rows: 2, marked: 1 }]);
    const paper = medchaos(['metrics', 'audit'], folder);
    expect([paper.code, paper.stderr]).toEqual([0, '']);
    expect(paper.stdout).toContain('13 of 44 rows are marked');
    expect(medchaos(['metrics', 'audit', '--help'], folder).stdout).toContain('differential');
  });
  test('a bad row, a missing file and missing images end with 2 and one sentence', () => {
    writeFileSync(join(folder, 'bad.csv'), 'npcr\nx\n');
    for (const args of [['audit', 'bad.csv'], ['audit', 'none.csv'], ['a.png']]) {
      const { code, stderr } = medchaos(['metrics', ...args], folder);
      expect([code, stderr.trim().split('\n').length]).toEqual([2, 1]);
    }
  });
});
