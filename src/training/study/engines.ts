/**
 * The same network and dates on other engines and in batches of other sizes: the outputs differ in their last
 * bits, and chaos makes other keys of them. This is why a key file carries parameters or keys, never a date alone.
 */

import type { MapName } from '../../chaos/maps.ts';
import { deriveKeys, encryptRaster, parametersFromSigmoid, presets } from '../../cipher/index.ts';
import { decryptRaster } from '../../cipher/permute.ts';
import type { Raster } from '../../shared/types.ts';

export interface EngineDifference {
  readonly engine: string;
  readonly batch: number;
  readonly dates: number;
  /** Dates whose outputs differ in at least one bit from those that encrypt. */
  readonly differing: number;
  /** Largest difference, in the unit interval, and in steps of float32 at that place. */
  readonly largest: number;
  readonly largestSteps: number;
  /** Share of samples of a 256x256 image that decrypt wrongly with the parameters that differ most; 0 if none do. */
  readonly wrongSamples: number;
}

/** @param ours outputs as `encrypt` asks for them, one date at a time; @param theirs of the same dates */
export function engineDifference(
  map: MapName,
  where: { readonly engine: string; readonly batch: number },
  ours: readonly Float32Array[],
  theirs: readonly Float32Array[],
): EngineDifference {
  const gaps = ours.map((row, i) => Math.max(...row.map((v, k) => Math.abs(v - theirs[i]![k]!))));
  const largest = Math.max(...gaps);
  const worst = gaps.indexOf(largest);
  const steps = ours.flatMap((row, i) => Array.from(row, (v, k) => stepsBetween(v, theirs[i]![k]!)));
  return {
    ...where,
    dates: ours.length,
    differing: gaps.filter((gap) => gap > 0).length,
    largest,
    largestSteps: Math.max(...steps),
    wrongSamples: largest > 0 ? wrongSamples(map, ours[worst]!, theirs[worst]!) : 0,
  };
}

/** How many float32 values two positive ones lie apart: their bits count up as they do. */
function stepsBetween(a: number, b: number): number {
  const [first, second] = new Int32Array(Float32Array.of(a, b).buffer);
  return Math.abs(first! - second!);
}

function wrongSamples(map: MapName, ours: Float32Array, theirs: Float32Array): number {
  const data = Uint8Array.from({ length: 65_536 }, (_, i) => (i ^ (i >> 8)) & 255); // 256 of each value
  const image: Raster = { width: 256, height: 256, channels: 1, depth: 8, data };
  const keys = (s: Float32Array) => deriveKeys(map, parametersFromSigmoid(map, s), image, presets.paper);
  const opened = decryptRaster(encryptRaster(image, keys(ours)), keys(theirs));
  return data.filter((v, i) => v !== opened.data[i]).length / data.length;
}
