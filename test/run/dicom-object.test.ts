/** Encrypted DICOM objects: what comes back, what anybody can read of them, and what is refused. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  encryptHardened,
  hardenedContent,
  type KeyPair,
  makeCurveKeyPair,
  makeKeyPair,
  openCms,
  sealCms,
} from '../../src/cipher/index.ts';
import { encodeElements, textElement } from '../../src/data/dicom/elements.ts';
import { openDicom, parseDataSet } from '../../src/data/dicom/file.ts';
import { decodeDicom } from '../../src/data/dicom/image.ts';
import { writeDicom } from '../../src/data/dicom/write.ts';
import { decryptFile } from '../../src/run/decrypt-file.ts';
import { openSealedDicom, sealDicom, takeApart } from '../../src/run/dicom-object.ts';
import { encryptFiles } from '../../src/run/encrypt-file.ts';
import { decryptFolder } from '../../src/run/folder/decrypt.ts';
import { encryptFolder } from '../../src/run/folder/encrypt.ts';
import { dicom, type Picture, type Syntax, syntaxes } from '../data/dicom/_dicom.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-dicom-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (...parts: string[]) => join(dir, ...parts);
let [anna, boris] = [] as unknown as [KeyPair, KeyPair];
beforeAll(async () => {
  [anna, boris] = await Promise.all([makeKeyPair(2048), makeKeyPair(2048)]);
  writeFileSync(at('anna.pem'), anna.publicPem);
  writeFileSync(at('anna-private.pem'), anna.privatePem, { mode: 0o600 });
  writeFileSync(at('boris-private.pem'), boris.privatePem);
});

const secret = Buffer.alloc(32, 7);
const names = [
  'Roe^Jane',
  'PID4711',
  '19470511',
  '20240229',
  'St. Elsewhere',
  'my private note',
  '1.2.3.4.5.6',
];
const texts = {
  '00080016': 'UI 1.2.840.10008.5.1.4.1.1.7',
  '00080018': 'UI 1.2.3.4.5.6.7',
  '00080020': 'DA 20240229',
  '00080022': 'DA 20240229',
  '00080060': 'CS OT',
  '00080080': 'LO St. Elsewhere',
  '00090010': 'LO ACME',
  '00091001': 'LT my private note',
  '00100010': 'PN Roe^Jane',
  '00100020': 'LO PID4711',
  '00100030': 'DA 19470511',
  '0020000d': 'UI 1.2.3.4.5.6',
  '00281052': 'DS -1024',
};
/** A code sequence that stays, with a name inside, which does not. */
const nested = encodeElements([
  {
    tag: '00082218',
    vr: 'SQ',
    value: [[textElement('00080104', 'LO', 'Chest'), textElement('00081030', 'LO', 'Roe^Jane')]],
  },
]).subarray(12);
const words = (count: number, bits = 16): Uint16Array =>
  Uint16Array.from({ length: count }, (_, i) => (Math.imul(i, 40503) >>> 3) & (2 ** bits - 1));
const bytes = (count: number): Uint8Array => Uint8Array.from(words(count));
const scan: Picture = { width: 9, height: 7, words: words(63, 12), stored: 12, texts };

async function sealed(original: Buffer, recipients = [anna.publicPem], name = 'a.dcm'): Promise<Buffer> {
  const plain = await takeApart(original, name);
  const input = { map: 'logistic', params: [3.95], metadata: null } as const;
  const { cipher, key } = encryptHardened(plain.pieces.cells, input);
  return sealDicom(plain, cipher, hardenedContent(key, cipher), secret, recipients);
}

const valueAt = (file: Buffer, tag: string): Buffer => {
  const { dataOffset, length } = openDicom(file, '').dataSet.elements[tag]!;
  return file.subarray(dataOffset, dataOffset + length);
};

/** The CMS in an object, without its padding. */
function contentOf(object: Buffer): Buffer {
  const item = openDicom(object, '').dataSet.elements.x04000500!.items![0]!.dataSet!;
  const { dataOffset, length } = item.elements.x04000520!;
  const content = object.subarray(dataOffset, dataOffset + length);
  return content.subarray(0, 4 + content.readUInt16BE(2)); // 30 82 and two bytes of length
}

