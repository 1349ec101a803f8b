/** DICOM files as dcmtk, GDCM and pydicom read them beside the standard: each decodes, and comes back to the bit. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { piecesOf } from '../../../src/data/dicom/cells.ts';
import { elementsOf, encodeElements } from '../../../src/data/dicom/elements.ts';
import { isDicom, openDicom } from '../../../src/data/dicom/file.ts';
import { decodeDicom } from '../../../src/data/dicom/image.ts';
import { dicom, element, type Picture, type Syntax, syntaxes } from './_dicom.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-forms-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const words = Uint16Array.from({ length: 70 }, (_, i) => 29 * i);
const texts = { '00080016': 'UI 1.2.840.10008.5.1.4.1.1.7', '00080018': 'UI 1.2.3', '00080060': 'CS OT' };
const picture: Picture = { width: 10, height: 7, words, stored: 12, texts };

const item = (content: Buffer, open = false): Buffer =>
  Buffer.concat([
    element('fffee000', '', content, 'implicit', open),
    open ? end('fffee00d') : Buffer.alloc(0),
  ]);
const end = (tag: string, length = 0): Buffer => {
  const bytes = element(tag, '', Buffer.alloc(0), 'implicit');
  bytes.writeUInt32LE(length, 4);
  return bytes;
};
const open = (tag: string, vr: string, ...parts: Buffer[]): Buffer =>
  Buffer.concat([element(tag, vr, Buffer.alloc(0), 'explicit', true), ...parts]);
const name = element('00081030', 'LO', Buffer.from('Chest'));
const implicitName = element('00081030', 'LO', Buffer.from('Chest'), 'implicit');

/** The file with elements in place of its modality. */
async function withElement(bytes: Buffer, base: Picture = picture): Promise<Buffer> {
  const file = await dicom(base);
  const at = file.indexOf(element('00080060', 'CS', Buffer.from('OT')));
  return Buffer.concat([file.subarray(0, at), bytes, file.subarray(at + 10)]);
}

/** The data set alone, or behind other meta information. */
async function dataSet(syntax: Syntax): Promise<Buffer> {
  const file = await dicom(picture, syntax);
  return file.subarray(openDicom(file, 'a').start);
}

const meta = element('00020002', 'UI', Buffer.from('1.2.840.10008.5.1.4.1.1.7'));
const preamble = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM')]);
const plain: Syntax[] = ['explicit', 'implicit', 'bigEndian'];

const undefinedVr = (vr: string, value: Buffer): Promise<Buffer> =>
  withElement(element('00080419', vr, value));
const forms: [string, () => Promise<Buffer>][] = [
  ...['OV', 'SV', 'UV'].map((vr): [string, () => Promise<Buffer>] => [
    vr,
    () => undefinedVr(vr, Buffer.alloc(8, 3)),
  ]),
  ['an unknown representation', () => undefinedVr('ZZ', Buffer.alloc(6))],
  [
    'items of undefined length',
    () => withElement(open('00081115', 'SQ', item(name, true), item(name, true), end('fffee0dd'))),
  ],
  [
    'items of undefined length in a sequence of defined one',
    () => withElement(element('00081115', 'SQ', item(name, true))),
  ],
  [
    'delimiters of undefined length',
    () => withElement(open('00081115', 'SQ', item(name), end('fffee0dd', 0xffffffff))),
  ],
  [
    'a delimiter too many',
    () => withElement(Buffer.concat([open('00081115', 'SQ', end('fffee0dd')), end('fffee0dd')])),
  ],
  [
    'UN of undefined length, implicit inside',
    () => withElement(open('00081115', 'UN', item(implicitName, true), end('fffee0dd'))),
  ],
  [
    'UN of undefined length, explicit inside',
    () => withElement(open('00081115', 'UN', item(name), end('fffee0dd'))),
  ],
  [
    'an element without its representation',
    () => withElement(element('00081030', '', Buffer.from('Chest!'), 'implicit')),
  ],
  ['an empty sequence', () => withElement(element('00081115', 'SQ', Buffer.alloc(0)))],
  ...['Some text behind', '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0', 'x', '<xml/>'.repeat(50)].map(
    (text): [string, () => Promise<Buffer>] => [
      `${text.length} bytes "${text[0]}" behind the pixel data`,
      async () => Buffer.concat([await dicom(picture), Buffer.from(text)]),
    ],
  ),
  [
    'text behind compressed pixel data',
    async () => Buffer.concat([await dicom(picture, 'jpegLs'), Buffer.from('Some text')]),
  ],
  [
    'the last delimiter of undefined length',
    async () => Buffer.concat([(await dicom(picture, 'rle')).subarray(0, -4), Buffer.alloc(4, 255)]),
  ],
  ['no last delimiter', async () => (await dicom(picture, 'rle')).subarray(0, -8)],
  [
    'a data set that zlib deflated',
    async () =>
      Buffer.concat([
        preamble,
        element('00020010', 'UI', Buffer.from(syntaxes.deflated)),
        deflateSync(await dataSet('explicit')),
      ]),
  ],
  ['lower-case photometric interpretation', () => dicom({ ...picture, photometric: 'monochrome2' })],
  ...plain.flatMap((syntax): [string, () => Promise<Buffer>][] => [
    [`no preamble, no meta information, ${syntax}`, () => dataSet(syntax)],
    [`no preamble, ${syntax}`, async () => (await dicom(picture, syntax)).subarray(132)],
    [`DICM without a preamble, ${syntax}`, async () => (await dicom(picture, syntax)).subarray(128)],
    [`no meta information, ${syntax}`, async () => Buffer.concat([preamble, await dataSet(syntax)])],
  ]),
  ...[...plain, 'rle', 'jpegLs', 'jpegLossless', 'jpeg2000'].map(
    (syntax): [string, () => Promise<Buffer>] => [
      `no transfer syntax, ${syntax}`,
      async () => Buffer.concat([preamble, meta, await dataSet(syntax as Syntax)]),
    ],
  ),
  [
    'explicit, said to be implicit',
    async () =>
      Buffer.concat([
        preamble,
        element('00020010', 'UI', Buffer.from(syntaxes.implicit)),
        await dataSet('explicit'),
      ]),
  ],
  [
    'implicit, said to be explicit',
    async () =>
      Buffer.concat([
        preamble,
        element('00020010', 'UI', Buffer.from(syntaxes.explicit)),
        await dataSet('implicit'),
      ]),
  ],
];

