/** A real archive: files of every kind in a folder, none left readable without being named. */
import {
  cpSync,
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
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCurveKeyPair, makeKeyPair } from '../../src/cipher/index.ts';
import { openDicom } from '../../src/data/dicom/file.ts';
import { encodePng, loadRaster } from '../../src/data/images/image.ts';
import { decryptFile } from '../../src/sealing/decrypt-file.ts';
import { encryptFiles, planFiles } from '../../src/sealing/encrypt-file.ts';
import { decryptFolder } from '../../src/sealing/folder/decrypt.ts';
import { encryptFolder, planFolder } from '../../src/sealing/folder/encrypt.ts';
import { encryptedText } from '../../src/sealing/folder/summary.ts';
import { inspectFile } from '../../src/sealing/inspect.ts';
import { restoredPath } from '../../src/sealing/original-path.ts';
import { rewrapFiles } from '../../src/sealing/rewrap.ts';
import { openSealedFile } from '../../src/sealing/sealed-file.ts';
import { stream } from '../../src/shared/random.ts';
import { noiseImage } from '../attacks/_images.ts';
import { dicom, element } from '../data/dicom/_dicom.ts';
import { nested, scan, texts } from './dicom-object/_objects.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-archive-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (...parts: string[]) => join(dir, ...parts);
const none = (line: string): never => {
  throw new Error(`unexpected warning: ${line}`);
};
const options = { params: '3.95', net: 'resnet18', channels: 'native', force: false, jobs: 2 } as const;
const request = (more: object = {}) => ({
  ...options,
  folder: at('in'),
  out: at('sealed'),
  recipients: [at('public.pem')],
  ...more,
});
const opening = (folder: string, out: string) => ({
  folder: at(folder),
  out: at(out),
  privateKey: at('private.pem'),
  force: false,
  jobs: 2,
});
const below = (folder: string) =>
  readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(at(folder).length + 1))
    .sort();

const document = (more: Record<string, string>) =>
  dicom({ ...scan, pixels: null, texts: { ...texts, ...more } });
const other = { ...texts, '0020000d': 'UI 1.9.9' };

const files: Record<string, () => Promise<Buffer> | Buffer> = {
  'Jane Roe/scan.dcm': () => dicom(scan),
  'Jane Roe/second.dcm': () => dicom({ ...scan, texts: { ...texts, '00080018': 'UI 1.2.3.4.5.6.8' } }),
  'Jane Roe/copy.dcm': () => dicom(scan),
  'Jane Roe/other study.dcm': () => dicom({ ...scan, texts: other }),
  'IM.0001': () => dicom(scan, 'jpegLs'),
  'IM.0002': () => dicom({ ...scan, texts: other }, 'rle'),
  'no preamble': async () => (await dicom(scan)).subarray(132),
  'report.dcm': () => document({ '00080060': 'CS SR', '0040a160': 'UT Jane Roe is well' }),
  'plan.dcm': () => document({ '00080060': 'CS RTPLAN' }),
  'state.dcm': () => document({ '00080060': 'CS PR' }),
  'report as PDF.dcm': async () =>
    Buffer.concat([await document({}), element('00420011', 'OB', Buffer.from('%PDF Jane Roe'))]),
  DICOMDIR: () =>
    Buffer.concat([
      Buffer.alloc(128),
      Buffer.from('DICM'),
      element('00020010', 'UI', Buffer.from('1.2.840.10008.1.2.1')),
      element('00041130', 'CS', Buffer.from('DISC')),
      element('00041220', 'SQ', nested),
    ]),
  'letter.pdf': () => Buffer.from('%PDF-1.7 about Jane Roe'),
  'letter.txt': () => Buffer.from('Jane Roe, 4 Elm Street'),
  empty: () => Buffer.alloc(0),
  'a/b/large.bin': () => Buffer.alloc(300_000, 'Jane Roe '),
  'x.png': () => encodePng(noiseImage({ width: 11, height: 9, channels: 1, depth: 8 }, stream(1, 'archive'))),
};

