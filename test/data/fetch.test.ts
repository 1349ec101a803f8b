/** Fetching sets from a real HTTP server on this machine, with small archives in place of the real ones. */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kaggleCredentials } from '../../src/data/credentials.ts';
import { type FetchOptions, fetchDatasets } from '../../src/data/fetch.ts';
import { withLock } from '../../src/data/folder-lock.ts';
import { type Archive, type Dataset, readLock } from '../../src/data/lock.ts';
import { parseOnly, parseParts, planFetch } from '../../src/data/plan.ts';
import { datasetImages } from '../../src/data/presence.ts';
import { readRecord } from '../../src/data/record.ts';
import { duration, transferNote } from '../../src/data/transfer.ts';
import { stream } from '../../src/shared/random.ts';
import { tarGzOf, zipOf } from './_archives.ts';
import { archiveOf, sendFile, serveFiles, sha256, type TestServer, withArchives } from './_server.ts';

const random = stream(1, 'fetch');
const bytes = (n: number): Buffer => Buffer.from(Uint8Array.from({ length: n }, () => random.int(256)));
const [labels, one, other] = [bytes(2_000), bytes(50_000), bytes(40_000)];
const lock = readLock().datasets;
const real = (id: string): Dataset => lock.find((set) => set.id === id)!;

let data: string;
let server: TestServer;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'medchaos-fetch-'));
  server = await serveFiles(
    new Map([
      ['/labels', labels],
      ['/one', one],
      ['/other', other],
      ['/nih/labels.csv', labels],
    ]),
  );
});
afterEach(async () => {
  await server.close();
  await rm(data, { recursive: true });
});

const labelSet = (): Dataset =>
  withArchives(real('nih'), [archiveOf('labels.csv', labels, { of: 'labels', url: `${server.url}/labels` })]);
const fetch = (sets: Dataset[], more: Partial<FetchOptions> = {}) =>
  fetchDatasets({
    data,
    sets,
    credentials: { headers: {}, from: null },
    retry: { tries: 2, pause: () => 0 },
    ...more,
  });

describe('the plan', () => {
  const files = (selection: object) =>
    planFetch(lock, selection, 'data').map(({ set, files: taken }) => [
      set.id,
      taken
        .filter(({ archive }) => archive.of === 'images')
        .map(({ archive, images }) => [archive.file, images]),
    ]);
  const all = (n: number) => [`images_${String(n).padStart(3, '0')}.tar.gz`, null];

  test('everything: 12 parts, nothing of DRIVE, one of two sources', () => {
    expect(files({})).toEqual([
      ['nih', Array.from({ length: 12 }, (_, i) => all(i + 1))],
      ['drive', []],
      ['pneumonia', [['chest-xray-pneumonia.zip', null]]],
      ['brain-mri', [['brain-tumor-mri-dataset.zip', null]]],
    ]);
  });
  test('parts, and as few of them as hold the wanted images', () => {
    expect(files({ only: ['nih'], parts: [2, 12] })).toEqual([['nih', [all(2), all(12)]]]);
    expect(files({ only: ['nih'], limit: 100 })).toEqual([['nih', [['images_001.tar.gz', 100]]]]);
    expect(files({ only: ['nih'], limit: 5_000 })).toEqual([['nih', [all(1), ['images_002.tar.gz', 1]]]]);
    expect(files({ only: ['nih'], limit: 4_999 })).toEqual([['nih', [all(1)]]]);
    expect(files({ only: ['brain-mri'], limit: 10 })).toEqual([
      ['brain-mri', [['brain-tumor-mri-dataset.zip', 10]]],
    ]);
  });
  test('labels come with any parts; DRIVE with what to do by hand', () => {
    const [nih, drive] = planFetch(lock, { only: ['nih', 'drive'], parts: [1] }, 'my data');
    expect(nih!.files.filter(({ archive }) => archive.of === 'labels').length).toBe(5);
    expect(drive!.byHand).toBe(
      'drive cannot be fetched by a program: log in at https://drive.grand-challenge.org/, download training.zip and test.zip, then run: medchaos datasets import drive training.zip test.zip --data my data',
    );
  });
  test.each<[string, () => unknown, RegExp]>([
    ['part 13', () => files({ parts: [13] }), /"parts" expected numbers from 1 to 12 for nih, got 13/],
    ['parts without nih', () => files({ only: ['drive'], parts: [1] }), /add nih to --only/],
    ['limit 0', () => files({ limit: 0 }), /"limit" expected a positive integer, got 0/],
    ['limit 1.5', () => files({ limit: 1.5 }), /got 1.5/],
    [
      'an unknown set',
      () => parseOnly('nih,xray'),
      /expected some of nih, drive, pneumonia, brain-mri, got xray/,
    ],
    ['an empty set', () => parseOnly('nih,'), /got nothing/],
    ['part x', () => parseParts('1,x'), /expected numbers such as 1,2, got x/],
    ['part 0', () => parseParts('0'), /got 0/],
  ])('refuses %s', (_, wrong, message) => expect(wrong).toThrow(message));
});

