/** Measures one pair of images: the metrics of a registry, and rows of `medchaos metrics`. */
import type { Raster } from '../shared/types.ts';
import { differences } from './_differences.ts';
import { histogram } from './histogram.ts';
import { twoSidedP } from './p-value.ts';
import { checkPair } from './raster.ts';
import {
  against,
  type Entry,
  type Images,
  type Measured,
  type Metric,
  type Pair,
  type Settings,
  undefinedMeasure,
} from './types.ts';

export function measured({ measure, ideal }: Metric, pair: Pair, settings: Settings): Measured {
  const value = measure(pair, settings);
  return typeof value === 'string' ? undefinedMeasure(value) : against(value, ideal(pair, settings));
}

export function entryOf(metric: Metric, pair: Pair, settings: Settings): Entry {
  const found = measured(metric, pair, settings);
  const { id, unit, follows, details } = metric;
  return entry(id, unit, found, { ...(follows && { follows }), ...details?.(found, pair, settings) });
}

export function entry(name: string, unit: string, found: Measured, details: Partial<Entry> = {}): Entry {
  const p = found.z === null ? null : twoSidedP(found.z);
  return { name, unit, ...found, p, ...details };
}

/** @throws InputError if the shapes differ or an image is empty */
export function pairOf(images: Images): Pair {
  const { plain, cipher, second } = images;
  checkPair(plain, cipher);
  if (second) checkPair(cipher, second, 'cipher', 'second cipher');
  return {
    ...images,
    differences: computedOnce(() => differences(plain, cipher)),
    plainCounts: computedOnce(() => histogram(plain)),
    cipherCounts: computedOnce(() => histogram(cipher)),
  };
}

/** Grey stored as RGB: its planes repeat each other, and N is W H. */
export const channelsAlike = ({ plain, cipher, second }: Images): boolean =>
  [plain, cipher, second].every((image) => image === undefined || (image.channels > 1 && planesAlike(image)));

const planesAlike = ({ channels, data }: Raster): boolean =>
  data.every((value, at) => at % channels === 0 || value === data[at - 1]);

/** The first plane of each image. */
export function onePlane({ plain, cipher, second }: Images): Images {
  return {
    plain: firstPlane(plain),
    cipher: firstPlane(cipher),
    ...(second && { second: firstPlane(second) }),
  };
}

const firstPlane = ({ channels, data, ...image }: Raster): Raster =>
  ({ ...image, channels: 1, data: data.filter((_, at) => at % channels === 0) }) as Raster;

function computedOnce<T>(compute: () => T): () => T {
  let known: T | undefined;
  return () => {
    known ??= compute();
    return known;
  };
}
