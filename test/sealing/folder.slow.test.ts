/** Whole folders: what one bad file, a kill and a second run do, and the ledger that refuses replays. */
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKeyPair } from '../../src/cipher/index.ts';
import { encodePng, loadRaster } from '../../src/data/images/image.ts';
import { chunk } from '../../src/data/images/png.ts';
import { decryptFile } from '../../src/sealing/decrypt-file.ts';
import { encryptFiles } from '../../src/sealing/encrypt-file.ts';
import { decryptFolder } from '../../src/sealing/folder/decrypt.ts';
import { summaryOf } from '../../src/sealing/folder/each.ts';
import { encryptFolder } from '../../src/sealing/folder/encrypt.ts';
import { openLedger } from '../../src/sealing/ledger.ts';
import { stream } from '../../src/shared/random.ts';
import type { Raster } from '../../src/shared/types.ts';
import { bytes, noiseImage } from '../attacks/_images.ts';
import { medchaos } from '../commands/_cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-folder-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (...parts: string[]) => join(dir, ...parts);
const pictures: Record<string, Raster> = {
  'a.png': noiseImage({ width: 31, height: 20, channels: 1, depth: 8 }, stream(1, 'folder')),
  'ward/b.png': noiseImage({ width: 20, height: 31, channels: 3, depth: 8 }, stream(2, 'folder')),
  'ward/c.png': noiseImage({ width: 9, height: 8, channels: 1, depth: 16 }, stream(3, 'folder')),
};

const options = { params: '3.95', net: 'resnet18', channels: 'native', force: false, jobs: 2 } as const;
const none = (line: string): never => {
  throw new Error(`unexpected warning: ${line}`);
};
const encrypt = (more: object = {}) =>
  encryptFolder(
    { ...options, folder: at('in'), out: at('sealed'), recipients: [at('public.pem')], ...more },
    none,
  );
const decrypt = (more: object = {}) =>
  decryptFolder({
    folder: at('sealed'),
    out: at('back'),
    privateKey: at('private.pem'),
    force: false,
    jobs: 2,
    ...more,
  });
const below = (folder: string) =>
  readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at(folder).length + 1))
    .sort();

