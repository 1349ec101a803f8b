/** Dates wherever image files hold them: each source in each format. */
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tiff } from '../images/_tiff.ts';
import {
  a,
  app1,
  block,
  created,
  exif,
  found,
  inJpeg,
  inPng,
  inWebp,
  ofIptc,
  ofXmp,
  original,
  packet,
  profile,
  records,
  resource,
  segment,
  taken,
  xap,
} from './_dated-files.ts';

describe('each source in each format', () => {
  test.each<[string, Buffer, string]>([
    ['JPEG, EXIF', inJpeg(app1(block)), taken],
    ['JPEG, EXIF, big-endian', inJpeg(app1(exif([], [original(a)], 'MM'))), taken],
    ['JPEG, a second EXIF segment', inJpeg(app1(exif([[0x010f, 2, 'maker\0']])), app1(block)), taken],
    [
      'JPEG, EXIF continued in a second segment',
      inJpeg(app1(block.subarray(0, 60)), app1(block.subarray(60))),
      taken,
    ],
    ['JPEG, EXIF behind XMP', inJpeg(segment(0xe1, `${xap}\0`, packet('>')), app1(block)), taken],
    ['JPEG, XMP', inJpeg(segment(0xe1, `${xap}\0`, created)), ofXmp],
    [
      'JPEG, further XMP',
      inJpeg(
        segment(0xe1, `${xap}\0`, packet('>')),
        ...[0, 150].map((at) =>
          segment(
            0xe1,
            'http://ns.adobe.com/xmp/extension/\0',
            Buffer.alloc(40, 65),
            created.subarray(at, at + 150),
          ),
        ),
        segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0', Buffer.alloc(40, 65), created.subarray(300)),
      ),
      ofXmp,
    ],
    [
      'JPEG, IPTC',
      inJpeg(
        segment(0xed, 'Photoshop 3.0\0', resource(0x03ed, Buffer.alloc(7), 'abc'), resource(0x0404, records)),
      ),
      ofIptc,
    ],
    [
      'JPEG, IPTC over two segments',
      inJpeg(
        ...[
          [0, 30],
          [30, 999],
        ].map(([from, to]) => segment(0xed, 'Photoshop 3.0\0', resource(0x0404, records).subarray(from, to))),
      ),
      ofIptc,
    ],
    ['PNG, eXIf', inPng('eXIf', block), taken],
    ['PNG, raw profile exif', inPng('tEXt', 'Raw profile type exif\0', profile('exif', block)), taken],
    [
      'PNG, raw profile exif with a prefix',
      inPng(
        'zTXt',
        'Raw profile type exif\0\0',
        deflateSync(profile('exif', Buffer.concat([Buffer.from('Exif\0\0'), block]))),
      ),
      taken,
    ],
    [
      'PNG, raw profile APP1 with EXIF',
      inPng(
        'zTXt',
        'Raw profile type APP1\0\0',
        deflateSync(profile('generic profile', Buffer.concat([Buffer.from('Exif\0\0'), block]))),
      ),
      taken,
    ],
    [
      'PNG, raw profile APP1 with XMP',
      inPng(
        'tEXt',
        'Raw profile type APP1\0',
        profile('generic profile', Buffer.concat([Buffer.from(`${xap}\0`), created])),
      ),
      ofXmp,
    ],
    [
      'PNG, raw profile xmp',
      inPng('zTXt', 'Raw profile type xmp\0\0', deflateSync(profile('xmp', created))),
      ofXmp,
    ],
    [
      'PNG, raw profile iptc, as records',
      inPng('zTXt', 'Raw profile type iptc\0\0', deflateSync(profile('iptc', records))),
      ofIptc,
    ],
    [
      'PNG, raw profile iptc, as resources',
      inPng('tEXt', 'Raw profile type iptc\0', profile('iptc', resource(0x0404, records))),
      ofIptc,
    ],
    [
      'PNG, raw profile 8bim',
      inPng(
        'iTXt',
        'Raw profile type 8bim\0\x01\0\0\0',
        deflateSync(profile('8bim', resource(0x0404, records))),
      ),
      ofIptc,
    ],
    ['PNG, XMP', inPng('iTXt', 'XML:com.adobe.xmp\0\0\0en\0\0', created), ofXmp],
    [
      'PNG, XMP of 100 KiB',
      inPng('iTXt', 'XML:com.adobe.xmp\0\0\0\0\0', ' '.repeat(102_400), created),
      ofXmp,
    ],
    [
      'PNG, XMP of 3 MiB, compressed',
      inPng(
        'iTXt',
        'XML:com.adobe.xmp\0\x01\0\0\0',
        deflateSync(Buffer.concat([Buffer.alloc(3 << 20, 32), created])),
      ),
      ofXmp,
    ],
    [
      'PNG, XMP in the other text chunks',
      inPng('zTXt', 'XML:com.adobe.xmp\0\0', deflateSync(created)),
      ofXmp,
    ],
    ['WebP, EXIF', inWebp('EXIF', block), taken],
    ['WebP, EXIF with a prefix', inWebp('EXIF', Buffer.concat([Buffer.from('Exif\0\0'), block])), taken],
    ['WebP, XMP', inWebp('XMP ', created), ofXmp],
  ])('%s', (_, file, wanted) => expect(found(file)).toBe(wanted));

  test.each([false, true])('TIFF, BigTIFF: %s', (big) => {
    for (const order of ['II', 'MM'] as const) {
      const file = (...tags: [number, number, string | number[]][]) =>
        tiff({ width: 8, height: 8, bits: 8, samples: 1, big, order, tags });
      expect(found(file([306, 2, `${a}\0`]))).toBe('2001-02-03T04:05:06 exif:ModifyDate');
      expect(found(file([36867, 2, `${a}\0`]))).toBe(taken);
      expect(found(file([700, 1, [...created]]))).toBe(ofXmp);
      expect(found(file([33723, 7, [...records]]))).toBe(ofIptc);
      const whole = Buffer.concat([records, Buffer.alloc((4 - (records.length % 4)) % 4)]);
      const numbers = Array.from({ length: whole.length / 4 }, (_, i) => whole.readUInt32BE(4 * i));
      expect(found(file([33723, 4, numbers]))).toBe(ofIptc);
      expect(found(file([34377, 1, [...resource(0x0404, records)]]))).toBe(ofIptc);
    }
  });
});