describe('the file comes back to the bit', () => {
  const kinds: Record<string, [Picture, Syntax[]]> = {
    '12 of 16 bits, private attributes': [
      scan,
      Object.keys(syntaxes).filter((name) => name !== 'jpeg') as Syntax[],
    ],
    'signed, three frames': [
      { ...scan, words: words(189), stored: 16, signed: true, frames: 3 },
      ['explicit', 'implicit', 'bigEndian', 'rle'],
    ],
    '8 bits, an odd number': [
      { ...scan, words: bytes(63), stored: 8 },
      ['explicit', 'implicit', 'bigEndian', 'jpeg'],
    ],
    '8 bits as words': [{ ...scan, width: 8, words: bytes(56), stored: 8, vr: 'OW' }, ['bigEndian']],
    RGB: [{ ...scan, words: bytes(189), stored: 8, samples: 3 }, ['explicit', 'rle', 'jpeg']],
    'colour by plane': [{ ...scan, words: bytes(189), stored: 8, samples: 3, planar: true }, ['explicit']],
    'subsampled colour': [
      { ...scan, width: 8, words: bytes(112), stored: 8, samples: 3, photometric: 'YBR_FULL_422' },
      ['explicit'],
    ],
    'single bits': [{ ...scan, words: bytes(8), allocated: 1, stored: 1 }, ['explicit']],
    'single bits in whole bytes': [
      { ...scan, width: 16, words: bytes(14), allocated: 1, stored: 1 },
      ['explicit'],
    ],
    '32 bits': [{ ...scan, words: words(126), allocated: 32, stored: 32 }, ['explicit', 'implicit']],
    'more samples than rows and columns need': [{ ...scan, words: words(80, 12) }, ['explicit']],
    'one pixel': [
      { ...scan, width: 1, height: 1, words: words(1), stored: 16 },
      ['explicit', 'jpegLs', 'deflated'],
    ],
  };
  const cases = Object.entries(kinds).flatMap(([kind, [picture, list]]) =>
    list.map((syntax): [string, Syntax, Picture] => [kind, syntax, picture]),
  );
  test.each(cases)('%s, %s', async (_, syntax, picture) => {
    const original = await dicom(picture, syntax);
    const object = await sealed(original);
    const opened = openSealedDicom(object, 'a', anna.privatePem);
    expect(opened.file.equals(original)).toBe(true);
    expect(opened.size).toMatchObject({ width: picture.width, height: picture.height });
    const outer = openDicom(object, 'a').dataSet;
    for (const tag of ['x00280002', 'x00280010', 'x00280011', 'x00280100'])
      expect(outer.uint16(tag)).toBe(openDicom(original, 'a').dataSet.uint16(tag));
    const room = (picture.frames ?? 1) * picture.width * picture.height;
    if (picture.allocated !== 1 && picture.photometric !== 'YBR_FULL_422')
      expect(outer.elements.x7fe00010!.length).toBe(
        2 * Math.ceil((room * (picture.samples ?? 1) * outer.uint16('x00280100')!) / 16),
      );
  });

  test('with bytes behind the data set, and a preamble', async () => {
    const padding = encodeElements([{ tag: 'fffcfffc', vr: 'OB', value: Buffer.from('padding') }]);
    const original = Buffer.concat([await dicom(scan), padding]);
    original.write('II*\0', 0, 'latin1');
    expect(openSealedDicom(await sealed(original), 'a', anna.privatePem).file.equals(original)).toBe(true);
  });

  test('each of two recipients opens it', async () => {
    const original = await dicom(scan);
    const object = await sealed(original, [anna.publicPem, boris.publicPem]);
    for (const { privatePem } of [anna, boris])
      expect(openSealedDicom(object, 'a', privatePem).file.equals(original)).toBe(true);
  });
});

