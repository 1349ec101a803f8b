/** All figures of a reproduction: pure functions of its results and of the pictures that it wrote. */

import type { Direction } from '../metrics/correlation.ts';
import { channelHistograms } from '../metrics/histogram.ts';
import { type Random, stream } from '../shared/random.ts';
import type { Raster } from '../shared/types.ts';
import { imageLabel, methodLabel } from '../tables/labels.ts';
import { type ReproductionResults, sampleIds } from '../tables/results.ts';
import { colors, type Figure, type Panel, type Series } from './figure.ts';
import type { Picture } from './pictures.ts';
import { pixelsFigure, table2Figure, timingFigure } from './timing-figures.ts';

/** Points per scatter plot: 24 plots of 800 keep page and print light, and show structure as well as 5000. */
const scatterPairs = 800;

/** In the order of the report: Fig. 2, histograms, training, timing. */
export function buildFigures(results: ReproductionResults, pictures: readonly Picture[]): Figure[] {
  const samples = pictures.filter(({ image }) => sampleIds.includes(image as never));
  const figures = [
    ...samples.map((picture) => scatterFigure(picture, results.seed)),
    ...samples.map(histogramFigure),
    trainingFigure(results),
    timingFigure(results),
    table2Figure(results),
    pixelsFigure(results),
  ];
  return figures.filter((figure) => figure !== null);
}

const neighbours: [Direction, number, number][] = [
  ['horizontal', 0, 1],
  ['vertical', 1, 0],
  ['diagonal', 1, 1],
];

/** Paper Fig. 2: a pixel against its neighbour, plain above cipher. */
function scatterFigure({ image, method, plain, cipher }: Picture, seed: number): Figure {
  const panels = (
    [
      ['plain', plain],
      ['cipher', cipher],
    ] as const
  ).flatMap(([name, raster]) =>
    neighbours
      .filter(([, down, right]) => raster.height > down && raster.width > right)
      .map(([direction, down, right]) =>
        scatterPanel(`${name}, ${direction}`, raster, [down, right], stream(seed, 'fig2', image, direction)),
      ),
  );
  return {
    id: `fig2-${image}`,
    title: `Fig. 2. Adjacent pixels of ${imageLabel(image)}`,
    caption: `Each point is a sample and its neighbour in the same channel: ${scatterPairs} pairs drawn with the run's seed, the same places in both images. Plain above, cipher (${methodLabel(method)}) below.`,
    alt: `Six scatter plots of adjacent pixels of ${imageLabel(image)}: plain images lie along the diagonal, cipher images fill the square evenly where the cipher hides neighbourhood.`,
    columns: 3,
    panels,
    legend: false,
  };
}

function scatterPanel(title: string, raster: Raster, [down, right]: [number, number], random: Random): Panel {
  const { width, height, channels, data, depth } = raster;
  const x: number[] = [];
  const y: number[] = [];
  for (let k = 0; k < scatterPairs; k++) {
    const row = random.int(height - down);
    const at = (row * width + random.int(width - right)) * channels + random.int(channels);
    x.push(data[at]!);
    y.push(data[at + (down * width + right) * channels]!);
  }
  const range: [number, number] = [0, 2 ** depth - 1];
  const color = title.startsWith('plain') ? colors.blue : colors.vermilion;
  const series: Series = { kind: 'points', name: title, x, y, color };
  return { title, x: { title: 'sample', range }, y: { title: 'neighbour', range }, series: [series] };
}

const channelColors = [colors.vermilion, colors.green, colors.blue, colors.grey];
const channelNames: Record<number, string[]> = {
  1: ['grey'],
  2: ['grey', 'alpha'],
  3: ['red', 'green', 'blue'],
  4: ['red', 'green', 'blue', 'alpha'],
};

/** Paper Table 3: histograms by channel. */
function histogramFigure({ image, method, plain, cipher }: Picture): Figure {
  return {
    id: `histogram-${image}`,
    title: `Table 3. Histograms of ${imageLabel(image)}`,
    caption: `Counts by channel, ${plain.width}×${plain.height} pixels; cipher by ${methodLabel(method)}. Channels of a grey source coincide.${plain.depth === 16 ? ' 256 bins of 256 values.' : ''}`,
    alt: `Histograms of ${imageLabel(image)}: the plain image has peaks, an ideal cipher image is flat at ${Math.round((plain.width * plain.height) / 256)} per bin.`,
    columns: 2,
    panels: [histogramPanel('plain', plain), histogramPanel('cipher', cipher)],
    legend: true,
  };
}

