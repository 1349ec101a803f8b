/**
 * A table for the screen: the layout of the paper has a line for `published`, `ours` and `z` each; here one cell has all
 * three. Numbers have four significant digits.
 */
import { agrees } from '../tables/agreement.ts';
import { fixed, isOutlier, zText } from '../tables/format.ts';
import type { Layout, LayoutCell, Line } from '../tables/layout.ts';
import type { TidyRow } from '../tables/rows.ts';

export interface CompactCell {
  /** Text by kind; the first of ours, published, ideal and none stands on the cell's first line. */
  readonly texts: Readonly<Partial<Record<'ours' | 'published' | 'ideal' | 'none', string>>>;
  readonly z: string | null;
  /** The tidy row behind it; null for an empty cell, a size, an ideal. */
  readonly row: TidyRow | null;
  /** Ours is marked: |z| > 3. */
  readonly outlier: boolean;
  /** The published number does not agree with ours. */
  readonly differs: boolean;
}

export interface CompactLine {
  readonly heads: readonly string[];
  readonly cells: readonly CompactCell[];
}

export interface CompactTable {
  readonly heads: readonly string[];
  readonly columns: readonly string[];
  readonly lines: readonly CompactLine[];
}

/** Last heads of lines that are one line here. */
const parts = ['published', 'ours', 'χ²', 'z', 'mean', 'sd'];

/** @param table its number; null for none of the paper's */
export function compactTable(layout: Layout, table: number | null): CompactTable {
  const groups = columnGroups(layout.columns);
  const split = layout.heads.at(-1) === '';
  const blocks = blocksOf(layout.lines, split);
  return {
    heads: split ? layout.heads.slice(0, -1) : layout.heads,
    columns: groups.map(({ title }) => title),
    lines: blocks.map((lines) => ({
      heads: split ? lines[0]!.heads.slice(0, -1) : lines[0]!.heads,
      cells: groups.map(({ at }) =>
        merged(
          lines.flatMap(({ cells }) => at.map((i) => cells[i]!)),
          table,
        ),
      ),
    })),
  };
}

/** Lines that differ in their last head only. */
function blocksOf(lines: readonly Line[], split: boolean): Line[][] {
  const blocks: Line[][] = [];
  for (const line of lines) {
    const above = blocks.at(-1)?.[0];
    const same = above && line.heads.slice(0, -1).join('|') === above.heads.slice(0, -1).join('|');
    if (split && same && parts.includes(line.heads.at(-1)!)) blocks.at(-1)!.push(line);
    else blocks.push([line]);
  }
  return blocks;
}

/** `PSNR, published` and `PSNR, ours (worst)` are one column, and a column `z` belongs to the one before. */
function columnGroups(columns: readonly string[]): { title: string; at: number[] }[] {
  const groups: { title: string; at: number[] }[] = [];
  columns.forEach((column, i) => {
    const title = column.replace(/,? ?(published|ours)\b/i, '').trim();
    const joins = column === 'z' || /\bours\b/i.test(column);
    const last = groups.at(-1);
    if (!last || !joins) groups.push({ title, at: [i] });
    else {
      last.at.push(i);
      if (column !== 'z') last.title = title;
    }
  });
  return groups.map(({ title, at }) => ({ title: title || 'Value', at }));
}

function merged(cells: readonly LayoutCell[], table: number | null): CompactCell {
  const of = (kind: LayoutCell['kind']): LayoutCell[] => cells.filter((cell) => cell.kind === kind);
  const [ours, published, none] = (['ours', 'published', 'none'] as const).map((kind) => of(kind)[0]);
  const row = (ours ?? published ?? none ?? of('z')[0])?.row ?? null;
  const texts = {
    ...(ours && { ours: numberText(ours) }),
    ...(published && { published: numberText(published) }),
    ...(of('ideal').length > 0 && {
      ideal: of('ideal')
        .map(({ text }) => text)
        .join(' ± '),
    }),
    ...(none && { none: none.text }),
  };
  return {
    texts,
    z: of('z').length > 0 ? zText(row!.z) : null,
    row,
    outlier: cells.some(({ outlier }) => outlier) || isOutlier(row && of('z').length > 0 ? row.z : null),
    differs: row !== null && agrees(row, table) === false,
  };
}

/** Four digits of a plain number; the text of the layout for a size, a power, a dash. */
function numberText({ kind, row, text }: LayoutCell): string {
  const value = row && (kind === 'ours' || kind === 'published') ? row[kind] : null;
  return value !== null && /^-?[\d.]+$/.test(text) ? fourDigits(value) : text;
}

/** Four significant digits; whole numbers below 10,000 as they are. */
export function fourDigits(value: number): string {
  if (!Number.isFinite(value)) return fixed(value, 0);
  if (Number.isInteger(value) && Math.abs(value) < 1e4) return String(value);
  const rounded = value.toPrecision(4);
  return Math.abs(Number(rounded)) >= 1e4 ? String(Number(rounded)) : rounded;
}
