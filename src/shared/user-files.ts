/** The small files and names that encrypt, decrypt and keygen share. */
import { existsSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { InputError } from './errors.ts';
import { readInput } from './files.ts';
import { isStandard } from './standard-streams.ts';

/** Base name without its last extension: `scans/a.b.png` is `a.b`. */
export const nameOf = (path: string): string => (isStandard(path) ? 'stdin' : basename(path, extname(path)));

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

const shortest = 8;

/** A passphrase that is to lock a key. @throws InputError if it is short besides */
export async function readNewPassphrase(path: string | undefined): Promise<string | undefined> {
  const passphrase = await readPassphrase(path);
  if (passphrase !== undefined && [...passphrase].length < shortest)
    throw new InputError(
      `${path}: expected a passphrase of at least ${shortest} characters, got ${[...passphrase].length}; choose a longer one`,
    );
  return passphrase;
}

/** Warns of files with secrets that others can read. Windows has no such permissions. */
export function warnIfReadable(paths: readonly (string | undefined)[], warn: (line: string) => void): void {
  if (process.platform === 'win32') return;
  for (const path of paths) {
    const mode = path === undefined ? 0 : (statSync(path, { throwIfNoEntry: false })?.mode ?? 0);
    if (mode & 0o044) warn(`others can read ${path}; run: chmod 600 ${path}`);
  }
}
