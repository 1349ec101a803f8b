/** What goes wrong in a fetch, provoked on a real server, a real disk and with real kills. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { datasetImages } from '../../../src/data/datasets/presence.ts';
import { withLock } from '../../../src/shared/folder-lock.ts';
import { smallDisk } from '../../shared/_small-disk.ts';
import { tarGzOf } from './_archives.ts';
import { bytes, one, openRoom, type Room, real } from './_fetch.ts';
import { archiveOf, sendFile, type TestServer, withArchives } from './_server.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.close());

describe('faults, told apart, each with its remedy', () => {
  test.each<[string, Parameters<TestServer['on']['set']>[1], RegExp]>([
    [
      'a login page',
      (_, response) => response.setHeader('content-type', 'text/html').end('<html>'),
      /web page, perhaps a login; open the address/,
    ],
    [
      'a page under another type',
      (_, response) => response.end(`<!DOCTYPE html>${' '.repeat(1985)}`),
      /web page, perhaps a login/,
    ],
    ['403', (_, response) => response.writeHead(403).end(), /answered 403: it wants credentials/],
    [
      '404',
      (_, response) => response.writeHead(404).end(),
      /answered 404: the address has moved; look on the landing page, or use --mirror/,
    ],
    [
      '429',
      (_, response) => response.writeHead(429).end(),
      /answered 429: too many requests, it wants a pause, 2 times; run the command again/,
    ],
    [
      'a wrong length',
      (_, response) => response.end('x'),
      /offers 1 bytes instead of 2000: the file has changed/,
    ],
    ['a changed file', (_, response) => response.end(Buffer.alloc(2_000)), /expected md5/],
  ])('%s', async (_, listener, message) => {
    room.server.on.set('/labels', listener);
    const { failed, fetched } = await room.fetch([room.labelSet()]);
    expect(fetched).toEqual([]);
    expect(failed[0]!.reason).toMatch(message);
    expect(failed[0]!.reason).toMatch(/landing page: https:\/\/nihcc/);
    expect(existsSync(join(room.data, 'nih/labels.csv'))).toBe(false);
  });

  test('without a Kaggle token the remedy says how to get one', async () => {
    const set = withArchives(real('nih'), [
      { ...room.labelSet().archives[0]!, url: `${room.server.url}/gone`, auth: 'kaggle' },
    ]);
    expect((await room.fetch([set])).failed[0]!.reason).toMatch(
      /no Kaggle token was found: .*KAGGLE_API_TOKEN/,
    );
  });

  test('too little room: refused before the first byte', async () => {
    const set = withArchives(real('nih'), [{ ...room.labelSet().archives[0]!, bytes: 2 ** 52 }]);
    await expect(room.fetch([set])).rejects.toThrow(
      /expected 4503599.6 GB of free disk space, got .* GB; free some/,
    );
    expect(room.server.asked).toEqual([]);
  });

  test('what the system refuses is said with its place and the remedy', async () => {
    await mkdir(join(room.data, 'nih/archives/images_001.tar.gz.part'), { recursive: true });
    const set = withArchives(real('nih'), [
      archiveOf('images_001.tar.gz', one, { url: `${room.server.url}/one` }),
    ]);
    expect((await room.fetch([set])).failed[0]!.reason).toMatch(
      /nih: it is a folder; make room or correct it, then run/,
    );
  });

  test.each(['file:///data', 'nowhere', 'ftp://x/y'])('mirror %s', async (mirror) => {
    await expect(room.fetch([room.labelSet()], { mirror })).rejects.toThrow(
      /"mirror" expected an http or https address/,
    );
  });
});

describe('one command at a time in a folder', () => {
  const path = () => join(room.data, 'nih', '.busy');
  test('a second one is refused, and leaves the lock alone', async () => {
    await withLock(path(), async () => {
      await expect(room.fetch([room.labelSet()])).rejects.toThrow(
        /expected no other .*command at work, got this process/,
      );
      expect((await stat(path())).isFile()).toBe(true);
    });
    expect(existsSync(path())).toBe(false);
  });
  test('the lock of a process that was killed is taken over; one of another machine is not', async () => {
    await mkdir(join(room.data, 'nih'));
    await writeFile(path(), `4194305 ${hostname()}\n`); // above the largest pid of Linux
    expect((await room.fetch([room.labelSet()])).failed).toEqual([]);
    await writeFile(path(), '1 elsewhere\n');
    await expect(room.fetch([room.labelSet()])).rejects.toThrow(
      /process 1 on elsewhere; wait for it, or delete/,
    );
  });
});

describe('a process that is killed', () => {
  test.each(['download', 'extraction'])('kill -9 during the %s, then the same again', async (phase) => {
    const many = Array.from({ length: 200 }, (_, i) => ({
      name: `images/${String(i).padStart(8, '0')}_000.png`,
      data: Buffer.concat([Buffer.from(`${i}`), one.subarray(i)]),
    }));
    const archive = tarGzOf(many);
    room.server.on.set('/a', (request, response) =>
      sendFile(
        request,
        response,
        archive,
        phase === 'download' && room.server.asked.length === 1 ? 3e6 : undefined,
        'hangs',
      ),
    );
    const set = room.nih(archive, { count: 200 });
    const found = () => datasetImages(room.data, real('nih'));
    const child = spawn(process.execPath, ['--import', 'tsx', killable, room.data, JSON.stringify(set)]);
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    await until(async () =>
      phase === 'download'
        ? (await sizeOf(join(room.data, 'nih/archives/images_001.tar.gz.part'))) > 0
        : (await found()).length > 5,
    );
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expect(existsSync(join(room.data, 'nih/archives/images_001.tar.gz.sha256'))).toBe(false);
    const { fetched, failed } = await room.fetch([set]);
    expect(failed).toEqual([]);
    expect(fetched[0]!.kept).toBeGreaterThan(0);
    for (const { name, data: content } of many)
      expect((await readFile(join(room.data, 'nih', name))).equals(content)).toBe(true);
  });
});

/** A process to kill: `fetchDatasets` with a data folder and a set from the command line. */
const killable = fileURLToPath(new URL('./_fetch-child.ts', import.meta.url));
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(2);
}

