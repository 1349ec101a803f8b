/** Where the time goes, and how it grows with the picture. */
import { colors, type Figure, type Panel, type Series } from './figure.ts';
import { seconds } from './format.ts';
import { imageLabel, methodLabel } from './labels.ts';
import { published } from './published.ts';
import { type CellRecord, methodIds, type ReproductionResults } from './results.ts';

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
      'One encryption and decryption of a three-channel picture by each method, on this machine. Published times, of unstated scope and on another machine, stand in the panel titles: drawn to scale they would hide ours.',
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
