/** Forms of dates in image files: which are read, which are passed over, and what results say of them. */
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { chunk } from '../../../src/data/images/png.ts';
import { dateFound, dateLine, findDates, requireDateTime } from '../../../src/data/metadata/metadata.ts';
import { tiff } from '../images/_tiff.ts';
import {
  a,
  app1,
  b,
  block,
  created,
  digitised,
  type Entry,
  exif,
  found,
  inJpeg,
  inPng,
  inWebp,
  ofIptc,
  ofXmp,
  original,
  packet,
  png,
  profile,
  records,
  resource,
  segment,
  taken,
  xap,
} from './_dated-files.ts';

describe('forms', () => {
  test.each<[string, string]>([
    ['2021:03:04 05:06:07', '2021-03-04T05:06:07'],
    ['2021/03/04 05:06:07', '2021-03-04T05:06:07'],
    ['2021-03-04 05:06:07', '2021-03-04T05:06:07'],
    ['2021.03.04 05:06:07', '2021-03-04T05:06:07'],
    ['2021-03-04T05:06:07.25+01:00', '2021-03-04T05:06:07'],
    ['2021:03:04 05:06:07.123', '2021-03-04T05:06:07'],
    ['2021:03:04 05:06:07Z', '2021-03-04T05:06:07'],
    ['2021:03:04 05:06:07 -0330', '2021-03-04T05:06:07'],
    ['2021:03:04 05:06', '2021-03-04T05:06:00'],
    ['2021-03-04T05:06Z', '2021-03-04T05:06:00'],
    ['2021:03:04', '2021-03-04T00:00:00'],
    ['2021:3:4 5:06:07', '2021-03-04T05:06:07'],
    ['2021:03:04 05:06:07\0\0rubbish', '2021-03-04T05:06:07'],
    [' 2021:03:04  05:06:07 ', '2021-03-04T05:06:07'],
  ])('%j', (text, wanted) =>
    expect(found(inJpeg(app1(exif([], [original(text), digitised(b)]))))).toBe(
      `${wanted} exif:DateTimeOriginal`,
    ),
  );

  test.each<[string, string]>([
    ['    :  :     :  :  ', 'it is blank'],
    ['0000:00:00 00:00:00', 'it is blank'],
    ['2021:13:04 05:06:07', 'month 13'],
    ['2021:02:30 05:06:07', 'day 30 of a month of 28 days'],
    ['2021:03:04 24:06:07', 'hour 24'],
    ['yesterday\u001b[31m', '"yesterday?[31m" is no date and time'],
    ['04/03/2021 05:06:07', '"04/03/2021 05:06:07" is no date and time'],
    ['2021:03:04 05:06:07 PM', '"2021:03:04 05:06:07 PM" is no date and time'],
  ])('%j is passed over, and the result says so', (text, why) =>
    expect(found(inJpeg(app1(exif([], [original(text), digitised(b)]))))).toBe(
      `2002-03-04T05:06:07 exif:CreateDate !exif:DateTimeOriginal: ${why}`,
    ),
  );
});

describe('a damaged tag loses itself', () => {
  const bad: [string, Entry][] = [
    ['an offset outside', [0xc4a5, 7, 0xfffffff0, 100]],
    ['a count of 2^32 - 1', [0xc4a5, 2, 8, 0xffffffff]],
    ['an unknown type', [0xc4a5, 99, 8, 3]],
    ['type 0', [0xc4a5, 0, 0, 0]],
  ];
  test.each(bad)('%s, before and behind the date, in both directories', (_, entry) => {
    for (const order of ['II', 'MM'] as const)
      for (const [first, second] of [
        [[entry], [original(a)]],
        [
          [[0x010f, 2, 'maker\0'], entry],
          [original(a), entry],
        ],
        [[], [entry, original(a)]],
      ] as [Entry[], Entry[]][])
        expect(found(inJpeg(app1(exif(first, second, order))))).toBe(taken);
  });

  test('a date whose value, or whose directory, lies outside is passed over aloud', () => {
    const outside = 'exif:DateTimeOriginal: its value lies outside the file';
    const value = exif([[0x0132, 2, `${b}\0`]], [[0x9003, 2, 0xfffffff0, 20]]);
    expect(found(inJpeg(app1(value)))).toBe(`2002-03-04T05:06:07 exif:ModifyDate !${outside}`);
    const directory = exif([[0x0132, 2, `${b}\0`]]);
    directory.writeUInt32LE(0xfffffff0, 8 + 2 + 12 + 8);
    expect(found(inJpeg(app1(directory)))).toBe(`2002-03-04T05:06:07 exif:ModifyDate !${outside}`);
    expect(found(inJpeg(app1(Buffer.from('no TIFF header'))))).toBe(`none !${outside}`);
  });

  test('a directory that says it has more tags than there are', () => {
    const more = exif([], [original(a)]);
    more.writeUInt16LE(999, 8 + 2 + 12 + 4);
    expect(found(inJpeg(app1(more)))).toBe(taken);
  });
});