function histogramPanel(title: string, raster: Raster): Panel {
  const counts = channelHistograms(raster).map(inBins);
  const same = counts.every((own) => own.every((count, bin) => count === counts[0]![bin]));
  const names = counts.map((_, i) => channelNames[raster.channels]?.[i] ?? `channel ${i + 1}`);
  const area = (name: string, y: number[], color: string): Series => {
    return { kind: 'area', name, x: y.map((_, bin) => bin), y, color };
  };
  const series = same
    ? [area(names.join(' = '), counts[0]!, colors.grey)]
    : counts.map((y, i) => area(names[i]!, y, raster.channels < 3 ? colors.grey : channelColors[i % 4]!));
  const cut = cutOf(series.flatMap(({ y }) => y));
  return {
    title: cut ? `${title}; peaks up to ${cut.highest} are cut` : title,
    x: { title: 'sample value', range: [0, 255] },
    y: { title: 'count', ...(cut ? { range: [0, cut.at] } : {}) },
    series,
  };
}

/** A background of one value would flatten the rest: where the highest bin towers, the frame ends below it. */
function cutOf(counts: readonly number[]): { at: number; highest: number } | null {
  const sorted = [...counts].sort((a, b) => a - b);
  const [most, highest] = [sorted[Math.floor(0.98 * sorted.length)]!, sorted.at(-1)!];
  return most > 0 && highest > 4 * most ? { at: Math.ceil(1.6 * most), highest } : null;
}

/** 256 bins of any histogram. */
function inBins(counts: Float64Array): number[] {
  const width = counts.length / 256;
  return Array.from({ length: 256 }, (_, bin) =>
    counts.subarray(bin * width, (bin + 1) * width).reduce((sum, count) => sum + count, 0),
  );
}

const modelColors: Record<string, string> = {
  'logistic+resnet18': colors.blue,
  'logistic+mobilenetv2': colors.vermilion,
  'lorenz+resnet18': colors.green,
  'lorenz+mobilenetv2': colors.purple,
};

/** Loss and validation error by epoch, for each of the trained networks. */
function trainingFigure({ training }: ReproductionResults): Figure | null {
  const runs = training.filter((run) => run.epochs.length > 0);
  if (runs.length === 0) return null;
  const curve = (pick: 'trainLoss' | 'valLoss' | 'mae', dashed: boolean): Series[] =>
    runs.map(({ map, net, epochs }) => {
      const id = `${map}+${net}`;
      const y = epochs.map((e) => (pick === 'mae' ? Math.max(...e.valMae) : e[pick]));
      const name = dashed ? `${methodLabel(id)}, validation` : methodLabel(id);
      const kind = epochs.length > 1 ? 'lines' : 'points';
      return {
        kind,
        symbol: dashed ? 'diamond' : 'circle',
        name,
        x: epochs.map((e) => e.epoch),
        y,
        color: modelColors[id] ?? colors.grey,
        dashed,
      };
    });
  const epoch = { title: 'epoch', whole: runs.every((run) => run.epochs.length <= 15) };
  const loss = [...curve('trainLoss', false), ...curve('valLoss', true)];
  const panels: Panel[] = [
    { title: 'loss (dashed: validation)', x: epoch, y: { title: 'loss', log: true }, series: loss },
    {
      title: 'validation error, worst output',
      x: epoch,
      y: { title: 'mean absolute error', log: true },
      series: curve('mae', false),
    },
  ];
  return {
    id: 'training',
    title: 'Training of the networks',
    caption: `Loss on training and validation pairs, and mean absolute error in the unit interval of the worst output. ${runs.map((run) => `${methodLabel(`${run.map}+${run.net}`)}: ${run.imagesSeen} images in ${run.seconds.toFixed(0)} s`).join('; ')}.`,
    alt: `Training curves. Last validation errors: ${runs.map((run) => `${methodLabel(`${run.map}+${run.net}`)} ${Math.max(...run.epochs.at(-1)!.valMae).toPrecision(3)}`).join(', ')}.`,
    columns: 2,
    panels,
    legend: true,
  };
}
