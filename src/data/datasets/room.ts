/** Free disk space, checked before anything is written. */
import { statfs } from 'node:fs/promises';
import { InputError } from '../../shared/errors.ts';

/** @throws InputError if the disk of a folder has less than `needed` bytes */
export async function checkRoom(folder: string, needed: number, remedy: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (needed <= bavail * bsize) return;
  throw new InputError(
    `${folder}: expected ${size(needed)} of free disk space, got ${size(bavail * bsize)}; ${remedy}`,
  );
}

const size = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
