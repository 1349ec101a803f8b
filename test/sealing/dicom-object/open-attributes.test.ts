/** Encrypted DICOM objects: what anybody can read of them, and other programs with the key. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encryptHardened, keyContent, openCms, schemes } from '../../../src/cipher/index.ts';
import { openDicom, parseDataSet } from '../../../src/data/dicom/file.ts';
import { decodeDicom } from '../../../src/data/dicom/image.ts';
import { sealDicom, takeApart } from '../../../src/sealing/dicom-object.ts';
import { dicom, type Picture, type Syntax, syntaxes } from '../../data/dicom/_dicom.ts';
import {
  anna,
  at,
  bytes,
  clara,
  contentOf,
  names,
  nested,
  scan,
  sealed,
  secret,
  texts,
  valueAt,
  words,
} from './_objects.ts';

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
      const content = keyContent(schemes.hardened, key, cipher);
      const object = sealDicom(plain, cipher, content, other, [anna.publicPem]);
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
  const cms = (file: string, out: string, owner = 'anna') =>
    spawnSync('openssl', [
      ...['cms', '-decrypt', '-binary', '-inform', 'DER', '-in', file, '-out', out],
      ...['-inkey', at(`${owner}-private.pem`)],
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
    const content = contentOf(await sealed(await dicom(scan), [anna.publicPem, clara.publicPem]));
    writeFileSync(at('content.der'), content);
    for (const owner of ['anna', 'clara']) {
      const { status, stderr } = cms(at('content.der'), at('content.bin'), owner);
      expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
      expect(readFileSync(at('content.bin')).equals(openCms(content, 'enveloped', anna.privatePem))).toBe(
        true,
      );
    }
  });

  const missing = installed && pydicom ? '' : `(needs openssl, and pydicom and numpy in ${python})`;
  test.skipIf(missing)(
    `pydicom reads the object and, once decrypted, the attributes ${missing}`,
    async () => {
      const further = { '00082218': ['SQ', nested] } as const;
      for (const [picture, syntax, shape, owner] of [
        [{ ...scan, further }, 'explicit', [7, 9]],
        [{ ...scan, words: words(126, 12), frames: 2 }, 'implicit', [2, 7, 9]],
        [{ ...scan, words: bytes(189), stored: 8, samples: 3 }, 'jpeg', [7, 9, 3]],
        [scan, 'bigEndian', [7, 9], 'clara'],
        [{ ...scan, texts: {} }, 'deflated', [7, 9], 'clara'],
      ] as [Picture, Syntax, number[], string?][]) {
        const { publicPem } = owner === 'clara' ? clara : anna;
        const object = await sealed(await dicom(picture, syntax), [publicPem]);
        writeFileSync(at('p.dcm'), object);
        writeFileSync(at('p.der'), contentOf(object));
        expect(cms(at('p.der'), at('p.bin'), owner).status).toBe(0);
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