describe('XMP, whatever its prefixes', () => {
  const spaces: Record<string, string> = {
    exif: 'http://ns.adobe.com/exif/1.0/',
    photoshop: 'http://ns.adobe.com/photoshop/1.0/',
    tiff: 'http://ns.adobe.com/tiff/1.0/',
    xmp: xap,
  };
  test.each([
    ['exif', 'DateTimeOriginal', 'xmp:DateTimeOriginal'],
    ['xmp', 'CreateDate', 'xmp:CreateDate'],
    ['xmp', 'ModifyDate', 'xmp:ModifyDate'],
    ['photoshop', 'DateCreated', 'photoshop:DateCreated'],
    ['exif', 'DateTimeDigitized', 'xmp:DateTimeDigitized'],
    ['tiff', 'DateTime', 'xmp:DateTime'],
  ])('%s:%s', (space, property, source) => {
    for (const prefix of [space, 'ns1', 'a.b-c'])
      for (const quote of ['"', "'"]) {
        const bound = `xmlns:${prefix}=${quote}${spaces[space]}${quote}`;
        const text = '2021-03-04T05:06:07+01:00';
        for (const inside of [
          `${prefix}:${property}=${quote}${text}${quote}>`,
          `><${prefix}:${property}>${text}</${prefix}:${property}>`,
        ])
          for (const xml of [packet(inside, bound), Buffer.from(packet(inside, bound).toString(), 'utf16le')])
            expect(found(inJpeg(segment(0xe1, `${xap}\0`, xml)))).toBe(`2021-03-04T05:06:07 ${source}`);
      }
  });

  test('a prefix that means another namespace is not taken, one that is not bound is', () => {
    const other = packet('xmp:CreateDate="2021-03-04T05:06:07">', 'xmlns:xmp="http://example.org/"');
    expect(found(inJpeg(segment(0xe1, `${xap}\0`, other)))).toBe('none');
    const unbound = packet('xmp:CreateDate="2011-09-23T12:43:03">');
    expect(found(inJpeg(segment(0xe1, `${xap}\0`, unbound)))).toBe(ofXmp);
  });
});
