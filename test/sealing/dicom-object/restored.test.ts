/** Encrypted DICOM objects: what comes back, file by file and in folders. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { encodeElements } from '../../../src/data/dicom/elements.ts';
import { openDicom } from '../../../src/data/dicom/file.ts';
import { decryptFile } from '../../../src/sealing/decrypt-file.ts';
import { openSealedDicom } from '../../../src/sealing/dicom-object.ts';
import { encryptFiles } from '../../../src/sealing/encrypt-file.ts';
import { decryptFolder } from '../../../src/sealing/folder/decrypt.ts';
import { encryptFolder } from '../../../src/sealing/folder/encrypt.ts';
import { dicom, type Picture, type Syntax, syntaxes } from '../../data/dicom/_dicom.ts';
import { anna, at, boris, bytes, scan, sealed, texts, words } from './_objects.ts';

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

  test('a folder: what differs in attributes alone is another object; copies and files without pixels are objects too', async () => {
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
    const kinds = { 'DICOM image': 3, 'DICOM file without pixels': 1 };
    expect(result).toMatchObject({ failed: [], copies: 1, kinds, results: 0 });
    const again = await encryptFolder(request, none);
    expect(again).toMatchObject({ done: [], skipped: { length: 4 }, results: 4 });
    const opened = {
      folder: at('in'),
      out: at('opened'),
      privateKey: at('anna-private.pem'),
      force: false,
      jobs: 1,
    };
    expect(await decryptFolder(opened)).toMatchObject({ done: { length: 4 }, failed: [], others: 4 });
    for (const name of ['a.dcm', 'b.dcm', 'c.dcm', 'd.dcm'])
      expect(
        readFileSync(at('opened', name.replace('.', '.decrypted.'))).equals(readFileSync(at('in', name))),
      ).toBe(true);
  });
});
