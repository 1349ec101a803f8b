/** `medchaos review`: every column refuses its defect and no ideal cipher, tables as people print them, bad tables. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { measureColumns } from '../../src/review/columns.ts';
import { paperTable } from '../../src/review/paper.ts';
import { review } from '../../src/review/review.ts';
import { readReviewTable } from '../../src/review/table.ts';
import { memoOf } from '../../src/review/text.ts';
import { InputError } from '../../src/shared/errors.ts';
import { medchaosHere } from '../commands/_cli.ts';

const reviewed = (text: string, level?: number) => review(readReviewTable(text, 'x.csv'), level);
const rowsOf = (text: string) => reviewed(text).rows;
const verdictsOf = (text: string): string[] => rowsOf(text).map(({ verdict }) => verdict);
const refusedIn = (text: string): string[] => [
  ...new Set(
    rowsOf(text)
      .flatMap(({ readings }) => readings[0]!.tests)
      .filter(({ kind, passed }) => kind !== 'claim' && passed === false)
      .map(({ test }) => test),
  ),
];

/** A value that an ideal cipher prints at 512x512 grey, and defects. */
const printed: Record<keyof typeof measureColumns, { good: string; bad: string[] }> = {
  npcr: { good: '99.6094', bad: ['99.45', '99.69', '100.2', '12'] },
  uaci: { good: '33.4635', bad: ['12', '51'] },
  differential_npcr: { good: '99.61', bad: ['99.4', '0.0004', '99.7'] },
  differential_uaci: { good: '33.46', bad: ['33.1', '28.9', '0.0001'] },
  avalanche: { good: '0.5001', bad: ['0.49', '0.52'] },
  mse: { good: '10922.5', bad: ['5000', '22000', '3.1'] },
  psnr: { good: '7.75', bad: ['4.5', '35.2'] },
  mae: { good: '85.3', bad: ['60', '140'] },
  entropy: { good: '7.9993', bad: ['7.9980', '7.99999', '8.1', '7.06'] },
  local_entropy: { good: '7.9024', bad: ['7.92', '7.89'] },
  chi2: { good: '255.3', bad: ['120', '400', '1204.5', '0'] },
  histogram_variance: { good: '1021', bad: ['400', '2200'] },
  corr_h: { good: '-0.0012', bad: ['-0.3', '0.97', '1.2'] },
  corr_v: { good: '0.0021', bad: ['-0.3', '0.5'] },
  corr_d: { good: '0.0003', bad: ['0.25'] },
  corr_a: { good: '0.0003', bad: ['-0.25'] },
  encrypt_s: { good: '0.35', bad: ['-1', '0.000000001'] },
  decrypt_s: { good: '0.35', bad: ['-1'] },
};

describe.each(Object.entries(printed))('%s', (column, { good, bad }) => {
  test('an ideal value is possible', () => {
    expect(refusedIn(`${column},size,channels\n${good},512x512,1`)).toEqual([]);
  });
  test.each(bad)('%s is impossible', (value) => {
    const [row] = rowsOf(`${column},size,channels\n${value},512x512,1`);
    expect([row!.verdict, row!.sentence]).toEqual(['impossible', expect.stringContaining(column)]);
  });
});

test('every known column has a value and a defect above', () => {
  expect(Object.keys(printed).sort()).toEqual(Object.keys(measureColumns).sort());
});

test('two printed numbers that contradict each other', () => {
  const head = 'uaci,mse,psnr,mae,sense,size,channels';
  expect(refusedIn(`${head}\n33.4635,10922.5,7.75,85.33,plain,512x512,1`)).toEqual([]);
  expect(refusedIn(`${head}\n33.7635,10922.5,7.75,86.10,plain,512x512,1`)).toEqual(['residual']);
  expect(refusedIn(`${head}\n33.4635,10922.5,7.70,85.33,plain,512x512,1`)).toEqual(['psnr']);
  expect(refusedIn(`${head}\n33.4635,10922.5,7.75,86.33,plain,512x512,1`)).toEqual(['mae']);
  expect(refusedIn(`${head}\n33.4635,10922.5,inf,,plain,512x512,1`)).toEqual(['psnr']);
});

