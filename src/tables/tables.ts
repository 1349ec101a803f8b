/** Tables 1 to 7 of one reproduction, and the DICOM picture's: tidy rows (the CSV) and the paper's layout of them. Pure functions. */
import { outlierMark } from './format.ts';
import { imageLabel, labelsOf } from './labels.ts';
import { type Layout, layout1, layout2, layout3, layout4, layout7, layoutBySample } from './layout.ts';
import { layoutPeers, layoutSecurity } from './layout-peers.ts';
import { type ReproductionResults, sampleIds, table7Ids } from './results.ts';
import { dicomRows, type TidyRow, table1, table2, table3, table4, table5, table6, table7 } from './rows.ts';

type PaperTable = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** One printed table. */
export interface Printed {
  /** `7`, or `7-peers` for what stands under it. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly layout: Layout;
}

export interface Table extends Printed {
  /** null: none of the paper's. */
  readonly number: PaperTable | null;
  readonly rows: readonly TidyRow[];
  /** Printed under it: rows that the paper does not have. */
  readonly more: readonly Printed[];
}

/** All seven tables. Images or methods that a run lacks leave the cells of `ours` empty. */
export function buildTables(results: ReproductionResults): Table[] {
  const make = (number: PaperTable, rows: TidyRow[], layout: (rows: TidyRow[]) => Layout): Table => {
    const told = { id: String(number), title: titles[number], caption: captionOf(number, results) };
    return { number, ...told, rows, layout: layout(rows), more: [] };
  };
  const labelOf = labelsOf(results);
  return [
    make(1, table1(), layout1),
    make(2, table2(results), (rows) => layout2(rows, labelOf)),
    make(3, table3(results), layout3),
    make(4, table4(results), layout4),
    make(5, table5(results), layoutBySample),
    make(6, table6(results), layoutBySample),
    withPeers(make(7, table7(results), layout7), results),
  ];
}

/** The hardened scheme and the peers under the paper's rows, where the run measured them. */
function withPeers(table: Table, results: ReproductionResults): Table {
  const trials = results.peers?.cells[0]?.differential.trials;
  if (trials === undefined) return table;
  const labelOf = labelsOf(results);
  return {
    ...table,
    more: [
      {
        id: '7-peers',
        title: 'The same images by the hardened scheme and by peers',
        caption: peersCaption,
        layout: layoutPeers(table.rows, labelOf),
      },
      {
        id: '7-security',
        title: 'One sample changed, and attacks',
        caption: securityCaption(trials),
        layout: layoutSecurity(table.rows, labelOf),
      },
    ],
  };
}

const peersCaption =
  'All measured here; a peer is re-implemented from its equations, not the program of its authors. A reconstruction fills in what its paper leaves open (src/cipher/peers says what). “Grey”: a cipher of grey pictures, measured on the green channel. The ideal is that of the same image in Table 7; z of grey pictures is against their own.';

const securityCaption = (trials: number): string =>
  `UACI and NPCR compare the cipher images of two images that differ in one sample, under one key and, in the hardened scheme, one nonce: means of ${trials} trials, and the standard deviation of such a mean (UACI: trials share a cipher image, sd times 1.077). AES-256-GCM, ChaCha20-Poly1305, [14] and [19] draw fresh numbers each time, [1] and [13] a key from the picture, which alone makes their cipher images differ. “Logistic” and “Lorenz” are the paper's scheme with fixed parameters; a network changes none of this. Recovered: samples of an unseen image, by the attacks on permutation and XOR, two chosen or two known images. “Not attacked”: these attacks do not apply to the cipher, which says nothing for it; the hardened scheme under every attack stands among the attacks of the report. Predicted: samples of a cipher image computed from three others, by XOR or by addition, and how many of its bit planes come out whole; of the 3D cat map planes 0 and 1. Ideal there: guessing.`;

/** Of the DICOM picture of a data folder; null where there is none. */
export function dicomTable(results: ReproductionResults): Table | null {
  const image = results.images.find(({ id }) => id === 'dicom');
  if (!image) return null;
  const rows = dicomRows(results);
  const size = `${image.width}×${image.height}×${image.channels}, ${image.depth} bits a sample`;
  const caption = `Stored values, encrypted and decrypted to the bit: ${size}. PSNR, UACI and MSE are relative to the range of ${image.depth} bits. ${withZ}`;
  const told = { id: 'dicom', title: 'A DICOM image, as stored', caption };
  return { number: null, ...told, rows, layout: layout7(rows), more: [] };
}

/** Of its files: `table-5`, `dicom`. */
export const tableFile = ({ number }: Table): string => (number === null ? 'dicom' : `table-${number}`);

export const tableHeading = ({ number, title }: Table): string =>
  number === null ? title : `Table ${number}. ${title}`;

const titles: Record<PaperTable, string> = {
  1: 'Key space',
  2: 'Encryption and decryption time',
  3: 'Sizes and histograms',
  4: 'Plain against decrypted image',
  5: 'Plain against cipher image',
  6: 'Correlation of adjacent pixels of the cipher image',
  7: 'Comparison with references on four images',
};

const withZ = `Ideal cipher: mean ± standard deviation for independent uniform samples and this very plain image; z = (ours − mean)/sd; ${outlierMark} marks |z| > 3, which chance alone gives about once in 370 cells.`;

const notes: Record<PaperTable, string> = {
  1: 'Paper Eq. 10 counts the bits of the key file of one 128×128 plane, (W + H + W·H)·8; the references are as the paper quotes them; the maps of [15] and [16] are in no public text. It is no measure of security: the secret behind the file is one date and time.',
  2: 'Seconds. “proposed”: the paper does not say which method it timed; ours is the median over the four methods with a network. Published times come from other machines. Ours go from metadata image to sealed key file and back; those of peers have their key given and no envelope. Beside [13] stands our reconstruction, one time for all three channels. [17] and [18] are not measured: their maps are in no public text.',
  3: `χ² of the pooled histogram against the uniform. The paper shows histograms as pictures and does not say which printed number is the width. ${withZ}`,
  4: 'PSNR in dB, infinite where decryption is exact. The paper prints one row per sample for all four ways; ours is the worst of the methods that ran.',
  5: `UACI and NPCR in percent, PSNR in dB, entropy in bits per sample, all channels pooled. UACI, MSE and PSNR of plain against cipher describe the picture, not the cipher; published and ours differ because the pictures do. ${withZ}`,
  6: `All adjacent pairs within each channel, the channels' pairs pooled. ${withZ}`,
  7: `Images are ours: the paper shows four pictures and prints neither name nor size. References' UACI and NPCR compare two cipher images, the other rows plain with cipher; our reconstruction of [1] stands under it. [17] and [18] are not measured: their maps are in no public text. ${withZ}`,
};

function captionOf(number: PaperTable, results: ReproductionResults): string {
  const ids: readonly string[] = number === 7 ? table7Ids : number >= 3 ? sampleIds : [];
  const sizes = results.images
    .filter(({ id }) => ids.includes(id))
    .map((i) => `${imageLabel(i.id)} ${i.width}×${i.height}×${i.channels}`);
  return sizes.length ? `${notes[number]} Sizes of ours: ${sizes.join(', ')}.` : notes[number];
}
