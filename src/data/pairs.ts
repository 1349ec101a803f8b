/**
 * Pairs of a date (drawn as a metadata image when needed) and the target values of a network, each date with
 * its source: found in an image of a data folder, or synthetic from the seed.
 *
 * All dates are distinct. Splits go by group: the patient where file names tell, and exact copies, so that no
 * patient, no copy and no date is in two splits.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { InputError } from '../shared/errors.ts';
import { permutation, stream } from '../shared/random.ts';
import type { MapName } from '../shared/types.ts';
import { inParallel } from './_pool.ts';
import { syntheticDates } from './dates.ts';
import { formatWallClock, toSeconds, type WallClock } from './datetime.ts';
import { bytesKey, joinGroups, pixelKey } from './duplicates.ts';
import { type Dataset, readLock } from './lock.ts';
import { type DatedSource, readDateTime } from './metadata.ts';
import { checkFolder, datasetImages } from './presence.ts';
import { spanSeconds, spanStart, type TargetName, targetOf } from './target.ts';

export const splitNames = ['train', 'val', 'test'] as const;
export type SplitName = (typeof splitNames)[number];

export interface Pair {
  readonly id: number;
  /** Path below the data folder; null for a synthetic date. */
  readonly file: string | null;
  readonly when: WallClock;
  /** `exif:DateTimeOriginal`, `png:tIME`, ..., `synthetic`. */
  readonly dateSource: string;
  /** Pairs of one group are in one split. */
  readonly group: string;
  readonly split: SplitName;
  /** Values in the unit interval: 1 for logistic, 3 for lorenz. */
  readonly targets: readonly number[];
}

export interface PairOptions {
  /** How many pairs in all; real dates first, synthetic ones fill up. */
  readonly count: number;
  readonly data?: string;
  readonly target: TargetName;
  readonly map: MapName;
  readonly seed: number;
  /** Share of the groups in `val`, and again in `test`: 0 to below 0.5. */
  readonly valFraction: number;
  /** What counts as a copy besides equal patients: equal files, or equal pixels too (slow: every image is decoded). */
  readonly copies?: CopyTest;
}

export type CopyTest = 'bytes' | 'pixels';

export interface Pairs {
  readonly pairs: readonly Pair[];
  /** Images looked at and not taken. */
  readonly skipped: { readonly withoutDate: number; readonly outsideSpan: number; readonly sameDate: number };
}

type Dated = Pick<Pair, 'file' | 'when' | 'dateSource'> & {
  /** Images that share one are in one group. */
  readonly keys: readonly string[];
};

/**
 * Builds the pairs; equal options and equal files give equal pairs.
 * @throws InputError for options out of range or a data folder that cannot be read
 */
export async function buildPairs(options: PairOptions): Promise<Pairs> {
  const { count, data, map, target, seed, valFraction, copies = 'bytes' } = options;
  if (!Number.isSafeInteger(count) || count < 1 || count > 1e6)
    throw new InputError(`"count" expected an integer from 1 to 1000000, got ${count}`);
  if (!(valFraction >= 0 && valFraction < 0.5))
    throw new InputError(`"val-fraction" expected a number from 0 to below 0.5, got ${valFraction}`);
  const { dated, skipped } = await realDates(data, count, copies);
  const all = [...dated, ...synthetic(count - dated.length, dated, seed)];
  const groups = joinGroups(all.map(({ keys }) => keys));
  const splits = splitGroups(groups, valFraction, seed);
  const pairs = all.map(({ file, when, dateSource }, id) => {
    const group = groups[id]!;
    const targets = targetOf(when, map, target, seed);
    return { id, file, when, dateSource, group, split: splits.get(group)!, targets };
  });
  return { pairs, skipped };
}

/** Seeded dates that no image has; each is its own group. */
function synthetic(count: number, taken: readonly Dated[], seed: number): Dated[] {
  const seconds = new Set(taken.map(({ when }) => toSeconds(when)));
  return syntheticDates(count + taken.length, seed, 'pairs')
    .filter((when) => !seconds.has(toSeconds(when)))
    .slice(0, count)
    .map((when) => ({ file: null, when, dateSource: 'synthetic', keys: [formatWallClock(when)] }));
}