describe('a fetch', () => {
  test('brings, verifies and records; the second asks for nothing', async () => {
    const result = await fetch([labelSet()]);
    expect(result).toMatchObject({ failed: [], byHand: [], fetched: [{ file: 'labels.csv', kept: 0 }] });
    expect((await readFile(join(data, 'nih/labels.csv'))).equals(labels)).toBe(true);
    expect(await readRecord(join(data, 'nih'))).toMatchObject({
      'labels.csv': { bytes: 2_000, extracted: null },
    });
    expect(existsSync(join(data, 'nih/.busy'))).toBe(false);
    expect((await fetch([labelSet()])).fetched).toMatchObject([{ kept: 2_000 }]);
    expect(server.asked.length).toBe(1);
  });

  test('what the lock file does not know is recorded, and binds from then on', async () => {
    const unknown = {
      ...archiveOf('labels.csv', labels, { of: 'labels' }),
      bytes: null,
      md5: null,
      sha256: null,
    };
    const set = withArchives(real('nih'), [{ ...unknown, url: `${server.url}/labels` }]);
    await fetch([set]);
    await rm(join(data, 'nih/labels.csv'));
    server.on.set('/labels', (_, response) => response.end(Buffer.alloc(labels.length)));
    expect((await fetch([set])).failed[0]!.reason).toMatch(/expected md5 .*, got .*landing page: https:/);
  });

  test('a second-hand checksum that differs: the way out is a browser and `import`', async () => {
    const marks = { url: 'confirmed', bytes: 'confirmed', md5: 'unknown', sha256: 'second-hand' } as const;
    const known = { of: 'labels', url: `${server.url}/labels`, md5: null, sha256: sha256(one) };
    const reason = async (more: object): Promise<string> => {
      const set = withArchives(real('nih'), [archiveOf('labels.csv', labels, { ...known, ...more })]);
      return (await fetch([set])).failed[0]!.reason;
    };
    expect(await reason({ marks })).toContain(
      `download labels.csv in a browser and run: medchaos datasets import nih labels.csv --data ${data}`,
    );
    expect(await reason({})).not.toMatch(/import/);
  });

  test('one that fails does not stop the others; the next run does the rest only', async () => {
    const files = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      archiveOf(`${name}.csv`, one, { of: 'labels', url: `${server.url}/one?${name}` }),
    );
    const serve = (): void => {
      for (const { url } of files)
        server.on.set(url!.slice(server.url.length), (request, response) => sendFile(request, response, one));
    };
    serve();
    let tries = 0;
    server.on.set('/one?b', (request, response) =>
      tries++ === 0 ? sendFile(request, response, one, 1_000) : request.destroy(),
    );
    server.on.set('/one?c', (_, response) => response.writeHead(404).end());
    const set = withArchives(real('nih'), files);
    const first = await fetch([set]);
    expect(first.fetched.map(({ file }) => file).sort()).toEqual(['a.csv', 'd.csv', 'e.csv']);
    expect(first.failed.map(({ file }) => file).sort()).toEqual(['b.csv', 'c.csv']);
    const before = server.asked.length;
    serve();
    expect(await fetch([set])).toMatchObject({ failed: [] });
    expect(server.asked.length - before).toBe(2);
    expect(server.asked.some(({ range }) => range?.startsWith('bytes='))).toBe(true);
  });

  test('progress ends at the sum', async () => {
    const seen: [string, number, number | null][] = [];
    let expected = new Map<string, number>();
    await fetch([labelSet()], {
      progress: (all) => {
        expected = new Map(all);
        return { update: (...step) => void seen.push(step), stop: () => {} };
      },
    });
    expect([...expected]).toEqual([['nih/labels.csv', 2_000]]);
    expect(seen.at(-1)).toEqual(['nih/labels.csv', 2_000, 2_000]);
  });

  test('a mirror is asked by set and file, without credentials, and nobody else', async () => {
    const set = labelSet();
    const mirrored = withArchives(set, [{ ...set.archives[0]!, auth: 'kaggle' }]);
    const credentials = { headers: { authorization: 'Bearer secret' }, from: 'test' };
    await fetch([mirrored], { mirror: `${server.url}/`, credentials });
    expect(server.asked).toEqual([{ path: '/nih/labels.csv', range: undefined, authorization: undefined }]);
  });

  test('credentials go to Kaggle only, and to no stand-in', async () => {
    const credentials = { headers: { authorization: 'Bearer secret' }, from: 'test' };
    const [first, second] = [
      archiveOf('one.csv', one, { of: 'labels', auth: 'kaggle', url: `${server.url}/gone` }),
      archiveOf('other.csv', other, { of: 'labels', alternativeTo: 'one.csv', url: `${server.url}/other` }),
    ];
    // Labels have no stand-ins in the lock file; the plan takes them by name all the same.
    const set = withArchives(real('pneumonia'), [
      { ...first, of: 'images' },
      { ...second, of: 'images' },
    ]);
    await fetch([set], { credentials, sets: [set] });
    expect(server.asked.map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/gone', 'Bearer secret'],
      ['/other', undefined],
    ]);
  });
});

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
    server.on.set('/labels', listener);
    const { failed, fetched } = await fetch([labelSet()]);
    expect(fetched).toEqual([]);
    expect(failed[0]!.reason).toMatch(message);
    expect(failed[0]!.reason).toMatch(/landing page: https:\/\/nihcc/);
    expect(existsSync(join(data, 'nih/labels.csv'))).toBe(false);
  });

  test('without a Kaggle token the remedy says how to get one', async () => {
    const set = withArchives(real('nih'), [
      { ...labelSet().archives[0]!, url: `${server.url}/gone`, auth: 'kaggle' },
    ]);
    expect((await fetch([set])).failed[0]!.reason).toMatch(/no Kaggle token was found: .*KAGGLE_API_TOKEN/);
  });

  test('too little room: refused before the first byte', async () => {
    const set = withArchives(real('nih'), [{ ...labelSet().archives[0]!, bytes: 2 ** 52 }]);
    await expect(fetch([set])).rejects.toThrow(
      /expected 4503599.6 GB of free disk space, got .* GB; free some/,
    );
    expect(server.asked).toEqual([]);
  });

  test('what the system refuses is said with its place and the remedy', async () => {
    await mkdir(join(data, 'nih/archives/images_001.tar.gz.part'), { recursive: true });
    const set = withArchives(real('nih'), [
      archiveOf('images_001.tar.gz', one, { url: `${server.url}/one` }),
    ]);
    expect((await fetch([set])).failed[0]!.reason).toMatch(
      /nih: it is a folder; make room or correct it, then run/,
    );
  });

  test.each(['file:///data', 'nowhere', 'ftp://x/y'])('mirror %s', async (mirror) => {
    await expect(fetch([labelSet()], { mirror })).rejects.toThrow(
      /"mirror" expected an http or https address/,
    );
  });
});

