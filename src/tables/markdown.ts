/** A table as GitHub Markdown, laid out as in the paper. */
import { headsToShow } from './heads.ts';
import { type Printed, type Table, tableHeading } from './tables.ts';

const escaped = (text: string): string => text.replaceAll('|', '\\|');
const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;

/** Heading, caption and table, and the same of what stands under it. */
export const toMarkdown = (table: Table): string =>
  [`## ${tableHeading(table)}`, ...table.more.map(({ title }) => `### ${title}`)]
    .map((head, i) => `${head}\n\n${printed(i === 0 ? table : table.more[i - 1]!)}`)
    .join('\n');

function printed({ caption, layout }: Printed): string {
  const { heads, columns, lines } = layout;
  const shown = headsToShow(lines);
  const rule = [...heads.map(() => ':--'), ...columns.map(() => '--:')];
  const body = lines.map((l, i) => {
    return line([...shown[i]!, ...l.cells.map((c) => (c.outlier ? `**${c.text}**` : c.text))]);
  });
  const rows = [line([...heads, ...columns]), `| ${rule.join(' | ')} |`, ...body];
  return `${caption}\n\n${rows.join('\n')}\n`;
}
