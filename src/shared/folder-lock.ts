/**
 * One process at a time works on a folder: two would append to the same `.part`, or mix two runs.
 *
 * A lock is a file with its owner in it, at its path or at `path.<random>.taken`. A process that removes a lock (its owner, or
 * who finds its owner dead) first gives it such a name, then looks whose it is: between looking and removing, another
 * process may have put its own lock there. A living owner's lock keeps that name and counts as before.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isAlive } from './alive.ts';
import { InputError } from './errors.ts';

/** The owner of a lock. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/**
 * Runs `work` under the lock. Takes over the lock of a killed process of this machine.
 * @param path the lock file
 * @param command whose work it is, for the message
 * @throws InputError if another process holds it
 */
export async function withLock<Result>(
  path: string,
  work: () => Promise<Result>,
  command = 'datasets',
): Promise<Result> {
  const mine: Owner = { pid: process.pid, host: hostname(), token: randomBytes(8).toString('hex') };
  held.add(mine.token);
  try {
    await take(path, mine, command);
    return await work();
  } finally {
    await release(path, mine);
    held.delete(mine.token);
  }
}

/** Whether a living process holds the lock. */
export async function isLocked(path: string): Promise<boolean> {
  const owners = await Promise.all([path, ...(await takenFrom(path))].map(ownerOf));
  return owners.some((owner) => owner !== null && isLiving(owner));
}

const tries = 5;

async function take(path: string, mine: Owner, command: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  for (let n = 0; n < tries; n++) {
    if (await place(path, mine)) return refuseOthers(path, mine, command);
    const owner = await ownerOf(path);
    if (owner && isLiving(owner)) throw busy(path, command, owner);
    await removeIf(path, (found) => found === null || !isLiving(found));
  }
  throw busy(path, command, null);
}

/** Appears with its content, or not at all. @returns whether there was none before */
async function place(path: string, mine: Owner): Promise<boolean> {
  const text = `${mine.pid} ${mine.host} ${mine.token}\n`;
  const prepared = `${path}.${mine.token}.new`;
  try {
    await writeFile(prepared, text, { flag: 'wx' });
    await link(prepared, path).catch((error) => withoutLinks(error, path, text));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(prepared, { force: true });
  }
}

/** File systems without links: another process may see the lock before its content, and take it for a dead one. */
async function withoutLinks(error: NodeJS.ErrnoException, path: string, text: string): Promise<void> {
  if (error.code === 'EEXIST') throw error;
  await writeFile(path, text, { flag: 'wx' });
}

/** A lock that was given another name still holds. */
async function refuseOthers(path: string, mine: Owner, command: string): Promise<void> {
  for (const taken of await takenFrom(path)) {
    const owner = await ownerOf(taken);
    if (owner && isLiving(owner)) {
      await release(path, mine);
      throw busy(path, command, owner);
    }
    await rm(taken, { force: true });
  }
}

async function release(path: string, mine: Owner): Promise<void> {
  const isMine = (found: Owner | null): boolean => found?.token === mine.token;
  await removeIf(path, isMine);
  for (const taken of await takenFrom(path))
    if (isMine(await ownerOf(taken))) await rm(taken, { force: true });
}

/** Removes a lock that is seen to be the right one when nobody else can replace it any more. */
async function removeIf(path: string, right: (owner: Owner | null) => boolean): Promise<void> {
  if (!right(await ownerOf(path))) return;
  const taken = `${path}.${randomBytes(8).toString('hex')}.taken`;
  const renamed = await rename(path, taken).then(
    () => true,
    () => false, // another process was quicker
  );
  if (renamed && right(await ownerOf(taken))) await rm(taken, { force: true });
}

async function takenFrom(path: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  const taken = names.filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith('.taken'));
  return taken.map((name) => join(dirname(path), name));
}

/** null for no lock, and for one without an owner. */
async function ownerOf(path: string): Promise<Owner | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [pid = '', host, token = ''] = text.trim().split(' ');
  return host === undefined ? null : { pid: Number(pid), host, token };
}

/** Tokens of this process: in a container, a dead process often had the same number. */
const held = new Set<string>();

/** Of another machine's processes nothing is known: they count as living. */
function isLiving({ pid, host, token }: Owner): boolean {
  if (host !== hostname()) return true;
  return pid === process.pid ? held.has(token) : isAlive(pid);
}

function busy(path: string, command: string, owner: Owner | null): InputError {
  const mine = owner?.pid === process.pid && owner.host === hostname();
  const who = !owner ? 'another process' : mine ? 'this process' : `process ${owner.pid} on ${owner.host}`;
  return new InputError(
    `${dirname(path)}: expected no other ${command} command at work, got ${who}; wait for it, or delete ${path} if there is none`,
  );
}
