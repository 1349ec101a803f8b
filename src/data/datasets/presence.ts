/** Which data sets lie in a data folder: `DIR/nih`, `DIR/drive`, `DIR/pneumonia`, `DIR/brain-mri`. */
import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { reasonOf } from '../../shared/files.ts';
import { type Dataset, type DatasetId, readLock } from './lock.ts';

export interface Presence {
  readonly id: DatasetId;
  readonly title: string;
  readonly folder: string;
  /** Images found and images there should be. */
  readonly found: number;
  readonly expected: number;
  readonly state: 'complete' | 'partial' | 'missing';
}

/**
 * Files of each set in a data folder, counted by name; files are not opened.
 * @throws InputError if the folder does not exist or cannot be read
 */
export async function findDatasets(dataDir: string): Promise<Presence[]> {
  await checkFolder(dataDir);
  return Promise.all(readLock().datasets.map((set) => presenceOf(set, dataDir)));
}

/** The same for a folder that does not exist (yet): everything is missing. */
export const absentDatasets = (dataDir: string): Presence[] =>
  readLock().datasets.map((set) => presence(set, dataDir, 0));

const presenceOf = async (set: Dataset, dataDir: string): Promise<Presence> =>
  presence(set, dataDir, (await datasetImages(dataDir, set)).length);

function presence(set: Dataset, dataDir: string, found: number): Presence {
  const state = found === 0 ? 'missing' : found < set.images ? 'partial' : 'complete';
  return { id: set.id, title: set.title, folder: join(dataDir, set.id), found, expected: set.images, state };
}

/**
 * Paths of the set's images below `dataDir`, sorted by code units, with `/` between parts; none if the set's
 * folder is missing. Masks, lists, resource forks and second copies are left out.
 */
export async function datasetImages(dataDir: string, set: Dataset): Promise<string[]> {
  const pattern = new RegExp(set.imagePattern);
  const below = await filesBelow(join(dataDir, set.id));
  const images = below.filter((path) => pattern.test(path) && !/(^|\/)(__MACOSX\/|\._)/.test(path));
  return withoutCopies(images)
    .map((path) => `${set.id}/${path}`)
    .sort();
}

/** The Kaggle archive of the pneumonia set holds its tree a second time inside the first. */
const twice = /(^|\/)chest_xray\/chest_xray\//;

function withoutCopies(images: string[]): string[] {
  if (!images.some((path) => twice.test(path))) return images;
  const all = new Set(images);
  return images.filter(
    (path) => !twice.test(path) || !all.has(path.replace('chest_xray/chest_xray/', 'chest_xray/')),
  );
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true });
    return sep === '/' ? entries : entries.map((path) => path.replaceAll(sep, '/'));
  } catch {
    return []; // Not there: the caller counts none.
  }
}

/** @throws InputError unless it is a folder */
export async function checkFolder(dataDir: string, flag = '--data'): Promise<void> {
  const found = await stat(dataDir).catch((error) => {
    throw new InputError(`cannot read data folder ${dataDir}: ${reasonOf(error)}; check ${flag}`);
  });
  if (!found.isDirectory())
    throw new InputError(`cannot read data folder ${dataDir}: it is a file; check ${flag}`);
}
