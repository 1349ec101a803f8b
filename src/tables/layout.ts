/**
 * Tables laid out as in the paper: same rows and columns, its decimals, and beside each published number ours,
 * its ideal expectation and z. Markdown, LaTeX and HTML print this one layout.
 */
import { decimalsOf, fixed, isOutlier, meanSd, zText } from './format.ts';
import { imageLabel, type LabelOf, methodLabel, networkMethods } from './labels.ts';
import { decimalsFor, measureLabel } from './measures.ts';
import { notPublic } from './published.ts';
import { methodIds } from './results.ts';
import { cellMeasures, type TidyRow } from './rows.ts';

/** `none`: why there is no number. */
type CellKind = 'published' | 'ours' | 'ideal' | 'z' | 'none' | 'empty';

export interface LayoutCell {
  readonly text: string;
  readonly kind: CellKind;
  /** The tidy row that the cell shows; null for an empty cell. */
  readonly row: TidyRow | null;
  /** Marked: |z| > 3. */
  readonly outlier: boolean;
}

export interface Line {
  readonly heads: readonly string[];
  readonly cells: readonly LayoutCell[];
  /** First line of a group: a rule above. */
  readonly opens: boolean;
}

export interface Layout {
  readonly heads: readonly string[];
  readonly columns: readonly string[];
  readonly lines: readonly Line[];
}

export const emptyCell: LayoutCell = { text: '', kind: 'empty', row: null, outlier: false };

const decimals = (row: TidyRow): number =>
  Math.max(row.printed && row.printed !== '-' ? decimalsOf(row.printed) : 0, ownDecimalsOf(row));

/** The paper drops some trailing zeros (99.615 for 99.6150), so a printed cell never lowers our decimals. */
const ownDecimalsOf = ({ measure, ours }: TidyRow): number =>
  ours !== null && Number.isInteger(ours) && measure !== 'entropy' ? 0 : decimalsFor(measure);

export function publishedCell(row: TidyRow | undefined): LayoutCell {
  if (!row?.printed) return emptyCell;
  return { text: row.printed === '-' ? '–' : row.printed, kind: 'published', row, outlier: false };
}

export function oursCell(row: TidyRow | undefined): LayoutCell {
  if (!row || row.ours === null) return emptyCell;
  const text = row.measure === 'key_space_log2' ? `2^${row.ours}` : fixed(row.ours, decimals(row));
  return { text, kind: 'ours', row, outlier: false };
}

export function zCell(row: TidyRow | undefined): LayoutCell {
  if (!row || row.z === null) return emptyCell;
  return { text: zText(row.z), kind: 'z', row, outlier: isOutlier(row.z) };
}

export function idealCell(rows: readonly (TidyRow | undefined)[], part?: 'mean' | 'sd'): LayoutCell {
  const row = rows.find((r) => r?.expected != null && r.sd !== null);
  if (!row) return emptyCell;
  const both = meanSd(row.expected!, row.sd!, decimalsFor(row.measure));
  const text = part ? both.split(' ± ')[part === 'mean' ? 0 : 1]! : both;
  return { text, kind: 'ideal', row, outlier: false };
}

export type Find = (measure: string, image: string, method: string) => TidyRow | undefined;

export function finder(rows: readonly TidyRow[]): Find {
  const map = new Map(rows.map((r) => [`${r.measure}|${r.image}|${r.method}`, r]));
  return (measure, image, method) => map.get(`${measure}|${image}|${method}`);
}

export const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/** Table 1: a row per method. */
export const layout1 = (rows: readonly TidyRow[]): Layout => ({
  heads: ['Method'],
  columns: ['Published', 'Ours'],
  lines: rows.map((row) => ({
    heads: [methodLabel(row.method)],
    cells: [publishedCell(row), measuredCell(row.method, row)],
    opens: false,
  })),
});

const unmeasured: LayoutCell = { text: 'not public', kind: 'none', row: null, outlier: false };

const measuredCell = (method: string, row: TidyRow | undefined): LayoutCell =>
  notPublic.has(method) ? unmeasured : oursCell(row);

/** Table 2: a row per method and size. */
export function layout2(rows: readonly TidyRow[], labelOf: LabelOf = methodLabel): Layout {
  const find = finder(rows);
  const pairs = distinct(rows.map((r) => `${r.method}|${r.image}`)).map(
    (key) => key.split('|') as [string, string],
  );
  return {
    heads: ['Method', 'Image size'],
    columns: ['Encryption, published', 'Encryption, ours', 'Decryption, published', 'Decryption, ours'],
    lines: pairs.map(([method, image], i) => ({
      heads: [labelOf(method), imageLabel(image)],
      cells: ['encrypt_s', 'decrypt_s']
        .map((measure) => find(measure, image, method))
        .flatMap((row) => [publishedCell(row), measuredCell(method, row)]),
      opens: method !== pairs[i - 1]?.[0],
    })),
  };
}

