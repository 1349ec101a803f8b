/** Which archives a `datasets fetch` takes: by set, by part, by number of images. */
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { type Archive, type Dataset, type DatasetId, datasetIds } from './lock.ts';

export interface Selection {
  /** All sets if left out. */
  readonly only?: readonly DatasetId[] | undefined;
  /** Numbers of NIH's image archives, from 1. */
  readonly parts?: readonly number[] | undefined;
  /** Images per set: the first ones of the first archives. */
  readonly limit?: number | undefined;
}

export interface PlannedFile {
  readonly archive: Archive;
  /** Other sources of the same images, tried in this order when the first one fails. */
  readonly standIns: readonly Archive[];
  /** Images to take out of it; null: all. */
  readonly images: number | null;
}

export interface PlannedSet {
  readonly set: Dataset;
  readonly files: readonly PlannedFile[];
  /** How to get it by hand, where no program may. */
  readonly byHand: string | null;
}

/**
 * The archives of a selection.
 * @param data the data folder, for instructions to the user
 * @throws InputError for a part that does not exist, or parts without a set that has them
 */
export function planFetch(sets: readonly Dataset[], selection: Selection, data: string): PlannedSet[] {
  const { only, parts, limit } = selection;
  if (limit !== undefined && !(Number.isSafeInteger(limit) && limit > 0))
    throw new InputError(`"limit" expected a positive integer, got ${limit}`);
  const chosen = sets.filter(({ id }) => !only || only.includes(id));
  if (parts && !chosen.some((set) => imagesOf(set).length > 1 && isOpen(set)))
    throw new InputError('"parts" expected with a set that has parts, got none of them; add nih to --only');
  return chosen.map((set) => ({
    set,
    files: isOpen(set) ? filesOf(set, parts, limit) : [],
    byHand: isOpen(set) ? null : instruction(set, data),
  }));
}

const isOpen = (set: Dataset): boolean => set.archives.every(({ auth }) => auth !== 'account');

/** Archives of images, without those that stand in for another. */
const imagesOf = (set: Dataset): Archive[] =>
  set.archives.filter(({ of, alternativeTo }) => of === 'images' && alternativeTo === null);

function filesOf(
  set: Dataset,
  parts: readonly number[] | undefined,
  limit: number | undefined,
): PlannedFile[] {
  const labels = set.archives.filter(({ of }) => of !== 'images');
  const whole = (archive: Archive): PlannedFile => ({
    archive,
    standIns: set.archives.filter(({ alternativeTo }) => alternativeTo === archive.file),
    images: null,
  });
  const images = chosenParts(imagesOf(set), set.id, parts).map(whole);
  return [...(limit === undefined ? images : upTo(images, limit)), ...labels.map(whole)];
}

function chosenParts(archives: Archive[], id: string, parts: readonly number[] | undefined): Archive[] {
  if (!parts || archives.length === 1) return archives;
  for (const part of parts)
    if (!(Number.isSafeInteger(part) && part >= 1 && part <= archives.length))
      throw new InputError(`"parts" expected numbers from 1 to ${archives.length} for ${id}, got ${part}`);
  return archives.filter((_, i) => parts.includes(i + 1));
}

/** The first archives that hold `limit` images; of an archive whose count is not known, all of it. */
function upTo(files: readonly PlannedFile[], limit: number): PlannedFile[] {
  const taken: PlannedFile[] = [];
  let left = limit;
  for (const file of files) {
    if (left <= 0) break;
    const { count } = file.archive;
    taken.push({ ...file, images: count !== null && count <= left ? null : left });
    left -= count ?? left;
  }
  return taken;
}

/** DRIVE: its terms want an account at the landing page, and no program in between. */
function instruction(set: Dataset, data: string): string {
  const files = imagesOf(set).map(({ file }) => file);
  return (
    `${set.id} cannot be fetched by a program: log in at ${set.landing}, download ${files.join(' and ')}, ` +
    `then run: medchaos datasets import ${set.id} ${files.join(' ')} --data ${join(data)}`
  );
}

/** Reads `nih,drive`. @throws InputError for an unknown set */
export function parseOnly(text: string): DatasetId[] {
  return listed(text).map((id) => {
    if ((datasetIds as readonly string[]).includes(id)) return id as DatasetId;
    throw new InputError(`"only" expected some of ${datasetIds.join(', ')}, got ${id || 'nothing'}`);
  });
}

/** Reads `1,2`. @throws InputError unless all are positive integers */
export function parseParts(text: string): number[] {
  return listed(text).map((part) => {
    if (/^[1-9]\d*$/.test(part)) return Number(part);
    throw new InputError(`"parts" expected numbers such as 1,2, got ${part || 'nothing'}`);
  });
}

const listed = (text: string): string[] => [...new Set(text.split(',').map((item) => item.trim()))];
