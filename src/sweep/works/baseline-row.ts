/**
 * Which fixed r gives a row of the paper's column "Logistic"? An interval of r is gone through under one reading of what
 * the paper leaves open, on a picture of the row's size that stands in for the paper's own, and around the best r again in
 * steps a hundredth as long. The distance to the row is the root mean square, over entropy, three correlations, NPCR and
 * UACI, of (ours - published) / scale, each taken as its deviation from an ideal cipher of its own picture; the scale is
 * the published deviation, or ten standard deviations where that is less. So an ideal cipher lies at 1 from a row that
 * is odd in all six, and the row itself at 0.
 */

import { join } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import { deriveKeys, encryptRaster, type Keys, type PaperOptions, presets } from '../../cipher/index.ts';
import { resizeRaster } from '../../data/images/image.ts';
import { measureCell } from '../../metrics/index.ts';
import { loadSamples, type SampleId } from '../../reproduce/samples.ts';
import { InputError } from '../../shared/errors.ts';
import { writeJson } from '../../shared/files.ts';
import { progressBar } from '../../shared/progress.ts';
import { checked, integer, oneOf, z } from '../../shared/schema.ts';
import { mean } from '../../shared/stats.ts';
import type { Raster } from '../../shared/types.ts';
import { published } from '../../tables/published.ts';
import { asWork, type Measures } from '../work.ts';

export interface BaselineRowConfig {
  readonly row: 'sample1' | 'sample2' | 'sample3' | 'sample4';
  /** First and last r, and the step between. */
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** How often the steps around the best r are divided by 100. */
  readonly refine: number;
  readonly multiplier: number;
  readonly orbits: 'three' | 'one';
  /** Key samples in raster order, channels together; channel after channel; or one plane for all channels. */
  readonly layout: 'interleaved' | 'planar' | 'plane';
  readonly burnIn: number;
  /** Of the orbits for x_key, y_key and z_key, spaces between. */
  readonly starts: string;
  /** Without: the key is xored onto the picture in its place. */
  readonly permute: boolean;
  /** The printed size as width x height, or as height x width. */
  readonly size: 'printed' | 'turned';
  /** Of the generated picture. */
  readonly seed: number;
}

const defaults: BaselineRowConfig = {
  row: 'sample4',
  from: 3.5,
  to: 4,
  step: 0.001,
  refine: 0,
  multiplier: 1e5,
  orbits: 'three',
  layout: 'interleaved',
  burnIn: 0,
  starts: '0.01 0.02 0.03',
  permute: true,
  size: 'printed',
  seed: 1,
};

const schema = z.looseObject({
  row: oneOf(['sample1', 'sample2', 'sample3', 'sample4']),
  orbits: oneOf(['three', 'one']),
  layout: oneOf(['interleaved', 'planar', 'plane']),
  size: oneOf(['printed', 'turned']),
  refine: integer(0, 3),
});
const mostValues = 100_000;

/** @throws InputError naming the first value that is wrong */
function check(config: BaselineRowConfig): void {
  checked(schema, config);
  const { from, to, step, starts } = config;
  if (!(from > 0 && from <= to && to <= 4))
    throw new InputError(`"from" and "to" expected 0 < from <= to <= 4, got ${from} and ${to}`);
  if (!(step > 0 && (to - from) / step <= mostValues))
    throw new InputError(`"step" expected at most ${mostValues} values of r, got ${step}`);
  const three = starts.split(' ').map(Number);
  if (!(three.length === 3 && three.every((x) => x > 0 && x < 1)))
    throw new InputError(`"starts" expected three numbers in (0, 1), spaces between, got ${starts}`);
}

const names = ['entropy', 'corr_h', 'corr_v', 'corr_d', 'npcr', 'uaci'] as const;
type Name = (typeof names)[number];
type SixOf = Readonly<Record<Name, number>>;

const sixOf = (each: (name: Name) => number): SixOf =>
  Object.fromEntries(names.map((name) => [name, each(name)])) as unknown as SixOf;

/** One r, its measures and their deviations from an ideal cipher of this picture. */
interface Candidate {
  readonly r: number;
  readonly distance: number;
  readonly values: SixOf;
  readonly deviations: SixOf;
}

