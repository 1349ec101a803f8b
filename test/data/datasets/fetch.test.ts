/** Fetching sets from a real HTTP server on this machine, with small archives in place of the real ones. */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Archive } from '../../../src/data/datasets/lock.ts';
import { datasetImages } from '../../../src/data/datasets/presence.ts';
import { readRecord } from '../../../src/data/datasets/record.ts';
import { tarGzOf, zipOf } from './_archives.ts';
import { bytes, labels, one, openRoom, other, type Room, real } from './_fetch.ts';
import { archiveOf, sendFile, sha256, withArchives } from './_server.ts';

let room: Room;
beforeEach(async () => {
  room = await openRoom();
});
afterEach(() => room.close());

describe('a fetch', () => {
  test('brings, verifies and records; the second asks for nothing', async () => {
    const result = await room.fetch([room.labelSet()]);
    expect(result).toMatchObject({ failed: [], byHand: [], fetched: [{ file: 'labels.csv', kept: 0 }] });
    expect((await readFile(join(room.data, 'nih/labels.csv'))).equals(labels)).toBe(true);
    expect(await readRecord(join(room.data, 'nih'))).toMatchObject({
      'labels.csv': { bytes: 2_000, extracted: null },
    });
    expect(existsSync(join(room.data, 'nih/.busy'))).toBe(false);
    expect((await room.fetch([room.labelSet()])).fetched).toMatchObject([{ kept: 2_000 }]);
    expect(room.server.asked.length).toBe(1);
  });

  test('what the lock file does not know is recorded, and binds from then on', async () => {
    const unknown = {
      ...archiveOf('labels.csv', labels, { of: 'labels' }),
      bytes: null,
      md5: null,
      sha256: null,
    };
    const set = withArchives(real('nih'), [{ ...unknown, url: `${room.server.url}/labels` }]);
    await room.fetch([set]);
    await rm(join(room.data, 'nih/labels.csv'));
    room.server.on.set('/labels', (_, response) => response.end(Buffer.alloc(labels.length)));
    expect((await room.fetch([set])).failed[0]!.reason).toMatch(
      /expected md5 .*, got .*landing page: https:/,
    );
  });

  test('a second-hand checksum that differs: the way out is a browser and `import`', async () => {
    const marks = { url: 'confirmed', bytes: 'confirmed', md5: 'unknown', sha256: 'second-hand' } as const;
    const known = { of: 'labels', url: `${room.server.url}/labels`, md5: null, sha256: sha256(one) };
    const reason = async (more: object): Promise<string> => {
      const set = withArchives(real('nih'), [archiveOf('labels.csv', labels, { ...known, ...more })]);
      return (await room.fetch([set])).failed[0]!.reason;
    };
    expect(await reason({ marks })).toContain(
      `download labels.csv in a browser and run: medchaos datasets import nih labels.csv --data ${room.data}`,
    );
    expect(await reason({})).not.toMatch(/import/);
  });

  test('one that fails does not stop the others; the next run does the rest only', async () => {
    const files = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      archiveOf(`${name}.csv`, one, { of: 'labels', url: `${room.server.url}/one?${name}` }),
    );
    const serve = (): void => {
      for (const { url } of files)
        room.server.on.set(url!.slice(room.server.url.length), (request, response) =>
          sendFile(request, response, one),
        );
    };
    serve();
    let tries = 0;
    room.server.on.set('/one?b', (request, response) =>
      tries++ === 0 ? sendFile(request, response, one, 1_000) : request.destroy(),
    );
    room.server.on.set('/one?c', (_, response) => response.writeHead(404).end());
    const set = withArchives(real('nih'), files);
    const first = await room.fetch([set]);
    expect(first.fetched.map(({ file }) => file).sort()).toEqual(['a.csv', 'd.csv', 'e.csv']);
    expect(first.failed.map(({ file }) => file).sort()).toEqual(['b.csv', 'c.csv']);
    const before = room.server.asked.length;
    serve();
    expect(await room.fetch([set])).toMatchObject({ failed: [] });
    expect(room.server.asked.length - before).toBe(2);
    expect(room.server.asked.some(({ range }) => range?.startsWith('bytes='))).toBe(true);
  });

  test('progress ends at the sum', async () => {
    const seen: [string, number, number | null][] = [];
    let expected = new Map<string, number>();
    await room.fetch([room.labelSet()], {
      progress: (all) => {
        expected = new Map(all);
        return { update: (...step) => void seen.push(step), stop: () => {} };
      },
    });
    expect([...expected]).toEqual([['nih/labels.csv', 2_000]]);
    expect(seen.at(-1)).toEqual(['nih/labels.csv', 2_000, 2_000]);
  });

  test('a mirror is asked by set and file, without credentials, and nobody else', async () => {
    const set = room.labelSet();
    const mirrored = withArchives(set, [{ ...set.archives[0]!, auth: 'kaggle' }]);
    const credentials = { headers: { authorization: 'Bearer secret' }, from: 'test' };
    await room.fetch([mirrored], { mirror: `${room.server.url}/`, credentials });
    expect(room.server.asked).toEqual([
      { path: '/nih/labels.csv', range: undefined, authorization: undefined },
    ]);
  });

  test('credentials go to Kaggle only, and to no stand-in', async () => {
    const credentials = { headers: { authorization: 'Bearer secret' }, from: 'test' };
    const [first, second] = [
      archiveOf('one.csv', one, { of: 'labels', auth: 'kaggle', url: `${room.server.url}/gone` }),
      archiveOf('other.csv', other, {
        of: 'labels',
        alternativeTo: 'one.csv',
        url: `${room.server.url}/other`,
      }),
    ];
    // Labels have no stand-ins in the lock file; the plan takes them by name all the same.
    const set = withArchives(real('pneumonia'), [
      { ...first, of: 'images' },
      { ...second, of: 'images' },
    ]);
    await room.fetch([set], { credentials, sets: [set] });
    expect(room.server.asked.map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/gone', 'Bearer secret'],
      ['/other', undefined],
    ]);
  });
});