describe('what anybody can read', () => {
  const with0 = { ...scan, further: { '00082218': ['SQ', nested] } } as Picture;
  test.each(['explicit', 'implicit', 'bigEndian', 'deflated', 'jpegLs'] as const)(
    '%s: nothing of the patient',
    async (syntax) => {
      const picture = syntax === 'explicit' ? with0 : scan;
      const object = await sealed(await dicom(picture, syntax));
      for (const name of names) expect(object.includes(name), name).toBe(false);
      const { dataSet, transferSyntax } = openDicom(object, 'a');
      expect(transferSyntax).toBe(syntaxes.explicit);
      const text = (tag: string) => dataSet.string(tag);
      expect([text('x00100010'), text('x00120062'), text('x00280303')]).toEqual([
        'ENCRYPTED',
        'YES',
        'REMOVED',
      ]);
      expect(text('x00100020')).toMatch(/^ENC-[0-9a-f]{12}$/);
      expect(text('x00281052')).toBe('-1024');
      for (const tag of ['x00080018', 'x0020000d', 'x0020000e'])
        expect(text(tag)).toMatch(/^2\.25\.\d{1,39}$/);
      expect(text('x00020003')).toBe(text('x00080018'));
      expect(dataSet.uint16('x00280101')).toBe(16);
      if (syntax === 'explicit')
        expect(dataSet.elements.x00082218!.items![0]!.dataSet!.string('x00080104')).toBe('Chest');
    },
  );

  test('its picture is the cipher image, of which nothing is like the plain one', async () => {
    const original = await dicom(scan);
    const object = await sealed(original);
    const { raster } = await decodeDicom(object, 'a');
    expect(raster).toMatchObject({ width: 9, height: 7, channels: 1, depth: 16 });
    const plain = await decodeDicom(original, 'a');
    const equal = raster.data.filter((value, i) => value === plain.raster.data[i]).length;
    expect(equal).toBeLessThan(4); // by chance 63 / 65536
  });

  test('UIDs and patients stay apart or together under one secret, and change with it', async () => {
    const uids = async (more: object, other = secret) => {
      const plain = await takeApart(await dicom({ ...scan, texts: { ...texts, ...more } }), 'a');
      const { cipher, key } = encryptHardened(plain.pieces.cells, {
        map: 'logistic',
        params: [3.9],
        metadata: null,
      });
      const object = sealDicom(plain, cipher, hardenedContent(key, cipher), other, [anna.publicPem]);
      const { dataSet } = openDicom(object, 'a');
      return ['x00080018', 'x0020000d', 'x00100020'].map((tag) => dataSet.string(tag));
    };
    const one = await uids({});
    const two = await uids({ '00080018': 'UI 1.2.3.4.5.6.8' });
    expect(two[0]).not.toBe(one[0]);
    expect(two.slice(1)).toEqual(one.slice(1));
    expect((await uids({ '00100020': 'LO PID4712' }))[2]).not.toBe(one[2]);
    const others = await uids({}, Buffer.alloc(32, 8));
    others.forEach((text, i) => {
      expect(text).not.toBe(one[i]);
    });
  });

  test('a file that says little becomes a valid secondary capture', async () => {
    const object = await sealed(await dicom({ ...scan, texts: {} }));
    const { dataSet } = openDicom(object, 'a');
    expect(dataSet.string('x00080016')).toBe('1.2.840.10008.5.1.4.1.1.7');
    expect(dataSet.string('x00080018')).toMatch(/^2\.25\./);
    for (const tag of ['x00080020', 'x00080050', 'x00100010', 'x00100020', 'x00200011'])
      expect(dataSet.elements[tag]).toBeDefined();
    expect((await sealed(await dicom({ ...scan, texts: {} }))).equals(object)).toBe(false);
  });
});

