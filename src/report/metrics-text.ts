/** The measures of one cipher image as an object and as a table of text: the command `metrics`. */
import { chiSquare, type Direction, directions, measureCorrelation } from '../metrics/index.ts';
import { measureCell } from '../metrics/paper.ts';
import { residual } from '../metrics/residual.ts';
import type { Measured } from '../metrics/types.ts';
import type { Raster } from '../shared/types.ts';
import { columns, meanSd } from './format.ts';

/** Two-sided level of the verdict, and its normal quantile. */
export const level = 0.01;
const quantile = 2.5758293035489004;

export interface Verdict extends Measured {
  readonly name: string;
  readonly unit: string;
  /** ideal: |z| within the level; off: beyond it; none: no expectation. */
  readonly verdict: 'ideal' | 'off' | 'none';
}

export interface MetricsResult {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: 8 | 16;
  readonly samples: number;
  readonly level: number;
  readonly measures: readonly Verdict[];
}

/**
 * The eight measures of the paper, its histogram as chi-square, the residual of UACI and MSE, and for several
 * channels the correlations of the first alone (the one-plane reading of the paper).
 * @throws InputError if the shapes differ
 */
export function measureEverything(plain: Raster, cipher: Raster): MetricsResult {
  const cell = measureCell(plain, cipher);
  const { width, height, channels, depth, data } = cipher;
  const measures = [
    judge('uaci', '%', cell.uaci),
    judge('npcr', '%', cell.npcr),
    judge('mse', '', cell.mse),
    judge('psnr', 'dB', cell.psnr),
    judge('entropy', 'bits', cell.entropy),
    judge('corr_h', '', cell.corr_h),
    judge('corr_v', '', cell.corr_v),
    judge('corr_d', '', cell.corr_d),
    judge('chi2_cipher', '', chiSquare(cipher)),
    judge('residual', '%', residual(cell.uaci.value!, cell.mse.value!, data.length, depth)),
    ...(channels > 1 ? directions.map((direction) => onePlane(cipher, direction)) : []),
  ];
  return { width, height, channels, depth, samples: data.length, level, measures };
}

const onePlane = (cipher: Raster, direction: Direction): Verdict =>
  judge(`corr_${direction[0]} of channel 1`, '', measureCorrelation(cipher, direction, 0));

function judge(name: string, unit: string, measured: Measured): Verdict {
  const { z, value } = measured;
  const infinite = value === Number.POSITIVE_INFINITY ? { note: 'infinite: the images are equal' } : {};
  const verdict = z === null ? 'none' : Math.abs(z) <= quantile ? 'ideal' : 'off';
  return { name, unit, ...measured, ...infinite, verdict };
}

const words = { ideal: 'as an ideal cipher', off: 'NOT as an ideal cipher', none: '-' } as const;

/** A table of value, expectation, z and verdict. */
export function describeCell({ width, height, channels, depth, samples, measures }: MetricsResult): string {
  const heads = ['measure', 'value', 'ideal mean ± sd', 'z', `verdict (two-sided ${level})`];
  const rows = measures.map((m) => [
    m.name,
    m.value === null ? 'none' : `${readable(m.value)}${m.unit && ` ${m.unit}`}`,
    m.expected === null ? '-' : meanSd(m.expected, m.sd!, 4),
    m.z === null ? '-' : m.z.toFixed(2),
    m.note ?? words[m.verdict],
  ]);
  const off = measures.filter((m) => m.verdict === 'off').length;
  return [
    `${width}x${height}, ${channels} channels of ${depth} bits: ${samples} samples`,
    ...columns([heads, ...rows]),
    `${off} of ${measures.length} measures lie outside; an ideal cipher fails each once in ${1 / level} images.`,
    'UACI, MSE and PSNR of plain against cipher describe the picture; passing does not show security.',
  ].join('\n');
}

const readable = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(9))) : 'infinite';
