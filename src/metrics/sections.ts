/** What `metrics` measures of one cipher image, in sections, each of which can be asked for alone. */

import { InputError } from '../shared/errors.ts';
import { stream } from '../shared/random.ts';
import type { Raster } from '../shared/types.ts';
import {
  bitPlanes,
  channelEntropies,
  chiSquare,
  chiSquareP,
  type Direction,
  directions,
  expectedMae,
  fisherInterval,
  glcm,
  glcmOffsets,
  histogram,
  histogramVariance,
  keySensitivity,
  localEntropy,
  lowerP,
  type Measured,
  mae,
  measureCell,
  measureCorrelation,
  quotedInterval,
  residual,
  sampledCorrelation,
  ssim,
  twoSidedP,
  twoSidedQuantile,
} from './index.ts';
import { against } from './types.ts';

export interface Images {
  readonly plain: Raster;
  readonly cipher: Raster;
  /** Cipher of a plain image one pixel away, under the same key. */
  readonly second?: Raster;
}

export interface Settings {
  /** Two-sided level of verdicts and intervals, in (0, 0.5]. */
  readonly level: number;
  /** Draws the blocks of the local entropy and the random pairs. */
  readonly seed: number;
  /** Random pairs a direction; 5000, or all where there are fewer, if left out. */
  readonly pairs?: number;
}

export type Interval = readonly [low: number, high: number];

/** A measure with its two-sided p; what some carry besides. */
export interface Entry extends Measured {
  readonly name: string;
  readonly unit: string;
  /** Two-sided, by the normal law unless the measure has its own; null without an expectation. */
  readonly p: number | null;
  /** One-sided: probability of a value as low as this. */
  readonly pLower?: number;
  readonly intervals?: Readonly<Record<string, Interval>>;
  /** A line below the row. */
  readonly remark?: string;
}

interface Section {
  readonly title: string;
  readonly measure: (images: Images, settings: Settings) => Entry[];
}

/** In the order in which they are printed. */
export const sections = {
  paper: { title: "the paper's eight, of plain against cipher and of the cipher", measure: ofPaper },
  residual: { title: 'UACI and MSE against each other, whatever the picture', measure: ofResidual },
  entropy: { title: 'Shannon entropy of each channel of the cipher', measure: ofChannels },
  'local-entropy': { title: 'Shannon entropy of 30 blocks of 1936 samples, by seed', measure: ofBlocks },
  histogram: { title: 'histogram of the cipher, against a flat one', measure: ofHistogram },
  ssim: { title: 'structural similarity, plain against cipher; depends on the picture', measure: ofSsim },
  mae: { title: 'mean absolute error, plain against cipher', measure: ofMae },
  glcm: { title: 'grey-level co-occurrence of the cipher, 256 levels, distance 1', measure: ofGlcm },
  'bit-planes': { title: 'bit planes of the cipher, 0 the least significant', measure: ofPlanes },
  'random-pairs': { title: 'correlation of adjacent pairs of the cipher, drawn by seed', measure: ofPairs },
  differential: {
    title: 'two ciphers, of plain images a pixel apart or of neighbouring keys',
    measure: ofDifferential,
  },
} as const satisfies Record<string, Section>;

export type SectionName = keyof typeof sections;
export const sectionNames = Object.keys(sections) as SectionName[];

function entry(name: string, unit: string, measured: Measured, more: Partial<Entry> = {}): Entry {
  const p = measured.z === null ? null : twoSidedP(measured.z);
  return { name, unit, ...measured, p, ...more };
}

function ofPaper({ plain, cipher }: Images): Entry[] {
  const cell = measureCell(plain, cipher);
  const units = { uaci: '%', npcr: '%', psnr: 'dB', entropy: 'bits' } as Record<string, string>;
  const eight = Object.entries(cell).map(([name, measured]) => entry(name, units[name] ?? '', measured));
  // the one-plane reading of the paper
  const onePlane = (direction: Direction) =>
    entry(`corr_${direction[0]} of channel 1`, '', measureCorrelation(cipher, direction, 0));
  return cipher.channels > 1 ? [...eight, ...directions.map(onePlane)] : eight;
}

function ofResidual({ plain, cipher }: Images): Entry[] {
  const { uaci, mse } = measureCell(plain, cipher);
  return [entry('residual', '%', residual(uaci.value!, mse.value!, cipher.data.length, cipher.depth))];
}

