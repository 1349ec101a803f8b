/** The paper's Tables 1, 2, 5, 6 and 7 as the first example of `medchaos review`. */
import Papa from 'papaparse';
import { type PublishedCell, published } from '../tables/published.ts';
import { type ReviewTable, readReviewTable } from './table.ts';

const measures = [
  'npcr',
  'uaci',
  'mse',
  'psnr',
  'entropy',
  'corr_h',
  'corr_v',
  'corr_d',
  'encrypt_s',
  'decrypt_s',
  'key_space',
] as const;

const columns: Readonly<Record<string, (typeof measures)[number]>> = {
  ...Object.fromEntries(measures.map((name) => [name, name])),
  key_space_log2: 'key_space',
};

/** Correlations of Table 6 beside the other measures of the same pictures in Table 5. */
const names: Readonly<Record<number, string>> = { 1: '1', 2: '2', 5: '5+6', 6: '5+6', 7: '7' };

const keyOf = ({ table, image, method }: PublishedCell): string => `${names[table]}|${image}|${method}`;

/** Sizes of the samples stand in Table 3; Table 7 prints none. */
function sizeOf(image: string): string {
  if (/^\d+x\d+$/.test(image)) return image;
  const own = published.filter(({ table, image: other }) => table === 3 && other === image);
  const [width, height] = ['width', 'height'].map(
    (name) => own.find(({ measure }) => measure === name)?.printed,
  );
  return width && height ? `${width}x${height}` : '';
}

/** Own rows compare plain with cipher; the references' rows carry their own figures, of two ciphers. */
const senseOf = ({ table, method }: PublishedCell): string =>
  table < 5 ? '' : method.startsWith('ref') ? 'differential' : 'plain';

/** The rows as a CSV that `medchaos review` reads. */
function paperCsv(): string {
  const rows = new Map<string, Record<string, string>>();
  for (const cell of published.filter(({ table }) => table in names)) {
    const { image, method } = cell;
    const row = rows.get(keyOf(cell)) ?? {
      table: names[cell.table]!,
      image,
      method,
      size: sizeOf(image),
      sense: senseOf(cell),
    };
    rows.set(keyOf(cell), { ...row, [columns[cell.measure]!]: cell.value === null ? '' : cell.printed });
  }
  return Papa.unparse([...rows.values()], {
    columns: ['table', 'image', 'method', 'size', 'sense', ...measures],
    newline: '\n',
  });
}

export const paperTable = (): ReviewTable => readReviewTable(paperCsv(), 'paper');
