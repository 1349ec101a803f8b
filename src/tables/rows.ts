/** Tidy rows of Tables 1 to 7: one per measure, image and method; the paper's number beside ours. */
import { keyFileBits } from '../metrics/key-space.ts';
import { metrics } from '../metrics/metrics.ts';
import { cellMetrics } from '../metrics/paper.ts';
import { median } from '../shared/stats.ts';
import { networkMethods } from './labels.ts';
import { published } from './published.ts';
import {
  type CellRecord,
  type ImageId,
  type Measured,
  type MethodId,
  measureNames,
  methodIds,
  type PeerCell,
  type Recovery,
  type ReproductionResults,
  sampleIds,
  table7Ids,
} from './results.ts';

export interface TidyRow {
  readonly measure: string;
  readonly image: string;
  readonly method: string;
  readonly published: number | null;
  /** The published number as the paper prints it; null where it prints none. */
  readonly printed: string | null;
  readonly ours: number | null;
  readonly expected: number | null;
  readonly sd: number | null;
  readonly z: number | null;
}

type Ours = Pick<TidyRow, 'ours' | 'expected' | 'sd' | 'z'>;
const nothing: Ours = { ours: null, expected: null, sd: null, z: null };
const plainly = (ours: number | null | undefined): Ours => ({ ...nothing, ours: ours ?? null });
const measured = ({ value, expected, sd, z }: Measured): Ours => ({ ours: value, expected, sd, z });

const keyOf = (table: number, measure: string, image: string, method: string): string =>
  [table, measure, image, method].join('|');
const printedCells = new Map(published.map((c) => [keyOf(c.table, c.measure, c.image, c.method), c]));

function row(table: number, measure: string, image: string, method: string, ours: Ours): TidyRow {
  const cell = printedCells.get(keyOf(table, measure, image, method));
  const print = { published: cell?.value ?? null, printed: cell?.printed ?? null };
  return { measure, image, method, ...print, ...ours };
}

/** What the reconstruction of a reference gives for a measure, if the run has one. */
type OursOf = (reference: string, measure: string, image: string) => Ours;

/** Rows of references, with ours beside them where there is a reconstruction. */
const quoted = (table: number, image?: string, oursOf: OursOf = () => nothing): TidyRow[] =>
  published
    .filter(
      (c) => c.table === table && c.method.startsWith('ref') && (image === undefined || c.image === image),
    )
    .map((c) => row(table, c.measure, c.image, c.method, oursOf(c.method, c.measure, c.image)));

/** Key space: Eq. 10 at 128x128, and the quoted references. */
export const table1 = (): TidyRow[] => [
  row(1, 'key_space_log2', '128x128', 'proposed', plainly(keyFileBits(128, 128))),
  ...quoted(1),
];

const times = { encrypt_s: 'encryptSeconds', decrypt_s: 'decryptSeconds' } as const;

/**
 * Times. The paper does not say which method its `proposed` rows timed: ours beside them is the median over
 * the four methods with a network, and each method has a row of its own; the hardened scheme and the peers at the end.
 */
export function table2({ timings, peers }: ReproductionResults): TidyRow[] {
  const ours = (measure: keyof typeof times, image: string, methods: readonly string[]): Ours => {
    const found = timings.filter((t) => t.image === image && methods.includes(t.method));
    return plainly(found.length === 0 ? null : median(found.map((t) => t[times[measure]])));
  };
  const sizes = [...new Set(['256x256', '512x512', ...timings.map((t) => t.image)])];
  const rowsOf = (method: string, methods: readonly string[]): TidyRow[] =>
    sizes.flatMap((image) =>
      (['encrypt_s', 'decrypt_s'] as const).map((m) => row(2, m, image, method, ours(m, image, methods))),
    );
  return [
    ...rowsOf('proposed', networkMethods),
    ...methodIds.flatMap((method) => rowsOf(method, [method])),
    ...quoted(2, undefined, (reference, measure, image) =>
      ours(measure as keyof typeof times, image, [methodOf(peers, reference)]),
    ),
    ...(peers?.ciphers ?? []).flatMap(({ method }) => rowsOf(method, [method])),
  ];
}

/** The cipher that reconstructs or re-implements a reference; a name that no row has where there is none. */
const methodOf = (peers: ReproductionResults['peers'], reference: string): string =>
  peers?.ciphers.find((cipher) => cipher.reference === reference)?.method ?? '';

const cellOf = (results: ReproductionResults, image: ImageId, method: MethodId): CellRecord | undefined =>
  results.cells.find((cell) => cell.image === image && cell.method === method);

/** Sizes, and the chi-square of the histograms that the paper shows as pictures. */
export function table3(results: ReproductionResults): TidyRow[] {
  return sampleIds.flatMap((image) => {
    const record = results.images.find(({ id }) => id === image);
    const first = results.cells.find((cell) => cell.image === image);
    return [
      row(3, 'width', image, '', plainly(record?.width)),
      row(3, 'height', image, '', plainly(record?.height)),
      row(3, 'chi2_plain', image, '', plainly(first?.chi2Plain)),
      ...methodIds.map((method) => {
        const cell = cellOf(results, image, method);
        return row(3, 'chi2_cipher', image, method, cell ? measured(cell.chi2Cipher) : nothing);
      }),
    ];
  });
}