/** A PNG of a few bytes that says it has 400 million pixels. */
function bomb(): Buffer {
  const header = Buffer.from([0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20, 8, 0, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', header), chunk('IDAT', Buffer.alloc(9)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

beforeAll(async () => {
  mkdirSync(at('in/ward'), { recursive: true });
  for (const [name, raster] of Object.entries(pictures))
    writeFileSync(at('in', name), await encodePng(raster));
  const { publicPem, privatePem } = await makeKeyPair(2048);
  writeFileSync(at('public.pem'), publicPem);
  writeFileSync(at('private.pem'), privatePem);
});

async function expectBack(folder: string): Promise<void> {
  for (const [name, plain] of Object.entries(pictures)) {
    const path = at(folder, name.replace('.png', '.decrypted.png'));
    const back = await loadRaster(readFileSync(path), path, 'native');
    expect(bytes(back.data).equals(bytes(plain.data)), name).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }
}

describe('a folder there and back', () => {
  test('every image, in folders as theirs', async () => {
    const result = await encrypt();
    expect(result).toMatchObject({ failed: [], skipped: [], others: 0, kinds: { image: 3 } });
    expect(result.done.map(({ image }) => image.slice(at('in').length + 1))).toEqual(Object.keys(pictures));
    const stems = ['a', 'ward/b', 'ward/c'];
    expect(below('sealed')).toEqual(stems.flatMap((stem) => [`${stem}.cipher.png`, `${stem}.keys.jwe`]));
    expect(await decrypt()).toMatchObject({ done: { length: 3 }, failed: [], skipped: [] });
    await expectBack('back');
  });

  test('again: nothing is done twice; after a kill between the two files, that image alone', async () => {
    const before = readFileSync(at('sealed/a.cipher.png'));
    rmSync(at('sealed/ward/b.keys.jwe'));
    const result = await encrypt();
    expect(result.done.map(({ image }) => image)).toEqual([at('in/ward/b.png')]);
    expect(result.skipped).toHaveLength(2);
    expect(readFileSync(at('sealed/a.cipher.png')).equals(before)).toBe(true);
    rmSync(at('back/ward/b.decrypted.png'));
    expect(await decrypt()).toMatchObject({ done: { length: 1 }, skipped: { length: 2 }, failed: [] });
    await expectBack('back');
  });

  test('one picture has one key file: another envelope takes the place of the first, and only if asked', async () => {
    const one = { out: at('one'), folder: at('in/ward'), jobs: 1 };
    const recipients = [at('public.pem')];
    const files = (envelope: 'jwe' | 'cms', force: boolean) =>
      encryptFiles({ ...options, images: [at('in/a.png')], out: one.out, recipients, envelope, force }, none);
    await files('jwe', false);
    await expect(files('cms', false)).rejects.toThrow(/exists already/);
    await files('cms', true);
    expect(below('one')).toEqual(['a.cipher.png', 'a.keys.cms']);
    rmSync(at('one/a.cipher.png'));
    await expect(files('jwe', false)).rejects.toThrow(/a\.keys\.cms exists already/);
    await files('jwe', true);
    expect(below('one')).toEqual(['a.cipher.png', 'a.keys.jwe']);
    mkdirSync(at('single'));
    cpSync(at('in/a.png'), at('single/a.png'));
    const again = await encrypt({ ...one, folder: at('single'), envelope: 'cms' });
    expect(again).toMatchObject({ done: [], skipped: [at('single/a.png')], failed: [] });
  });

  test('a network is asked for the parameters of every date, once an image', async () => {
    const asked: number[] = [];
    const outputs = async ([when]: readonly { second: number }[]) => {
      asked.push(when!.second);
      return [Float32Array.of(0.2, 0.4, 0.6)];
    };
    const network = async () => ({ run: 'a run', outputs, dispose: () => void asked.push(-1) });
    const { params, ...rest } = options;
    const request = { ...rest, folder: at('in'), out: at('net'), recipients: [at('public.pem')] };
    const dated = { ...request, date: '2020-01-02T03:04:05' };
    const result = await encryptFolder(dated, none, network as never);
    expect(result.done.map(({ parameters }) => parameters)).toEqual(['a run', 'a run', 'a run']);
    expect(asked).toEqual([5, 5, 5, -1]);
    const undated = await encryptFolder({ ...request, out: at('net2') }, none, network as never);
    expect(undated.failed.map(({ reason }) => reason)).toEqual(
      Array(3).fill(expect.stringMatching(/--date/)),
    );
  });
});

describe('one failure does not stop the rest', () => {
  test('a damaged image and one above the size limit; a picture that is there twice is encrypted twice', async () => {
    cpSync(at('in'), at('mixed'), { recursive: true });
    writeFileSync(at('mixed/cut.png'), readFileSync(at('in/a.png')).subarray(0, 200));
    writeFileSync(at('mixed/bomb.png'), bomb());
    await sharp(at('in/ward/b.png')).tiff({ compression: 'lzw' }).toFile(at('mixed/double.tif'));
    const args = ['mixed', '--params', '3.95', '--recipient', 'public.pem', '--out', 'most', '--json'];
    const { code, stdout } = medchaos(['encrypt', ...args], dir);
    expect(code).toBe(1);
    const { done, failed, copies } = JSON.parse(stdout);
    expect(done).toHaveLength(4);
    expect(copies).toBe(1);
    const told = new Map<string, string>(failed.map(({ file, reason }: never) => [file, reason]));
    expect(told.get('mixed/cut.png')).toMatch(/cut\.png/);
    expect(told.get('mixed/bomb.png')).toMatch(
      /at most 67 MB when decoded, got 400 MB from a file of 0\.1 kB/,
    );
    expect(told.size).toBe(2);
    expect(below('most')).toHaveLength(8);
    const [one, other] = ['double', 'ward/b'].map((stem) => readFileSync(at('most', `${stem}.cipher.png`)));
    expect(one!.equals(other!)).toBe(false);
  });

  test('key files exchanged, and one missing: no plain image of theirs, all of the others', async () => {
    cpSync(at('sealed'), at('swapped'), { recursive: true });
    renameSync(at('swapped/a.keys.jwe'), at('swapped/x'));
    cpSync(at('swapped/ward/b.keys.jwe'), at('swapped/a.keys.jwe'));
    rmSync(at('swapped/ward/c.keys.jwe'));
    const result = await decrypt({ folder: at('swapped'), out: at('some') });
    expect(result.failed.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/key file is for an image of 20x31/),
      expect.stringMatching(/cannot read key file .*c\.keys\.jwe: there is no such file/),
    ]);
    expect(below('some')).toEqual(['ward/b.decrypted.png']);
    expect(summaryOf('decrypted', result)).toMatch(
      /^failed: .*\nfailed: .*\ndecrypted 1 of 3 \(0 there already, 2 failed, 1 other file left alone\)$/,
    );
  });

  const refused: [string, () => Promise<unknown>, RegExp][] = [
    [
      'a folder without images',
      () => encrypt({ folder: at('sealed') }),
      /expected images or other files in the folder, got none/,
    ],
    [
      'a folder without cipher images',
      () => decrypt({ folder: at('in') }),
      /expected files NAME\.cipher\.png/,
    ],
    ['no such folder', () => encrypt({ folder: at('none') }), /cannot read folder/],
    ['no recipient', () => encrypt({ recipients: [] }), /expected a recipient/],
    ['jobs', () => encrypt({ jobs: 0 }), /"jobs" expected an integer/],
    [
      'a public key to decrypt with',
      () => decrypt({ privateKey: at('public.pem') }),
      /private key expected PEM/,
    ],
  ];
  test.each(refused)('refused at once: %s', (_, attempt, message) =>
    expect(attempt()).rejects.toThrow(message),
  );
});

describe('a file that cannot be read or written is one failure, and the others go on', () => {
  test('names that are no UTF-8 or too long, and a folder of results that is a link', async () => {
    const png = await encodePng(pictures['a.png']!);
    const [long, image] = [`${'n'.repeat(251)}.png`, (name: string) => at('odd', name)];
    mkdirSync(image('linked'), { recursive: true });
    mkdirSync(at('odd-sealed'));
    symlinkSync(at('in'), at('odd-sealed/linked'));
    const bytes = Buffer.concat([Buffer.from(`${at('odd')}/caf`), Buffer.of(0xe9), Buffer.from('.png')]);
    writeFileSync(bytes, png);
    writeFileSync(image('linked/l.png'), await encodePng(pictures['ward/c.png']!));
    writeFileSync(image('good.png'), await encodePng(pictures['ward/b.png']!));
    writeFileSync(image(long), png);
    const { done, failed } = await encrypt({ folder: at('odd'), out: at('odd-sealed') });
    expect(done.map((file) => file.image)).toEqual([image('good.png')]);
    const reasons = failed.map(({ file, reason }) => `${file.slice(at('odd').length + 1)}: ${reason}`).sort();
    expect(reasons).toEqual([
      expect.stringMatching(/^caf\ufffd\.png: its name is not UTF-8; rename it$/),
      expect.stringMatching(/^linked\/l\.png: .*symbolic link/),
      expect.stringMatching(/^n+\.png: cannot write .*: the name is too long;/),
    ]);
    expect(below('odd-sealed')).toEqual(['good.cipher.png', 'good.keys.jwe']);
    expect(below('in')).not.toContain('l.cipher.png');
  });
});

describe('the ledger', () => {
  const ledger = at('opened.jsonl');
  test('what was opened once is refused, by itself and in a folder, before anything is written', async () => {
    const one = { cipher: at('sealed/a.cipher.png'), privateKey: at('private.pem'), ledger, force: true };
    await decryptFile({ ...one, out: at('once.png') });
    await expect(decryptFile({ ...one, out: at('twice.png') })).rejects.toThrow(/opened before .* replay/);
    cpSync(at('sealed/a.cipher.png'), at('renamed.cipher.png'));
    cpSync(at('sealed/a.keys.jwe'), at('renamed.keys.jwe'));
    const renamed = { ...one, cipher: at('renamed.cipher.png'), out: at('twice.png') };
    await expect(decryptFile(renamed)).rejects.toThrow(/replay/);
    const rest = await decrypt({ out: at('rest'), ledger });
    expect(rest.failed.map(({ file }) => file)).toEqual([at('sealed/a.cipher.png')]);
    expect(below('rest')).toEqual(['ward/b.decrypted.png', 'ward/c.decrypted.png']);
    expect(readdirSync(dir)).not.toContain('twice.png');
    expect(statSync(ledger).mode & 0o777).toBe(0o600);
    expect(readFileSync(ledger, 'utf8')).not.toContain('PRIVATE');
  });

  test('what does not open leaves no line', async () => {
    const { length } = readFileSync(ledger);
    const wrong = {
      cipher: at('sealed/ward/b.cipher.png'),
      keys: at('sealed/a.keys.jwe'),
      ledger,
      force: true,
    };
    const attempt = decryptFile({ ...wrong, privateKey: at('private.pem'), out: at('wrong.png') });
    await expect(attempt).rejects.toThrow(/for an image of 31x20/);
    expect(readFileSync(ledger)).toHaveLength(length);
  });

  test('of many claims at once, by two readers, exactly one holds', async () => {
    const path = at('race.jsonl');
    const readers = [await openLedger(path), await openLedger(path)];
    const claims = Array.from({ length: 20 }, (_, i) => readers[i % 2]!.claim('nonce:1', `${i}.png`));
    const settled = await Promise.allSettled(claims);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(readers[0]!.claim('nonce:2', 'other.png')).resolves.toBeUndefined();
  });

  test('a line that a crash cut off harms no other', async () => {
    const path = at('cut.jsonl');
    await (await openLedger(path)).claim('nonce:1', 'a.png');
    appendFileSync(path, '{"id":"nonce:2","cl');
    const again = await openLedger(path);
    await again.claim('nonce:3', 'c.png');
    await expect(again.claim('nonce:1', 'a.png')).rejects.toThrow(/replay/);
    await expect((await openLedger(path)).claim('nonce:3', 'c.png')).rejects.toThrow(/has it for c\.png/);
  });

  describe('a claim whose picture was not written', () => {
    const path = at('unfinished.jsonl');
    const pending = { out: at('first.png'), inode: 1 };
    const claimed = async (more: object = {}) => {
      rmSync(path, { force: true });
      await (await openLedger(path)).claim('nonce:1', 'a.png', pending);
      const changed = readFileSync(path, 'utf8').trim();
      writeFileSync(path, `${JSON.stringify(merged(JSON.parse(changed), more))}\n`);
      return openLedger(path);
    };
    const merged = (claim: { pending: object }, more: object) => ({
      ...claim,
      pending: { ...claim.pending, ...more },
    });
    const other = { out: at('other.png'), inode: 2 };

    test('of a process that works on it: refused, and by the same name too once it is written', async () => {
      const parent = { pid: process.ppid };
      await expect((await claimed(parent)).claim('nonce:1', 'b.png', other)).rejects.toThrow(/is opening/);
    });
    test.each([
      ['a dead process', { pid: 4_194_305 }, other],
      ['a living one, for the same file', { pid: process.ppid }, pending],
      ['another machine, for the same file', { host: 'elsewhere' }, pending],
      ['this process, which gave it up', {}, other],
    ])('of %s: taken over, once', async (_, owner, next) => {
      const ledger = await claimed(owner);
      await ledger.claim('nonce:1', 'a.png', next);
      await ledger.finish('nonce:1');
      const again = await openLedger(path);
      await expect(again.claim('nonce:1', 'a.png', next)).rejects.toThrow(/replay/);
    });
    test('the picture has its name, but no line says so: a replay', async () => {
      writeFileSync(at('named.png'), 'picture');
      const { ino: inode } = statSync(at('named.png'));
      const ledger = await claimed({ pid: 4_194_305, out: at('named.png'), inode });
      rmSync(at('named.png')); // it was noted when the ledger was opened
      await expect(ledger.claim('nonce:1', 'a.png', other)).rejects.toThrow(/replay/);
    });
    test('of many that take it over at once, exactly one holds', async () => {
      await claimed({ pid: 4_194_305 });
      const readers = await Promise.all([1, 2, 3, 4].map(() => openLedger(path)));
      const claims = readers.map((reader, i) =>
        reader.claim('nonce:1', `${i}.png`, { out: at(`${i}.png`), inode: 9 }),
      );
      const held = (await Promise.allSettled(claims)).filter(({ status }) => status === 'fulfilled');
      expect(held).toHaveLength(1);
    });
  });

  test('another file is none', async () => {
    writeFileSync(at('letter.txt'), 'Dear colleague,\n');
    await expect(openLedger(at('letter.txt'))).rejects.toThrow(/expected a ledger, got another file/);
    await expect(openLedger(at('in'))).rejects.toThrow(/cannot read ledger/);
  });
});