function ofChannels({ cipher }: Images): Entry[] {
  return channelEntropies(cipher).map((measured, at) =>
    entry(`entropy of channel ${at + 1}`, 'bits', measured),
  );
}

/** With the interval mean -+ z sd / sqrt(k), and mean -+ z sd / k, which the literature hands on. */
function ofBlocks({ cipher }: Images, { level, seed }: Settings): Entry[] {
  const measured = localEntropy(cipher, stream(seed, 'local entropy'));
  const z = twoSidedQuantile(level);
  const correct: Interval = [measured.expected! - z * measured.sd!, measured.expected! + z * measured.sd!];
  const quoted = quotedInterval(z);
  const passing = 1 - twoSidedP((quoted[1] - measured.expected!) / measured.sd!);
  const says = (interval: Interval) => `${between(interval, 6)}, ${placeOf(measured.value!, interval)}`;
  const remark = `correct interval ${says(correct)}; quoted interval ${says(quoted)}: only ${Math.round(100 * passing)} % of ideal images lie in it`;
  return [entry('local_entropy', 'bits', measured, { intervals: { correct, quoted }, remark })];
}

const between = ([low, high]: Interval, digits: number): string =>
  `${low.toFixed(digits)}..${high.toFixed(digits)}`;
const placeOf = (value: number, [low, high]: Interval): string =>
  value >= low && value <= high ? 'inside' : 'outside';

/** Both say the same, so both have the p of chi-square. */
function ofHistogram({ cipher }: Images): Entry[] {
  const chi2 = chiSquare(cipher);
  const p = chiSquareP(chi2.value, 2 ** cipher.depth - 1);
  const remark = 'chi-square in other units: the same p';
  return [
    entry('chi2_cipher', '', chi2, { p }),
    entry('histogram_variance', '', histogramVariance(cipher), { p, remark }),
  ];
}

function ofSsim({ plain, cipher }: Images): Entry[] {
  return [entry('ssim', '', against(ssim(plain, cipher), null))];
}

function ofMae({ plain, cipher }: Images): Entry[] {
  return [entry('mae', '', against(mae(plain, cipher), expectedMae(histogram(plain), plain.depth)))];
}

function ofGlcm({ cipher }: Images): Entry[] {
  return directions.flatMap((direction) => {
    const { pairs: _, ...features } = glcm(cipher, { offset: glcmOffsets[direction] });
    return Object.entries(features).map(([name, measured]) => entry(`${name}_${direction[0]}`, '', measured));
  });
}

function ofPlanes({ cipher }: Images): Entry[] {
  const { planes, pairs } = bitPlanes(cipher);
  return [
    ...planes.map(({ plane, balance }) => entry(`balance of plane ${plane}`, '', balance)),
    ...planes.map(({ plane, runs }) => entry(`runs of plane ${plane}`, '', runs)),
    ...pairs.map(({ planes: [low, high], correlation }) =>
      entry(`correlation of planes ${low}, ${high}`, '', correlation),
    ),
  ];
}

const usualPairs = 5000;

function ofPairs({ cipher }: Images, { level, seed, pairs }: Settings): Entry[] {
  const z = twoSidedQuantile(level);
  return directions.map((direction) => {
    const n = pairs ?? Math.min(usualPairs, pairsOf(cipher, direction));
    const measured = sampledCorrelation(cipher, direction, n, stream(seed, 'random pairs', direction));
    const { interval: _, ...rest } = measured;
    const name = `corr_${direction[0]} of ${n} pairs`;
    if (measured.value === null) return entry(name, '', rest);
    const fisher = fisherInterval(measured.value, n, z);
    const remark = `Fisher's interval for all pairs ${between(fisher, 5)}`;
    return entry(name, '', rest, { intervals: { fisher }, remark });
  });
}

function pairsOf({ width, height, channels }: Raster, direction: Direction): number {
  const [down, right] = glcmOffsets[direction];
  return (width - right) * (height - down) * channels;
}

function ofDifferential({ cipher, second }: Images): Entry[] {
  if (!second)
    throw new InputError('"differential" expected a second cipher image, got none; give --second CIPHER2');
  return Object.entries(keySensitivity(cipher, second)).map(([name, measured]) => {
    const pLower = lowerP(measured.z!);
    const remark = `one-sided, too low: p ${pText(pLower)}`;
    return entry(`differential_${name}`, name === 'avalanche' ? '' : '%', measured, { pLower, remark });
  });
}

/** A p-value in three digits. */
export const pText = (p: number): string => (p >= 1e-3 ? p.toFixed(4) : p.toExponential(1));
