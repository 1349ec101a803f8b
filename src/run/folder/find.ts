/** The files below a folder. */
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { isDicom } from '../../data/dicom/file.ts';
import { headOf } from '../../data/dicom/head.ts';
import { InputError, messageOf } from '../../shared/errors.ts';
import { reasonOf } from '../../shared/files.ts';
import { isStaged } from '../../shared/staging.ts';

export interface FoundFiles {
  /** Paths relative to the folder, sorted. */
  readonly files: string[];
  /** What cannot be opened by its name, or looked into. */
  readonly failed: FailedFile[];
}

export interface FailedFile {
  readonly file: string;
  readonly reason: string;
}

/**
 * The files below a folder; links are not followed, hidden files and folders left out, and those that are not whole yet.
 * @param without folders not to go into, such as the one that results are written to
 * @throws InputError if it is no folder, or cannot be read
 */
export async function filesBelow(folder: string, without: readonly string[]): Promise<FoundFiles> {
  const left = new Set(without.map((path) => resolve(path)));
  left.delete(resolve(folder)); // results beside the images: told apart by name
  const found: FoundFiles = { files: [], failed: [] };
  const fail = (file: string, reason: string): void => void found.failed.push({ file, reason });
  const walk = async (at: string): Promise<void> => {
    for (const { name, isFile, isDirectory } of await entriesOf(at)) {
      const path = join(at, name.toString());
      if (!isFile && !isDirectory) continue;
      if (!Buffer.from(name.toString()).equals(name)) fail(path, 'its name is not UTF-8; rename it');
      else if (isFile) found.files.push(relative(folder, path));
      else if (!left.has(resolve(path))) await walk(path).catch((error) => fail(path, messageOf(error)));
    }
  };
  await walk(folder);
  return { files: found.files.sort(), failed: found.failed };
}

/** Names are bytes: not every file system has UTF-8. */
async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    return entries
      .map((entry) => ({ name: entry.name, isFile: entry.isFile(), isDirectory: entry.isDirectory() }))
      .filter(({ name }) => !name.toString().startsWith('.') && !isStaged(name.toString()));
  } catch (error) {
    throw new InputError(`cannot read folder ${folder}: ${reasonOf(error)}; check the path`);
  }
}

/** Signatures of PNG, JPEG, GIF, TIFF (both byte orders, and BigTIFF) and WebP's RIFF, as Latin-1. */
const signatures = ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'II*\0', 'MM\0*', 'II+\0', 'MM\0+', 'RIFF'];

/** Whether the first bytes are those of a kind of image that is read here, DICOM included. @throws where it cannot be read */
export async function looksLikeImage(path: string): Promise<boolean> {
  const head = await headOf(path);
  const start = head.toString('latin1', 0, 4);
  return isDicom(head) || signatures.some((signature) => start.startsWith(signature));
}
