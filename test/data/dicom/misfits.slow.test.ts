/** Streams that say something else than the attributes: refused in one sentence. */
import { describe, expect, test } from 'vitest';
import { openDicom } from '../../../src/data/dicom/file.ts';
import { decodeDicom } from '../../../src/data/dicom/image.ts';
import { streamFacts } from '../../../src/data/dicom/stream.ts';
import { dicom, type Picture, rleOf, type Syntax } from './_dicom.ts';

const words = Uint8Array.from({ length: 64 * 3 }, (_, i) => (i * 7) % 251);
const grey: Picture = { width: 8, height: 8, words: words.subarray(0, 64) };
const rgb: Picture = { ...grey, words, samples: 3 };
const wide: Picture = { ...grey, words: Uint16Array.from(grey.words, (word) => 16 * word), stored: 12 };

async function streamOf(picture: Picture, syntax: Syntax): Promise<Buffer> {
  const { dataSet, bytes } = openDicom(await dicom(picture, syntax), 'a');
  const { dataOffset, length } = dataSet.elements.x7fe00010!.fragments![0]!;
  return bytes.subarray(dataOffset, dataOffset + length);
}

/** Behind SOI: an APP segment with a text, and bytes behind it. */
const withSegment = (stream: Buffer, marker: number, text: string, ...more: number[]): Buffer => {
  const content = Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(more)]);
  return Buffer.concat([
    stream.subarray(0, 2),
    Buffer.of(0xff, marker, 0, content.length + 2),
    content,
    stream.subarray(2),
  ]);
};
const adobe = (stream: Buffer, transform: number): Buffer =>
  withSegment(stream, 0xee, 'Adobe', 0, 100, 0, 0, 0, 0, transform);
/** Without the JFIF marker that its encoder writes. */
const bare = (stream: Buffer): Buffer => {
  const at = stream.indexOf('ffe0', 0, 'hex');
  return at === 2
    ? Buffer.concat([stream.subarray(0, 2), stream.subarray(4 + stream.readUInt16BE(4))])
    : stream;
};
const lossy = { ...rgb, photometric: 'YBR_FULL' };
const patched = (stream: Buffer, find: string, offset: number, value: number): Buffer => {
  const out = Buffer.from(stream);
  out[out.indexOf(find, 0, 'hex') + offset] = value;
  return out;
};

