/** The review as one page for a referee, and as the object of `--json`. */

import { type Measure, measureColumns } from './columns.ts';
import { grantedPairs, type JudgedRow, type JudgedTest, type Review } from './review.ts';

const caveat =
  'A row that is possible shows no security: a cipher that fails every attack prints the same numbers. A row that is impossible may be a misprint, a mean of several pictures, or another measure under the name: ask the authors.';

export const reviewJson = (source: string, { rows, notes, ...rest }: Review) => ({
  source,
  ...rest,
  reviewed: rows.map(({ label, line, verdict, sentence, readings, shape, depth, sense, pairs }) => ({
    ...label,
    line,
    verdict,
    sentence,
    printed: { ...shape, depth, sense, pairs },
    readings,
  })),
  notes,
  formulas: formulasOf(rows),
  caveat,
});

const formulasOf = (rows: readonly JudgedRow[]): string[] => {
  const used = new Set(rows.flatMap(({ cells }) => cells.map(({ measure }) => measure)));
  return [...new Set([...used].map((measure: Measure) => measureColumns[measure].formula))];
};

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The memo in parts, for a page. */
export const memoParts = (review: Review) => ({
  summary: summary(review),
  sections: sectionsOf(review).filter(({ lines }) => lines.length > 0),
  caveat,
});

/** The memo: Markdown, or plain for a terminal. */
export function memoOf(source: string, review: Review, markdown: boolean): string {
  const parts = memoParts(review);
  const head = [`${markdown ? '# ' : ''}Review of ${source}`, '', ...parts.summary];
  const body = parts.sections.flatMap(({ title, lines }) => [
    '',
    markdown ? `## ${title}\n` : title,
    ...lines.map((line) => (markdown ? `- ${line}` : `  ${line}`)),
  ]);
  return [...head, ...body, '', caveat].join('\n');
}

function summary({ rows, counts, correction: { looks, refused, limit }, level }: Review): string[] {
  const parts = [
    `${counts.impossible} impossible`,
    `${counts.depends} possible in one reading only`,
    `${counts.possible} possible`,
    ...(counts.untested > 0 ? [`${counts.untested} without anything to test`] : []),
  ];
  return [
    `${rows.length} row${rows.length === 1 ? '' : 's'}: ${parts.join(', ')}.`,
    'Impossible: an ideal cipher of that size prints it by a chance below the level, or two printed numbers contradict each other.',
    `${looks} looks, corrected by Holm: ${refused} refused at p <= ${limit.toPrecision(2)}, level ${level} over the whole table.`,
  ];
}

function sectionsOf(review: Review): Section[] {
  const { rows, notes } = review;
  const of = (verdict: JudgedRow['verdict']) => rows.filter((row) => row.verdict === verdict);
  const sentence = (row: JudgedRow): string => `${nameOf(row)}: ${row.sentence}`;
  return [
    { title: 'Impossible', lines: of('impossible').map(sentence) },
    { title: 'By reading', lines: grouped(of('depends')) },
    { title: 'Possible', lines: grouped(of('possible')) },
    { title: 'Claims and times', lines: remarksOf(rows) },
    { title: 'How the table was read', lines: [...notes, ...grants(rows)] },
    { title: 'Formulas of an ideal cipher', lines: formulasOf(rows) },
  ];
}

const nameOf = ({ label, line }: JudgedRow): string => {
  const parts = Object.entries(label)
    .filter(([, text]) => text !== '')
    .map(([name, text]) => (/^\d/.test(text) ? `${name} ${text}` : text));
  return parts.join(', ') || `line ${line}`;
};

/** Rows with one sentence on one line. */
function grouped(rows: readonly JudgedRow[]): string[] {
  const groups = new Map<string, string[]>();
  for (const row of rows) groups.set(row.sentence, [...(groups.get(row.sentence) ?? []), nameOf(row)]);
  return [...groups].map(([sentence, names]) => `${listed(names)}: ${sentence}`);
}

const mostNames = 8;
const listed = (names: readonly string[]): string =>
  names.length > mostNames
    ? `${names.slice(0, mostNames).join('; ')}; and ${names.length - mostNames} more`
    : names.join('; ');

/** Claims by remark, each with its rows. */
function remarksOf(rows: readonly JudgedRow[]): string[] {
  const groups = new Map<string, string[]>();
  for (const row of rows)
    for (const { remark, shown } of row.remarks)
      groups.set(remark!, [...(groups.get(remark!) ?? []), `${nameOf(row)} ${shown}`]);
  const local = rows.flatMap((row) =>
    localRemarks(row).map(({ remark }) => `${nameOf(row)}, local entropy: ${remark}`),
  );
  return [
    ...[...groups].map(([remark, names]) => `${remark}: ${listed(names)}.`),
    ...local.slice(0, mostNames),
  ];
}

const localRemarks = ({ readings }: JudgedRow): JudgedTest[] =>
  readings[0]!.tests.filter(({ test, kind }) => test === 'local_entropy' && kind === 'chance');

/** Readings granted to rows that leave them open. */
function grants(rows: readonly JudgedRow[]): string[] {
  const tested = rows.filter(({ verdict }) => verdict !== 'untested');
  const unsized = tested.filter(({ readings }) => readings[0]!.unsized).length;
  const open = tested.filter(({ readings }) => readings.length > 1).length;
  const senses = tested.filter(
    ({ sense, readings, cells }) =>
      sense === null &&
      readings.some(({ sense: s }) => s === 'plain') &&
      cells.some(({ measure }) => measure === 'uaci'),
  ).length;
  const correlated = tested.filter(
    ({ pairs, cells }) => pairs === null && cells.some(({ measure }) => measure.startsWith('corr')),
  ).length;
  const all = (count: number): string => (count === 1 ? '1 row prints' : `${count} rows print`);
  return [
    ...(unsized > 0
      ? [`${all(unsized)} no size: 64x64 grey is granted, and entropy is refused only where it is too low.`]
      : []),
    ...(open > 0 ? [`${all(open)} no number of channels: read as grey and as RGB.`] : []),
    ...(senses > 0
      ? [
          `${all(senses)} a UACI that is read as of plain against cipher, since that of two ciphers is impossible.`,
        ]
      : []),
    ...(correlated > 0
      ? [
          `${all(correlated)} no number of pairs: correlations over all pairs, else over ${grantedPairs} drawn ones.`,
        ]
      : []),
    'The rounding of the printed digits is granted in full.',
  ];
}