describe('one command at a time in a folder', () => {
  const path = () => join(data, 'nih', '.busy');
  test('a second one is refused, and leaves the lock alone', async () => {
    await withLock(path(), async () => {
      await expect(fetch([labelSet()])).rejects.toThrow(
        /expected no other .*command at work, got this process/,
      );
      expect((await stat(path())).isFile()).toBe(true);
    });
    expect(existsSync(path())).toBe(false);
  });
  test('the lock of a process that was killed is taken over; one of another machine is not', async () => {
    await mkdir(join(data, 'nih'));
    await writeFile(path(), `4194305 ${hostname()}\n`); // above the largest pid of Linux
    expect((await fetch([labelSet()])).failed).toEqual([]);
    await writeFile(path(), '1 elsewhere\n');
    await expect(fetch([labelSet()])).rejects.toThrow(/process 1 on elsewhere; wait for it, or delete/);
  });
});

describe('archives', () => {
  const names = ['00000001_000', '00000001_001', '00000002_000'].map((name) => `images/${name}.png`);
  const images = Object.fromEntries(names.map((name, i) => [name, bytes(1_000 * (i + 1))]));
  const listed = Object.entries(images).map(([name, content]) => ({ name, data: content }));
  const tar = tarGzOf(listed);
  const nih = (archive: Buffer, more: Partial<Archive> = {}): Dataset =>
    withArchives(real('nih'), [archiveOf('images_001.tar.gz', archive, { url: `${server.url}/a`, ...more })]);
  const serve = (archive: Buffer) =>
    server.on.set('/a', (request, response) => sendFile(request, response, archive));
  const found = () => datasetImages(data, real('nih'));

  test('are extracted, listed and recorded; without the archive nothing is fetched again', async () => {
    serve(tar);
    const set = nih(tar, { count: 3 });
    expect((await fetch([set])).fetched).toMatchObject([{ images: 3 }]);
    expect(await found()).toEqual(names.map((name) => `nih/${name}`));
    const list = await readFile(join(data, 'nih/archives/images_001.tar.gz.sha256'), 'utf8');
    expect(list).toBe(names.map((name) => `${sha256(images[name]!)}  ${name}\n`).join(''));
    await rm(join(data, 'nih/archives/images_001.tar.gz'));
    expect((await fetch([set])).fetched).toMatchObject([{ images: 3, kept: tar.length }]);
    expect(server.asked.length).toBe(1);
    // The remedy of verify: without the list all of it is done again.
    await rm(join(data, 'nih/archives/images_001.tar.gz.sha256'));
    await rm(join(data, 'nih', names[0]!));
    expect((await fetch([set])).fetched).toMatchObject([{ images: 3, kept: 0 }]);
    expect((await found()).length).toBe(3);
  });

  test('a set that the user unpacked is not fetched, nor with its record gone', async () => {
    serve(tar);
    const set = { ...nih(tar), images: 3 };
    await fetch([set]);
    await rm(join(data, 'nih/record.json'));
    expect(await fetch([set])).toMatchObject({ fetched: [], failed: [], unpacked: ['nih'] });
    await rm(join(data, 'nih', names[0]!));
    expect(await fetch([set])).toMatchObject({ fetched: [{ images: 3 }], unpacked: [] });
    expect(server.asked.length).toBe(1);
  });

  test('--limit takes the first images; more are taken later without a download', async () => {
    serve(tar);
    expect((await fetch([nih(tar)], { limit: 2 })).fetched).toMatchObject([{ images: 2 }]);
    expect((await found()).length).toBe(2);
    expect((await fetch([nih(tar)])).fetched).toMatchObject([{ images: 3 }]);
    expect((await found()).length).toBe(3);
    expect(server.asked.length).toBe(1);
  });

  test.each<[string, Buffer, Partial<Archive>, RegExp]>([
    [
      'fewer images than the lock file says',
      tar,
      { count: 4 },
      /expected 4 files of nih, got 3 images in 3 files/,
    ],
    ['a hostile archive', tarGzOf([...listed, { name: '../x' }]), {}, /"\.\.\/x" \(a path upwards\)/],
    ['no image of the set', tarGzOf([{ name: 'a.png' }]), {}, /expected images of nih, got 0 images/],
  ])('%s: failed, no image is left', async (_, archive, more, message) => {
    serve(archive);
    expect((await fetch([nih(archive, more)])).failed[0]!.reason).toMatch(message);
    expect(await found()).toEqual([]);
  });

  test('the second source takes over, and is remembered', async () => {
    const zip = zipOf([{ name: 'chest_xray/train/NORMAL/IM-0115-0001.jpeg', data: one }]);
    serve(zip);
    const set = withArchives(real('pneumonia'), [
      archiveOf('kaggle.zip', one, { url: `${server.url}/gone` }),
      archiveOf('mendeley.zip', zip, { url: `${server.url}/a`, alternativeTo: 'kaggle.zip' }),
    ]);
    expect((await fetch([set])).fetched).toMatchObject([{ file: 'mendeley.zip', images: 1 }]);
    expect((await fetch([set])).fetched).toMatchObject([{ file: 'mendeley.zip', kept: zip.length }]);
    expect(server.asked.map(({ path }) => path)).toEqual(['/gone', '/a']);
  });

  test('another version of a set with published hashes is refused', async () => {
    const zip = zipOf([{ name: 'Training/glioma/Tr-gl_0010.jpg', data: one }]);
    serve(zip);
    const set = { ...real('brain-mri'), archives: [archiveOf('brain.zip', zip, { url: `${server.url}/a` })] };
    expect((await fetch([set])).failed[0]!.reason).toMatch(
      /expected the files of brain-mri as published, got 1 of 1 others, first Training\/glioma\/Tr-gl_0010.jpg/,
    );
  });

  test.each(['download', 'extraction'])('kill -9 during the %s, then the same again', async (phase) => {
    const many = Array.from({ length: 200 }, (_, i) => ({
      name: `images/${String(i).padStart(8, '0')}_000.png`,
      data: Buffer.concat([Buffer.from(`${i}`), one.subarray(i)]),
    }));
    const archive = tarGzOf(many);
    server.on.set('/a', (request, response) =>
      sendFile(
        request,
        response,
        archive,
        phase === 'download' && server.asked.length === 1 ? 3e6 : undefined,
        'hangs',
      ),
    );
    const set = nih(archive, { count: 200 });
    const child = spawn(process.execPath, ['--import', 'tsx', killable, data, JSON.stringify(set)]);
    const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
    await until(async () =>
      phase === 'download'
        ? (await sizeOf(join(data, 'nih/archives/images_001.tar.gz.part'))) > 0
        : (await found()).length > 5,
    );
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expect(existsSync(join(data, 'nih/archives/images_001.tar.gz.sha256'))).toBe(false);
    const { fetched, failed } = await fetch([set]);
    expect(failed).toEqual([]);
    expect(fetched[0]!.kept).toBeGreaterThan(0);
    for (const { name, data: content } of many)
      expect((await readFile(join(data, 'nih', name))).equals(content)).toBe(true);
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

describe('Kaggle credentials', () => {
  const write = (name: string, content: string) => writeFile(join(data, name), content);
  const find = (env: Record<string, string> = {}) => kaggleCredentials({ KAGGLE_CONFIG_DIR: data, ...env });

  test('none, kaggle.json, access_token, name and key, token: each goes before the last', async () => {
    expect(await find()).toEqual({ headers: {}, from: null });
    await write('kaggle.json', '{"username":"ann","key":"k"}');
    expect((await find()).headers.authorization).toBe('Basic YW5uOms='); // ann:k
    await write('access_token', 'T1\n');
    expect((await find()).headers.authorization).toBe('Bearer T1');
    const pair = { KAGGLE_USERNAME: 'bob', KAGGLE_KEY: 'x' };
    expect((await find(pair)).headers.authorization).toBe('Basic Ym9iOng='); // bob:x
    expect(await find({ ...pair, KAGGLE_API_TOKEN: 'T2' })).toEqual({
      headers: { authorization: 'Bearer T2' },
      from: 'KAGGLE_API_TOKEN',
    });
  });
  test('half a pair, a damaged file, a token of two lines', async () => {
    await expect(find({ KAGGLE_USERNAME: 'bob' })).rejects.toThrow(/expected both, got one of them/);
    await expect(find({ KAGGLE_API_TOKEN: 'a\nb' })).rejects.toThrow(/expected a token .* on one line/);
    for (const wrong of ['{', 'null', '{"username":"ann"}']) {
      await write('kaggle.json', wrong);
      await expect(find()).rejects.toThrow(/kaggle.json: expected \{"username", "key"\}/);
    }
  });
});

test('speed and time left', () => {
  expect(transferNote(0, 10, 1)).toBe('starting');
  expect(transferNote(25e6, 50e6, 2)).toBe('12.5 MB/s, 4 s left');
  expect([0, 59, 60, 61, 3600, 7261].map(duration)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '2 min',
    '1 h 0 min',
    '2 h 2 min',
  ]);
});
