/** Several files that belong together: all of them appear, or none. */
import { open, rename, rm } from 'node:fs/promises';
import { InputError } from '../shared/errors.ts';
import { reasonOf } from '../shared/files.ts';

export interface PendingFile {
  readonly path: string;
  readonly data: string | Uint8Array;
  /** Permissions; 0600 for secrets. */
  readonly mode?: number;
}

/**
 * Writes every file under a temporary name, then renames them; if anything fails, what was written is removed.
 * @throws InputError naming the file that could not be written
 */
export async function writeTogether(files: readonly PendingFile[]): Promise<void> {
  const written: string[] = [];
  const step = async (path: string, work: () => Promise<void>, leaves: string): Promise<void> => {
    try {
      await work();
      written.push(leaves);
    } catch (error) {
      await Promise.all([...written, temporary(path)].map((left) => rm(left, { force: true })));
      throw new InputError(`cannot write ${path}: ${reasonOf(error)}; choose another --out folder`);
    }
  };
  for (const file of files) await step(file.path, () => stage(file), temporary(file.path));
  for (const { path } of files) await step(path, () => rename(temporary(path), path), path);
}

const temporary = (path: string): string => `${path}.${process.pid}.tmp`;

async function stage({ path, data, mode }: PendingFile): Promise<void> {
  await rm(temporary(path), { force: true });
  const handle = await open(temporary(path), 'wx', mode);
  try {
    await handle.writeFile(data);
  } finally {
    await handle.close();
  }
}