/** Files read ahead: several at a time, in the order of their paths. */
const readAhead = 64;
const readers = 8;

/** Dates of images in the order of their paths, until there are `count`. */
async function realDates(data: string | undefined, count: number, copies: CopyTest) {
  const skipped = { withoutDate: 0, outsideSpan: 0, sameDate: 0 };
  const dated: Dated[] = [];
  const seen = new Set<number>();
  const images = data === undefined ? [] : await imagesIn(data);
  for (let at = 0; at < images.length && dated.length < count; at += readAhead) {
    const read = await inParallel(images.slice(at, at + readAhead), readers, (image) =>
      look(data!, image, copies),
    );
    for (const { path, found, keys } of read) {
      if (dated.length === count) break;
      const why = reasonToSkip(found, seen);
      if (why) skipped[why]++;
      else {
        seen.add(toSeconds(found!.when));
        dated.push({ file: path, when: found!.when, dateSource: found!.source, keys });
      }
    }
  }
  return { dated, skipped };
}

interface Image {
  readonly path: string;
  readonly set: Dataset | null;
}

async function look(data: string, { path, set }: Image, copies: CopyTest) {
  const bytes = await readFile(join(data, path));
  const found = await readDateTime(bytes);
  return { path, found, keys: found ? await keysOf(path, set, bytes, copies) : [] };
}

function reasonToSkip(
  found: DatedSource | null,
  seen: ReadonlySet<number>,
): 'withoutDate' | 'outsideSpan' | 'sameDate' | null {
  if (!found) return 'withoutDate';
  const second = toSeconds(found.when);
  if (second < spanStart || second >= spanStart + spanSeconds) return 'outsideSpan';
  return seen.has(second) ? 'sameDate' : null;
}

/** Images of the four sets where the folder has any, else every image below it. */
async function imagesIn(data: string): Promise<Image[]> {
  await checkFolder(data);
  const sets = readLock().datasets;
  const found = await Promise.all(
    sets.map(async (set) => (await datasetImages(data, set)).map((path) => ({ path, set }))),
  );
  if (found.some((paths) => paths.length > 0)) return found.flat();
  const all = (await readdir(data, { recursive: true })).map((path) => path.replaceAll(sep, '/'));
  return all
    .filter((path) => /\.(png|jpe?g|tiff?|webp|dcm|dicom)$/i.test(path))
    .sort()
    .map((path) => ({ path, set: null }));
}

/** The patient where the name tells, first; the hash of the bytes, and of the pixels where they are asked for. */
async function keysOf(path: string, set: Dataset | null, bytes: Buffer, copies: CopyTest): Promise<string[]> {
  const patient = set?.groupPattern && new RegExp(set.groupPattern).exec(path)?.[1];
  // The same file in two sets is the same picture, so that hashes carry no set; but the first key names the group.
  const hash = bytesKey(bytes);
  const names = patient ? [`${set!.id}:${patient}`] : [`${set?.id ?? 'file'}:${hash}`];
  const pixels = copies === 'pixels' ? await pixelKey(bytes, path) : null;
  return [...names, `bytes:${hash}`, ...(pixels === null ? [] : [pixels])];
}

/**
 * The split of each group: the first round(fraction * n) groups of a seeded order are `test`, as many `val`,
 * the rest `train`.
 */
export function splitGroups(
  groups: readonly string[],
  fraction: number,
  seed: number,
): ReadonlyMap<string, SplitName> {
  const distinct = [...new Set(groups)];
  const held = Math.round(fraction * distinct.length);
  const order = permutation(distinct.length, stream(seed, 'split'));
  const splitOf = (place: number): SplitName => (place < held ? 'test' : place < 2 * held ? 'val' : 'train');
  return new Map(Array.from(order, (which, place) => [distinct[which]!, splitOf(place)]));
}