test('an exact decryption says nothing of the cipher', () => {
  for (const psnr of ['inf', '∞', 'Infinity'])
    expect(verdictsOf(`mse,psnr,npcr,size\n0,${psnr},99.61,256x256`)).toEqual(['possible']);
});

describe('readings', () => {
  test('channels that are not printed: as grey and as RGB', () => {
    const head = 'scheme,entropy,size';
    const [rgb, grey, none] = rowsOf(`${head}\nA,7.9991,256x256\nB,7.9972,256x256\nC,7.95,256x256`);
    expect(rgb!.sentence).toMatch(/^impossible as grey \(entropy .*\), possible as RGB$/);
    expect(grey!.sentence).toMatch(/^possible as grey, impossible as RGB/);
    expect(none!.sentence).toMatch(/^impossible as grey and as RGB/);
    expect([rgb, grey, none].map((row) => row!.verdict)).toEqual(['depends', 'depends', 'impossible']);
    expect(rgb!.readings.map(({ channels, verdict }) => [channels, verdict])).toEqual([
      [1, 'impossible'],
      [3, 'possible'],
    ]);
  });
  test('printed channels leave one reading', () => {
    expect(verdictsOf('entropy,size,channels\n7.9991,256x256,RGB\n7.9991,256x256,grey')).toEqual([
      'possible',
      'impossible',
    ]);
    expect(verdictsOf('entropy,size\n7.9991,256x256x3')).toEqual(['possible']);
  });
  test('a plane of its own has W H samples, however many planes there are', () => {
    expect(verdictsOf('entropy_r,Entropy G,entropy_b,size\n7.9972,7.9970,7.9974,256x256')).toEqual([
      'possible',
    ]);
    expect(verdictsOf('entropy_r,size\n7.9991,256x256')).toEqual(['impossible']);
  });
  test('a UACI without its sense: of two ciphers, or of plain against cipher with its MSE', () => {
    const head = 'uaci,mse,size,channels';
    expect(verdictsOf(`${head}\n33.46,9000,512x512,1`)).toEqual(['possible']);
    expect(verdictsOf(`${head}\n30.5190,9000,512x512,1`)).toEqual(['possible']);
    expect(verdictsOf(`${head}\n31.9,9000,512x512,1`)).toEqual(['impossible']);
    expect(rowsOf(`${head}\n31.9,,512x512,1`)[0]!.sentence).toBe(
      'possible only where UACI compares plain and cipher',
    );
    expect(verdictsOf('uaci,sense,size,channels\n31.9,differential,512x512,1')).toEqual(['impossible']);
  });
  test('8 and 16 bits', () => {
    const head = 'npcr,uaci,entropy,size,channels,depth';
    expect(verdictsOf(`${head}\n99.9985,33.3338,,512x512,1,16`)).toEqual(['possible']);
    expect(verdictsOf(`${head}\n99.6094,33.4635,,512x512,1,16`)).toEqual(['impossible']);
    expect(rowsOf(`${head}\n99.9985,33.33,15.80,512x512,1,`)[0]!.sentence).toBe('possible only at 16 bits');
  });
  test('correlations over all pairs, over drawn pairs, over as many as are printed', () => {
    const head = 'corr_h,size,channels,pairs';
    expect(rowsOf(`${head}\n0.02,512x512,1,`)[0]!.sentence).toMatch(
      /^possible only where .* at most \d+ drawn pairs$/,
    );
    expect(verdictsOf(`${head}\n0.02,512x512,1,all\n0.02,512x512,1,3000\n0.3,512x512,1,3000`)).toEqual([
      'impossible',
      'possible',
      'impossible',
    ]);
  });
  test('a chi-square that no number of samples has is refused, at 16 bits too', () => {
    expect(verdictsOf('chi2,size,channels,depth\n255,64x64,1,16\n255,64x64,1,\n65000,64x64,1,16')).toEqual([
      'impossible',
      'possible',
      'possible',
    ]);
  });
  test('no size: only the values that no size allows are refused', () => {
    expect(verdictsOf('npcr,entropy\n99.61,7.9999\n99.60,7.9972\n50,7.99\n99.61,7.2')).toEqual([
      'possible',
      'possible',
      'impossible',
      'impossible',
    ]);
  });
});

