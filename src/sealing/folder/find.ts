/** The files below a folder. */
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { headOf } from '../../data/dicom/file.ts';
import { isPicture } from '../../data/images/sniff.ts';
import { InputError, messageOf } from '../../shared/errors.ts';
import { reasonOf } from '../../shared/files.ts';
import { isStaged } from '../../shared/staging.ts';

export interface FoundFiles {
  /** Paths relative to the folder, sorted. */
  readonly files: string[];
  /** What cannot be opened by its name, or looked into. */
  readonly failed: FailedFile[];
  /** Hidden files and folders, links, and what is neither file nor folder. */
  readonly left: FailedFile[];
}

export interface FailedFile {
  readonly file: string;
  readonly reason: string;
}

/**
 * The files below a folder; links are not followed, hidden files and folders not looked into, and files that are not
 * whole yet left out.
 * @param without folders not to go into, such as the one that results are written to
 * @throws InputError if it is no folder, or cannot be read
 */
export async function filesBelow(folder: string, without: readonly string[]): Promise<FoundFiles> {
  const left = new Set(without.map((path) => resolve(path)));
  left.delete(resolve(folder)); // results beside the images: told apart by name
  const found: FoundFiles = { files: [], failed: [], left: [] };
  const fail = (file: string, reason: string): void => void found.failed.push({ file, reason });
  const walk = async (at: string): Promise<void> => {
    for (const { name, isFile, isDirectory, isLink } of await entriesOf(at)) {
      const path = join(at, name.toString());
      const reason = reasonLeft(name.toString(), isFile, isDirectory, isLink);
      if (reason !== null) {
        found.left.push({ file: path, reason });
        continue;
      }
      if (!Buffer.from(name.toString()).equals(name)) fail(path, 'its name is not UTF-8; rename it');
      else if (isFile) found.files.push(relative(folder, path));
      else if (!left.has(resolve(path))) await walk(path).catch((error) => fail(path, messageOf(error)));
    }
  };
  await walk(folder);
  return { ...found, files: found.files.sort() };
}

function reasonLeft(name: string, isFile: boolean, isDirectory: boolean, isLink: boolean): string | null {
  if (name.startsWith('.')) return isDirectory ? 'a hidden folder' : 'a hidden file';
  if (isLink) return 'a link, which is not followed';
  return isFile || isDirectory ? null : 'neither file nor folder';
}

/** Names are bytes: not every file system has UTF-8. */
async function entriesOf(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
    return entries
      .map((entry) => ({
        name: entry.name,
        isFile: entry.isFile(),
        isDirectory: entry.isDirectory(),
        isLink: entry.isSymbolicLink(),
      }))
      .filter(({ name }) => !isStaged(name.toString()));
  } catch (error) {
    throw new InputError(`cannot read folder ${folder}: ${reasonOf(error)}; check the path`);
  }
}

/** Whether the first bytes are those of a picture that is read here, DICOM included. @throws where it cannot be read */
export const looksLikeImage = async (path: string): Promise<boolean> => isPicture(await headOf(path));
