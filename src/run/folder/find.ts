/** The files below a folder. */
import { open, readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { reasonOf } from '../../shared/files.ts';

/**
 * Paths below `folder`, relative to it, sorted; links are not followed, hidden files and folders left out.
 * @param without folders not to go into, such as the one that results are written to
 * @throws InputError if it is no folder, or one inside it cannot be read
 */
export async function filesBelow(folder: string, without: readonly string[]): Promise<string[]> {
  const left = new Set(without.map((path) => resolve(path)));
  left.delete(resolve(folder)); // results beside the images: told apart by name
  const files: string[] = [];
  const walk = async (at: string): Promise<void> => {
    for (const entry of await entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isFile()) files.push(relative(folder, path));
      else if (entry.isDirectory() && !left.has(resolve(path))) await walk(path);
    }
  };
  await walk(folder);
  return files.sort();
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw new InputError(`cannot read folder ${folder}: ${reasonOf(error)}; check the path`);
  }
}

/** Signatures of PNG, JPEG, GIF, TIFF (both byte orders, and BigTIFF) and WebP's RIFF, as Latin-1. */
const signatures = ['\x89PNG', '\xff\xd8\xff', 'GIF8', 'II*\0', 'MM\0*', 'II+\0', 'MM\0+', 'RIFF'];

/** Whether the first bytes are those of a kind of image that is read here, DICOM included. */
export async function looksLikeImage(path: string): Promise<boolean> {
  const head = await headOf(path);
  return isDicomHead(head) || signatures.some((signature) => head.startsWith(signature));
}

/** Whether it is a DICOM file by its first bytes; false for what cannot be read. */
export const isDicomFile = async (path: string): Promise<boolean> =>
  isDicomHead(await headOf(path).catch(() => ''));

const isDicomHead = (head: string): boolean => head.startsWith('DICM', 128);

/** 132 bytes as Latin-1. */
async function headOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(132), 0, 132, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
