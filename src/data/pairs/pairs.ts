/**
 * Pairs of a date (drawn as a metadata image when needed) and the target values of a network. Every image of a data
 * folder makes one, with the date that the file holds, else with a synthetic one from the seed; each says which.
 *
 * All dates are distinct. Splits go by group: the patient, where file names or DICOM name one, and exact copies, so that
 * no patient, no copy and no date is in two splits.
 */

import type { MapName } from '../../chaos/maps.ts';
import { fromSeconds, parseWallClock, toSeconds, type WallClock } from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import { syntheticSeconds } from './dates.ts';
import { Groups } from './duplicates.ts';
import { type SplitName, splitGroups } from './split.ts';
import { type ListedImage, listImages, type SetName } from './survey/list.ts';
import type { CopyTest, ImageLook } from './survey/look.ts';
import { surveyImages } from './survey/survey.ts';
import { spanSeconds, spanStart, type TargetName, targetOf } from './target.ts';

export interface Pair {
  readonly id: number;
  /** Path below the data folder; null for a date without an image. */
  readonly file: string | null;
  /** `none` for a date without an image. */
  readonly set: SetName | 'none';
  readonly when: WallClock;
  /** `exif:DateTimeOriginal`, `png:tIME`, ..., `synthetic`. */
  readonly dateSource: string;
  /** Pairs of one group are in one split. */
  readonly group: string;
  readonly split: SplitName;
  /** As in `ImageLook`; empty: not known. */
  readonly modality: string;
  readonly patient: string;
  /** Values in the unit interval: 1 for logistic, 3 for lorenz. */
  readonly targets: readonly number[];
}

export interface PairOptions {
  /**
   * How many pairs in all: the first images, then synthetic dates without an image. Left out: one for each image,
   * or 1000 without a data folder.
   */
  readonly count?: number;
  readonly data?: string;
  readonly target: TargetName;
  readonly map: MapName;
  readonly seed: number;
  /** Share of the groups in `val`, and again in `test`: 0 to below 0.5. */
  readonly valFraction: number;
  /** Copies to find; default `pixels`. */
  readonly copies?: CopyTest;
  /** Images without a date: `synthetic` gives them one (default), `skip` leaves them out. */
  readonly undated?: Undated;
  /** Folder of the survey, from which a killed run goes on. Default: none. */
  readonly folder?: string;
}

export const undatedWays = ['synthetic', 'skip'] as const;
export type Undated = (typeof undatedWays)[number];

/** Images looked at and not taken. */
export interface Skipped {
  withoutDate: number;
  outsideSpan: number;
  sameDate: number;
  damaged: number;
}

export interface Pairs {
  readonly pairs: AsyncIterable<Pair>;
  readonly count: number;
  readonly skipped: Readonly<Skipped>;
  /** The fault of the first damaged image. */
  readonly faults: readonly string[];
}

/** Faults in the summary; the survey's images.jsonl has all. */
const faultsTold = 10;

/** Pairs without images where no count is given. */
const defaultCount = 1000;

/**
 * Plans the pairs: a first pass over the images decides which are taken and in which split. The pairs themselves
 * come from a second pass, one by one, so that images never pile up in memory. Equal options and equal files give
 * equal pairs.
 * @throws InputError for options out of range, a data folder that cannot be read, or one without an image to be paired
 */
export async function planPairs(options: PairOptions): Promise<Pairs> {
  checkOptions(options);
  const { data, seed, valFraction, count } = options;
  const images = data === undefined ? [] : await listImages(data);
  const looks = looksOf(options, images);
  const fates = await decideFates(looks(), options, count ?? images.length);
  const total = count ?? (data === undefined ? defaultCount : fates.taken);
  if (total === 0) throw nothingToPair(images.length, fates, data!);
  const spare = spareSeconds(fates, fates.undated + total - fates.taken, seed);
  for (const second of spare.subarray(fates.undated)) fates.groups.add([`${second}`]);
  const groups = Array.from({ length: total }, (_, i) => fates.groups.nameOf(i));
  const splits = splitGroups(groups, valFraction, seed);
  const dated = datedPairs(looks(), fates.of, spare);
  const { skipped, faults } = fates;
  return { count: total, skipped, faults, pairs: completed(dated, groups, splits, options) };
}

function nothingToPair(images: number, { skipped, faults }: Fates, data: string): InputError {
  if (images === 0)
    return new InputError(
      `${data}: expected images, got none; check --data, or run: medchaos datasets fetch`,
    );
  const why = [
    ...(skipped.withoutDate > 0
      ? [
          `${skipped.withoutDate} without a date (--undated synthetic, or --dates any of train, gives them one)`,
        ]
      : []),
    ...(skipped.outsideSpan > 0 ? [`${skipped.outsideSpan} outside 1990-2039`] : []),
    ...(skipped.damaged > 0 ? [`${skipped.damaged} damaged (${faults[0]})`] : []),
  ];
  return new InputError(`${data}: expected an image that can be paired, got ${why.join(', ')}; check --data`);
}

