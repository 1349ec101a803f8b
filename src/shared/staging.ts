/**
 * Files under a temporary name until they are whole. The name is random and must be new (`wx`), so that no link in a
 * shared folder is followed. The name tells machine and process, so that the next start removes the files of a process
 * that was killed; a signal removes them at once.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { BroadcastChannel, isMainThread, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { isAlive } from './alive.ts';
import { beforeEnd } from './ending.ts';

const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const pattern = /^medchaos-([0-9a-f]{8})-(\d+)-[0-9a-f]{16}\.(tmp|commit)$/;

/** `tmp`: a file that is not whole yet. `commit`: a list of renames (commit.ts). */
export type StagedKind = 'tmp' | 'commit';

/** As long for every file, so that each name that fits into the folder can be written. */
export const stagedPath = (folder: string, kind: StagedKind = 'tmp'): string =>
  join(folder, `medchaos-${machine}-${process.pid}-${randomBytes(8).toString('hex')}.${kind}`);

/** Whether a base name is one of `stagedPath`. */
export const isStaged = (name: string): boolean => pattern.test(name);

/** Files in a folder that dead processes of this machine left. */
export async function leftBehind(folder: string, kind: StagedKind): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const left = names.filter((name) => {
    const [, host, pid, found] = pattern.exec(name) ?? [];
    return host === machine && found === kind && !isAlive(Number(pid));
  });
  return left.map((name) => join(folder, name));
}

/** Sources of a staged file's bytes. */
export type StagedData =
  | string
  | Uint8Array
  | Iterable<string | Uint8Array>
  | AsyncIterable<string | Uint8Array>;

/** A whole file on the disk, under its temporary name. */
export interface StagedFile {
  readonly path: string;
  /** Inode of the file, which a rename keeps. */
  readonly inode: number;
  /** Gives the file its name. Replaces a file of that name. */
  readonly moveTo: (path: string) => Promise<void>;
  readonly discard: () => Promise<void>;
}

export interface StageOptions {
  /** Permissions; default 0666 less the umask. */
  readonly mode?: number;
  /** Whether to wait until the disk has it, 2 ms a file; default true. */
  readonly sync?: boolean;
}

/** Writes a file into a folder. */
export async function stageFile(
  folder: string,
  data: StagedData,
  { mode = 0o666, sync = true }: StageOptions = {},
): Promise<StagedFile> {
  const release = expectStaged(folder);
  const path = stagedPath(folder);
  const discard = async (): Promise<void> => {
    await rm(path, { force: true });
    release();
  };
  try {
    const inode = await write(await open(path, 'wx', mode), data, sync);
    const moveTo = async (to: string): Promise<void> => {
      await rename(path, to);
      release();
    };
    return { path, inode, moveTo, discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

async function write(handle: FileHandle, data: StagedData, sync: boolean): Promise<number> {
  try {
    await writeFile(handle, data);
    if (sync) await handle.sync();
    return (await handle.stat()).ino;
  } finally {
    await handle.close();
  }
}

/** Waits until the disk has the names of a folder. File systems that cannot do so are left as they are. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Folders that this process staged files in. Threads report theirs to the main thread, which alone receives signals. */
const folders = new Set<string>();
let announcements: BroadcastChannel | undefined;

function channel(): BroadcastChannel {
  if (announcements) return announcements;
  announcements = new BroadcastChannel('medchaos: folders with staged files');
  if (isMainThread) announcements.onmessage = ({ data }) => void folders.add(String(data));
  announcements.unref();
  return announcements;
}

/**
 * Announces files in a folder, or threads that stage files somewhere.
 * @returns to be called when there are none any more
 */
export function expectStaged(folder?: string): () => void {
  if (isMainThread) channel();
  if (folder !== undefined && !folders.has(resolve(folder))) {
    folders.add(resolve(folder));
    if (!isMainThread) channel().postMessage(resolve(folder));
  }
  return beforeEnd('files', removeOwn);
}

/** Also of folders whose announcement has not arrived yet: its thread has ended. */
function removeOwn(): void {
  const port = channel() as unknown as MessagePort; // the types of Node 20 leave it out
  for (let told = receiveMessageOnPort(port); told; told = receiveMessageOnPort(port))
    folders.add(told.message as string);
  const mine = `medchaos-${machine}-${process.pid}-`;
  for (const folder of folders)
    for (const name of namesIn(folder))
      if (name.startsWith(mine) && name.endsWith('.tmp')) rmSync(join(folder, name), { force: true });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // removed since
  }
}

/** The folder of a file. */
export const folderOf = (path: string): string => dirname(resolve(path));
