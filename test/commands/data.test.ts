/** pairs and datasets: what their commands write and say. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import datasets from '../../scripts/datasets.ts';
import pairs from '../../scripts/pairs.ts';
import { readLock } from '../../src/data/datasets/lock.ts';
import { encodePng, loadRaster } from '../../src/data/images/image.ts';
import { extraNames } from '../../src/data/metadata/extra.ts';
import { encoderNames, readMetadataImage } from '../../src/data/pairs/encode.ts';
import { readManifest } from '../../src/data/pairs/manifest.ts';
import { imageOfSheet } from '../../src/data/pairs/sheet.ts';
import { noise } from '../data/images/_images.ts';

const dir = await mkdtemp(join(tmpdir(), 'medchaos-data-'));
afterAll(() => rm(dir, { recursive: true }));

describe('pairs', () => {
  const options = {
    encoder: 'text',
    target: 'calendar',
    map: 'lorenz',
    count: 20,
    size: 64,
    seed: 1,
    valFraction: 0.1,
  } as const;
  const run = (more: object) => pairs.run({ ...options, ...more } as never);

  test('writes table, summary and sheet, the same ones each time', async () => {
    const [a, b] = [join(dir, 'a'), join(dir, 'b')];
    const result = await run({ out: a });
    await run({ out: b });
    for (const file of ['pairs.csv', 'pairs.json', 'sheet.png'])
      expect(readFileSync(join(a, file)).equals(readFileSync(join(b, file)))).toBe(true);
    const sheet = await loadRaster(readFileSync(join(a, 'sheet.png')), 'sheet.png', 'native');
    expect(sheet).toMatchObject({ width: 540, height: 200, channels: 1 });
    expect(result.json).toMatchObject({ out: a, count: 20, splits: { train: 16, val: 2, test: 2 } });
    expect(result.text).toMatch(/^20 pairs: .*synthetic 20$/m);
    expect(result.text).toMatch(/^next: medchaos train/m);
    const { text } = await run({ out: a, describe: true });
    expect(text).toMatch(/^none +synthetic +train +16 ( \d\.\d{4}-\d\.\d{4} ?){3}$/m);
    expect(text).toMatch(/^target_3: mean 0\.\d+, sd .*\n20 pairs$/m);
  });

  describe('with extra metadata', () => {
    const out = join(dir, 'extra');
    const data = join(dir, 'images');
    const more = { out, data, count: undefined, copies: 'pixels', extra: extraNames.join(',') };

    test.each(encoderNames)('%s: every picture is read back, those of the sheet too', async (encoder) => {
      await mkdir(join(data, 'nih/images'), { recursive: true });
      for (let i = 0; i < 12; i++)
        await writeFile(
          join(data, `nih/images/0000000${i >> 1}_00${i & 1}.png`),
          await encodePng(noise(8, 8, 1, 8, i)),
        );
      const { json, text } = await run({ ...more, encoder, check: true });
      expect(json).toMatchObject({ count: 12, check: { pairs: 12, sheet: 12, encoder, size: 64 } });
      expect(text).toMatch(
        /^read back: 12 metadata images .* and 12 of sheet.png, each says what its row does$/m,
      );
      const next = /^next: medchaos train --net resnet18 (.*)--size 64 --pairs/m.exec(text)?.[1];
      expect(next).toBe(encoder === 'text' ? '' : `--encoder ${encoder} `);
      const sheet = await loadRaster(readFileSync(join(out, 'sheet.png')), 'sheet.png', 'native');
      const [row] = (await readManifest(join(out, 'pairs.csv'))).rows.slice(9);
      expect(readMetadataImage(imageOfSheet(sheet, 9, 64)!, 64, encoder, true)).toEqual({
        ...row!.when,
        // 00000004, as `printf nih:00000004 | sha256sum` says it.
        extra: { modality: 'DX', patient: 'f3dc563916d48e67' },
      });
      await rm(out, { recursive: true });
    });

    test('a row that was edited, and a sheet of other pairs, are told', async () => {
      await run(more);
      const path = join(out, 'pairs.csv');
      const table = readFileSync(path, 'utf8');
      await writeFile(path, table.replace(/T(\d\d):(\d\d):(\d\d)/, 'T$1:$3:$2'));
      await expect(run({ ...more, check: true })).rejects.toThrow(
        /image 1 of .*sheet.png: expected .* in text, 64x64, got .*; write both again with: medchaos pairs/,
      );
      await writeFile(path, table);
      await writeFile(join(out, 'sheet.png'), await encodePng(noise(540, 132, 1, 8, 1)));
      await expect(run({ ...more, check: true })).rejects.toThrow(/got no metadata image of this kind/);
    });

    test('its pictures may need more room', async () => {
      await expect(run({ ...more, out: join(dir, 'wrong'), encoder: 'bits', size: 20 })).rejects.toThrow(
        /at least 26 for encoder bits with extra metadata, got 20/,
      );
    });
  });

  test('damaged images are named', async () => {
    const data = join(dir, 'some-damaged');
    await mkdir(data);
    for (let i = 0; i < 12; i++) await writeFile(join(data, `bad${i}.png`), '');
    await writeFile(join(data, 'good.png'), await encodePng(noise(8, 8, 1, 8, 1)));
    const { text, json } = await run({ out: join(dir, 'named'), data, count: undefined });
    expect(json).toMatchObject({ count: 1, skipped: { damaged: 12 } });
    expect(text.match(/^damaged: bad\d+.png: expected an image, got an empty file$/gm)).toHaveLength(10);
    expect(text).toMatch(/^\.\.\. 2 more damaged; images.jsonl of the run has all$/m);
  });

  test('a wrong option leaves nothing behind', async () => {
    for (const wrong of [{ size: 20 }, { count: 0 }, { data: join(dir, 'none') }, { valFraction: 2 }]) {
      await expect(run({ out: join(dir, 'wrong'), ...wrong })).rejects.toMatchObject({ name: 'InputError' });
      expect(existsSync(join(dir, 'wrong'))).toBe(false);
    }
  });
});

describe('datasets list', () => {
  const run = (data: string) => datasets.run({ action: 'list', data } as never);

  test('the sets, their licences, nothing present', async () => {
    const { json, text } = await run(dir);
    const sets = (json as { datasets: { state: string; archives: number }[] }).datasets;
    expect(sets.slice(0, 4).map(({ state, archives }) => `${state} ${archives}`)).toEqual([
      'missing 17',
      'missing 2',
      'missing 1',
      'missing 1',
    ]);
    for (const { id, landing } of readLock().datasets) {
      expect(text).toContain(`${id}:`);
      expect(text).toContain(landing);
    }
  });

  test('a folder that is not there is refused, the default one is merely empty', async () => {
    await expect(run(join(dir, 'none'))).rejects.toThrow(/cannot read data folder/);
  });
});

describe('datasets fetch, verify, import', () => {
  const run = (options: object) => datasets.run({ data: join(dir, 'sets'), ...options } as never);

  test('DRIVE asked for by name: what to do, and exit code 1', async () => {
    const { text, exitCode, json } = await run({ action: 'fetch', only: 'drive' });
    expect(text).toMatch(
      /log in at https:.*run: medchaos datasets import drive training.zip test.zip --data/,
    );
    expect(exitCode).toBe(1);
    expect(json).toMatchObject({ fetched: [], failed: [], byHand: [{ set: 'drive' }] });
  });

  test('what failed is asked for again by the same command, not by one that fetches more', async () => {
    const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/copy`;
    const data = join(dir, 'again');
    const { text, exitCode } = await run({ action: 'fetch', data, only: 'nih', parts: '2,3', mirror });
    server.close();
    expect(exitCode).toBe(1);
    expect(text).toMatch(/^nih\/images_002.tar.gz: failed: .*answered 404/m);
    const again = `fetch --only nih --parts 2,3 --mirror ${mirror} --data ${data}`;
    expect(text).toContain(`next: medchaos datasets ${again} goes on where this one stopped`);
  });

  test('verify says what is wrong and what to do; nothing at all is no fault unless asked for', async () => {
    const images = join(dir, 'sets/brain-mri/Testing/glioma');
    await mkdir(images, { recursive: true });
    await writeFile(join(images, 'Te-gl_0050.jpg'), 'not it');
    const wrong = await run({ action: 'verify' });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.text).toMatch(/^nih: absent; 0 files compared; 0 missing, 0 damaged, 0 extra$/m);
    expect(wrong.text).toMatch(/^brain-mri: bad; 1 files compared; 7022 missing, 1 damaged, 0 extra$/m);
    expect(wrong.text).toMatch(/^ {2}damaged: Testing\/glioma\/Te-gl_0050.jpg$/m);
    expect(wrong.text).toMatch(
      /^ {2}remedy: delete the damaged files, then run: medchaos datasets fetch --only brain-mri/m,
    );
    expect((await run({ action: 'verify', only: 'nih' })).exitCode).toBe(1);
    await rm(join(dir, 'sets/brain-mri'), { recursive: true });
    expect((await run({ action: 'verify' })).exitCode).toBe(0);
  });

  test.each<[string, object, RegExp]>([
    ['a limit to list', { action: 'list', limit: 1 }, /--limit expected with another action than list/],
    ['a mirror to verify', { action: 'verify', mirror: 'http://x' }, /--mirror expected with another action/],
    [
      'files to fetch',
      { action: 'fetch', names: ['nih'] },
      /"fetch" expected no file names, got nih; choose sets with --only/,
    ],
    ['nothing to import', { action: 'import' }, /"import" expected a set, one of nih, drive/],
    ['an unknown set', { action: 'verify', only: 'xray' }, /"only" expected some of nih/],
  ])('refuses %s', async (_, options, message) => {
    await expect(run(options)).rejects.toThrow(message);
  });
});