describe('looks', () => {
  test('chi-square and entropy are one look, MSE, UACI and PSNR are one', () => {
    const looks = (text: string) => reviewed(text).correction.looks;
    expect(looks('entropy,chi2,size,channels\n7.9993,255,512x512,1')).toBe(1);
    expect(looks('uaci,mse,psnr,sense,size,channels\n33.4635,10922.5,7.75,plain,512x512,1')).toBe(1);
    expect(looks('npcr,corr_h,corr_v,size,channels\n99.61,0.001,0.001,512x512,1')).toBe(3);
  });
  test('Holm: the same value is refused alone and not among many looks', () => {
    const row = (chi2: number) => `${chi2},512x512,1`;
    const alone = reviewed(`chi2,size,channels\n${row(325)}`);
    const many = reviewed(['chi2,size,channels', row(325), ...Array<string>(50).fill(row(255))].join('\n'));
    expect([alone.counts.impossible, many.counts.impossible]).toEqual([1, 0]);
    const { looks, refused, limit } = reviewed(
      `chi2,size,channels\n${row(900)}\n${row(255)}\n${row(255)}`,
    ).correction;
    expect([looks, refused, limit]).toEqual([3, 1, 0.005]);
  });
});

test('claims: key spaces, NIST, times', () => {
  const remarks = (text: string) => rowsOf(text)[0]!.remarks.map(({ passed, remark }) => [passed, remark]);
  const key = (cell: string) => remarks(`key_space,size,channels\n"${cell}",256x256,1`)[0];
  for (const cell of [
    '2^56',
    '56 bits',
    '10^16',
    '1e15',
    '7.2×10^16',
    '2⁵⁶',
    '2<sup>56</sup>',
    '2**56',
    '2^{56}',
  ])
    expect(key(cell), cell).toEqual([false, expect.stringContaining('below 128 bits')]);
  for (const cell of ['2^256', '>10^77', '256'])
    expect(key(cell), cell).toEqual([null, expect.stringContaining('upper bounds')]);
  expect(key('2^600000')).toEqual([false, expect.stringContaining('more bits than the picture')]);
  expect(remarks('nist,size,channels\npassed,256x256,1')[0]).toEqual([
    false,
    expect.stringContaining('1,000,000 bits'),
  ]);
  expect(remarks('nist,size,channels\n15/15,512x512,3')[0]).toEqual([
    null,
    expect.stringContaining('no security'),
  ]);
  expect(remarks('nist,size\nfailed,512x512')[0]![0]).toBe(false);
  expect(remarks('Encryption time (ms),size,channels\n65.536,256x256,1')[0]).toEqual([
    null,
    expect.stringContaining('beside 1,000 MB/s'),
  ]);
  expect(rowsOf('time_ms,size,channels\n65.536,256x256,1')[0]!.remarks[0]!.shown).toBe('1.0 MB/s');
});