describe('archives', () => {
  const names = ['00000001_000', '00000001_001', '00000002_000'].map((name) => `images/${name}.png`);
  const images = Object.fromEntries(names.map((name, i) => [name, bytes(1_000 * (i + 1))]));
  const listed = Object.entries(images).map(([name, content]) => ({ name, data: content }));
  const tar = tarGzOf(listed);
  const serve = (archive: Buffer) =>
    room.server.on.set('/a', (request, response) => sendFile(request, response, archive));
  const found = () => datasetImages(room.data, real('nih'));

  test('are extracted, listed and recorded; without the archive nothing is fetched again', async () => {
    serve(tar);
    const set = room.nih(tar, { count: 3 });
    expect((await room.fetch([set])).fetched).toMatchObject([{ images: 3 }]);
    expect(await found()).toEqual(names.map((name) => `nih/${name}`));
    const list = await readFile(join(room.data, 'nih/archives/images_001.tar.gz.sha256'), 'utf8');
    expect(list).toBe(names.map((name) => `${sha256(images[name]!)}  ${name}\n`).join(''));
    await rm(join(room.data, 'nih/archives/images_001.tar.gz'));
    expect((await room.fetch([set])).fetched).toMatchObject([{ images: 3, kept: tar.length }]);
    expect(room.server.asked.length).toBe(1);
    // The remedy of verify: without the list all of it is done again.
    await rm(join(room.data, 'nih/archives/images_001.tar.gz.sha256'));
    await rm(join(room.data, 'nih', names[0]!));
    expect((await room.fetch([set])).fetched).toMatchObject([{ images: 3, kept: 0 }]);
    expect((await found()).length).toBe(3);
  });

  test('a set that the user unpacked is not fetched, nor with its record gone', async () => {
    serve(tar);
    const set = { ...room.nih(tar), images: 3 };
    await room.fetch([set]);
    await rm(join(room.data, 'nih/record.json'));
    expect(await room.fetch([set])).toMatchObject({ fetched: [], failed: [], unpacked: ['nih'] });
    await rm(join(room.data, 'nih', names[0]!));
    expect(await room.fetch([set])).toMatchObject({ fetched: [{ images: 3 }], unpacked: [] });
    expect(room.server.asked.length).toBe(1);
  });

  test('--limit takes the first images; more are taken later without a download', async () => {
    serve(tar);
    expect((await room.fetch([room.nih(tar)], { limit: 2 })).fetched).toMatchObject([{ images: 2 }]);
    expect((await found()).length).toBe(2);
    expect((await room.fetch([room.nih(tar)])).fetched).toMatchObject([{ images: 3 }]);
    expect((await found()).length).toBe(3);
    expect(room.server.asked.length).toBe(1);
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
    expect((await room.fetch([room.nih(archive, more)])).failed[0]!.reason).toMatch(message);
    expect(await found()).toEqual([]);
  });

  test('the second source takes over, and is remembered', async () => {
    const zip = zipOf([{ name: 'chest_xray/train/NORMAL/IM-0115-0001.jpeg', data: one }]);
    serve(zip);
    const set = withArchives(real('pneumonia'), [
      archiveOf('kaggle.zip', one, { url: `${room.server.url}/gone` }),
      archiveOf('mendeley.zip', zip, { url: `${room.server.url}/a`, alternativeTo: 'kaggle.zip' }),
    ]);
    expect((await room.fetch([set])).fetched).toMatchObject([{ file: 'mendeley.zip', images: 1 }]);
    expect((await room.fetch([set])).fetched).toMatchObject([{ file: 'mendeley.zip', kept: zip.length }]);
    expect(room.server.asked.map(({ path }) => path)).toEqual(['/gone', '/a']);
  });

  test('another version of a set with published hashes is refused', async () => {
    const zip = zipOf([{ name: 'Training/glioma/Tr-gl_0010.jpg', data: one }]);
    serve(zip);
    const set = {
      ...real('brain-mri'),
      archives: [archiveOf('brain.zip', zip, { url: `${room.server.url}/a` })],
    };
    expect((await room.fetch([set])).failed[0]!.reason).toMatch(
      /expected the files of brain-mri as published, got 1 of 1 others, first Training\/glioma\/Tr-gl_0010.jpg/,
    );
  });
});
