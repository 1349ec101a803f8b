/** The audit of published rows as an object and as a table of text: the command `metrics audit`. */
import { type AuditResult, type AuditTest, auditTests } from '../metrics/audit.ts';
import type { AuditedRow } from './audit-rows.ts';
import { columns, outlierMark } from './format.ts';

/** One row as `--json` gives it. `z` is beyond the printed rounding; `db` likewise, for PSNR against MSE. */
const jsonRow = ({ label, printed, results }: AuditedRow) => ({
  ...label,
  samples: printed.n,
  sense: printed.sense ?? 'plain',
  ideal: results.length === 0 ? null : results.every((result) => result.passed),
  tests: results.map(({ test, value, expected, sd, excess, passed }) => ({
    test,
    value,
    expected,
    sd,
    z: sd === null ? null : excess,
    db: sd === null ? excess : null,
    passed,
  })),
});

export function auditJson(source: string, rows: readonly AuditedRow[]) {
  const marked = rows.filter(isMarked).length;
  return { source, limit: 3, rows: rows.length, marked, audited: rows.map(jsonRow) };
}

const isMarked = ({ results }: AuditedRow): boolean => results.some((result) => !result.passed);

/** One line per row with the z of each test, then their meaning. */
export function describeAudit(rows: readonly AuditedRow[]): string {
  const used = auditTests.filter((test) => rows.some(({ results }) => results.some((r) => r.test === test)));
  const names = [...new Set(rows.flatMap(({ label }) => Object.keys(label)))];
  const heads = [...names, 'N', ...used.map(headOf), 'verdict'];
  const lines = rows.map((row) => [
    ...names.map((name) => row.label[name] || '-'),
    row.printed.n === null ? '-' : String(row.printed.n),
    ...used.map((test) => scoreOf(row.results.find((r) => r.test === test))),
    verdictOf(row),
  ]);
  return [...columns([heads, ...lines]), ...notes(rows)].join('\n');
}

const headOf = (test: AuditTest): string => (test === 'psnr' ? 'psnr dB' : `${test} z`);

function scoreOf(result: AuditResult | undefined): string {
  if (!result) return '-';
  const text = Math.abs(result.excess).toFixed(result.sd === null ? 3 : 1);
  const sign = Number(text) === 0 ? '' : result.excess < 0 ? '-' : '+';
  return `${sign}${text}${result.passed ? '' : ` ${outlierMark}`}`;
}

function verdictOf({ results }: AuditedRow): string {
  if (results.length === 0) return 'nothing to test';
  const failed = results.filter((r) => !r.passed).map((r) => r.test);
  if (failed.length === 0) return 'possible';
  return failed.some((test) => test !== 'psnr')
    ? `NOT from an ideal cipher: ${failed.join(', ')}`
    : 'PSNR does not follow from MSE';
}

/** Columns of numbers that are taken for names: `medchaos review` knows more measures. */
function untested(rows: readonly AuditedRow[]): string[] {
  const names = [...new Set(rows.flatMap(({ label }) => Object.keys(label)))].filter(
    (name) =>
      !/^(table|row|line|year|id|index|ref|no|run|seed)$/i.test(name) &&
      rows.every(({ label }) => /^-?[\d.]+$/.test(label[name] ?? '')),
  );
  return names.length === 0
    ? []
    : [`Not tested here: ${names.join(', ')}; medchaos review tests more columns.`];
}

function notes(rows: readonly AuditedRow[]): string[] {
  const unsized = rows.filter(({ printed }) => printed.n === null).length;
  const without = `${unsized} rows have no size (N = -): only PSNR against MSE can be tested there.`;
  return [
    `${rows.filter(isMarked).length} of ${rows.length} rows are marked ${outlierMark}: beyond 3 standard deviations even with the rounding granted in full, or, for PSNR, beyond rounding.`,
    ...(unsized > 0 ? [without] : []),
    ...untested(rows),
    'z = (printed - ideal) / sd beyond rounding, 8 bits, N samples; an ideal cipher passes 3 in 99.73 % of tests. Passing does not show security.',
  ];
}