describe('tables as people print them', () => {
  const row = ['99.6094', '33.4635', '-0.0012'];
  const tables: Record<string, string> = {
    commas: `Scheme,NPCR (%),UACI (%),Horizontal\nA,${row.join(',')}`,
    'semicolons and decimal commas': `Scheme;NPCR;UACI;corr_h\nA;${row.join(';').replaceAll('.', ',')}`,
    'quoted decimal commas': `Scheme,NPCR,UACI,corr_h\nA,${row.map((cell) => `"${cell.replace('.', ',')}"`).join(',')}`,
    tabs: `Scheme\tNPCR\tUACI\tCC_H\r\nA\t${row.join('\t')}\r\n`,
    'a BOM and blank lines': `\uFEFFScheme,npcr,uaci,corr_h\n\nA,${row.join(',')}\n\n`,
    Markdown: `# Results\n\ntext\n\n| Scheme | NPCR | UACI | Horizontal correlation |\n|:--|--:|--:|--|\n| **A** | **${row[0]}** | ${row[1]} | ${row[2]!.replace('-', '−')} |\n\nmore`,
    'Markdown without outer bars': `Scheme | NPCR | UACI | corr_h\n--|--|--|--\nA | ${row.join(' | ')}\n`,
    shares: `Scheme,NPCR,UACI,corr_h\nA,0.996094,0.334635,-0.0012`,
    'percent signs': `Scheme,NPCR,UACI,corr_h\nA,99.6094%,33.4635 %,-0.0012`,
    'powers of ten': `Scheme,NPCR,UACI,corr_h\nA,9.96094e1,33.4635,-1.2×10^-3`,
  };
  test.each(Object.entries(tables))('%s', (_, text) => {
    const [only, ...others] = readReviewTable(text, 'x').rows;
    expect(others).toEqual([]);
    expect(Object.values(only!.label)).toEqual(['A']);
    const values = only!.cells.map(({ measure, printed: { value } }) => [measure, value]);
    expect(values.map(([measure]) => measure)).toEqual(['npcr', 'uaci', 'corr_h']);
    values.forEach(([, value], at) => {
      expect(value).toBeCloseTo(Number(row[at]), 9);
    });
  });
  test('shares and decimal commas are said, rounding follows the scale', () => {
    const { notes, rows } = readReviewTable('npcr,size\n0.996,256x256', 'x');
    expect(notes.join()).toMatch(/"npcr" is read as a share.*99.6 %/);
    expect(rows[0]!.cells[0]!.printed).toMatchObject({ value: 99.6, half: 0.05 });
    expect(readReviewTable('a;npcr\nA;99,61', 'x').notes.join()).toMatch(/Decimal commas/);
  });
  test('commas of thousands where the table shows a decimal point', () => {
    const { rows } = readReviewTable('mse,psnr\n"13,060",6.97\n"12,562.72",7.14', 'x');
    expect(rows.map(({ cells }) => cells[0]!.printed.value)).toEqual([13060, 12562.72]);
  });
  test('empty cells of all kinds', () => {
    for (const cell of ['', '-', '–', '—', 'n/a', 'N.A.', 'NaN', '--'])
      expect(readReviewTable(`a,npcr,entropy\nA,99.61,${cell}`, 'x').rows[0]!.cells).toHaveLength(1);
  });
});