describe('what results say', () => {
  const file = inJpeg(app1(exif([], [original('soon'), digitised(b)])));

  test('value, source, and what was passed over', () => {
    const date = dateFound(file, undefined)!;
    expect(date).toEqual({
      value: '2002-03-04T05:06:07',
      source: 'exif:CreateDate',
      passedOver: [{ source: 'exif:DateTimeOriginal', why: '"soon" is no date and time' }],
    });
    expect(dateLine(date)).toBe(
      'date 2002-03-04T05:06:07 from exif:CreateDate, passed over exif:DateTimeOriginal ("soon" is no date and time)',
    );
    expect(dateFound(file, '2023-02-28')).toEqual({
      value: '2023-02-28T00:00:00',
      source: 'by hand',
      passedOver: [],
    });
    expect(dateFound(png, undefined)).toBeNull();
  });

  test('where none can be read, the error names them', async () => {
    await expect(
      requireDateTime(inJpeg(app1(exif([], [original('soon')]))), undefined, 'a.jpg'),
    ).rejects.toThrow(
      /a\.jpg: .*got none that can be read \(exif:DateTimeOriginal: "soon" is no date and time\); give it with --date/,
    );
  });

  test('order: EXIF, XMP, IPTC, tIME', () => {
    const layers: [Buffer, string][] = [
      [chunk('eXIf', exif([], [original(a)])), taken],
      [chunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0\0\0\0'), created])), ofXmp],
      [chunk('tEXt', Buffer.from(`Raw profile type iptc\0${profile('iptc', records)}`, 'latin1')), ofIptc],
      [chunk('tIME', Buffer.from([7, 224, 9, 19, 18, 49, 40])), '2016-09-19T18:49:40 png:tIME'],
    ];
    for (const [i, [, wanted]] of layers.entries()) {
      const parts = layers.slice(i).map(([part]) => part);
      expect(found(Buffer.concat([png.subarray(0, -12), ...parts.reverse(), png.subarray(-12)]))).toBe(
        wanted,
      );
    }
  });
});

describe('what a stranger writes costs little', () => {
  test('texts that inflate to 16 MiB each: the first counts', () => {
    const bomb = deflateSync(Buffer.concat([created, Buffer.alloc((1 << 24) - created.length, 32)]));
    const text = chunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0'), bomb]));
    const file = Buffer.concat([png.subarray(0, -12), ...Array<Buffer>(200).fill(text), png.subarray(-12)]);
    expect(found(file)).toBe(ofXmp);
  });

  test('XMP of many prefixes, and of elements that never end', () => {
    const bound = Array.from({ length: 20_000 }, (_, i) => `xmlns:p${i}="${xap}"`).join(' ');
    const endless = '<xmp:CreateDate '.repeat(100_000);
    const file = inPng('iTXt', 'XML:com.adobe.xmp\0\0\0\0\0', packet('>', bound), endless);
    expect(found(file)).toBe('none');
  });

  test('directories on top of one another', () => {
    const file = Buffer.alloc(200_000);
    file.write('II*\0\x08\0\0\0', 'latin1');
    for (let at = 8; at + 18 < file.length; at += 18) {
      file.writeUInt16LE(1, at);
      file.writeUInt32LE(at + 18, at + 14);
    }
    expect(found(file)).toBe('none');
  });
});

test('damage anywhere never throws', () => {
  const files = [
    inJpeg(
      app1(block),
      segment(0xed, 'Photoshop 3.0\0', resource(0x0404, records)),
      segment(0xe1, `${xap}\0`, created),
    ),
    inPng('zTXt', 'Raw profile type exif\0\0', deflateSync(profile('exif', block))),
    inWebp('EXIF', block),
    tiff({
      width: 8,
      height: 8,
      bits: 8,
      samples: 1,
      tags: [
        [306, 2, `${a}\0`],
        [34377, 1, [...resource(0x0404, records)]],
      ],
    }),
  ];
  for (const file of files)
    for (let at = 0; at < file.length; at += 3) {
      const broken = Buffer.from(file);
      broken[at]! ^= 0xff;
      findDates(broken);
      findDates(file.subarray(0, at));
    }
});
