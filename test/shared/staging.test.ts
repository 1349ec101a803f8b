/** Files appear whole or not at all: full disks, kills, signals, and links in the folder. */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { appendText, makeFolder, refuseLinks, writeWhole } from '../../src/shared/files.ts';
import { isStaged, stagedPath, stageFile } from '../../src/shared/staging.ts';
import { writeTogether } from '../../src/shared/write-together.ts';
import { smallDisk } from './_small-disk.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-staging-'));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
function folder(): string {
  const path = join(root, String(folders++));
  mkdirSync(path);
  return path;
}

const names = ['a.cipher.png', 'a.keys.jwe'];
const pairIn = (at: string, what: string) =>
  names.map((name) => ({ path: join(at, name), data: `${what} ${name}` }));
const textsIn = (at: string): Record<string, string> =>
  Object.fromEntries(readdirSync(at).map((name) => [name, readFileSync(join(at, name), 'utf8')]));

/** A folder with a pair and the key file of an older envelope. */
async function oldPair(): Promise<string> {
  const at = folder();
  await writeTogether(pairIn(at, 'old'));
  await writeWhole(join(at, 'a.keys.cms'), 'old a.keys.cms');
  return at;
}

const newTexts = { 'a.cipher.png': 'new a.cipher.png', 'a.keys.jwe': 'new a.keys.jwe' };
const oldTexts = {
  'a.cipher.png': 'old a.cipher.png',
  'a.keys.jwe': 'old a.keys.jwe',
  'a.keys.cms': 'old a.keys.cms',
};

describe('files that belong together', () => {
  test('replace older ones, and what is obsolete goes', async () => {
    const at = await oldPair();
    await writeTogether(pairIn(at, 'new'), [join(at, 'a.keys.cms'), join(at, 'a.keys.jwe')]);
    expect(textsIn(at)).toEqual(newTexts);
  });

  test.each(names)('a folder in the place of %s: everything stays as it was', async (name) => {
    const at = folder();
    mkdirSync(join(at, name));
    const other = join(at, names.find((one) => one !== name)!);
    writeFileSync(other, 'old');
    await expect(writeTogether(pairIn(at, 'new'))).rejects.toThrow(new RegExp(`cannot write .*${name}: `));
    expect(readdirSync(at).sort()).toEqual([...names].sort());
    expect(readFileSync(other, 'utf8')).toBe('old');
  });

  // Renames: 1 the list, 2 the cipher image, 3 the key file.
  test.each([
    [1, oldTexts, oldTexts],
    [2, oldTexts, newTexts],
    [3, { ...oldTexts, 'a.cipher.png': newTexts['a.cipher.png'] }, newTexts],
  ])('a kill before rename %i: the next start finds or makes a whole pair', async (call, left, then) => {
    const at = await oldPair();
    const child = fileURLToPath(new URL('./_stage-child.ts', import.meta.url));
    const { signal } = spawnSync(process.execPath, ['--import', 'tsx', child, at, String(call)]);
    expect(signal).toBe('SIGKILL');
    const found = Object.entries(textsIn(at)).filter(([name]) => !isStaged(name));
    expect(Object.fromEntries(found)).toEqual(left);
    await nextStart(at);
    expect(textsIn(at)).toEqual(then);
  });

  test('a list that names a file outside of its folder does nothing', async () => {
    const [at, victim] = [folder(), join(folder(), 'victim')];
    writeFileSync(victim, 'theirs');
    const dead = (kind: 'tmp' | 'commit') => stagedPath(at, kind).replace(`-${process.pid}-`, '-4194305-');
    writeFileSync(dead('commit'), JSON.stringify({ moves: [], obsolete: [`../${folders - 1}/victim`] }));
    writeFileSync(dead('tmp'), 'half');
    await nextStart(at);
    expect(readdirSync(at)).toEqual([]);
    expect(readFileSync(victim, 'utf8')).toBe('theirs');
  });
});

/** As of another process: this one has looked at the folder already. */
async function nextStart(at: string): Promise<void> {
  const { tidyFolder } = await import('../../src/shared/commit.ts');
  await tidyFolder(at);
}

