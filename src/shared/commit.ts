/**
 * Lists of renames that belong together, for the case that the process dies between two of them: the list is on the disk
 * before the first rename, and the next start finishes it.
 */
import { readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isStaged, leftBehind, stagedPath, stageFile, syncFolder } from './staging.ts';

/** Base names in one folder. */
export interface Commit {
  /** A staged file, and the name it gets. */
  readonly moves: readonly (readonly [staged: string, name: string])[];
  /** Files to delete afterwards. */
  readonly obsolete: readonly string[];
}

/** @returns the path of the list, to be removed when all of it is done */
export async function writeCommit(folder: string, commit: Commit): Promise<string> {
  const staged = await stageFile(folder, JSON.stringify(commit));
  const path = stagedPath(folder, 'commit');
  await staged.moveTo(path);
  await syncFolder(folder);
  return path;
}

/** Finishes commits of dead processes in a folder, and removes their staged files. */
export async function tidyFolder(folder: string): Promise<void> {
  for (const path of await leftBehind(folder, 'commit')) {
    await finish(folder, await readCommit(path));
    await rm(path, { force: true });
  }
  for (const path of await leftBehind(folder, 'tmp')) await rm(path, { force: true });
}

async function finish(folder: string, { moves, obsolete }: Commit): Promise<void> {
  for (const [staged, name] of moves)
    await rename(join(folder, staged), join(folder, name)).catch(passOverMissing); // renamed before the process died
  await syncFolder(folder);
  for (const name of obsolete) await rm(join(folder, name), { force: true });
}

function passOverMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** A list that names anything outside of its folder is not ours: nothing of it is done. */
async function readCommit(path: string): Promise<Commit> {
  const none = { moves: [], obsolete: [] };
  try {
    const commit = JSON.parse(await readFile(path, 'utf8')) as Commit;
    const names = [...commit.moves.map(([, name]) => name), ...commit.obsolete];
    const ours = commit.moves.every(([staged]) => isStaged(staged)) && names.every(isBaseName);
    return ours ? commit : none;
  } catch {
    return none;
  }
}

const isBaseName = (name: unknown): boolean =>
  typeof name === 'string' && name !== '' && name !== '..' && name === basename(name);