/** Table 3: sizes and chi-squares; a row per sample, with z below. */
export function layout3(rows: readonly TidyRow[]): Layout {
  const find = finder(rows);
  const lines = distinct(rows.map((r) => r.image)).flatMap((image): Line[] => {
    const [width, height] = [find('width', image, ''), find('height', image, '')];
    const ciphers = methodIds.map((method) => find('chi2_cipher', image, method));
    const size = (kind: 'published' | 'ours'): LayoutCell => {
      const text = `${width?.[kind] ?? '–'}×${height?.[kind] ?? '–'}`;
      return { text, kind, row: null, outlier: false };
    };
    const first = [size('published'), size('ours'), oursCell(find('chi2_plain', image, ''))];
    return [
      {
        heads: [imageLabel(image), 'χ²'],
        cells: [...first, ...ciphers.map(oursCell), idealCell(ciphers)],
        opens: true,
      },
      {
        heads: [imageLabel(image), 'z'],
        cells: [emptyCell, emptyCell, emptyCell, ...ciphers.map(zCell), emptyCell],
        opens: false,
      },
    ];
  });
  const ciphers = methodIds.map((method) => `Cipher, ${methodLabel(method)}`);
  const columns = ['Size, published', 'Size, ours', 'Plain', ...ciphers, 'Ideal cipher'];
  return { heads: ['Sample', ''], columns, lines };
}

/** Table 4: one row per sample as in the paper; ours is the worst of the methods. */
export function layout4(rows: readonly TidyRow[]): Layout {
  const worst = (image: string, measure: string): TidyRow | undefined => {
    const sign = measure === 'mse' ? 1 : -1;
    const list = rows.filter((r) => r.image === image && r.measure === measure);
    const known = list.filter((r) => r.ours !== null);
    return known.length ? known.reduce((w, r) => (sign * r.ours! > sign * w.ours! ? r : w)) : list[0];
  };
  return {
    heads: ['Sample'],
    columns: ['PSNR, published', 'PSNR, ours (worst)', 'MSE, published', 'MSE, ours (worst)'],
    lines: distinct(rows.map((r) => r.image)).map((image) => ({
      heads: [imageLabel(image)],
      cells: ['psnr', 'mse'].flatMap((m) => [publishedCell(worst(image, m)), oursCell(worst(image, m))]),
      opens: false,
    })),
  };
}

/** Tables 5 and 6: a row per measure and sample, a column per method; published, ours and z below each other. */
export function layoutBySample(rows: readonly TidyRow[]): Layout {
  const find = finder(rows);
  const images = distinct(rows.map((r) => r.image));
  const lines = distinct(rows.map((r) => r.measure)).flatMap((measure) =>
    images.flatMap((image): Line[] => {
      const found = methodIds.map((method) => find(measure, image, method));
      const heads = [measureLabel(measure), imageLabel(image)];
      return [
        { heads: [...heads, 'published'], cells: [...found.map(publishedCell), emptyCell], opens: true },
        { heads: [...heads, 'ours'], cells: [...found.map(oursCell), idealCell(found)], opens: false },
        { heads: [...heads, 'z'], cells: [...found.map(zCell), emptyCell], opens: false },
      ];
    }),
  );
  const columns = [...methodIds.map(methodLabel), 'Ideal cipher'];
  return { heads: ['Measure', 'Sample', ''], columns, lines };
}

/** Table 7, and the DICOM picture: a group per image, a row per method of the paper, a column per measure. */
export function layout7(rows: readonly TidyRow[]): Layout {
  const find = finder(rows);
  const measures = measuresOf(rows);
  const lines = distinct(rows.map((r) => r.image)).flatMap((image): Line[] => {
    const own = rows.filter((r) => r.image === image && isPapers(r.method));
    const methods = distinct(own.map((r) => r.method));
    const group = methods.flatMap((method) => linesOf7(image, method, measures, find));
    const ideal = (part: 'mean' | 'sd'): Line => ({
      heads: [imageLabel(image), 'Ideal cipher', part],
      cells: measures.map((m) =>
        idealCell(
          methods.map((method) => find(m, image, method)),
          part,
        ),
      ),
      opens: false,
    });
    return [...group, ideal('mean'), ideal('sd')].map((line, i) => ({ ...line, opens: i === 0 }));
  });
  return { heads: ['Image', 'Method', ''], columns: measures.map(measureLabel), lines };
}

/** Columns of Table 7. */
export const measuresOf = (rows: readonly TidyRow[]): string[] =>
  cellMeasures.filter((id) => rows.some(({ measure }) => measure === id));

/** A method or a reference of the paper, in whose own rows the others do not stand. */
export const isPapers = (method: string): boolean =>
  method.startsWith('ref') || methodIds.includes(method as never);

function linesOf7(image: string, method: string, measures: readonly string[], find: Find): Line[] {
  const found = measures.map((measure) => find(measure, image, method));
  const line = (what: string, cells: LayoutCell[]): Line => {
    return { heads: [imageLabel(image), methodLabel(method), what], cells, opens: false };
  };
  const print = line(notPublic.has(method) ? 'published only' : 'published', found.map(publishedCell));
  if (method.startsWith('ref') && found.every((row) => row?.ours == null)) return [print];
  if (method.startsWith('ref'))
    return [print, line('reconstruction', found.map(oursCell)), line('z', found.map(zCell))];
  const own = [line('ours', found.map(oursCell)), line('z', found.map(zCell))];
  return networkMethods.includes(method as never) && image !== 'dicom' ? [print, ...own] : own;
}
