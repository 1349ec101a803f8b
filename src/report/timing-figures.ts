/** Where the time goes, and how it grows with the picture. */

import { seconds } from '../tables/format.ts';
import { imageLabel, type LabelOf, labelsOf, methodLabel } from '../tables/labels.ts';
import { published } from '../tables/published.ts';
import { type CellRecord, methodIds, type ReproductionResults } from '../tables/results.ts';
import { type TidyRow, table2 } from '../tables/rows.ts';
import { colors, type Figure, type Panel, rowsOf, type Series } from './figure.ts';

const phases: [keyof CellRecord['seconds'], string, string][] = [
  ['metadata', 'metadata image', colors.grey],
  ['inference', 'network inference', colors.blue],
  ['keyGeneration', 'key generation', colors.green],
  ['encryption', 'encryption', colors.vermilion],
  ['envelope', 'key envelope', colors.purple],
  ['decryption', 'decryption', colors.orange],
];

/** Time published for `proposed`, or undefined. */
const publishedSeconds = (measure: string, size: string): number | undefined =>
  published.find((c) => c.measure === measure && c.image === size && c.method === 'proposed')?.value ??
  undefined;

/** Stacked phases by method, a panel for each size of Table 2. */
export function timingFigure(results: ReproductionResults): Figure | null {
  const panels = ['256x256', '512x512']
    .map((size) => timingPanel(results, size))
    .filter((panel) => panel !== null);
  if (panels.length === 0) return null;
  return {
    id: 'timing',
    title: 'Time by phase',
    caption:
      'One encryption and decryption of a three-channel picture by each method, on this machine. Published times, of unstated scope and on another machine, stand in the panel titles and as bars in the next figure: drawn to this scale they would hide ours.',
    alt: panels.map((panel) => panel.title).join('; '),
    columns: panels.length,
    panels,
    legend: true,
  };
}

function timingPanel({ cells, images }: ReproductionResults, size: string): Panel | null {
  const image = images.find(
    ({ id, width, height }) => `${width}x${height}` === size && cells.some((c) => c.image === id),
  );
  if (!image) return null;
  const own = methodIds
    .map((method) => cells.find((c) => c.image === image.id && c.method === method))
    .filter((cell) => cell !== undefined);
  const series = phases.map(([phase, name, color]): Series => {
    const y = own.map((cell) => 1000 * cell.seconds[phase]);
    return {
      kind: 'bars',
      name,
      x: own.map((cell) => methodLabel(cell.method).replace(' + ', '\n')),
      y,
      color,
    };
  });
  const paper = publishedSeconds('encrypt_s', size);
  const title = `${imageLabel(image.id)}, ${imageLabel(size)}; published encryption: ${paper} s`;
  return { title, x: { title: '' }, y: { title: 'milliseconds' }, series };
}

const sides = [
  ['encrypt_s', 'encryption'],
  ['decrypt_s', 'decryption'],
] as const;

/** Table 2 as bars: what is published and what is measured here, one below the other, on a logarithmic axis. */
export function table2Figure(results: ReproductionResults): Figure | null {
  if (results.timings.length === 0) return null;
  const rows = table2(results);
  const labelOf = labelsOf(results);
  const range = decadesAround(
    rows.flatMap(({ published: printed, ours }) => [printed ?? [], ours ?? []].flat()),
  );
  const panels = sides.flatMap(([measure, name]) =>
    ['256x256', '512x512'].map((size) => {
      const own = rows.filter((row) => row.measure === measure && row.image === size);
      return rowsPanel(`${imageLabel(size)}, ${name}`, range, own, labelOf);
    }),
  );
  const longest = Math.max(...panels.map((panel) => rowsOf(panel).length));
  const times = rows.filter(({ measure, image }) => measure === 'encrypt_s' && image === '512x512');
  return {
    id: 'time-table2',
    title: 'Times of Table 2',
    caption:
      'Published times (other machines, unstated scope) beside those measured here; the axis is logarithmic, so a bar twice as long is far more than twice the time. Numbers and scope of ours as in Table 2.',
    alt: `Encryption of 512×512: ${times.map((row) => timeText(row, labelOf)).join('; ')}.`,
    columns: 2,
    panelHeight: 100 + 17 * longest,
    panels,
    legend: true,
  };
}