async function run(config: BaselineRowConfig, folder: string): Promise<Measures> {
  const plain = await pictureOf(config);
  const row = rowOf(config.row, plain);
  const tried: Candidate[] = [];
  const tryAll = async (values: readonly number[], title: string): Promise<void> => {
    const bar = progressBar(title, values.length);
    for (const [k, r] of values.entries()) {
      tried.push(candidate(r, plain, row, config));
      bar.update(k + 1);
      await breath(); // signals, and the end of the process that started this one, are noticed here
    }
    bar.stop();
  };
  let { from, to, step } = config;
  await tryAll(valuesOf(from, to, step), 'r');
  for (let round = 0; round < config.refine; round++) {
    const { r } = nearest(tried)[0]!;
    [from, to, step] = [Math.max(config.from, r - step), Math.min(config.to, r + step), step / 100];
    await tryAll(valuesOf(from, to, step), `around ${r}`);
  }
  const best = nearest(tried);
  await writeJson(join(folder, 'nearest.json'), best.slice(0, 20));
  const { r, distance, values, deviations } = best[0]!;
  const near = tried.filter((one) => one.distance < 0.5).length;
  return { r, distance, ...values, uaci_off: deviations.uaci, scanned: tried.length, near };
}

const nearest = (tried: readonly Candidate[]): Candidate[] =>
  tried.toSorted((a, b) => a.distance - b.distance || a.r - b.r);

/** As one would type them: without the last digits of sums. */
const valuesOf = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step + 1e-6) + 1 }, (_, k) =>
    Number((from + k * step).toFixed(12)),
  );

async function pictureOf({ row, seed, size }: BaselineRowConfig): Promise<Raster> {
  const [sample] = await loadSamples({ channels: 'rgb', seed, only: [row satisfies SampleId] });
  const { raster } = sample!;
  return size === 'printed' ? raster : resizeRaster(raster, raster.height, raster.width);
}

interface Row {
  /** Published, as deviations from an ideal cipher. */
  readonly wanted: SixOf;
  readonly scale: SixOf;
}

/**
 * What an ideal cipher gives is the same for all pictures of the size but for UACI: there the row's five other columns
 * stand for it.
 */
function rowOf(sample: string, plain: Raster): Row {
  const ideal = measureCell(plain, plain);
  const wanted = sixOf((name) => {
    const cells = published.filter(({ image, measure }) => image === sample && measure === name);
    const own = cells.find(({ method }) => method === 'logistic')!.value!;
    const others = cells.filter(({ method }) => method !== 'logistic').map(({ value }) => value!);
    return own - (name === 'uaci' ? mean(others) : ideal[name].expected!);
  });
  return { wanted, scale: sixOf((name) => Math.max(Math.abs(wanted[name]), 10 * ideal[name].sd!)) };
}

function candidate(r: number, plain: Raster, row: Row, config: BaselineRowConfig): Candidate {
  const measured = measureCell(plain, encryptRaster(plain, keysOf(r, plain, config)));
  const values = sixOf((name) => measured[name].value!);
  const deviations = sixOf((name) => values[name] - measured[name].expected!);
  const squares = names.map((name) => ((deviations[name] - row.wanted[name]) / row.scale[name]) ** 2);
  const distance = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / names.length);
  return { r, distance, values, deviations };
}

function keysOf(r: number, plain: Raster, config: BaselineRowConfig): Keys {
  const { multiplier, orbits, layout, burnIn, starts, permute } = config;
  const options: PaperOptions = {
    ...presets.paper,
    burnIn,
    colour: layout === 'plane' ? 'plane' : 'samples',
    starts: starts.split(' ').map(Number) as unknown as PaperOptions['starts'],
    logistic: { orbits, multipliers: { 8: multiplier, 16: multiplier } },
  };
  const { xIndex, yIndex, zKey } = deriveKeys('logistic', [r], plain, options);
  return {
    xIndex: permute ? xIndex : xIndex.map((_, i) => i),
    yIndex: permute ? yIndex : yIndex.map((_, i) => i),
    zKey: layout === 'planar' ? planar(zKey as Uint8Array, plain) : zKey,
  };
}

/** The key in the order in which channels follow one another, brought to raster order. */
function planar(zKey: Uint8Array, { width, height, channels }: Raster): Uint8Array {
  const pixels = width * height;
  const raster = new Uint8Array(zKey.length);
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < pixels; i++) raster[i * channels + c] = zKey[c * pixels + i]!;
  return raster;
}

export default asWork<BaselineRowConfig>({ defaults, check, run });
