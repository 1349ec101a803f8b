/**
 * Search for the parameters behind one cipher image of the paper's scheme, among those that a public network gives for
 * all dates in question. Early abort: a candidate derives the keys of the first row only and decrypts it; with the right
 * key a row of a picture is smooth, with a wrong one it is noise (mean |difference| of neighbours 1/3 of the range).
 * Engines and batch sizes differ in the last places of a float32, so neighbours of a few units are tried too: at once
 * for a map of one parameter, for others, as Lorenz's, around the best rows only, for its orbits part slowly and a key a few
 * units off still gives half a row. The best candidates decrypt the whole image. Nothing but the cipher image is known.
 */

import type { MapName } from '../chaos/maps.ts';
import {
  decryptRaster,
  deriveKeys,
  type PaperOptions,
  parameterNames,
  parametersFromSigmoid,
} from '../cipher/index.ts';
import { InputError } from '../shared/errors.ts';
import type { MapParams, Raster } from '../shared/types.ts';

/** Mean |difference| of horizontal neighbours over the largest value: 1/3 for noise, below 0.1 for pictures. */
export function roughness({ width, height, channels, depth, data }: Raster): number {
  const perRow = width * channels;
  let sum = 0;
  for (let i = 0; i < height; i++)
    for (let k = i * perRow + channels; k < (i + 1) * perRow; k++)
      sum += Math.abs(data[k]! - data[k - channels]!);
  return sum / (height * (perRow - channels)) / (2 ** depth - 1);
}

/** Below this an image is taken for a picture; noise of 32x32 samples lies 10 standard deviations above. */
const smooth = 0.22;
const shortlist = 16;
const samplesTested = 512;

export interface Candidate {
  /** What the caller knows it by: a second of the span. */
  readonly at: number;
  /** The network's sigmoid outputs, float32. */
  readonly outputs: Float32Array;
  /** Of the first rows. */
  readonly score: number;
}

export interface Found extends Candidate {
  readonly params: MapParams;
  readonly image: Raster;
  /** Of the whole image. */
  readonly roughness: number;
}

export interface ParameterSearch {
  /** Tests one answer of the network. */
  tryOutputs(at: number, outputs: Float32Array): void;
  /** The picture found, or null if no candidate decrypts to one. */
  finish(): Found | null;
  /** Keys tested so far. */
  readonly tried: number;
}

/**
 * @param ulps neighbours tried on either side of each output, in units in the last place
 * @throws InputError for an image narrower than 16 pixels, in which smoothness says nothing
 */
export function parameterSearch(
  cipher: Raster,
  map: MapName,
  options: PaperOptions,
  ulps: number,
): ParameterSearch {
  if (cipher.width < 16)
    throw new InputError(`the search expected an image at least 16 pixels wide, got ${cipher.width}`);
  const score = rowScore(cipher, map, options);
  const seen = new Set<string>();
  let best: Candidate[] = [];
  const fewNeighbours = parameterNames[map].length === 1;
  const test = (at: number, outputs: Float32Array): void => {
    const key = outputs.join();
    if (seen.has(key)) return; // a float32 has one answer for many seconds
    seen.add(key);
    best = ranked(best, { at, outputs, score: score(parametersFromSigmoid(map, outputs)) });
  };
  const tryAround = (at: number, outputs: Float32Array): void => {
    for (const near of neighbours(outputs, ulps)) test(at, near);
  };
  return {
    get tried() {
      return seen.size;
    },
    tryOutputs: fewNeighbours ? tryAround : test,
    finish() {
      if (!fewNeighbours) for (const { at, outputs } of [...best]) tryAround(at, outputs);
      return pictureAmong(best, cipher, map, options);
    },
  };
}

/** Roughness of the first rows under these parameters: as many rows as make 512 samples. */
function rowScore(cipher: Raster, map: MapName, options: PaperOptions): (params: MapParams) => number {
  const perRow = cipher.width * cipher.channels;
  const height = Math.min(cipher.height, Math.ceil(samplesTested / perRow));
  const head: Raster = { ...cipher, height, data: cipher.data.subarray(0, height * perRow) };
  return (params) => roughness(decryptRaster(head, deriveKeys(map, params, head, options)));
}

/** The shortlist with one more candidate, if it is among the best. */
function ranked(best: Candidate[], next: Candidate): Candidate[] {
  if (best.length === shortlist && next.score >= best.at(-1)!.score) return best;
  return [...best, next].sort((a, b) => a.score - b.score).slice(0, shortlist);
}

function pictureAmong(
  best: readonly Candidate[],
  cipher: Raster,
  map: MapName,
  options: PaperOptions,
): Found | null {
  let found: Found | null = null;
  for (const candidate of best) {
    const params = parametersFromSigmoid(map, candidate.outputs);
    const image = decryptRaster(cipher, deriveKeys(map, params, cipher, options));
    const rough = roughness(image);
    if (rough < (found?.roughness ?? smooth)) found = { ...candidate, params, image, roughness: rough };
  }
  return found;
}

/** All combinations of each value and its float32 neighbours up to `ulps` units away, the values themselves first. */
export function neighbours(values: Float32Array, ulps: number): Float32Array[] {
  const offsets = Array.from({ length: 2 * ulps + 1 }, (_, i) => (i % 2 ? (i + 1) / 2 : -i / 2));
  let found: number[][] = [[]];
  for (const value of values)
    found = found.flatMap((start) => offsets.map((units) => [...start, nextFloat32(value, units)]));
  return found.map((list) => Float32Array.from(list));
}

function nextFloat32(value: number, units: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  view.setInt32(0, view.getInt32(0) + units);
  return view.getFloat32(0);
}
