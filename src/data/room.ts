/** Free disk space, asked for before anything is written. */
import { statfs } from 'node:fs/promises';
import { InputError } from '../shared/errors.ts';

/** @throws InputError if the disk of a folder has less than `needed` bytes */
export async function checkRoom(folder: string, needed: number, remedy: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (needed <= bavail * bsize) return;
  throw new InputError(
    `${folder}: expected ${gigabytes(needed)} of free disk space, got ${gigabytes(bavail * bsize)}; ${remedy}`,
  );
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