const wrong: [string, string, RegExp][] = [
  ['nothing', '', /expected a table with at least one known column/],
  ['no known column', 'a,b\nx,2', /known: npcr, uaci/],
  ['an unknown column', 'scheme,npcr,ssim\nA,99.6,0.01', /unknown column "ssim"; known: npcr, .*; rename/],
  ['two unknown columns', 'scheme,npcr,ssim,foo\nA,99.6,0,1', /unknown columns "ssim", "foo"/],
  ['an unknown first column of numbers', 'foo,npcr\n1,99.6', /unknown column "foo"/],
  ['a column twice', 'npcr,npcr\n99,99', /column "npcr" expected once/],
  ['a header alone', 'npcr,size\n', /expected rows below the header/],
  [
    'bare decimal commas',
    'scheme,npcr,uaci\nA,99,61,33,46',
    /line 2: expected 3 fields .* got 5; .* put ; between/,
  ],
  [
    'a comma of two meanings',
    'scheme;mse\nA;13,060',
    /line 2: "mse" expected a number, got "13,060"; a comma before three/,
  ],
  ['a word', 'scheme,npcr\nA,high', /line 2: "npcr" expected a number, got "high"/],
  [
    'shares beside percent',
    'scheme,npcr\nA,0.996\nB,99.61',
    /line 2: "npcr" expected one unit, got "0.996" beside/,
  ],
  [
    'a share under percent',
    'scheme,NPCR (%)\nA,0.996',
    /line 2: "NPCR \(%\)" expected one unit, got "0.996" in percent/,
  ],
  ['a size in words', 'npcr,size\n99.6,large', /"size" expected WxH/],
  ['a width alone', 'npcr,width\n99,5', /width and height together/],
  ['sizes that differ', 'npcr,size,samples\n99,5x5x1,50', /"samples" expected .* = 25, got 50/],
  ['no depth', 'npcr,depth\n99.6,12', /"depth" expected 8 or 16/],
  ['another sense', 'npcr,sense\n99,both', /"sense" expected plain or differential/],
  ['few pairs', 'corr_h,pairs\n0.1,2', /"pairs" expected at least 4/],
  ['a key space in words', 'key_space\nlarge', /"key_space" expected a key space such as 2\^256/],
  ['an open quote', 'a,npcr\n"x,1', /line 2: a quote is out of place/],
];
test.each(wrong)('refuses %s in a sentence', (_, text, message) => {
  expect(() => reviewed(text)).toThrow(message);
  expect(() => reviewed(text)).toThrow(InputError);
});

test("the paper's tables: readings, impossible rows, claims", () => {
  const found = review(paperTable());
  expect(found.counts).toEqual({ possible: 22, impossible: 10, depends: 12, untested: 13 });
  const odd = found.rows.find(({ label }) => label.image === 'sample4' && label.method === 'logistic')!;
  expect(odd.sentence).toMatch(/^impossible as grey and as RGB .*corr_h 0.8428/);
  const memo = memoOf('paper', found, true);
  expect(memo).toMatch(/^# Review of paper/);
  expect(memo).toContain('possible as RGB');
  expect(memo).toContain('shows no security');
});

test('the example of docs/review.md is what the command prints', async () => {
  const [, csv, memo] = readFileSync('docs/review.md', 'utf8').match(
    /```csv\n(.*?)```.*?```text\n(.*?)```/s,
  )!;
  const folder = mkdtempSync(join(tmpdir(), 'review-'));
  writeFileSync(join(folder, 'rows.csv'), csv!);
  expect((await medchaosHere(['review', 'rows.csv'], folder)).stdout).toBe(memo);
});

describe('the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'review-'));
  writeFileSync(join(folder, 'a.csv'), 'scheme,corr_v,chi2,size\nA,-0.3,120,256x256\nB,0.003,250,256x256\n');
  test('a memo, its Markdown and its JSON', async () => {
    const { code, stdout } = await medchaosHere(['review', 'a.csv', '--out', 'memo.md'], folder);
    expect([code, stdout]).toEqual([0, expect.stringContaining('2 rows: 1 impossible')]);
    expect(readFileSync(join(folder, 'memo.md'), 'utf8')).toMatch(/^# Review of a.csv\n/);
    const json = JSON.parse((await medchaosHere(['review', 'a.csv', '--json'], folder)).stdout);
    expect(json).toMatchObject({
      source: 'a.csv',
      counts: { impossible: 1, possible: 1 },
      correction: { looks: 4 },
    });
    expect(json.reviewed[0]).toMatchObject({ scheme: 'A', verdict: 'impossible' });
  });
  test('an unknown column ends with 2 and one sentence, and writes nothing', async () => {
    writeFileSync(join(folder, 'b.csv'), 'scheme,npcr,glcm\nA,99.6,1\n');
    const { code, stderr } = await medchaosHere(['review', 'b.csv', '--out', 'none.md'], folder);
    expect([code, stderr.trim().split('\n').length, existsSync(join(folder, 'none.md'))]).toEqual([
      2,
      1,
      false,
    ]);
    expect((await medchaosHere(['review', 'b.csv', '--labels', 'glcm', '--json'], folder)).code).toBe(0);
  });
});