describe('a full disk', () => {
  const disk = smallDisk(2);
  afterAll(disk.close);
  test.skipIf(disk.missing)(`keeps both old files ${disk.missing}`, async () => {
    await writeTogether(pairIn(disk.path, 'old'));
    const large = pairIn(disk.path, 'new').map((file) => ({ ...file, data: file.data.padEnd(1_200_000) }));
    await expect(writeTogether(large)).rejects.toThrow(/the disk is full; make room/);
    await expect(writeWhole(join(disk.path, names[0]!), large[0]!.data.padEnd(3_000_000))).rejects.toThrow(
      /full/,
    );
    expect(textsIn(disk.path)).toEqual({
      'a.cipher.png': 'old a.cipher.png',
      'a.keys.jwe': 'old a.keys.jwe',
    });
  });
});

describe('links in a folder', () => {
  const victim = join(root, 'victim');
  const linked = (name: string): string => {
    const path = join(folder(), name);
    writeFileSync(victim, 'theirs');
    symlinkSync(victim, path);
    return path;
  };
  test('a file replaces a link and leaves its target alone', async () => {
    for (const write of [
      (path: string) => writeWhole(path, 'mine'),
      (path: string) => writeTogether([{ path, data: 'mine' }]),
    ]) {
      const path = linked('result.json');
      await write(path);
      expect(readFileSync(path, 'utf8')).toBe('mine');
      expect(readFileSync(victim, 'utf8')).toBe('theirs');
    }
  });
  test('nothing is appended to the target of a link', async () => {
    await expect(appendText(linked('metrics.jsonl'), 'mine')).rejects.toMatchObject({ code: 'ELOOP' });
    expect(readFileSync(victim, 'utf8')).toBe('theirs');
  });
  test('a folder of results that is a link is refused', async () => {
    const [out, elsewhere] = [folder(), folder()];
    symlinkSync(elsewhere, join(out, 'ward'));
    await expect(refuseLinks(out, join(out, 'ward', 'a.cipher.png'))).rejects.toThrow(/symbolic link/);
    await expect(refuseLinks(join(out, 'ward'), join(out, 'ward', 'a.cipher.png'))).resolves.toBeUndefined();
  });
  test('temporary names are drawn anew, and one that is taken is not written to', async () => {
    const at = folder();
    const [first, second] = [await stageFile(at, ''), await stageFile(at, '')];
    expect(first.path).not.toBe(second.path);
    expect([first, second].every(({ path }) => isStaged(path.slice(at.length + 1)))).toBe(true);
  });
});

describe('what a process staged', () => {
  const code = (at: string, ending: string): string => `
    import { stageFile } from '${new URL('../../src/shared/staging.ts', import.meta.url)}';
    const parts = (async function* () { yield 'half'; console.log('staged'); await new Promise((r) => setTimeout(r, 60000)); })();
    ${ending}
    await stageFile(${JSON.stringify(at)}, parts);`;

  async function ended(at: string, signal: NodeJS.Signals, ending = ''): Promise<NodeJS.Signals | null> {
    const args = ['--import', 'tsx', '--input-type=module', '-e', code(at, ending)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(readdirSync(at)).toHaveLength(1);
    child.kill(signal);
    return new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('goes with %s, which still ends it', async (signal) => {
    const at = folder();
    expect(await ended(at, signal)).toBe(signal);
    expect(readdirSync(at)).toEqual([]);
  });

  test('in a thread goes with SIGINT too', async () => {
    const at = folder();
    const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    const program = `
      import { Workers } from ${url('../../src/shared/workers.ts')};
      await new Workers(new URL(${url('./_stage-work.ts')}), 1).run(${JSON.stringify(at)});`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', program];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    while (readdirSync(at).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 200));
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)))).toBe('SIGINT');
    expect(readdirSync(at)).toEqual([]);
  });

  test('goes at the next start after SIGKILL; what a living process staged stays', async () => {
    const at = folder();
    await ended(at, 'SIGKILL');
    expect(readdirSync(at)).toHaveLength(1);
    const mine = await stageFile(at, 'mine');
    await makeFolder(at);
    expect(readdirSync(at)).toEqual([mine.path.slice(at.length + 1)]);
    expect(existsSync(mine.path)).toBe(true);
  });
});
