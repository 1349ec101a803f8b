import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { encodePng } from '../../../src/data/images/image.ts';
import { readDateTime, requireDateTime } from '../../../src/data/metadata/metadata.ts';
import { formatWallClock } from '../../../src/shared/datetime.ts';
import { noise, withChunk } from '../images/_images.ts';

const picture = sharp(noise(8, 8, 3, 8, 1).data, { raw: { width: 8, height: 8, channels: 3 } });
const bare = await encodePng(noise(8, 8, 1, 8, 1));

const found = async (bytes: Buffer): Promise<string | null> => {
  const date = await readDateTime(bytes);
  return date && `${formatWallClock(date.when)} ${date.source}`;
};

type Tags = { original?: string; create?: string; modify?: string };
const withTags = ({ original, create, modify }: Tags): Sharp =>
  picture.clone().withExif({
    IFD0: { ...(modify && { DateTime: modify }) },
    IFD2: { ...(original && { DateTimeOriginal: original }), ...(create && { DateTimeDigitized: create }) },
  });
const [a, b, c] = ['2001:02:03 04:05:06', '2002:03:04 05:06:07', '2003:04:05 06:07:08'];
const tIME = (...fields: number[]): Buffer =>
  Buffer.from([fields[0]! >> 8, fields[0]! & 255, ...fields.slice(1)]);

describe('EXIF', () => {
  test.each<[Tags, string | null]>([
    [{ original: a, create: b, modify: c }, '2001-02-03T04:05:06 exif:DateTimeOriginal'],
    [{ create: b, modify: c }, '2002-03-04T05:06:07 exif:CreateDate'],
    [{ modify: c }, '2003-04-05T06:07:08 exif:ModifyDate'],
    [{ original: '0000:00:00 00:00:00', modify: c }, '2003-04-05T06:07:08 exif:ModifyDate'],
    [{ original: '    :  :     :  :  ', create: b }, '2002-03-04T05:06:07 exif:CreateDate'],
    [{ original: '2023:02:30 00:00:00', create: b }, '2002-03-04T05:06:07 exif:CreateDate'],
    [{ original: '2001:02:03 04:05:06+13:00' }, '2001-02-03T04:05:06 exif:DateTimeOriginal'],
    [{ original: 'yesterday' }, null],
    [{}, null],
  ])('JPEG with %o', async (tags, wanted) => {
    expect(await found(await withTags(tags).jpeg().toBuffer())).toBe(wanted);
  });

  test('PNG eXIf and WebP EXIF', async () => {
    const wanted = '2001-02-03T04:05:06 exif:DateTimeOriginal';
    expect(await found(await withTags({ original: a }).png().toBuffer())).toBe(wanted);
    expect(await found(await withTags({ original: a }).webp().toBuffer())).toBe(wanted);
  });

  test('TIFF DateTime, both byte orders', async () => {
    expect(await found(tiffWithDate('LE', c))).toBe('2003-04-05T06:07:08 exif:ModifyDate');
    expect(await found(tiffWithDate('BE', c))).toBe('2003-04-05T06:07:08 exif:ModifyDate');
  });

  test('damage anywhere gives a date, another source or nothing, but never throws', async () => {
    const whole = await withTags({ original: a, modify: c }).jpeg().toBuffer();
    for (let at = 0; at < Math.min(whole.length, 400); at++) {
      const broken = Buffer.from(whole);
      broken[at]! ^= 0xff;
      await readDateTime(broken);
      await readDateTime(whole.subarray(0, at));
    }
  });
});

