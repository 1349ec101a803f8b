/** One process at a time works on a folder: two would append to the same `.part`, or mix two runs. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { InputError } from '../shared/errors.ts';

/**
 * Runs `work` while the lock file exists. One left by a process that was killed on this machine is taken over.
 * @param path the lock file
 * @param command whose work it is, for the message
 * @throws InputError if another process holds it
 */
export async function withLock<Result>(
  path: string,
  work: () => Promise<Result>,
  command = 'datasets',
): Promise<Result> {
  await take(path, command);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

const mine = (): string => `${process.pid} ${hostname()}\n`;

async function take(path: string, command: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  for (let tries = 0; tries < 2; tries++) {
    try {
      return await writeFile(path, mine(), { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await dropStale(path, command);
  }
  throw busy(path, command, 'another process');
}

async function dropStale(path: string, command: string): Promise<void> {
  const [pid = '', host] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
  if (host !== undefined && (host !== hostname() || (Number(pid) !== process.pid && isAlive(Number(pid)))))
    throw busy(path, command, `process ${pid} on ${host}`);
  if (Number(pid) === process.pid) throw busy(path, command, 'this process');
  await rm(path, { force: true });
}

const busy = (path: string, command: string, who: string): InputError =>
  new InputError(
    `${dirname(path)}: expected no other ${command} command at work, got ${who}; wait for it, or delete ${path} if there is none`,
  );

/** Signal 0 only asks. EPERM: alive, but somebody else's. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
