/**
 * Takes a lock again and again: `_lock-child.ts LOCK LOG ROUNDS`. Each time it puts a dead process's lock where there is
 * none, so that all of them find it at once, and writes into LOG when it is in and when it is out.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { withLock } from '../../src/shared/folder-lock.ts';

const [lock, log, rounds] = process.argv.slice(2) as [string, string, string];

function leaveStale(): void {
  try {
    writeFileSync(lock, `4194305 ${hostname()}\n`, { flag: 'wx' }); // above the largest pid of Linux
  } catch {
    // somebody's lock
  }
}

for (let round = 0; round < Number(rounds); round++) {
  leaveStale();
  await withLock(lock, async () => {
    appendFileSync(log, `in ${process.pid}\n`);
    await new Promise((resolve) => setTimeout(resolve, 2 * Math.random()));
    appendFileSync(log, `out ${process.pid}\n`);
  }).catch(() => new Promise((resolve) => setTimeout(resolve, Math.random())));
}