beforeAll(async () => {
  const { publicPem, privatePem } = await makeKeyPair(2048);
  writeFileSync(at('public.pem'), publicPem);
  writeFileSync(at('private.pem'), privatePem, { mode: 0o600 });
  for (const [name, make] of Object.entries(files)) {
    mkdirSync(join(at('in'), name, '..'), { recursive: true });
    writeFileSync(at('in', name), await make());
  }
  writeFileSync(at('in/.hidden'), 'x');
  symlinkSync('letter.txt', at('in/link'));
});

const kinds = { 'DICOM image': 7, 'DICOM file without pixels': 5, 'other file': 4, image: 1 };

test('--dry-run says it all, and writes nothing', async () => {
  const before = readdirSync(dir);
  const plan = await planFolder(request(), none);
  expect(plan).toMatchObject({ kinds, failed: [], left: { length: 2 } });
  expect(readdirSync(dir)).toEqual(before);
  const of = (name: string) => plan.done.find(({ image }) => image === at('in', name))!;
  expect(of('letter.txt').readable).toEqual(['its name, in letter.txt.sealed', 'its length in bytes']);
  expect(of('x.png').readable).toEqual([
    'its name, in x.cipher.png',
    'size 11x9',
    '1 channels of 8 bits',
    'scheme hardened',
  ]);
  expect(of('Jane Roe/scan.dcm').readable).toContain('Modality (0008,0060) OT');
  expect(of('report.dcm').readable.join()).not.toMatch(/SR|Roe/);
  expect(encryptedText(plan, true)).toMatch(/^would encrypt 17 of 17 \(/m);
  const [one] = await planFiles(
    { ...request(), images: [at('in/letter.txt')], as: 'sealed', out: at('not-made') },
    none,
  );
  expect(one).toMatchObject({ kind: 'other file', cipher: at('not-made/letter.sealed') });
  expect(existsSync(at('not-made'))).toBe(false);
});

describe('every file there and back', () => {
  test('bit for bit, with counts by kind', async () => {
    const result = await encryptFolder(request(), none);
    expect(result).toMatchObject({ kinds, copies: 1, failed: [], skipped: [], results: 0 });
    expect(result.left).toEqual([
      { file: at('in/.hidden'), reason: 'a hidden file' },
      { file: at('in/link'), reason: 'a link, which is not followed' },
    ]);
    expect(encryptedText(result).split('\n')).toEqual([
      `left readable: ${at('in/.hidden')}: a hidden file`,
      `left readable: ${at('in/link')}: a link, which is not followed`,
      expect.stringMatching(
        /^encrypted 17 of 17 \(.*5 DICOM files without pixels.*7 DICOM images.*4 other files.*1 image.*1 copy among them, 2 left readable\)$/,
      ),
    ]);
    for (const file of below('sealed')) {
      const bytes = readFileSync(at('sealed', file));
      for (const text of ['Roe', 'Elm Street', 'PID4711', '1.2.3.4.5.6'])
        expect(bytes.includes(text), `${file} ${text}`).toBe(false);
    }
    expect(await decryptFolder(opening('sealed', 'back'))).toMatchObject({
      done: { length: 17 },
      failed: [],
    });
    for (const [name, make] of Object.entries(files)) {
      if (name === 'x.png') continue;
      const original = await make();
      const found = below('back').some((file) => readFileSync(at('back', file)).equals(original));
      expect(found, name).toBe(true);
    }
    expect(await encryptFolder(request(), none)).toMatchObject({ done: [], skipped: { length: 17 } });
    expect(await decryptFolder(opening('sealed', 'back'))).toMatchObject({
      done: [],
      skipped: { length: 17 },
    });
  });

  test('files whose names differ in the extension keep it', () => {
    for (const name of [
      'letter.pdf.sealed',
      'letter.txt.sealed',
      'IM.0001.cipher.dcm',
      'IM.0002.cipher.dcm',
      'empty.sealed',
    ])
      expect(below('sealed')).toContain(name);
    expect(below('back')).toContain('letter.decrypted.txt');
  });

  test('results among the files are not encrypted again, but files that are only called so are', async () => {
    cpSync(at('sealed'), at('mixed'), { recursive: true });
    writeFileSync(at('mixed/fake.sealed'), 'Jane Roe');
    writeFileSync(at('mixed/fake.cipher.dcm'), readFileSync(at('in/report.dcm')));
    writeFileSync(at('mixed/fake.cipher.png'), readFileSync(at('in/x.png')));
    writeFileSync(at('mixed/fake.keys.jwe.jwe'), 'Jane Roe');
    const result = await encryptFolder(request({ folder: at('mixed'), out: at('mixed') }), none);
    expect(result).toMatchObject({ done: { length: 4 }, failed: [], left: [], results: 18 });
  });

  test('a document is a valid object that shows nothing', async () => {
    const { dataSet } = openDicom(readFileSync(at('sealed/report.cipher.dcm')), 'a');
    expect(dataSet.string('x00080016')).toBe('1.2.840.10008.5.1.4.1.1.66');
    expect(dataSet.string('x00100010')).toBe('ENCRYPTED');
    expect(dataSet.elements.x0040a160).toBeUndefined();
    expect(dataSet.elements.x7fe00010).toBeUndefined();
  });
});

describe('--names neutral', () => {
  test('results have study-wise numbers; the names come back', async () => {
    const neutral = request({ out: at('neutral'), names: 'neutral' });
    expect(await encryptFolder(neutral, none)).toMatchObject({ kinds, failed: [] });
    for (const file of below('neutral'))
      expect(file).toMatch(
        /^(\.names\.json|(study-\d{4}|images|files)\/\d{4}\.(cipher\.(dcm|png)|keys\.jwe|sealed))$/,
      );
    for (const file of below('neutral'))
      expect(readFileSync(at('neutral', file)).includes('Roe'), file).toBe(false);
    writeFileSync(at('in/added.txt'), 'later');
    expect(await encryptFolder(neutral, none)).toMatchObject({
      done: { length: 1 },
      skipped: { length: 17 },
    });
    rmSync(at('in/added.txt'));
    const plan = await planFolder(neutral, none);
    expect(plan).toMatchObject({ done: [], skipped: { length: 17 } });
    expect(await decryptFolder(opening('neutral', 'names'))).toMatchObject({
      done: { length: 18 },
      failed: [],
    });
    expect(below('names')).toEqual([...Object.keys(files), 'added.txt'].sort());
    for (const [name, make] of Object.entries(files))
      if (name !== 'x.png') expect(readFileSync(at('names', name)).equals(await make()), name).toBe(true);
    const back = await loadRaster(readFileSync(at('names/x.png')), 'x', 'native');
    expect(back).toEqual(await loadRaster(readFileSync(at('in/x.png')), 'x', 'native'));
    expect(await decryptFolder(opening('neutral', 'names'))).toMatchObject({
      done: [],
      skipped: { length: 18 },
    });
  });

  test('images of a study have one number', async () => {
    const studies = below('neutral')
      .map((file) => file.split('/')[0]!)
      .filter((name) => name.startsWith('study'));
    expect(new Set(studies)).toEqual(new Set(['study-0001', 'study-0002']));
  });

  test.each(['npz', 'compact'] as const)('with the paper scheme, %s, and in CMS', async (keyFormat) => {
    for (const envelope of ['jwe', 'cms'] as const) {
      const out = at(`paper-${keyFormat}-${envelope}`);
      const one = {
        ...request(),
        scheme: 'paper' as const,
        keyFormat,
        envelope,
        images: [at('in/x.png')],
        out,
        names: 'neutral' as const,
      };
      await encryptFiles(one, () => undefined);
      const opened = await decryptFolder({
        ...opening(`paper-${keyFormat}-${envelope}`, `names-${keyFormat}-${envelope}`),
      });
      expect(opened.done.map(({ out: path }) => path)).toEqual([
        at(`names-${keyFormat}-${envelope}`, 'x.png'),
      ]);
    }
  });

  test('numbers that are none are refused', async () => {
    mkdirSync(at('foreign'));
    writeFileSync(
      at('foreign/.names.json'),
      '{"format":"medchaos names 1","salt":"00","files":{"a":"../../x"}}',
    );
    await expect(encryptFolder(request({ out: at('foreign'), names: 'neutral' }), none)).rejects.toThrow(
      /expected the numbers of files/,
    );
  });

  test.each(['../x', '/etc/x', 'a/../../x', '.bashrc', 'a/.ssh/x', '', 'a//b', 'a\nb'])(
    'a path that leads elsewhere: %j',
    (path) => {
      expect(() => restoredPath('out', path, null)).toThrow(/leads elsewhere/);
    },
  );
});

describe('sealed files', () => {
  const open = async (bytes: Buffer, pem = readFileSync(at('private.pem'), 'utf8')) => {
    writeFileSync(at('try.sealed'), bytes);
    return openSealedFile(at('try.sealed'), pem);
  };
  test('any changed bit, and any cut, is noticed before anything is written', async () => {
    const sealed = readFileSync(at('sealed/letter.txt.sealed'));
    for (let i = 0; i < 60; i++) {
      const changed = Buffer.from(sealed);
      changed[Math.floor((i * (sealed.length - 1)) / 59)]! ^= 1;
      await expect(open(changed), `${i}`).rejects.toMatchObject({ name: 'InputError' });
    }
    for (let length = 0; length < sealed.length; length += 41)
      await expect(open(sealed.subarray(0, length))).rejects.toMatchObject({ name: 'InputError' });
    await expect(open(Buffer.concat([sealed, Buffer.alloc(1)]))).rejects.toThrow(/bytes, where/);
  });

  test('another key opens nothing; new recipients do, and the bytes stay', async () => {
    const { publicPem, privatePem } = await makeCurveKeyPair('x25519');
    writeFileSync(at('new.pem'), publicPem);
    const sealed = at('sealed/letter.txt.sealed');
    await expect(open(readFileSync(sealed), privatePem)).rejects.toThrow(/does not open/);
    const rewrap = {
      files: [sealed],
      privateKey: at('private.pem'),
      recipients: [at('new.pem')],
      out: at('rewrapped'),
      force: false,
    };
    await rewrapFiles(rewrap, none);
    writeFileSync(at('new-private.pem'), privatePem, { mode: 0o600 });
    const out = at('letter-again.txt');
    await decryptFile({
      cipher: at('rewrapped/letter.txt.sealed'),
      privateKey: at('new-private.pem'),
      out,
      force: false,
    });
    expect(readFileSync(out).equals(readFileSync(at('in/letter.txt')))).toBe(true);
  });

  test('inspect says what it is and what is readable', async () => {
    const { kind, scheme, recipientCount, readable } = await inspectFile(at('sealed/letter.txt.sealed'));
    expect({ kind, scheme, recipientCount }).toEqual({
      kind: 'sealed file',
      scheme: 'sealed',
      recipientCount: 1,
    });
    expect(readable).toContainEqual({ name: 'bytes of the file', value: '22' });
    expect(JSON.stringify(readable)).not.toContain('letter');
  });

  test('the ledger refuses the second time', async () => {
    const once = {
      cipher: at('sealed/report.cipher.dcm'),
      privateKey: at('private.pem'),
      ledger: at('ledger.jsonl'),
      force: true,
    };
    for (const cipher of [once.cipher, at('sealed/letter.txt.sealed')]) {
      await decryptFile({ ...once, cipher, out: at('once') });
      await expect(decryptFile({ ...once, cipher, out: at('twice') })).rejects.toThrow(/replay/);
    }
  });
});
