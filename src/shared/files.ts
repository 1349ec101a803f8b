/** Files appear whole or not at all: everything is written under a temporary name (staging.ts) and renamed. */
import { constants, existsSync } from 'node:fs';
import { lstat, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { tidyFolder } from './commit.ts';
import { InputError, messageOf } from './errors.ts';
import {
  folderOf,
  type StagedData,
  type StageOptions,
  stagedPath,
  stageFile,
  syncFolder,
} from './staging.ts';
import { isStandard, standardInput } from './standard-streams.ts';

/**
 * Writes `data` to `path`. A power cut or a full disk loses nothing: what stood there before stays until the disk has all
 * of the new file.
 * @param data whole, or parts that are made as they are written
 * @throws InputError if it cannot be written; errors of `make` pass through
 */
export async function writeWhole(path: string, data: StagedData): Promise<void> {
  try {
    const folder = folderOf(path);
    const staged = await stageFile(folder, data);
    try {
      await staged.moveTo(path);
    } finally {
      await staged.discard();
    }
    await syncFolder(folder);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === undefined ? error : cannotWrite(path, error);
  }
}

/** Appends a line to a file. @throws InputError on failure; the line may then be cut off */
export async function appendLine(path: string, line: string): Promise<void> {
  await appendText(path, `${line}\n`).catch((error) => {
    throw cannotWrite(path, error);
  });
}

/** Appends to a file that is no link: a link in a shared folder may lead to a file of somebody else's. */
export async function appendText(
  path: string,
  text: string,
  { mode, sync = false }: StageOptions = {},
): Promise<void> {
  const handle = await open(path, noLink.append, mode);
  try {
    await handle.writeFile(text);
    if (sync) await handle.sync();
  } finally {
    await handle.close();
  }
}

const { O_WRONLY, O_CREAT, O_APPEND, O_TRUNC, O_NOFOLLOW } = constants;

/** Flags for `open`, as `a` and `w`; of a link the error is ELOOP. */
export const noLink = {
  append: O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW,
  write: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
} as const;

/** @param error of the system */
export const cannotWrite = (path: string, error: unknown): InputError =>
  new InputError(
    `cannot write ${path}: ${reasonOf(error)}; ${
      /^(ENOSPC|EDQUOT)$/.test((error as NodeJS.ErrnoException).code ?? '')
        ? 'make room and give the same command again'
        : 'choose another --out folder'
    }`,
  );

/** The same for a value as JSON, indented by two, with a final newline. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);

/**
 * The bytes of a file that the user named; of standard input for `-`.
 * @throws InputError if it is missing, a folder, or not readable
 */
export async function readInput(path: string, what = 'file'): Promise<Buffer> {
  if (isStandard(path)) return standardInput();
  try {
    return await readFile(path);
  } catch (error) {
    throw new InputError(`cannot read ${what} ${path}: ${reasonOf(error)}; check the path`);
  }
}

/** Folders already searched for files of dead processes. */
const tidied = new Set<string>();

/** Makes a folder (and those above it). @throws InputError if it cannot be written to */
export async function makeFolder(path: string): Promise<string> {
  try {
    const folder = resolve(path);
    await makeFolders(folder);
    if (!tidied.has(folder)) await tidyFolder(folder);
    tidied.add(folder);
    await probe(folder);
    return folder;
  } catch (error) {
    throw new InputError(`cannot write into folder ${path}: ${reasonOf(error)}; choose another --out folder`);
  }
}

/** @throws Error of the system where no file can be made in the folder */
async function probe(folder: string): Promise<void> {
  const path = stagedPath(folder);
  await (await open(path, 'wx')).close();
  await rm(path, { force: true });
}

/** One by one: `mkdir` with `recursive` never returns for a folder under /proc (Node 20.20). */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path || existsSync(dirname(path))) throw error;
    await makeFolders(dirname(path));
    await mkdir(path);
  }
}

/**
 * For results in folders below one that the user named.
 * @throws InputError if a folder between the two is a link
 */
export async function refuseLinks(root: string, path: string): Promise<void> {
  for (let at = folderOf(path); at !== resolve(root) && at !== dirname(at); at = dirname(at))
    if ((await lstat(at).catch(() => null))?.isSymbolicLink())
      throw new InputError(
        `cannot write into ${at}: ${plain.ELOOP}; remove it, or choose another --out folder`,
      );
}

/** The folder of a file, made writable. */
export const makeFolderOf = (path: string): Promise<string> => makeFolder(folderOf(path));

const plain: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of the path is a file, not a folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'a file of that name is in the way',
  EFBIG: 'the file is too large for the file system',
  EIO: 'the disk reports an error',
  ELOOP: 'it is a symbolic link, which is not followed',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
};

/** A system error in plain words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return (code && plain[code]) || messageOf(error);
}
