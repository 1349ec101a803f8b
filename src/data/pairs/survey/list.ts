/** Which images a data folder holds, in the order of their paths: of the four sets, DICOM files, or any. */
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { type DatasetId, readLock } from '../../datasets/lock.ts';
import { checkFolder, datasetImages } from '../../datasets/presence.ts';
import { isDicomFile } from '../../dicom/file.ts';

/** `dicom`: what lies in DIR/dicom, in any layout. `files`: a folder without any of these. */
export type SetName = DatasetId | 'dicom' | 'files';

export interface ListedImage {
  /** Below the data folder, `/` between parts. */
  readonly path: string;
  readonly set: SetName;
}

/**
 * Images of the four sets and of DIR/dicom where the folder has any, else every image below it.
 * @throws InputError if the folder cannot be read
 */
export async function listImages(data: string): Promise<ListedImage[]> {
  await checkFolder(data);
  const sets = readLock().datasets;
  const found = await Promise.all(
    sets.map(async (set) => (await datasetImages(data, set)).map((path) => ({ path, set: set.id }))),
  );
  const dicom = (await dicomFiles(data, 'dicom')).map((path) => ({ path, set: 'dicom' as const }));
  const listed: ListedImage[] = [...found.flat(), ...dicom];
  return listed.length > 0 ? listed : anyImages(data);
}

const imageNames = /\.(png|jpe?g|tiff?|gif|webp|dcm|dicom)$/i;

export const isImageName = (path: string): boolean => imageNames.test(path);

async function anyImages(data: string): Promise<ListedImage[]> {
  const named = (await filesBelow(data)).filter(isImageName);
  return named.sort().map((path) => ({ path, set: 'files' }));
}

/**
 * Paths below `data` of the DICOM files in one of its folders, sorted; none if there is no such folder. They have any
 * name: with an extension of theirs they are taken, else by content.
 */
export async function dicomFiles(data: string, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const below of await filesBelow(join(data, folder)).catch(() => [])) {
    const path = `${folder}/${below}`;
    if (/\.(dcm|dicom)$/i.test(path) || (await isDicomFile(join(data, path)))) paths.push(path);
  }
  return paths.sort();
}

/** Paths below a folder, `/` between parts. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name).slice(folder.length).replaceAll(sep, '/').replace(/^\/+/, ''),
    );
}
