/** The numbers that the paper prints (paper-tables.json), as tidy rows under our names. */

import { networkMethods } from './labels.ts';
import paper from './paper-tables.json' with { type: 'json' };
import type { MeasureName } from './results.ts';

/** One printed cell. */
export interface PublishedCell {
  readonly table: number;
  readonly measure: string;
  /** Sample, Table 7 image, or size such as `256x256`; empty for a reference's key space. */
  readonly image: string;
  /** One of our methods, `proposed`, a reference such as `ref18`, or empty. */
  readonly method: string;
  /** null where the paper prints a dash. */
  readonly value: number | null;
  /** As printed, with its trailing zeros. */
  readonly printed: string;
}

type Printed = number | string | null;
interface PaperTable {
  table: number;
  columns: string[];
  // biome-ignore lint/suspicious/noExplicitAny: each table's rows have their own shape; read below
  rows: any[];
}

const tables = new Map((paper.tables as PaperTable[]).map((table) => [table.table, table]));
const rowsOf = (table: number): PaperTable['rows'] => tables.get(table)!.rows;

const number = (value: Printed): number | null =>
  value === 'Infinity' ? Number.POSITIVE_INFINITY : (value as number | null);

const measures: Record<string, MeasureName> = {
  UACI: 'uaci',
  NPCR: 'npcr',
  MSE: 'mse',
  PSNR: 'psnr',
  entropy: 'entropy',
  corr_horizontal: 'corr_h',
  corr_vertical: 'corr_v',
  corr_diagonal: 'corr_d',
};

const keySpace = (): PublishedCell[] =>
  rowsOf(1).map(({ method, keySpaceLog2, printed }) => ({
    table: 1,
    measure: 'key_space_log2',
    image: method === 'proposed' ? '128x128' : '',
    method,
    value: keySpaceLog2,
    printed,
  }));

const times = (): PublishedCell[] =>
  rowsOf(2).flatMap(({ method, imageSize, encryptSeconds, decryptSeconds, printed }) => {
    const cell = (measure: string, value: number | null, print: string): PublishedCell => {
      return { table: 2, measure, image: imageSize.join('x'), method, value, printed: print };
    };
    return [cell('encrypt_s', encryptSeconds, printed[1]), cell('decrypt_s', decryptSeconds, printed[2])];
  });

/** Printed sizes in the printed order: the paper does not say which of the two is the width. */
const sizes = (): PublishedCell[] =>
  paper.samples.flatMap(({ id, dims }) =>
    ['width', 'height'].map((measure, i) => {
      return { table: 3, measure, image: id, method: '', value: dims[i]!, printed: String(dims[i]) };
    }),
  );

/** One printed row per sample for all four ways, so each of the four network methods gets it. */
const decrypted = (): PublishedCell[] =>
  rowsOf(4).flatMap((row) =>
    networkMethods.flatMap((method) => [
      {
        table: 4,
        measure: 'mse',
        image: row.sample,
        method,
        value: number(row.MSE),
        printed: row.printed[1],
      },
      {
        table: 4,
        measure: 'psnr',
        image: row.sample,
        method,
        value: number(row.PSNR),
        printed: row.printed[0],
      },
    ]),
  );

/** Tables 5 and 6: a row per measure and sample, a column per method. */
const bySample = (table: 5 | 6): PublishedCell[] =>
  rowsOf(table).flatMap(({ measure, sample, values, printed }) =>
    tables
      .get(table)!
      .columns.slice(2)
      .map((method, i) => {
        const cell = { image: sample, method, value: values[i], printed: printed[i] };
        return { table, measure: measures[measure]!, ...cell };
      }),
  );

const compared = (): PublishedCell[] =>
  rowsOf(7).flatMap(({ group, method, values, printed }) =>
    tables
      .get(7)!
      .columns.slice(2)
      .map((measure, i) => {
        const image = `table7${group.toLowerCase()}`;
        return {
          table: 7,
          measure: measures[measure]!,
          image,
          method,
          value: values[i],
          printed: printed[i],
        };
      }),
  );

/** Every printed cell of Tables 1 to 7. */
export const published: readonly PublishedCell[] = [
  ...keySpace(),
  ...times(),
  ...sizes(),
  ...decrypted(),
  ...bySample(5),
  ...bySample(6),
  ...compared(),
];

/** References whose published rows stand alone: their maps or matrices are in no public text. */
export const notPublic: ReadonlySet<string> = new Set(['ref15', 'ref16', 'ref17', 'ref18']);

/** The paper's title. */
export const paperTitle: string = paper.paper.title;

/** Citation of `ref18` and so on; undefined for anything else. */
export const citationOf = (id: string): string | undefined =>
  paper.references.find((reference) => reference.id === id)?.citation;

/** Samples of the paper's own images if RGB, which its entropies say they were (published sizes, times 3). */
export const publishedSamples = (image: string): number | undefined =>
  paper.samples.find((sample) => sample.id === image)?.bytesIfRgb;