describe('XMP', () => {
  const packet = (attributes: string, elements = ''): string =>
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xap="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" ${attributes}>${elements}</rdf:Description></rdf:RDF></x:xmpmeta>`;
  const itxt = (text: Buffer, compressed: number): Buffer =>
    Buffer.concat([
      Buffer.from('XML:com.adobe.xmp\0'),
      Buffer.from([compressed, 0]),
      Buffer.from('en\0\0'),
      text,
    ]);
  const created = packet('xmp:CreateDate="2011-09-23T12:43:03Z"');
  const wanted = '2011-09-23T12:43:03 xmp:CreateDate';

  test.each<[string, string | null]>([
    [
      packet('xmp:CreateDate="2011-09-23T12:43:03Z" exif:DateTimeOriginal="2010-01-02T03:04:05-06:00"'),
      '2010-01-02T03:04:05 xmp:DateTimeOriginal',
    ],
    [
      packet('xmp:ModifyDate="2012-01-01T00:00:00"', '<xmp:CreateDate>2011-09-23T12:43:03Z</xmp:CreateDate>'),
      wanted,
    ],
    [packet('xap:ModifyDate="2012-01-01T00:00:01+02:00"'), '2012-01-01T00:00:01 xmp:ModifyDate'],
    [packet('xmp:CreateDate="2011-09-23T12:43Z"'), '2011-09-23T12:43:00 xmp:CreateDate'],
    [
      packet('xmp:CreateDate="2011-09" xmp:ModifyDate="2012-01-01T00:00:01"'),
      '2012-01-01T00:00:01 xmp:ModifyDate',
    ],
    [packet('xmp:CreateDate="soon"'), null],
    ['<broken', null],
  ])('JPEG %#', async (xmp, date) => {
    expect(await found(await picture.clone().withXmp(xmp).jpeg().toBuffer())).toBe(date);
  });

  test('TIFF, WebP, PNG plain and compressed', async () => {
    expect(await found(await picture.clone().withXmp(created).tiff().toBuffer())).toBe(wanted);
    expect(await found(await picture.clone().withXmp(created).webp().toBuffer())).toBe(wanted);
    expect(await found(withChunk(bare, 'iTXt', itxt(Buffer.from(created), 0)))).toBe(wanted);
    expect(await found(withChunk(bare, 'iTXt', itxt(deflateSync(created), 1)))).toBe(wanted);
    expect(await found(withChunk(bare, 'iTXt', itxt(Buffer.from('no zlib'), 1)))).toBeNull();
    expect(await found(withChunk(bare, 'iTXt', deflateSync('x')))).toBeNull();
  });

  test('EXIF goes before it, PNG tIME behind it', async () => {
    const both = await withTags({ modify: c }).withXmp(created).jpeg().toBuffer();
    expect(await found(both)).toBe('2003-04-05T06:07:08 exif:ModifyDate');
    const timed = withChunk(bare, 'tIME', tIME(2016, 9, 19, 18, 49, 40));
    expect(await found(withChunk(timed, 'iTXt', itxt(Buffer.from(created), 0)))).toBe(wanted);
  });
});

describe('PNG tIME', () => {
  test.each<[string, Buffer, string | null]>([
    ['a good one', tIME(2016, 9, 19, 18, 49, 40), '2016-09-19T18:49:40 png:tIME'],
    ['month 13', tIME(2016, 13, 19, 18, 49, 40), null],
    ['the leap second', tIME(2016, 12, 31, 23, 59, 60), null],
    ['zeros', tIME(0, 0, 0, 0, 0, 0), null],
    ['six bytes', tIME(2016, 9, 19, 18, 49), null],
    ['no bytes', Buffer.alloc(0), null],
  ])('%s', async (_, data, wanted) => expect(await found(withChunk(bare, 'tIME', data))).toBe(wanted));

  test('a wrong CRC is not believed', async () => {
    const file = withChunk(bare, 'tIME', tIME(2016, 9, 19, 18, 49, 40));
    file[file.length - 18]! ^= 1;
    expect(await found(file)).toBeNull();
  });

  test('EXIF goes before it', async () => {
    const file = await withTags({ modify: c }).png().toBuffer();
    const both = withChunk(file, 'tIME', tIME(2016, 9, 19, 18, 49, 40));
    expect(await found(both)).toBe('2003-04-05T06:07:08 exif:ModifyDate');
  });
});

describe('requireDateTime', () => {
  const dated = withChunk(bare, 'tIME', tIME(2016, 9, 19, 18, 49, 40));

  test('by hand goes before the file', async () => {
    const { when, source } = await requireDateTime(dated, '2023-02-28', 'a.png');
    expect([formatWallClock(when), source]).toEqual(['2023-02-28T00:00:00', 'by hand']);
  });

  test('else the file', async () => {
    expect((await requireDateTime(dated, undefined, 'a.png')).source).toBe('png:tIME');
  });

  test('else an error that names the file and --date', async () => {
    const failure = await requireDateTime(bare, undefined, 'a.png').catch((error) => error);
    expect(failure).toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/^a\.png: .*--date/),
    });
  });

  test.each([
    ['no image', Buffer.from('text')],
    ['empty', Buffer.alloc(0)],
  ])('%s: the same error', async (_, bytes) => {
    await expect(requireDateTime(bytes, undefined, 'a.png')).rejects.toThrow(/--date/);
  });

  test('an impossible date by hand is refused, whatever the file says', async () => {
    await expect(requireDateTime(dated, '2023-02-30', 'a.png')).rejects.toThrow(
      /expected a date that exists/,
    );
  });
});

const data = process.env.MEDCHAOS_DATA;
const real: [string, string | null][] = [
  ['exif/jpg/Canon_40D.jpg', '2008-05-30T15:56:01 exif:DateTimeOriginal'],
  ['exif/jpg/Canon_40D_photoshop_import.jpg', '2008-07-31T10:05:49 exif:ModifyDate'],
  ['exif/jpg/tests/32-lens_data.jpeg', '2012-07-14T16:30:12 exif:DateTimeOriginal'],
  ['exif/jpg/PaintTool_sample.jpg', null],
  ['exif/jpg/invalid/image01551.jpg', '2011-09-23T12:43:03 xmp:CreateDate'],
  ['exif/tiff/DudleyLeavittUtah.tiff', '2009-09-26T01:11:52 exif:ModifyDate'],
  ['nih/images/00008980_000.png', '2016-09-19T18:49:40 png:tIME'],
  ['brain-mri/Training/meningioma/Tr-me_0181.jpg', '2020-02-04T13:00:21 exif:DateTimeOriginal'],
];
describe.skipIf(!data)(`real files ${data ? '' : '(MEDCHAOS_DATA names no folder)'}`, () => {
  const present = real.filter(([path]) => data && existsSync(join(data, path)));
  test.each(present)('%s', async (path, wanted) => {
    const file = join(data!, path);
    expect(await found(readFileSync(file))).toBe(wanted);
  });
});

/** A 1x1 grey TIFF 6.0 with DateTime (tag 306), written by hand. */
function tiffWithDate(order: 'LE' | 'BE', date: string): Buffer {
  const out = Buffer.alloc(160);
  const u16 = (value: number, at: number) =>
    order === 'LE' ? out.writeUInt16LE(value, at) : out.writeUInt16BE(value, at);
  const u32 = (value: number, at: number) =>
    order === 'LE' ? out.writeUInt32LE(value, at) : out.writeUInt32BE(value, at);
  out.write(order === 'LE' ? 'II' : 'MM', 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, 4, 1, 1],
    [257, 4, 1, 1],
    [273, 4, 1, 150],
    [279, 4, 1, 1],
    [306, 2, 20, 120],
  ];
  u16(entries.length, 8);
  entries.forEach(([tag, type, count, value], i) => {
    u16(tag, 10 + 12 * i);
    u16(type, 12 + 12 * i);
    u32(count, 14 + 12 * i);
    u32(value, 18 + 12 * i);
  });
  out.write(`${date}\0`, 120, 'latin1');
  return out;
}
