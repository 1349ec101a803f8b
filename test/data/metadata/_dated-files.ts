import sharp from 'sharp';
import { encodePng } from '../../../src/data/images/image.ts';
import { findDates } from '../../../src/data/metadata/metadata.ts';
import { formatWallClock } from '../../../src/shared/datetime.ts';
import { noise, withChunk } from '../images/_images.ts';

export const picture = noise(8, 8, 3, 8, 1);
export const jpeg = await sharp(picture.data, { raw: { width: 8, height: 8, channels: 3 } })
  .jpeg()
  .toBuffer();
export const webp = await sharp(picture.data, { raw: { width: 8, height: 8, channels: 3 } })
  .webp()
  .toBuffer();
export const png = await encodePng(picture);

export const found = (bytes: Buffer): string => {
  const { taken, passedOver } = findDates(bytes);
  const over = passedOver.map(({ source, why }) => ` !${source}: ${why}`).join('');
  return `${taken ? `${formatWallClock(taken.when)} ${taken.source}` : 'none'}${over}`;
};

export type Entry = readonly [tag: number, type: number, value: string | number, count?: number];

/** An EXIF block: the first directory with a pointer to the second. Values longer than 4 bytes go behind. */
export function exif(
  first: readonly Entry[],
  second: readonly Entry[] = [],
  order: 'II' | 'MM' = 'II',
): Buffer {
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

export const segment = (code: number, ...parts: (string | Buffer)[]): Buffer => {
  const data = Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')));
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
};
export const inJpeg = (...segments: Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
export const app1 = (block: Buffer): Buffer => segment(0xe1, 'Exif\0\0', block);
export const inPng = (type: string, ...parts: (string | Buffer)[]): Buffer =>
  withChunk(png, type, Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))));
export const inWebp = (type: string, data: Buffer): Buffer => {
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([webp, head, data, Buffer.alloc(data.length % 2)]);
};
/** ImageMagick's: the bytes in hexadecimal, 72 digits a line. */
export const profile = (name: string, data: Buffer): string =>
  `\n${name}\n${String(data.length).padStart(8)}\n${data.toString('hex').replace(/(.{72})/g, '$1\n')}\n`;
export const packet = (inside: string, spaces = ''): Buffer =>
  Buffer.from(
    `<?xpacket begin="\ufeff"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${spaces} ${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`,
  );
export const xap = 'http://ns.adobe.com/xap/1.0/';
export const created = packet('xmp:CreateDate="2011-09-23T12:43:03Z">', `xmlns:xmp="${xap}"`);
export const iptc = (records: Record<number, string>): Buffer =>
  Buffer.concat(
    Object.entries(records).map(([set, text]) =>
      Buffer.concat([Buffer.from([0x1c, 2, Number(set), 0, text.length]), Buffer.from(text)]),
    ),
  );
export const resource = (id: number, data: Buffer, name = ''): Buffer => {
  const head = Buffer.from(
    `8BIM\0\0${String.fromCharCode(name.length)}${name}${name.length % 2 ? '' : '\0'}\0\0\0\0`,
  );
  head.writeUInt16BE(id, 4);
  head.writeUInt32BE(data.length, head.length - 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
};

export const original = (text: string): Entry => [0x9003, 2, `${text}\0`];
export const digitised = (text: string): Entry => [0x9004, 2, `${text}\0`];
export const a = '2001:02:03 04:05:06';
export const b = '2002:03:04 05:06:07';
export const taken = '2001-02-03T04:05:06 exif:DateTimeOriginal';
export const records = iptc({ 5: 'title', 55: '20210304', 60: '050607+0100' });
export const ofIptc = '2021-03-04T05:06:07 iptc:DateCreated';
export const ofXmp = '2011-09-23T12:43:03 xmp:CreateDate';
export const block = exif([], [original(a)]);