function checkOptions({ count, valFraction }: PairOptions): void {
  if (count !== undefined && !(Number.isSafeInteger(count) && count >= 1 && count <= 1e6))
    throw new InputError(`"count" expected an integer from 1 to 1000000, got ${count}`);
  if (!(valFraction >= 0 && valFraction < 0.5))
    throw new InputError(`"val-fraction" expected a number from 0 to below 0.5, got ${valFraction}`);
}

/** The looks, each time from the start: from the survey's file where there is a folder for one, else kept here. */
function looksOf(options: PairOptions, images: readonly ListedImage[]): () => AsyncIterable<ImageLook> {
  const { data, folder = null, copies = 'pixels' } = options;
  if (data === undefined) return async function* () {};
  let recheck = true; // of what an earlier run left; this run's own lines hold
  const survey = () => {
    const looks = surveyImages({ data, images, copies, folder, recheck });
    recheck = false;
    return looks;
  };
  if (folder !== null) return survey;
  const kept: ImageLook[] = [];
  return async function* () {
    if (kept.length > 0) return yield* kept;
    for await (const look of survey()) {
      kept.push(look);
      yield look;
    }
  };
}

interface Fates {
  /** Of each image looked at: the second of its own date, `undated`, or `left` where it is left out. */
  readonly of: number[];
  readonly own: ReadonlySet<number>;
  readonly groups: Groups;
  readonly skipped: Skipped;
  readonly faults: string[];
  taken: number;
  undated: number;
}

const undated = -1;
const left = -2;

/** The first pass; it stops when enough images are taken. */
async function decideFates(
  looks: AsyncIterable<ImageLook>,
  options: PairOptions,
  wanted: number,
): Promise<Fates> {
  const own = new Set<number>();
  const skipped = { withoutDate: 0, outsideSpan: 0, sameDate: 0, damaged: 0 };
  const fates: Fates = { of: [], own, groups: new Groups(), skipped, faults: [], taken: 0, undated: 0 };
  for await (const look of looks) {
    const second = look.date === null ? undated : toSeconds(parseWallClock(look.date));
    const why = reasonToSkip(look, second, own, options);
    fates.of.push(why === null ? second : left);
    if (look.fault !== null && fates.faults.length < faultsTold) fates.faults.push(look.fault);
    if (why !== null) skipped[why]++;
    else {
      if (second === undated) fates.undated++;
      else own.add(second);
      fates.groups.add(keysOf(look));
      if (++fates.taken === wanted) break;
    }
  }
  return fates;
}

function reasonToSkip(
  { fault }: ImageLook,
  second: number,
  seen: ReadonlySet<number>,
  options: PairOptions,
): keyof Skipped | null {
  if (fault !== null) return 'damaged';
  if (second === undated) return options.undated === 'skip' ? 'withoutDate' : null;
  if (second < spanStart || second >= spanStart + spanSeconds) return 'outsideSpan';
  return seen.has(second) ? 'sameDate' : null;
}

/** Hashes carry no set: the same file in two sets is the same picture. The first key names the group. */
function keysOf({ path, set, patient, fileHash, pixelHash }: ImageLook): [string, ...string[]] {
  const name = patient || fileHash || path;
  const hashes = [fileHash && `bytes:${fileHash}`, pixelHash && `pixels:${pixelHash}`];
  return [`${set}:${name}`, ...hashes.filter((key) => key !== null && key !== '')] as [string, ...string[]];
}

/** Seeded dates that no image has, as seconds: first those of images without a date. */
const spareSeconds = ({ own }: Fates, count: number, seed: number): Float64Array =>
  syntheticSeconds(count + own.size, seed, 'pairs')
    .filter((second) => !own.has(second))
    .slice(0, count);

type Dated = Omit<Pair, 'id' | 'group' | 'split' | 'targets'>;

/** The second pass: images that are taken, then dates without an image. @param fates `Fates.of`; its groups may go */
async function* datedPairs(
  looks: AsyncIterable<ImageLook>,
  fates: readonly number[],
  spare: Float64Array,
): AsyncGenerator<Dated> {
  let [at, used] = [0, 0];
  const synthetic = () => ({ when: fromSeconds(spare[used++]!), dateSource: 'synthetic' });
  for await (const { path, set, date, dateSource, modality, patient } of looks) {
    const fate = fates[at++];
    if (fate === undefined) break;
    if (fate === left) continue;
    const dated = fate === undated ? synthetic() : { when: parseWallClock(date!), dateSource: dateSource! };
    yield { file: path, set, modality, patient, ...dated };
  }
  const none = { file: null, set: 'none', modality: '', patient: '' } as const;
  while (used < spare.length) yield { ...none, ...synthetic() };
}

async function* completed(
  dated: AsyncIterable<Dated>,
  groups: readonly string[],
  splits: ReadonlyMap<string, SplitName>,
  { map, target, seed }: PairOptions,
): AsyncGenerator<Pair> {
  let id = 0;
  for await (const one of dated) {
    const group = groups[id]!;
    const targets = targetOf(one.when, map, target, seed);
    yield { id: id++, ...one, group, split: splits.get(group)!, targets };
  }
}