describe('a full disk', () => {
  const disk = smallDisk(2);
  afterAll(() => disk.close());

  test.skipIf(disk.missing)(
    `in the middle of a download: nothing counts as whole, with room the same again does it ${disk.missing}`,
    async () => {
      const archive = tarGzOf([{ name: 'images/00000001_000.png', data: bytes(3_000_000) }]);
      // Without a length the server cannot be refused beforehand.
      room.server.on.set('/a', (request, response) => {
        if (request.headers.range) return sendFile(request, response, archive);
        response.write(archive.subarray(0, 1000));
        response.end(archive.subarray(1000));
      });
      const set = room.nih(archive, { bytes: null, md5: null });
      const data = join(disk.path, 'download');
      const { failed } = await room.fetch([set], { data });
      expect(failed[0]!.reason).toMatch(/the disk is full; make room or correct it, then run/);
      expect(existsSync(join(data, 'nih/archives/images_001.tar.gz'))).toBe(false);
      expect(await datasetImages(data, real('nih'))).toEqual([]);
      disk.resize(20);
      expect(await room.fetch([set], { data })).toMatchObject({ failed: [], fetched: [{ images: 1 }] });
    },
  );

  test.skipIf(disk.missing)(`in the middle of an extraction ${disk.missing}`, async () => {
    disk.resize(20);
    const images = Array.from({ length: 40 }, (_, i) => ({
      name: `images/000000${10 + i}_000.png`,
      data: Buffer.alloc(1_000_000, i), // packed they are small
    }));
    const archive = tarGzOf(images);
    room.server.on.set('/a', (request, response) => sendFile(request, response, archive));
    const data = join(disk.path, 'extraction');
    const set = room.nih(archive, { count: 40 });
    const { failed } = await room.fetch([set], { data });
    expect(failed[0]!.reason).toMatch(/the disk is full; make room/);
    expect(await datasetImages(data, real('nih'))).toEqual([]);
    disk.resize(80);
    const asked = room.server.asked.length;
    expect(await room.fetch([set], { data })).toMatchObject({ failed: [], fetched: [{ images: 40 }] });
    expect(room.server.asked.length).toBe(asked); // the archive was whole
    for (const { name, data: content } of images)
      expect((await readFile(join(data, 'nih', name))).equals(content)).toBe(true);
  });
});
