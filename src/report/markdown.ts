/** A table as GitHub Markdown, laid out as in the paper. */
import { headsToShow } from './heads.ts';
import type { Table } from './tables.ts';

const escaped = (text: string): string => text.replaceAll('|', '\\|');
const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;

/** Heading, caption and table. */
export function toMarkdown({ number, title, caption, layout }: Table): string {
  const { heads, columns, lines } = layout;
  const shown = headsToShow(lines);
  const rule = [...heads.map(() => ':--'), ...columns.map(() => '--:')];
  const body = lines.map((l, i) => {
    return line([...shown[i]!, ...l.cells.map((c) => (c.outlier ? `**${c.text}**` : c.text))]);
  });
  const rows = [line([...heads, ...columns]), `| ${rule.join(' | ')} |`, ...body];
  return `## Table ${number}. ${title}\n\n${caption}\n\n${rows.join('\n')}\n`;
}
