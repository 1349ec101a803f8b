/** Dates wherever image files hold them: each source in each format, each form, and what is passed over. */
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { formatWallClock } from '../../src/data/datetime.ts';
import { encodePng } from '../../src/data/image.ts';
import { dateFound, dateLine, findDates, requireDateTime } from '../../src/data/metadata.ts';
import { chunk } from '../../src/data/png.ts';
import { noise, withChunk } from './_images.ts';
import { tiff } from './_tiff.ts';

const picture = noise(8, 8, 3, 8, 1);
const jpeg = await sharp(picture.data, { raw: { width: 8, height: 8, channels: 3 } })
  .jpeg()
  .toBuffer();
const webp = await sharp(picture.data, { raw: { width: 8, height: 8, channels: 3 } })
  .webp()
  .toBuffer();
const png = await encodePng(picture);

const found = (bytes: Buffer): string => {
  const { taken, passedOver } = findDates(bytes);
  const over = passedOver.map(({ source, why }) => ` !${source}: ${why}`).join('');
  return `${taken ? `${formatWallClock(taken.when)} ${taken.source}` : 'none'}${over}`;
};

type Entry = readonly [tag: number, type: number, value: string | number, count?: number];

/** An EXIF block: the first directory with a pointer to the second. Values longer than 4 bytes go behind. */
function exif(first: readonly Entry[], second: readonly Entry[] = [], order: 'II' | 'MM' = 'II'): Buffer {
  const at = 8 + 2 + 12 * (first.length + 1) + 4;
  const free = at + 2 + 12 * second.length + 4;
  const out = Buffer.alloc(free + 600);
  let far = free;
  const u16 = (v: number, i: number) => (order === 'II' ? out.writeUInt16LE(v, i) : out.writeUInt16BE(v, i));
  const u32 = (v: number, i: number) => (order === 'II' ? out.writeUInt32LE(v, i) : out.writeUInt32BE(v, i));
  const directory = (entries: readonly Entry[], start: number): void => {
    u16(entries.length, start);
    for (const [i, [tag, type, value, count]] of entries.entries()) {
      const entry = start + 2 + 12 * i;
      u16(tag, entry);
      u16(type, entry + 2);
      u32(count ?? (typeof value === 'string' ? value.length : 1), entry + 4);
      u32(typeof value === 'string' ? far : value, entry + 8);
      if (typeof value === 'string') far += out.write(value, far, 'latin1');
    }
  };
  out.write(order);
  u16(42, 2);
  u32(8, 4);
  directory([...first, [0x8769, 4, at]], 8);
  directory(second, at);
  return out;
}

const segment = (code: number, ...parts: (string | Buffer)[]): Buffer => {
  const data = Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')));
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
};
const inJpeg = (...segments: Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
const app1 = (block: Buffer): Buffer => segment(0xe1, 'Exif\0\0', block);
const inPng = (type: string, ...parts: (string | Buffer)[]): Buffer =>
  withChunk(png, type, Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))));
const inWebp = (type: string, data: Buffer): Buffer => {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([webp, head, data, Buffer.alloc(data.length % 2)]);
};
/** ImageMagick's: the bytes in hexadecimal, 72 digits a line. */
const profile = (name: string, data: Buffer): string =>
  `\n${name}\n${String(data.length).padStart(8)}\n${data.toString('hex').replace(/(.{72})/g, '$1\n')}\n`;
const packet = (inside: string, spaces = ''): Buffer =>
  Buffer.from(
    `<?xpacket begin="\ufeff"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${spaces} ${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`,
  );
const xap = 'http://ns.adobe.com/xap/1.0/';
const created = packet('xmp:CreateDate="2011-09-23T12:43:03Z">', `xmlns:xmp="${xap}"`);
const iptc = (records: Record<number, string>): Buffer =>
  Buffer.concat(
    Object.entries(records).map(([set, text]) =>
      Buffer.concat([Buffer.from([0x1c, 2, Number(set), 0, text.length]), Buffer.from(text)]),
    ),
  );
const resource = (id: number, data: Buffer, name = ''): Buffer => {
  const head = Buffer.from(
    `8BIM\0\0${String.fromCharCode(name.length)}${name}${name.length % 2 ? '' : '\0'}\0\0\0\0`,
  );
  head.writeUInt16BE(id, 4);
  head.writeUInt32BE(data.length, head.length - 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
};

const original = (text: string): Entry => [0x9003, 2, `${text}\0`];
const digitised = (text: string): Entry => [0x9004, 2, `${text}\0`];
const a = '2001:02:03 04:05:06';
const b = '2002:03:04 05:06:07';
const taken = '2001-02-03T04:05:06 exif:DateTimeOriginal';
const records = iptc({ 5: 'title', 55: '20210304', 60: '050607+0100' });
const ofIptc = '2021-03-04T05:06:07 iptc:DateCreated';
const ofXmp = '2011-09-23T12:43:03 xmp:CreateDate';
const block = exif([], [original(a)]);

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