/** Plain against decrypted: exact decryption has MSE 0 and PSNR infinite. */
export const table4 = (results: ReproductionResults): TidyRow[] =>
  sampleIds.flatMap((image) =>
    methodIds.flatMap((method) => {
      const cell = cellOf(results, image, method);
      return [
        row(4, 'mse', image, method, plainly(cell?.decryptedMse)),
        row(4, 'psnr', image, method, plainly(cell?.decryptedPsnr)),
      ];
    }),
  );

/** Ids of the metrics of Tables 5 to 7, in their order. */
export const cellMeasures: readonly string[] = cellMetrics.map(({ id }) => id);

type Measures = Readonly<Record<string, Measured | undefined>>;

const measuredRow = (
  results: ReproductionResults,
  table: number,
  measure: string,
  image: ImageId,
  method: MethodId,
): TidyRow => {
  const measures: Measures = cellOf(results, image, method)?.measures ?? {};
  return row(table, measure, image, method, measures[measure] ? measured(measures[measure]) : nothing);
};

/** The paper's eight, and further metrics that the run measured: older runs lack later metrics. */
const measuresOf = ({ cells }: ReproductionResults): string[] =>
  cellMeasures.filter((id) => isPapers(id) || cells.some(({ measures }) => id in measures));

const isPapers = (measure: string): boolean => measureNames.includes(measure as never);

const bySample = (results: ReproductionResults, table: 5 | 6): TidyRow[] =>
  measuresOf(results)
    .filter((measure) => metrics[measure]!.table === table)
    .flatMap((measure) =>
      sampleIds.flatMap((image) =>
        methodIds.map((method) => measuredRow(results, table, measure, image, method)),
      ),
    );

export const table5 = (results: ReproductionResults): TidyRow[] => bySample(results, 5);
export const table6 = (results: ReproductionResults): TidyRow[] => bySample(results, 6);

/**
 * The paper's four methods, and the baselines where the run has them; a reference heads each image, the hardened
 * scheme and the peers end it.
 */
export const table7 = (results: ReproductionResults): TidyRow[] =>
  table7Ids.flatMap((image) => [
    ...quoted(7, image, (reference, measure) => reconstructed(results, reference, measure, image)),
    ...methodIds
      .filter((method) => networkMethods.includes(method) || cellOf(results, image, method))
      .flatMap((method) => measuresOf(results).map((m) => measuredRow(results, 7, m, image, method))),
    ...(results.peers?.cells ?? []).filter((cell) => cell.image === image).flatMap(peerRows),
  ]);

/** NPCR and UACI of one changed sample, as the references print them. */
function reconstructed(
  { peers }: ReproductionResults,
  reference: string,
  measure: string,
  image: ImageId,
): Ours {
  const method = methodOf(peers, reference);
  const cell = peers?.cells.find((one) => one.image === image && one.method === method);
  if (!cell) return nothing;
  const measures: Measures = {
    ...cell.measures,
    npcr: cell.differential.npcr,
    uaci: cell.differential.uaci,
  };
  return measures[measure] ? measured(measures[measure]) : nothing;
}

/** Columns of Table 7 beyond the paper's eight measures. */
const securityMeasures = [
  'npcr_differential',
  'uaci_differential',
  'chosen_plaintext',
  'known_plaintext',
  'predicted',
  'predicted_planes',
] as const;

/** All of one cipher on one image; of the paper's methods only what is not in their cells. */
function peerRows({ image, method, measures, differential, predicted, ...cell }: PeerCell): TidyRow[] {
  const { chosenPlaintext, knownPlaintext, predictedPlanes } = cell;
  const found: Record<(typeof securityMeasures)[number], Ours> = {
    npcr_differential: measured(differential.npcr),
    uaci_differential: measured(differential.uaci),
    chosen_plaintext: recoveredOf(chosenPlaintext),
    known_plaintext: recoveredOf(knownPlaintext),
    predicted: measured(predicted),
    predicted_planes: plainly(predictedPlanes?.filter((share) => share > wholly).length),
  };
  return [
    ...measuredOf(measures ?? {}).map(([m, found]) => row(7, m, image, method, measured(found))),
    ...securityMeasures.map((m) => row(7, m, image, method, found[m])),
  ];
}

/** Percent of the bits of a plane from which on it counts as predicted. */
const wholly = 99;

const recoveredOf = ({ recovered }: Recovery): Ours => (recovered ? measured(recovered) : nothing);

const measuredOf = (measures: Measures): [string, Measured][] =>
  cellMeasures.flatMap((id) => (measures[id] ? [[id, measures[id]]] : []));

/** The DICOM picture, every measure of every method; the paper has none. */
export const dicomRows = (results: ReproductionResults): TidyRow[] =>
  methodIds
    .filter((method) => cellOf(results, 'dicom', method))
    .flatMap((method) => measuresOf(results).map((m) => measuredRow(results, 7, m, 'dicom', method)));
