/** Encrypted DICOM objects: what is refused, and nothing written. */
import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeCurveKeyPair, sealCms } from '../../../src/cipher/index.ts';
import { encodeElements, textElement } from '../../../src/data/dicom/elements.ts';
import { writeDicom } from '../../../src/data/dicom/write.ts';
import { decryptFile } from '../../../src/sealing/decrypt-file.ts';
import { openSealedDicom, takeApart } from '../../../src/sealing/dicom-object.ts';
import { dicom } from '../../data/dicom/_dicom.ts';
import { anna, at, boris, contentOf, scan, sealed, valueAt } from './_objects.ts';

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
      /at most \d+ MB when decoded/,
    ],
    ['encrypted twice', async () => sealed(await sealed(await original)), /decrypt it first/],
    ['no recipient', async () => sealed(await original, []), /expected a recipient/],
    [
      'a recipient with an X25519 key',
      async () => sealed(await original, [(await makeCurveKeyPair('x25519')).publicPem]),
      /expected recipients with RSA or P-256 keys.*--as png/,
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
