/** A table of the report: sticky head and first column, columns that sort, a filter, and an anchor for each cell. */
import { meanSd } from '../tables/format.ts';
import type { TidyRow } from '../tables/rows.ts';
import { type Printed, type Table, tableFile, tableHeading } from '../tables/tables.ts';
import { type CompactCell, type CompactLine, compactTable } from './compact.ts';
import { fold, html } from './html-parts.ts';

/** The table and its further parts, a fold each. */
export const tableSection = (table: Table): string =>
  [
    tableFold(table, tableHeading(table), table.number, filesOf(table)),
    ...table.more.map((part) => tableFold(part, part.title, null, '')),
  ].join('\n');

const filesOf = (table: Table): string =>
  ` Files: ${['csv', 'md', 'tex'].map((kind) => `<a href="tables/${tableFile(table)}.${kind}">${kind}</a>`).join(', ')}.`;

/** Anchor of the cell that shows a row: `table-5.npcr.sample1.lorenz`. */
export const cellAnchor = (table: string, { measure, image, method }: TidyRow): string =>
  ['table-', table, '.', [measure, image, method].filter(Boolean).join('.')].join('');

function tableFold(
  { id, caption, layout }: Printed,
  title: string,
  number: number | null,
  files: string,
): string {
  const { heads, columns, lines } = compactTable(layout, number);
  const off = lines.filter(isOff).length;
  const cells = columns.map(
    (column) => `<th scope="col" aria-sort="none"><button type="button">${html(column)}</button></th>`,
  );
  const filter = off
    ? `<button type="button" class="only-off" aria-pressed="false" aria-controls="table-${id}">Only what is off (${off} of ${lines.length} rows)</button>`
    : '';
  return fold(
    `part-${id}`,
    title,
    `<p class="caption" id="table-${id}-note">${html(caption)}${files}</p>${filter}
<div class="scroll" role="region" aria-label="${html(title)}" tabindex="0">
<table class="grid" id="table-${id}" aria-describedby="table-${id}-note">
<caption class="unseen">${html(title)}</caption>
<thead><tr><th scope="col" class="head">${html(heads.join(', '))}</th>${cells.join('')}</tr></thead>
<tbody>
${lines.map((line) => tableRow(id, line)).join('\n')}
</tbody>
</table>
</div>`,
    lines.some(hasScores) ? (off ? `${off} of ${lines.length} rows off` : 'nothing off') : '',
  );
}

const isOff = ({ cells }: CompactLine): boolean => cells.some(({ outlier, differs }) => outlier || differs);
const hasScores = ({ cells }: CompactLine): boolean => cells.some(({ z, differs }) => z !== null || differs);

function tableRow(table: string, line: CompactLine): string {
  const [first, ...rest] = line.heads;
  const head = [html(first!), ...rest.map((text) => `<span>${html(text)}</span>`)].join(' ');
  const cells = line.cells.map((cell) => tableCell(table, cell));
  return `<tr${isOff(line) ? ' data-off' : ''}><th scope="row">${head}</th>${cells.join('')}</tr>`;
}

const order = ['ours', 'published', 'ideal', 'none'] as const;

/** Our number first; the published one and z below it. The tip has all digits. */
function tableCell(table: string, cell: CompactCell): string {
  const { texts, row } = cell;
  const [main, ...below] = order.filter((kind) => texts[kind] !== undefined);
  if (!main) return '<td></td>';
  if (!row || main === 'ideal')
    return `<td class="${main}">${texts[main]}${below.map((kind) => `<small>paper ${texts[kind]}</small>`).join('')}</td>`;
  const anchor = html(cellAnchor(table, row));
  const of = html(`${row.measure}|${row.image}|${row.method}`);
  const first = `<a href="#${anchor}" tabindex="-1" class="${main}${cell.outlier ? ' outlier' : ''}"${dataValue(row, main)}>${html(texts[main]!)}</a>`;
  const second = [publishedText(cell, main), scoreText(cell)].filter(Boolean).join('<b> · </b>');
  return `<td id="${anchor}" data-of="${of}" title="${html(tipOf(row))}">${first}${second && `<small>${second}</small>`}</td>`;
}

const dataValue = (row: TidyRow, kind: string): string =>
  kind === 'ours' || kind === 'published' || kind === 'z' ? ` data-value="${row[kind] ?? ''}"` : '';

function publishedText({ texts, row, differs }: CompactCell, main: string): string {
  if (main === 'published' || texts.published === undefined) return '';
  return `<i><u>paper</u> <span class="published${differs ? ' differs' : ''}"${dataValue(row!, 'published')}>${html(texts.published)}</span>${differs ? ' ≠' : ''}</i>`;
}

const scoreText = ({ z, row, outlier }: CompactCell): string =>
  z === null
    ? ''
    : `<i>z <span class="z${outlier ? ' outlier' : ''}"${dataValue(row!, 'z')}>${html(z)}</span></i>`;

function tipOf({ ours, printed, expected, sd, z }: TidyRow): string {
  const facts = [
    ours === null ? '' : `ours ${ours}`,
    printed === null ? '' : `paper ${printed}`,
    expected === null || sd === null ? '' : `ideal ${meanSd(expected, sd, 4)}`,
    z === null ? '' : `z ${z.toFixed(2)}`,
  ];
  return facts.filter(Boolean).join('; ');
}
