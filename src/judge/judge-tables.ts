/** The tables of a judgement as the literature prints them, with ideal values and intervals: CSV, Markdown and LaTeX. */

import { stringify } from 'csv-stringify/sync';
import { twoSidedQuantile } from '../metrics/index.ts';
import { seconds as secondsText } from '../tables/format.ts';
import type { Layout, LayoutCell } from '../tables/layout.ts';
import { csvNumber, toLatex, toMarkdown } from '../tables/print.ts';
import type { Table } from '../tables/tables.ts';
import type { Judgement } from './judgement.ts';
import type { Measure } from './pair-measures.ts';
import type { Spread } from './properties.ts';

/** One table: numbers for CSV, texts for print. */
export interface JudgeTable {
  /** File name without ending. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export function tablesOf(judgement: Judgement): JudgeTable[] {
  const all = [attackTable, metricTable, spreadTable, speedTable, nistTable].map((make) => make(judgement));
  return all.filter(({ rows }) => rows.length > 0);
}

function attackTable({ brokenBy, withstood, notRun }: Judgement): JudgeTable {
  return {
    id: 'attacks',
    title: 'Attacks',
    caption:
      'Queries: pictures that were encrypted or decrypted for the attacker. Share: samples recovered or predicted.',
    columns: ['attack', 'result', 'queries', 'seconds', 'share', 'finding'],
    rows: [
      ...brokenBy.map((a) => [a.attack, 'broken', a.queries, a.seconds, a.share, a.finding]),
      ...withstood.map((a) => [a.attack, 'passes', a.queries, a.seconds, 0, a.finding]),
      ...notRun.map((a) => [a.attack, 'not run', null, null, null, a.why]),
    ],
  };
}

function metricTable({ measures, measured }: Judgement): JudgeTable {
  const level = measured?.level ?? 0.01;
  return {
    id: 'metrics',
    title: 'Metrics over pictures and channels',
    caption: `Ideal: mean for independent uniform samples and these very pictures, and the ${100 - 100 * level} % interval of one picture. Inside: share of the looks in the interval. p (Holm): smallest p, corrected for all ${measured?.looks ?? 0} looks.`,
    columns: [
      'section',
      'measure',
      'unit',
      'n',
      'mean',
      'sd',
      'min',
      'max',
      'ideal',
      'ideal_low',
      'ideal_high',
      'inside',
      'p',
      'p_holm',
    ],
    rows: measures.map((m) => [
      m.section,
      m.measure,
      m.unit,
      m.n,
      m.mean,
      m.sd,
      m.min,
      m.max,
      m.ideal,
      ...intervalOf(m, level),
      m.inside,
      m.smallestP,
      m.holmP,
    ]),
  };
}

/** Two-sided, of one picture. */
function intervalOf({ ideal, idealSd }: Measure, level: number): [number | null, number | null] {
  if (ideal === null || idealSd === null) return [null, null];
  const reach = twoSidedQuantile(level) * idealSd;
  return [ideal - reach, ideal + reach];
}

function spreadTable({ properties: { differential, keySensitivity } }: Judgement): JudgeTable {
  const rows = (of: string, spread: Spread | null) =>
    (['npcr', 'uaci', 'avalanche'] as const).flatMap((name) =>
      spread ? [[of, name, spread.changes, ...spread[name], idealOf[name]]] : [],
    );
  return {
    id: 'differential',
    title: 'One sample, and one bit of the key, changed',
    caption:
      'NPCR and UACI in percent, avalanche as a share, of the two cipher pictures (Wu, Noonan, Agaian 2011); of a cipher with a nonce the decrypted picture under the other key.',
    columns: ['changed', 'measure', 'changes', 'mean', 'min', 'max', 'ideal'],
    rows: [...rows('one sample of the picture', differential), ...rows('one bit of the key', keySensitivity)],
  };
}

/** At 8 bits. */
const idealOf = { npcr: 99.609375, uaci: 33.46354, avalanche: 0.5 } as const;

function speedTable({ speed }: Judgement): JudgeTable {
  return {
    id: 'speed',
    title: 'Time beside AES-256-GCM',
    caption: `Medians, in seconds; a program's time includes its start. AES-256-GCM of node:crypto on the same samples.${speed?.peakMemoryBytes ? ` Largest memory of the program: ${(speed.peakMemoryBytes / 2 ** 20).toFixed(0)} MiB.` : ''}`,
    columns: ['picture', 'samples', 'encrypt_s', 'decrypt_s', 'aes_256_gcm_s', 'times_aes'],
    rows: (speed?.rows ?? []).map((r) => [
      r.picture,
      r.samples,
      r.encryptSeconds,
      r.decryptSeconds,
      r.aesSeconds,
      r.timesAes,
    ]),
  };
}

function nistTable({ nist }: Judgement): JudgeTable {
  return {
    id: 'nist',
    title: 'NIST SP 800-22',
    caption: nist
      .map(
        (n) =>
          `${n.of}: ${n.sequences} sequences of ${n.bits} bits, ${n.outside} sub-tests outside, ${n.expectedOutside.toFixed(1)} expected: ${n.consistent ? 'consistent with random bits' : 'not random bits'}.`,
      )
      .join(' '),
    columns: ['bits of', 'test', 'sub-test', 'passed', 'of', 'smallest_p'],
    rows: nist.flatMap((n) => n.tests.map((t) => [n.of, t.test, t.name, t.passed, t.m, t.smallestP])),
  };
}

const csvOf = ({ columns, rows }: JudgeTable): string =>
  stringify([columns, ...rows] as never, { record_delimiter: '\n', cast: { number: csvNumber } });

/** Five digits; times in their unit. */
export function cellText(value: string | number | null, column: string): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  if (/(^|_)s$|^seconds$/.test(column)) return secondsText(value);
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) < 1e-3 ? value.toExponential(1) : String(Number(value.toPrecision(7)));
}

const printedOf = ({ id, title, caption, columns, rows }: JudgeTable): Table => {
  const cell = (text: string): LayoutCell => ({ text, kind: 'ours', row: null, outlier: false });
  const layout: Layout = {
    heads: [columns[0]!],
    columns: columns.slice(1),
    lines: rows.map((row) => ({
      heads: [String(row[0])],
      cells: row.slice(1).map((value, at) => cell(cellText(value, columns[at + 1]!))),
      opens: false,
    })),
  };
  return { id, number: null, title, caption, layout, rows: [], more: [] };
};

/** File name to content. */
export const tableFiles = (judgement: Judgement): Record<string, string> =>
  Object.fromEntries(
    tablesOf(judgement).flatMap((table) => [
      [`${table.id}.csv`, csvOf(table)],
      [`${table.id}.md`, toMarkdown(printedOf(table))],
      [`${table.id}.tex`, toLatex(printedOf(table))],
    ]),
  );