describe.each(forms)('%s', (_, make) => {
  test('is read, and its attributes are written as data elements', async () => {
    const file = await make();
    expect(isDicom(file.subarray(0, 512))).toBe(true);
    expect((await decodeDicom(file, 'a')).raster.data).toEqual(words);
    const opened = openDicom(file, 'a');
    const { head, cells, filled, tail } = piecesOf(file, opened, 'a');
    expect(head.length + filled + tail.length).toBe(file.length);
    expect(cells).toMatchObject({ width: 10, height: 7 });
    const elements = await elementsOf(opened);
    const tags = elements.map(({ tag }) => tag);
    expect(tags).toContain('00080016');
    expect(tags).toContain('00280010');
    const written = encodeElements(elements);
    expect(written.includes(Buffer.from('feff0de0', 'hex'))).toBe(false); // defined lengths need no delimiters
    expect(written.includes(Buffer.from('feffdde0', 'hex'))).toBe(false);
    expectDcmdump(written);
  });
});

const dcmdump = spawnSync('dcmdump', ['--version']).status === 0;

/** Asked where it is installed. */
function expectDcmdump(elements: Buffer): void {
  if (!dcmdump) return;
  writeFileSync(join(dir, 'a.bin'), elements);
  const { status, stderr } = spawnSync('dcmdump', ['-q', '-f', '-te', join(dir, 'a.bin')], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}

test('a sequence in front of the pixel data has its items, and not their delimiters', async () => {
  const file = await withElement(open('00081115', 'SQ', item(name, true), item(name), end('fffee0dd')));
  const sequence = (await elementsOf(openDicom(file, 'a'))).find(({ tag }) => tag === '00081115');
  expect(sequence?.value).toEqual(
    Array(2).fill([{ tag: '00081030', vr: 'LO', value: Buffer.from('Chest ') }]),
  );
});

const others: [string, Buffer][] = [
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('Dear colleague, this is no DICOM file but a letter of some length.')],
  ['zeros', Buffer.alloc(1000)],
  ['a PDF', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< /Type /Catalog >>\nendobj\n')],
  ['two bytes of group 8', Buffer.concat([Buffer.of(8, 0), Buffer.alloc(100, 7)])],
  ['elements in no order', Buffer.concat([meta, meta, meta])],
  ['a GIF', Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(200, 8)])],
];
test.each(others)('%s is no DICOM file', (_, bytes) => expect(isDicom(bytes)).toBe(false));

test.each([65, 500])('sequences nested %i deep are refused, and the stack is not used up', async (depth) => {
  let nested = name;
  for (let i = 0; i < depth; i++) nested = element('00081115', 'SQ', item(nested));
  await expect(withElement(nested).then((file) => openDicom(file, 'a'))).rejects.toThrow(
    /nested 64 deep; get|nested 64 deep\)/,
  );
});

describe('cut off', () => {
  const whole = withElement(open('00081115', 'SQ', item(name, true), end('fffee0dd')), {
    ...picture,
    pixels: null,
  });
  test('at any byte but between elements', async () => {
    const file = await whole;
    const { elements, byteArray } = openDicom(file, 'a').dataSet;
    const ends = new Set(Object.values(elements).map(({ dataOffset, length }) => dataOffset + length));
    const at = file.indexOf(Buffer.from('feff0de0', 'hex'));
    ends.add(at + 16); // behind both delimiters
    expect(byteArray.length).toBe(file.length);
    for (let length = 140; length < file.length; length++) {
      const part = file.subarray(0, length);
      const cut = (): unknown => openDicom(part, 'a').dataSet.elements.x00080016 ?? 'too short';
      if (!ends.has(length) && length > 200)
        expect(cut, `${length}`).toThrow(/a: expected a whole DICOM image, got a damaged one/);
    }
  });
});
