/** Files appear whole or not at all: everything is written under a temporary name and renamed. */
import { existsSync } from 'node:fs';
import { appendFile, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { InputError, messageOf } from './errors.ts';

/**
 * Writes `data` to `path` through `path.<pid>.tmp` in the same folder, then renames.
 * @param data whole, or parts that are made as they are written
 * @param durable waits until the disk has it: there a full disk shows at the latest, and a power cut loses nothing
 * @throws InputError where it cannot be written, and what making a part throws; what stood there before stays
 */
export async function writeWhole(
  path: string,
  data: string | Uint8Array | Iterable<Uint8Array>,
  durable = false,
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const handle = await open(temporary, 'w');
    try {
      await writeFile(handle, data);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw (error as NodeJS.ErrnoException).code === undefined ? error : cannotWrite(path, error);
  }
}

/** Appends a line to a file. @throws InputError where it cannot; the line may then be cut off */
export async function appendLine(path: string, line: string): Promise<void> {
  await appendFile(path, `${line}\n`).catch((error) => {
    throw cannotWrite(path, error);
  });
}

const cannotWrite = (path: string, error: unknown): InputError =>
  new InputError(
    `cannot write ${path}: ${reasonOf(error)}; ${
      (error as NodeJS.ErrnoException).code === 'ENOSPC'
        ? 'make room and give the same command again'
        : 'choose another --out folder'
    }`,
  );

/** The same for a value as JSON, indented by two, with a final newline. */
export const writeJson = (path: string, value: unknown): Promise<void> =>
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);

/**
 * The bytes of a file that the user named.
 * @throws InputError if it is missing, a folder, or not readable
 */
export async function readInput(path: string, what = 'file'): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new InputError(`cannot read ${what} ${path}: ${reasonOf(error)}; check the path`);
  }
}

/** Makes a folder (and those above it). @throws InputError where it cannot be written to */
export async function makeFolder(path: string): Promise<string> {
  try {
    await makeFolders(resolve(path));
    const probe = join(path, `.${process.pid}.probe`);
    await (await open(probe, 'w')).close();
    await rm(probe, { force: true }); // Another call in the same folder may have removed it.
    return resolve(path);
  } catch (error) {
    throw new InputError(`cannot write into folder ${path}: ${reasonOf(error)}; choose another --out folder`);
  }
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

/** The folder of a file, made writable. */
export const makeFolderOf = (path: string): Promise<string> => makeFolder(dirname(resolve(path)));

const plain: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of the path is a file, not a folder',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EEXIST: 'a file of that name is in the way',
};

/** A system error in plain words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return (code && plain[code]) || messageOf(error);
}