type Case = [string, Syntax, Picture, Buffer | Promise<Buffer>, RegExp | null];
const coded = ['jpeg', 'jpegLossless', 'jpegLs', 'jpeg2000', 'htJpeg2000'] as const;
const cases: Case[] = [
  ...coded.flatMap((syntax): Case[] => [
    [`${syntax}: fits`, syntax, grey, streamOf(grey, syntax), null],
    [
      `${syntax}: fewer rows`,
      syntax,
      { ...grey, height: 7 },
      streamOf(grey, syntax),
      /stream says 8x8 pixels, its attributes 8x7/,
    ],
    [
      `${syntax}: more columns`,
      syntax,
      { ...grey, width: 16 },
      streamOf(grey, syntax),
      /8x8 pixels, its attributes 16x8/,
    ],
    [`${syntax}: colours`, syntax, grey, streamOf(rgb, syntax), /3 components, its attributes 1/],
    [`${syntax}: grey`, syntax, rgb, streamOf(grey, syntax), /1 components, its attributes 3/],
  ]),
  ...(['jpegLossless', 'jpegLs', 'jpeg2000', 'htJpeg2000'] as const).flatMap((syntax): Case[] => [
    [
      `${syntax}: more bits than allocated`,
      syntax,
      grey,
      streamOf(wide, syntax),
      /1[26] bits a sample, its attributes 8 allocated/,
    ],
    [
      `${syntax}: larger samples than stored`,
      syntax,
      { ...wide, stored: 10 },
      streamOf(wide, syntax),
      /samples of more than 10 bits/,
    ],
    [`${syntax}: fewer bits than allocated`, syntax, { ...wide, stored: 8 }, streamOf(grey, syntax), null],
  ]),
  ...(['jpegLossless', 'jpegLs', 'jpeg2000'] as const).map(
    (syntax): Case => [
      `${syntax}: a sign beyond its bits`,
      syntax,
      { ...wide, stored: 12, signed: true },
      streamOf(grey, syntax),
      /8 bits a sample, its attributes 12 with a sign/,
    ],
  ),
  [
    'a signed stream',
    'jpeg2000',
    wide,
    streamOf({ ...wide, signed: true }, 'jpeg2000'),
    /signed samples, its attributes unsigned ones/,
  ],
  [
    'subsampled components',
    'jpeg2000',
    rgb,
    streamOf(rgb, 'jpeg2000').then((s) => patched(s, 'ff51', 42, 2)),
    /components of different size/,
  ],
  [
    'JPEG-LS as JPEG 2000',
    'jpeg2000',
    grey,
    streamOf(grey, 'jpegLs'),
    /its stream is JPEG-LS, its transfer syntax JPEG 2000/,
  ],
  [
    'JPEG as JPEG-LS',
    'jpegLs',
    grey,
    streamOf(grey, 'jpegLossless'),
    /its stream is JPEG, its transfer syntax JPEG-LS/,
  ],
  [
    'no stream',
    'jpegLs',
    grey,
    Buffer.from('Dear colleague\xff\xd9', 'latin1'),
    /neither JPEG nor JPEG 2000/,
  ],
  [
    'YBR_FULL, transformed',
    'htJpeg2000',
    lossy,
    streamOf(rgb, 'htJpeg2000'),
    /a colour transform, its attributes YBR_FULL/,
  ],
  [
    'YBR_RCT, not transformed',
    'jpeg2000',
    { ...rgb, photometric: 'YBR_RCT' },
    streamOf(lossy, 'jpeg2000'),
    /no colour transform, its attributes YBR_RCT/,
  ],
  [
    'YBR_RCT, transformed',
    'htJpeg2000',
    { ...rgb, photometric: 'YBR_RCT' },
    streamOf(rgb, 'htJpeg2000'),
    null,
  ],
  ['RGB, transformed', 'htJpeg2000', rgb, streamOf(rgb, 'htJpeg2000'), null],
  [
    'YBR_FULL, Adobe says RGB',
    'jpeg',
    lossy,
    streamOf(lossy, 'jpeg').then((s) => adobe(bare(s), 0)),
    /says RGB, its attributes YBR_FULL/,
  ],
  ['YBR_FULL, Adobe says YCbCr', 'jpeg', lossy, streamOf(lossy, 'jpeg').then((s) => adobe(bare(s), 1)), null],
  [
    'RGB, Adobe says YCbCr',
    'jpeg',
    rgb,
    streamOf(lossy, 'jpeg').then((s) => adobe(bare(s), 1)),
    /says YCbCr, its attributes RGB/,
  ],
  ['RGB, Adobe says RGB', 'jpeg', rgb, streamOf(lossy, 'jpeg').then((s) => adobe(bare(s), 0)), null],
  [
    'YBR_FULL, transformed by HP',
    'jpegLs',
    lossy,
    streamOf(rgb, 'jpegLs').then((s) => withSegment(s, 0xe8, 'mrfx', 1)),
    /a colour transform, its attributes YBR_FULL/,
  ],
  ...(['rle', 'jpeg', 'jpegLs'] as const).map(
    (syntax): Case => [
      `${syntax}: YBR_ICT`,
      syntax,
      { ...rgb, photometric: 'YBR_ICT' },
      streamOf(rgb, syntax),
      /expected RGB or YBR_FULL outside JPEG 2000, got YBR_ICT/,
    ],
  ),
  ['RLE: too few segments', 'rle', wide, streamOf(grey, 'rle'), /1 RLE segments, where 2 are expected/],
  ['RLE: too many segments', 'rle', grey, streamOf(wide, 'rle'), /2 RLE segments, where 1 are expected/],
  ['RLE: no segments', 'rle', grey, Buffer.alloc(64), /0 RLE segments/],
  [
    'RLE: a short segment',
    'rle',
    grey,
    rleOf(Buffer.alloc(63, 5)),
    /RLE segment 1 of 1 holds fewer than 64 bytes/,
  ],
  [
    'RLE: a segment elsewhere',
    'rle',
    grey,
    patched(rleOf(Buffer.alloc(64, 5)), '40', 1, 9),
    /RLE segment 1 of 1 is missing/,
  ],
  ['RLE: only part of a header', 'rle', grey, Buffer.alloc(40), /within the RLE header/],
  [
    'a deflated frame of too few bytes',
    'deflatedFrames',
    { ...grey, height: 9 },
    streamOf(grey, 'deflatedFrames'),
    /64 bytes of samples, where 72 are expected/,
  ],
  [
    'a deflated frame of too many bytes',
    'deflatedFrames',
    { ...grey, height: 7 },
    streamOf(grey, 'deflatedFrames'),
    /larger than 56 bytes/i,
  ],
];

test.each(cases)('%s', async (_, syntax, picture, stream, message) => {
  const file = await dicom({ ...picture, pixels: [await stream] }, syntax);
  const decoded = await decodeDicom(file, 'a').catch((error: Error) => error);
  if (message === null) return expect(decoded).not.toBeInstanceOf(Error);
  expect(decoded).toMatchObject({ name: 'InputError', message: expect.stringMatching(message) });
  expect((decoded as Error).message).toMatch(/^a: expected .*, got .*; [^;]+$/);
});

describe('what a stream says', () => {
  test.each(coded)('%s', async (syntax) => {
    const format = syntax === 'jpegLs' ? 'JPEG-LS' : syntax.endsWith('2000') ? 'JPEG 2000' : 'JPEG';
    expect(streamFacts(await streamOf(rgb, syntax))).toMatchObject({
      format,
      width: 8,
      height: 8,
      components: 3,
      precision: 8,
    });
  });
});
