/**
 * Several files that belong together: all of them appear, or none. All are staged before the first is renamed. Where they
 * replace older files, a list of the renames (commit.ts) covers a kill, and copies of the older files cover an error.
 */
import { copyFile, link, lstat, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { writeCommit } from './commit.ts';
import { InputError } from './errors.ts';
import { cannotWrite } from './files.ts';
import { folderOf, type StagedData, type StagedFile, stagedPath, stageFile, syncFolder } from './staging.ts';

export interface PendingFile {
  readonly path: string;
  readonly data: StagedData;
  /** Permissions; 0600 for secrets. */
  readonly mode?: number;
}

/** A staged file with the name it gets. */
interface Move {
  readonly path: string;
  readonly staged: StagedFile;
}

/**
 * @param files in one folder
 * @param obsolete files of the same folder that go when the new ones are there
 * @throws InputError naming the file that could not be written; the old files stay
 */
export async function writeTogether(
  files: readonly PendingFile[],
  obsolete: readonly string[] = [],
): Promise<void> {
  const moves: Move[] = [];
  try {
    for (const { path, data, mode } of files)
      moves.push({ path, staged: await explained(path, stageFile(folderOf(path), data, { mode })) });
    const names = files.map(({ path }) => path);
    const left = obsolete.filter((path) => !names.includes(path));
    await moveAll(moves, await existing(names), await existing(left));
  } finally {
    for (const { staged } of moves) await staged.discard();
  }
}

async function explained<Result>(path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof InputError ? error : cannotWrite(path, error);
  }
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => lstat(path).catch(() => null)));
  return paths.filter((_, i) => found[i] !== null);
}

async function moveAll(
  moves: readonly Move[],
  replaced: readonly string[],
  obsolete: readonly string[],
): Promise<void> {
  const folder = folderOf(moves[0]!.path);
  const oneRename = moves.length + obsolete.length === 1;
  if (oneRename || replaced.length + obsolete.length === 0) await renameAll(moves, new Map());
  else await replaceAll(folder, moves, replaced, obsolete);
  await syncFolder(folder);
}

async function replaceAll(
  folder: string,
  moves: readonly Move[],
  replaced: readonly string[],
  obsolete: readonly string[],
): Promise<void> {
  const copies = new Map<string, string>();
  const added: string[] = [];
  try {
    for (const path of replaced) copies.set(path, await explained(path, copyBeside(path)));
    const list = {
      moves: moves.map(({ path, staged }) => [basename(staged.path), basename(path)] as const),
      obsolete: obsolete.map((path) => basename(path)),
    };
    added.push(await explained(moves[0]!.path, writeCommit(folder, list)));
    await renameAll(moves, copies);
    await syncFolder(folder);
    for (const path of obsolete) await rm(path, { force: true });
  } finally {
    for (const path of [...added, ...copies.values()]) await rm(path, { force: true });
  }
}

/** @param copies of older files by path: they come back if one of the renames fails */
async function renameAll(moves: readonly Move[], copies: ReadonlyMap<string, string>): Promise<void> {
  const done: string[] = [];
  try {
    for (const { path, staged } of moves) {
      await explained(path, staged.moveTo(path));
      done.push(path);
    }
  } catch (error) {
    for (const path of done) {
      const copy = copies.get(path);
      await (copy === undefined ? rm(path, { force: true }) : rename(copy, path));
    }
    throw error;
  }
}

/** The same file under a second name; a copy where the file system has no links. */
async function copyBeside(path: string): Promise<string> {
  const copy = stagedPath(folderOf(path));
  await link(path, copy).catch(() => copyFile(path, copy));
  return copy;
}
