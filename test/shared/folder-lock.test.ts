/** The lock of a folder, with processes that find a dead one's lock at the same time. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { withLock } from '../../src/shared/folder-lock.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-lock-'));
afterAll(() => rmSync(root, { recursive: true }));
const child = fileURLToPath(new URL('./_lock-child.ts', import.meta.url));

test('a stale lock is never taken by two at once', async () => {
  const [lock, log] = [join(root, '.busy'), join(root, 'log')];
  const processes = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--import', 'tsx', child, lock, log, '300'], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(
    processes.map((one) => new Promise((resolve) => one.once('exit', resolve))),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  const overlaps = lines.filter(
    (line, i) => line.startsWith('in') && lines[i + 1] !== line.replace('in', 'out'),
  );
  expect(overlaps).toEqual([]);
  expect(lines.length).toBeGreaterThan(200);
  await withLock(lock, async () => undefined);
  expect(readdirSync(root)).toEqual(['log']);
});

test.each([
  ['of a dead process', `4194305 ${hostname()}\n`],
  ['of a process that had the number of this one', `${process.pid} ${hostname()} 0123456789abcdef\n`],
  ['without an owner', ''],
])('a lock %s is taken over', async (_, text) => {
  const lock = join(root, 'stale');
  writeFileSync(lock, text);
  expect(await withLock(lock, async () => readFileSync(lock, 'utf8'))).toMatch(
    new RegExp(`^${process.pid} `),
  );
  expect(existsSync(lock)).toBe(false);
});

test('a living lock that was taken away by mistake still holds', async () => {
  const lock = join(root, 'living');
  const taken = `${lock}.0123456789abcdef.taken`;
  writeFileSync(taken, `1 elsewhere 00\n`);
  await expect(withLock(lock, async () => undefined)).rejects.toThrow(/got process 1 on elsewhere/);
  expect(existsSync(lock)).toBe(false);
  writeFileSync(taken, `4194305 ${hostname()} 00\n`);
  await withLock(lock, async () => undefined);
  expect(existsSync(taken)).toBe(false);
});
