/** A table as LaTeX, laid out as in the paper: booktabs, and longtable where one page may not hold it. */
import { headsToShow } from './heads.ts';
import type { Layout, LayoutCell } from './layout.ts';
import type { Printed, Table } from './tables.ts';

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

/** The table, and what stands under it. */
export const toLatex = (table: Table): string => [table, ...table.more].map(printed).join('\n');

/** A `table` with `tabular`, or a `longtable` for more than 40 lines. */
function printed({ id, title, caption, layout }: Printed): string {
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