const timeText = ({ method, published: printed, ours }: TidyRow, labelOf: LabelOf): string =>
  [
    ...(printed === null ? [] : [`${labelOf(method)} ${printed} s published`]),
    ...(ours === null ? [] : [`${labelOf(method)} ${seconds(ours)}`]),
  ].join(', ');

/** Whole decades that leave the shortest bar a length and the longest room for its number. */
const decadesAround = (values: readonly number[]): [number, number] => [
  10 ** Math.floor(Math.log10(Math.min(...values) / 1.5)),
  10 ** Math.ceil(Math.log10(Math.max(...values) * 3)),
];

function rowsPanel(
  title: string,
  range: [number, number],
  rows: readonly TidyRow[],
  labelOf: LabelOf,
): Panel {
  const printed = rows.filter((row) => row.published !== null);
  const own = rows.filter((row) => row.ours !== null && row.method !== 'proposed'); // its methods stand by themselves
  const series: Series[] = [
    {
      kind: 'rows',
      name: 'published, other machines',
      x: printed.map(({ method }) => `${labelOf(method)}, published`),
      y: printed.map((row) => row.published!),
      color: colors.vermilion,
    },
    {
      kind: 'rows',
      name: 'measured here',
      x: own.map(({ method }) => labelOf(method)),
      y: own.map((row) => row.ours!),
      color: colors.blue,
    },
  ];
  return { title, x: { title: 'seconds', log: true, whole: true, range }, y: { title: '' }, series };
}

const shown = [
  ['logistic+resnet18', colors.blue, 'circle'],
  ['lorenz+resnet18', colors.green, 'square'],
] as const;

/** Key generation with encryption, and decryption, against the number of pixels; both axes logarithmic. */
export function pixelsFigure({ cells, images }: ReproductionResults): Figure | null {
  if (cells.length === 0) return null;
  const pixels = (cell: CellRecord): number => {
    const image = images.find(({ id }) => id === cell.image)!;
    return image.width * image.height;
  };
  const line = ([method, color, symbol]: (typeof shown)[number], of: (c: CellRecord) => number): Series => {
    const own = cells.filter((c) => c.method === method && of(c) > 0).sort((a, b) => pixels(a) - pixels(b));
    const name = methodLabel(method);
    return { kind: 'points', name, x: own.map(pixels), y: own.map(of), color, symbol };
  };
  const encrypting = (c: CellRecord): number => c.seconds.keyGeneration + c.seconds.encryption;
  const panel = (title: string, measure: string, of: (c: CellRecord) => number): Panel => ({
    title,
    x: { title: 'pixels', log: true },
    y: { title: 'seconds', log: true },
    series: [...shown.map((method) => line(method, of)), publishedSeries(measure)],
  });
  const slowest = cells.reduce((worst, cell) => (encrypting(cell) > encrypting(worst) ? cell : worst));
  return {
    id: 'time-pixels',
    title: 'Time against pixels',
    caption:
      'Keys and ciphers alone, without network and envelope; both axes logarithmic, so that a time proportional to the pixels rises by one decade per decade. Published points are of unstated scope and another machine.',
    alt: `Times rise with the number of pixels; the longest key generation and encryption took ${seconds(encrypting(slowest))} for ${pixels(slowest)} pixels.`,
    columns: 2,
    panels: [
      panel('key generation and encryption', 'encrypt_s', encrypting),
      panel('decryption', 'decrypt_s', (c) => c.seconds.decryption),
    ],
    legend: true,
  };
}

function publishedSeries(measure: string): Series {
  const points = [
    [256 * 256, publishedSeconds(measure, '256x256')],
    [512 * 512, publishedSeconds(measure, '512x512')],
  ].filter((p): p is [number, number] => p[1] !== undefined);
  const x = points.map(([pixels]) => pixels);
  return {
    kind: 'points',
    name: 'published',
    x,
    y: points.map(([, s]) => s),
    color: colors.vermilion,
    symbol: 'diamond',
  };
}
