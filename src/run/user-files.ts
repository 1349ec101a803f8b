/** The small files and names that encrypt, decrypt and keygen share. */
import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { InputError } from '../shared/errors.ts';
import { readInput } from '../shared/files.ts';

/** Base name without its last extension: `scans/a.b.png` is `a.b`. */
export const nameOf = (path: string): string => basename(path, extname(path));

/** @throws InputError if a file is there and may not be replaced */
export function refuseExisting(paths: readonly string[], force: boolean): void {
  const found = force ? undefined : paths.find((path) => existsSync(path));
  if (found) throw new InputError(`${found} exists already; give --force to replace it`);
}

/**
 * The first line of a passphrase file, or undefined if none is named.
 * @throws InputError if it cannot be read or is empty
 */
export async function readPassphrase(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const [line = ''] = (await readInput(path, 'passphrase file')).toString('utf8').split(/\r?\n/);
  if (line === '')
    throw new InputError(`${path}: expected a passphrase in the first line, got none; write one`);
  return line;
}
