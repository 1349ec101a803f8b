/** What the tests of encrypted DICOM objects share: keys, a picture with names of a patient, its object. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import {
  encryptHardened,
  type KeyPair,
  keyContent,
  makeCurveKeyPair,
  makeKeyPair,
  openCms,
  schemes,
} from '../../../src/cipher/index.ts';
import { encodeElements, textElement } from '../../../src/data/dicom/elements.ts';
import { openDicom } from '../../../src/data/dicom/file.ts';
import { withEnvelope } from '../../../src/sealing/dicom-object/sealed-element.ts';
import { sealDicom, takeApart } from '../../../src/sealing/dicom-object.ts';
import { cbc, cmsVariant } from '../../cipher/envelope/_cms-variants.ts';
import type { Picture } from '../../data/dicom/_dicom.ts';

/** Of the test file that imports this; keys lie in it. */
const dir = mkdtempSync(join(tmpdir(), 'medchaos-dicom-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
export const at = (...parts: string[]) => join(dir, ...parts);
/** Two with RSA keys, one with an elliptic one. */
export let [anna, boris, clara] = [] as unknown as [KeyPair, KeyPair, KeyPair];
beforeAll(async () => {
  [anna, boris, clara] = await Promise.all([makeKeyPair(2048), makeKeyPair(2048), makeCurveKeyPair('p256')]);
  writeFileSync(at('anna.pem'), anna.publicPem);
  writeFileSync(at('anna-private.pem'), anna.privatePem, { mode: 0o600 });
  writeFileSync(at('boris-private.pem'), boris.privatePem, { mode: 0o600 });
  writeFileSync(at('clara-private.pem'), clara.privatePem, { mode: 0o600 });
});

export const secret = Buffer.alloc(32, 7);
export const names = [
  'Roe^Jane',
  'PID4711',
  '19470511',
  '20240229',
  'St. Elsewhere',
  'my private note',
  '1.2.3.4.5.6',
];
export const texts = {
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
export const nested = encodeElements([
  {
    tag: '00082218',
    vr: 'SQ',
    value: [[textElement('00080104', 'LO', 'Chest'), textElement('00081030', 'LO', 'Roe^Jane')]],
  },
]).subarray(12);
export const words = (count: number, bits = 16): Uint16Array =>
  Uint16Array.from({ length: count }, (_, i) => (Math.imul(i, 40503) >>> 3) & (2 ** bits - 1));
export const bytes = (count: number): Uint8Array => Uint8Array.from(words(count));
export const scan: Picture = { width: 9, height: 7, words: words(63, 12), stored: 12, texts };

export async function sealed(
  original: Buffer,
  recipients = [anna.publicPem],
  name = 'a.dcm',
): Promise<Buffer> {
  const plain = await takeApart(original, name);
  const input = { map: 'logistic', params: [3.95], metadata: null } as const;
  const { cipher, key } = encryptHardened(plain.pieces.cells, input);
  return sealDicom(plain, cipher, keyContent(schemes.hardened, key, cipher), secret, recipients);
}

export const valueAt = (file: Buffer, tag: string): Buffer => {
  const { dataOffset, length } = openDicom(file, '').dataSet.elements[tag]!;
  return file.subarray(dataOffset, dataOffset + length);
};

/** The CMS in an object, without its padding. */
export function contentOf(object: Buffer): Buffer {
  const item = openDicom(object, '').dataSet.elements.x04000500!.items![0]!.dataSet!;
  const { dataOffset, length } = item.elements.x04000520!;
  const content = object.subarray(dataOffset, dataOffset + length);
  return content.subarray(0, 4 + content.readUInt16BE(2)); // 30 82 and two bytes of length
}

/** The object with another CMS in it. */
export const withCms = (object: Buffer, cms: Buffer): Buffer =>
  withEnvelope(openDicom(object, 'a'), cms, 'a');

/** The object as it was made before there was a MAC, for these recipients. */
export const withoutMac = (object: Buffer, privatePem: string, recipients: readonly string[]): Buffer => {
  const inner = openCms(contentOf(object), 'enveloped', privatePem);
  return withCms(object, cmsVariant(inner, recipients, { kind: 'enveloped', cipher: cbc }));
};