describe('the encrypted attributes, as other programs find them', () => {
  const installed = spawnSync('openssl', ['cms', '-help']).status === 0;
  const python = process.env.MEDCHAOS_PYTHON ?? 'python3';
  const pydicom = spawnSync(python, ['-c', 'import pydicom, numpy']).status === 0;
  const cms = (file: string, out: string) =>
    spawnSync('openssl', [
      ...['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', file, '-out', out],
      ...['-inkey', at('anna-private.pem')],
    ]);

  test('the originals of all that was changed, in the Modified Attributes Sequence', async () => {
    const inner = openCms(contentOf(await sealed(await dicom(scan))), 'enveloped', anna.privatePem);
    const item = parseDataSet(inner, 'fffffffe').elements.x04000550!.items![0]!.dataSet!;
    for (const [tag, text] of Object.entries(texts))
      expect(item.string(`x${tag}`), tag).toBe(
        ['00080016', '00080060', '00281052'].includes(tag) ? undefined : text.slice(3),
      );
    expect(item.uint16('x00280101')).toBe(12);
  });

  test.skipIf(!installed)(`openssl cms opens them ${installed ? '' : '(needs openssl)'}`, async () => {
    const content = contentOf(await sealed(await dicom(scan)));
    writeFileSync(at('content.der'), content);
    const { status, stderr } = cms(at('content.der'), at('content.bin'));
    expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(at('content.bin')).equals(openCms(content, 'enveloped', anna.privatePem))).toBe(true);
  });

  const missing = installed && pydicom ? '' : `(needs openssl, and pydicom and numpy in ${python})`;
  test.skipIf(missing)(
    `pydicom reads the object and, once decrypted, the attributes ${missing}`,
    async () => {
      const further = { '00082218': ['SQ', nested] } as const;
      for (const [picture, syntax, shape] of [
        [{ ...scan, further }, 'explicit', [7, 9]],
        [{ ...scan, words: words(126, 12), frames: 2 }, 'implicit', [2, 7, 9]],
        [{ ...scan, words: bytes(189), stored: 8, samples: 3 }, 'jpeg', [7, 9, 3]],
        [scan, 'bigEndian', [7, 9]],
        [{ ...scan, texts: {} }, 'deflated', [7, 9]],
      ] as [Picture, Syntax, number[]][]) {
        const object = await sealed(await dicom(picture, syntax));
        writeFileSync(at('p.dcm'), object);
        writeFileSync(at('p.der'), contentOf(object));
        expect(cms(at('p.der'), at('p.bin')).status).toBe(0);
        const { stdout, stderr } = spawnSync(python, ['-c', reader, at('p.dcm'), at('p.bin')], {
          encoding: 'utf8',
        });
        expect(stderr).toBe('');
        const found = JSON.parse(stdout);
        expect(found).toMatchObject({ shape, removed: 'YES', modified: 1 });
        const [name, original] = picture.texts === texts ? ['ENCRYPTED', 'Roe^Jane'] : ['', ''];
        expect(found).toMatchObject({ name, original });
        expect(
          Buffer.from(found.pixels, 'hex').equals(
            valueAt(object, 'x7fe00010').subarray(0, found.pixels.length / 2),
          ),
        ).toBe(true);
      }
    },
  );

  /** Strict: any value that its representation does not allow raises an error. */
  const reader = `
import json, sys, pydicom
from pydicom.filebase import DicomBytesIO
pydicom.config.settings.reading_validation_mode = pydicom.config.RAISE
ds = pydicom.dcmread(sys.argv[1])
for element in ds.iterall(): element.value
sealed = ds.EncryptedAttributesSequence[0]
assert sealed.EncryptedContentTransferSyntaxUID == pydicom.uid.ExplicitVRLittleEndian
assert ds.file_meta.TransferSyntaxUID == pydicom.uid.ExplicitVRLittleEndian
inner = pydicom.filereader.read_dataset(DicomBytesIO(open(sys.argv[2], "rb").read()), False, True)
items = inner.ModifiedAttributesSequence
print(json.dumps({"shape": ds.pixel_array.shape, "pixels": ds.pixel_array.tobytes().hex(), "name": str(ds.PatientName),
  "removed": ds.PatientIdentityRemoved, "modified": len(items), "original": str(items[0].get("PatientName", ""))}))
`;
});

