/**
 * A table in three formats: tidy CSV (UTF-8, LF, shortest round-trip decimals, empty = not applicable, infinity = inf),
 * GitHub Markdown, and LaTeX (booktabs; longtable where one page may not have the room), the latter two laid out as in the
 * paper.
 */
import { stringify } from 'csv-stringify/sync';
import type { Layout, LayoutCell, Line } from './layout.ts';
import { type Printed, type Table, tableHeading } from './tables.ts';

export const csvColumns = ['measure', 'image', 'method', 'published', 'ours', 'expected', 'sd', 'z'] as const;

/** Shortest decimals that read back as the same double; `inf`, `-inf`. */
export const csvNumber = (value: number): string =>
  Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';

/** The table's rows under a header line. */
export const toCsv = (table: Table): string =>
  stringify([...table.rows], {
    header: true,
    columns: [...csvColumns],
    record_delimiter: '\n',
    cast: { number: csvNumber },
  });

/** Does head `at` of line `i` repeat the line above, together with all heads before it? */
function repeats(lines: readonly Line[], i: number, at: number): boolean {
  const above = lines[i - 1];
  return above !== undefined && lines[i]!.heads.slice(0, at + 1).every((head, k) => head === above.heads[k]);
}

/** The heads to print, blank where they repeat; the last head of a line always stands. */
const headsToShow = (lines: readonly Line[]): string[][] =>
  lines.map((line, i) =>
    line.heads.map((head, at) => (at < line.heads.length - 1 && repeats(lines, i, at) ? '' : head)),
  );

const escaped = (text: string): string => text.replaceAll('|', '\\|');
const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;

/** Heading, caption and table, then those of the tables under it. */
export const toMarkdown = (table: Table): string =>
  [`## ${tableHeading(table)}`, ...table.more.map(({ title }) => `### ${title}`)]
    .map((head, i) => `${head}\n\n${markdownOf(i === 0 ? table : table.more[i - 1]!)}`)
    .join('\n');

function markdownOf({ caption, layout }: Printed): string {
  const { heads, columns, lines } = layout;
  const shown = headsToShow(lines);
  const rule = [...heads.map(() => ':--'), ...columns.map(() => '--:')];
  const body = lines.map((l, i) => {
    return line([...shown[i]!, ...l.cells.map((c) => (c.outlier ? `**${c.text}**` : c.text))]);
  });
  const rows = [line([...heads, ...columns]), `| ${rule.join(' | ')} |`, ...body];
  return `${caption}\n\n${rows.join('\n')}\n`;
}

const symbols: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '∞': '$\\infty$',
  '±': '$\\pm$',
  '×': '$\\times$',
  '−': '$-$',
  '–': '--',
  '†': '\\dag{}',
  χ: '$\\chi$',
  '²': '\\textsuperscript{2}',
  '·': '$\\cdot$',
  '“': '``',
  '”': "''",
  '|': '$|$',
  '<': '$<$',
  '>': '$>$',
};

/** Text with LaTeX's special characters escaped; `2^1024` and negative numbers become formulas. */
export function latexText(text: string): string {
  if (/^2\^\d+$/.test(text)) return `$2^{${text.slice(2)}}$`;
  if (/^-\d[\d.]*$/.test(text)) return `$${text}$`;
  return [...text].map((character) => symbols[character] ?? character).join('');
}

const longest = 40;

/** The table, and the tables under it. */
export const toLatex = (table: Table): string => [table, ...table.more].map(latexOf).join('\n');

/** A `table` with `tabular`, or a `longtable` for more than 40 lines. */
function latexOf({ id, title, caption, layout }: Printed): string {
  const columns = 'l'.repeat(layout.heads.length) + 'r'.repeat(layout.columns.length);
  const head = `${[...layout.heads, ...layout.columns].map(latexText).join(' & ')} \\\\`;
  const told = `\\caption{${latexText(`${title}. ${caption}`)}}\\label{tab:${id}}`;
  const long = layout.lines.length > longest;
  const packages = `% needs \\usepackage{booktabs}${long ? ' and \\usepackage{longtable}' : ''}`;
  const body = bodyOf(layout);
  const lines = long
    ? ['{\\scriptsize\\setlength{\\tabcolsep}{3pt}', `\\begin{longtable}{${columns}}`, `${told}\\\\`]
    : [
        '\\begin{table}[htbp]',
        '\\centering\\scriptsize\\setlength{\\tabcolsep}{3pt}',
        told,
        `\\begin{tabular}{${columns}}`,
      ];
  const top = [
    '\\toprule',
    head,
    '\\midrule',
    ...(long ? ['\\endfirsthead', '\\toprule', head, '\\midrule', '\\endhead'] : []),
  ];
  const end = long ? ['\\end{longtable}', '}'] : ['\\end{tabular}', '\\end{table}'];
  return `${[packages, ...lines, ...top, ...body, '\\bottomrule', ...end].join('\n')}\n`;
}

function bodyOf(layout: Layout): string[] {
  const shown = headsToShow(layout.lines);
  return layout.lines.flatMap((line, i) => {
    const row = `${[...shown[i]!.map(latexText), ...line.cells.map(cellText)].join(' & ')} \\\\`;
    return line.opens && i > 0 ? ['\\addlinespace', row] : [row];
  });
}

function cellText({ text, outlier }: LayoutCell): string {
  return outlier ? `\\textbf{${latexText(text.replace(/ †$/, ''))}}\\,\\dag{}` : latexText(text);
}
