/** A sweep's tables: cells and variants as tidy CSV, and one Markdown page that says what came out. */

import { stringify } from 'csv-stringify/sync';
import { asStarted } from '../../shared/started.ts';
import { csvNumber } from '../../tables/print.ts';
import type { MeanSd } from './statistics.ts';
import { type CellRow, measureNames, type Ranked, rankingOf, type Variant, variantsOf } from './summary.ts';

export interface SweepTables {
  readonly name: string;
  readonly question: string;
  /** As typed. */
  readonly command: string;
  readonly axes: readonly string[];
  readonly rows: readonly CellRow[];
  readonly rank: readonly { readonly by: string; readonly better: 'higher' | 'lower' }[];
  /** Node, processor, engine, commit, of the first finished cell. */
  readonly environment: Readonly<Record<string, string | number | null>>;
  /** What the parts of one job come to, Markdown; empty where the cells are no parts. */
  readonly result?: string;
}

const csv = (rows: readonly (readonly unknown[])[]): string =>
  stringify(rows as unknown[][], { record_delimiter: '\n', cast: { number: csvNumber, boolean: String } });

/** One row a cell; an empty field is not applicable, or not there. */
export function cellsCsv({ axes, rows }: SweepTables): string {
  const names = measureNames(rows);
  const head = ['run', ...axes, 'seed', 'state', 'seconds', ...names, 'reason'];
  return csv([
    head,
    ...rows.map((row) => [
      row.id,
      ...axes.map((axis) => row.config[axis]),
      row.seed,
      row.state,
      row.seconds,
      ...names.map((name) => row.measures[name] ?? null),
      row.reason,
    ]),
  ]);
}

/** One row a variant and measure. */
export function variantsCsv({ axes, rows }: SweepTables): string {
  const variants = variantsOf(rows, axes);
  return csv([
    [...axes, 'measure', 'n', 'mean', 'sd'],
    ...variants.flatMap(({ axes: values, measures }) =>
      Object.entries(measures).map(([name, { n, mean, sd }]) => [...values, name, n, mean, sd]),
    ),
  ]);
}

export function sweepMarkdown(tables: SweepTables): string {
  const variants = variantsOf(tables.rows, tables.axes);
  const sections = [
    `# ${tables.name}\n\n${tables.question}`,
    `    ${asStarted(tables.command)}`,
    counts(tables.rows),
    tables.result ? `## Result\n\n${tables.result}` : '',
    `## Mean ± sd over seeds\n\n${meansTable(tables, variants)}`,
    ...tables.rank.map(({ by, better }) => rankingSection(rankingOf(variants, by, better), by, better)),
    failures(tables.rows),
    `## Made on\n\n${environmentText(tables.environment)}`,
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function counts(rows: readonly CellRow[]): string {
  const of = (state: CellRow['state']): number => rows.filter((row) => row.state === state).length;
  const total = rows.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0);
  return `${rows.length} cells: ${of('done')} done, ${of('failed')} failed, ${of('open')} not run; ${total.toFixed(0)} s of work. Every cell is a row of \`cells.csv\`.`;
}

const escaped = (text: string): string => text.replaceAll('|', '\\|');
const line = (fields: readonly string[]): string => `| ${fields.map(escaped).join(' | ')} |`;
const table = (head: readonly string[], body: readonly (readonly string[])[], texts: number): string =>
  [line(head), line(head.map((_, i) => (i < texts ? ':--' : '--:'))), ...body.map(line)].join('\n');

/** A column a variant where these are few, so that many measures stay readable. */
function meansTable({ axes, rows }: SweepTables, variants: readonly Variant[]): string {
  const names = measureNames(rows);
  if (names.length === 0) return 'No cell is done.';
  if (variants.length <= 6)
    return table(
      ['measure', ...variants.map(({ axes: values }) => values.join(', ') || 'value')],
      names.map((name) => [name, ...variants.map(({ measures }) => meanSdText(measures[name]!))]),
      1,
    );
  return table(
    [...axes, ...names],
    variants.map(({ axes: values, measures }) => [
      ...values.map(String),
      ...names.map((name) => meanSdText(measures[name]!)),
    ]),
    axes.length,
  );
}

/** `0.981 ± 0.004`; four digits, the sd alone two. */
export function meanSdText({ mean, sd }: MeanSd): string {
  if (mean === null) return '';
  const text = shortNumber(mean, 4);
  return sd === null || sd === 0 ? text : `${text} ± ${shortNumber(sd, 2)}`;
}

const shortNumber = (value: number, digits: number): string => String(Number(value.toPrecision(digits)));

function rankingSection(ranked: readonly Ranked[], by: string, better: string): string {
  if (ranked.length < 2) return '';
  const body = ranked.map(({ variant, value, difference, pairs, p, pHolm }, i) => [
    String(i + 1),
    variant.label,
    meanSdText(value),
    difference === null ? '' : shortNumber(difference, 3),
    difference === null ? '' : String(pairs),
    pText(p),
    pText(pHolm),
  ]);
  const head = ['rank', 'variant', by, 'minus the first', 'pairs', 'p', 'p (Holm)'];
  return (
    `## By ${by}, ${better} is better\n\n${table(head, body, 2)}\n\n` +
    'p: two-sided paired t test against the first over the seeds of both, empty where all differ equally; Holm ' +
    'corrects for their number.'
  );
}

export const pText = (p: number | null): string =>
  p === null ? '' : p < 1e-4 ? '<0.0001' : shortNumber(p, 2);

function failures(rows: readonly CellRow[]): string {
  const failed = rows.filter(({ state }) => state === 'failed');
  if (failed.length === 0) return '';
  return `## Failed\n\n${failed.map(({ id, reason }) => `- \`${id}\`: ${reason}`).join('\n')}`;
}

const environmentText = (environment: SweepTables['environment']): string =>
  Object.entries(environment)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} ${value}`)
    .join('; ') || 'unknown';