describe('refused, and nothing written', () => {
  const original = dicom(scan);
  const open = async (object: Buffer, privatePem = anna.privatePem) =>
    openSealedDicom(object, 'b/a.cipher.dcm', privatePem);
  const flip = (object: Buffer, position: number): Buffer => {
    const changed = Buffer.from(object);
    changed[position]! ^= 1;
    return changed;
  };

  test('one bit of the pixel data, or of the encrypted content', async () => {
    const object = await sealed(await original);
    const spots = (value: Buffer): number[] =>
      Array.from(
        { length: 25 },
        (_, i) => value.byteOffset - object.byteOffset + Math.floor((i * (value.length - 1)) / 25),
      );
    for (const position of spots(valueAt(object, 'x7fe00010')))
      await expect(open(flip(object, position)), `${position}`).rejects.toThrow(/does not open: .* changed/);
    for (const position of spots(contentOf(object))) {
      const opened = await open(flip(object, position)).catch((error) => error);
      // Version numbers and the inner content type are only labels, nothing that opens depends on.
      if (opened.file) expect(opened.file.equals(await original), `${position}`).toBe(true);
      else expect(opened.name, `${position}`).toBe('InputError');
    }
  });

  test('other attributes changed: it opens, for the original has its own', async () => {
    const object = await sealed(await original);
    const changed = flip(object, valueAt(object, 'x00080060').byteOffset - object.byteOffset);
    expect((await open(changed)).file.equals(await original)).toBe(true);
  });

  test('truncated anywhere', async () => {
    const object = await sealed(await original);
    for (let length = 0; length < object.length; length += 97)
      await expect(open(object.subarray(0, length)), `${length}`).rejects.toThrow(/expected|does not open/);
  });

  test('the pixel data of another object', async () => {
    const [one, two] = [await sealed(await original), await sealed(await original)];
    const mixed = Buffer.from(one);
    valueAt(two, 'x7fe00010').copy(mixed, mixed.length - 126);
    await expect(open(mixed)).rejects.toThrow(/does not open/);
  });

  test('another program encrypted it', async () => {
    const inner = encodeElements([
      { tag: '04000550', vr: 'SQ', value: [[textElement('00100010', 'PN', 'Roe')]] },
    ]);
    const { elements, pieces } = await takeApart(await original, 'a');
    const content = { tag: '04000520', vr: 'OB', value: sealCms(inner, [anna.publicPem], 'enveloped') };
    const pixels = { tag: '7fe00010', vr: 'OW', value: Buffer.from(pieces.cells.data.buffer) };
    const foreign = writeDicom([...elements, { tag: '04000500', vr: 'SQ', value: [[content]] }, pixels]);
    await expect(open(foreign)).rejects.toThrow(/another program's; decrypt it with that/);
  });

  const cases: [string, () => Promise<unknown>, RegExp][] = [
    [
      'another private key',
      async () => open(await sealed(await original), boris.privatePem),
      /another private key/,
    ],
    [
      'no encrypted object',
      async () => open(await original),
      /a\.cipher\.dcm: expected an encrypted DICOM object/,
    ],
    ['no DICOM file', () => open(Buffer.from('hello')), /expected a DICOM file, got none/],
    ['no pixel data', async () => sealed(await dicom({ ...scan, pixels: null })), /a\.dcm: .*no pixel data/],
    ['no rows', async () => sealed(await dicom({ ...scan, height: 0 })), /got 9x0/],
    [
      'fewer samples than it says',
      async () => sealed(await dicom({ ...scan, frames: 2 })),
      /126 bytes of pixel data/,
    ],
    [
      'too large',
      async () => sealed(await dicom({ ...scan, width: 65535, height: 65535 })),
      /at most 134217728/,
    ],
    ['encrypted twice', async () => sealed(await sealed(await original)), /decrypt it first/],
    ['no recipient', async () => sealed(await original, []), /expected a recipient/],
    [
      'a recipient with an X25519 key',
      async () => sealed(await original, [(await makeCurveKeyPair('x25519')).publicPem]),
      /expected recipients with RSA.*--as png/,
    ],
  ];
  test.each(cases)('%s', (_, attempt, message) => expect(attempt()).rejects.toThrow(message));

  test('by decrypt: no file for what does not open', async () => {
    const object = await sealed(await original);
    writeFileSync(at('x.cipher.dcm'), flip(object, object.length - 9));
    const request = { cipher: at('x.cipher.dcm'), out: at('x.dcm'), force: false };
    const attempt = (key: string) => decryptFile({ ...request, privateKey: at(key) });
    await expect(attempt('anna-private.pem')).rejects.toThrow(/does not open/);
    await expect(attempt('boris-private.pem')).rejects.toThrow(/does not open/);
    expect(existsSync(at('x.dcm'))).toBe(false);
  });
});

describe('files and folders', () => {
  const options = { params: '3.95', net: 'resnet18', channels: 'native', force: false } as const;
  const none = (line: string): never => {
    throw new Error(`unexpected warning: ${line}`);
  };
  const encrypt = (image: string, more: object = {}) =>
    encryptFiles(
      { ...options, images: [at(image)], out: at('out'), recipients: [at('anna.pem')], ...more },
      none,
    );

  test('a DICOM file becomes an object unless a picture is asked for', async () => {
    writeFileSync(at('scan.dcm'), await dicom(scan));
    const [object] = await encrypt('scan.dcm');
    expect(object).toMatchObject({
      as: 'dicom',
      cipher: at('out/scan.cipher.dcm'),
      keys: null,
      scheme: 'hardened',
    });
    const request = { cipher: object!.cipher, privateKey: at('anna-private.pem'), force: false };
    const back = await decryptFile({ ...request, out: at('out/back.dcm') });
    expect(back).toMatchObject({ width: 9, height: 7, channels: 1, depth: 16, scheme: 'hardened' });
    expect(readFileSync(at('out/back.dcm')).equals(readFileSync(at('scan.dcm')))).toBe(true);
    await expect(decryptFile({ ...request, keys: 'x', out: at('y') })).rejects.toThrow(
      /key inside; leave out --keys/,
    );
    const again = { ...request, out: at('again.dcm'), ledger: at('opened.jsonl') };
    await decryptFile({ ...again, force: true });
    await expect(decryptFile({ ...again, force: true })).rejects.toThrow(/replay/);
    const [picture] = await encrypt('scan.dcm', { as: 'png' });
    expect(picture).toMatchObject({ cipher: at('out/scan.cipher.png'), keys: at('out/scan.keys.jwe') });
    await expect(encrypt('scan.dcm', { frame: 1, force: true })).rejects.toThrow(
      /--frame is a choice of --as png/,
    );
    await expect(encrypt('scan.dcm', { channels: 'rgb', force: true })).rejects.toThrow(
      /--channels is a choice of --as png/,
    );
    await expect(encrypt('scan.dcm')).rejects.toThrow(/scan\.cipher\.dcm exists already/);
  });

  test('the paper scheme takes samples, no compressed stream', async () => {
    writeFileSync(at('plain.dcm'), await dicom(scan, 'bigEndian'));
    writeFileSync(at('small.dcm'), await dicom(scan, 'rle'));
    const request = { ...options, scheme: 'paper', out: at('paper'), recipients: [at('anna.pem')] } as const;
    for (const keyFormat of ['npz', 'compact'] as const) {
      const [done] = await encryptFiles(
        { ...request, keyFormat, force: true, images: [at('plain.dcm')] },
        () => {},
      );
      const key = { privateKey: at('anna-private.pem'), force: true, out: at('paper/back.dcm') };
      expect(await decryptFile({ cipher: done!.cipher, ...key })).toMatchObject({ scheme: 'paper' });
      expect(readFileSync(key.out).equals(readFileSync(at('plain.dcm')))).toBe(true);
    }
    await expect(encryptFiles({ ...request, images: [at('small.dcm')] }, () => {})).rejects.toThrow(
      /add --as png/,
    );
    expect(existsSync(at('paper/small.cipher.dcm'))).toBe(false);
  });

  test('a folder: what differs in attributes alone is another object; one file twice is refused', async () => {
    mkdirSync(at('in'));
    const files = {
      'a.dcm': scan,
      'b.dcm': { ...scan, texts: { ...texts, '00080018': 'UI 1.2.3.4.5.6.9' } },
    };
    for (const [name, picture] of Object.entries(files))
      writeFileSync(at('in', name), await dicom(picture, 'jpegLs'));
    writeFileSync(at('in/c.dcm'), readFileSync(at('in/a.dcm')));
    writeFileSync(at('in/d.dcm'), await dicom({ ...scan, pixels: null }));
    const request = { ...options, folder: at('in'), out: at('in'), recipients: [at('anna.pem')], jobs: 1 };
    const result = await encryptFolder(request, none);
    expect(result.done).toHaveLength(2);
    const reasons = result.failed.map(({ reason }) => reason).join('\n');
    expect(reasons).toMatch(/shows the same picture as/);
    expect(reasons).toMatch(/no pixel data/);
    rmSync(at('in/c.dcm'));
    rmSync(at('in/c.cipher.dcm'), { force: true });
    const again = await encryptFolder(request, none);
    expect(again.done.length + again.skipped.length).toBe(2);
    const opened = {
      folder: at('in'),
      out: at('opened'),
      privateKey: at('anna-private.pem'),
      force: false,
      jobs: 1,
    };
    expect(await decryptFolder(opened)).toMatchObject({ done: { length: 2 }, failed: [], others: 3 });
    for (const name of Object.keys(files))
      expect(
        readFileSync(at('opened', name.replace('.', '.decrypted.'))).equals(readFileSync(at('in', name))),
      ).toBe(true);
  });
});
