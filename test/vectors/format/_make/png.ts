/** Cipher PNG files. */
import { deflateSync } from 'node:zlib';
import { encodePng } from '../../../../src/data/images/image.ts';
import { chunk } from '../../../../src/data/images/png.ts';
import { described, flipped, picture, type Sides } from './pictures.ts';
import type { Draft, Group } from './vector.ts';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const end = chunk('IEND', Buffer.alloc(0));

export async function pngGroups(): Promise<Group[]> {
  return [{ type: 'png', section: '2', drafts: [...(await written()), ...filtered(), ...(await refused())] }];
}

async function written(): Promise<Draft[]> {
  const sides: Sides[] = [
    [1, 1, 1, 8],
    [5, 4, 1, 8],
    [5, 4, 2, 8],
    [5, 4, 3, 8],
    [5, 4, 4, 8],
    [5, 4, 1, 16],
    [3, 2, 2, 16],
    [3, 2, 3, 16],
    [3, 2, 4, 16],
  ];
  return Promise.all(
    sides.map(async (side) => {
      const raster = picture(side);
      return {
        id: `png-${side.join('-')}`,
        comment: `${side[0]}x${side[1]}, ${side[2]} channels, ${side[3]} bits`,
        input: { file: await encodePng(raster, 'cipher') },
        expected: described(raster),
      };
    }),
  );
}

function header(width: number, height: number, depth = 8, colour = 0, interlace = 0): Buffer {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  Buffer.of(depth, colour, 0, 0, interlace).copy(data, 8);
  return chunk('IHDR', data);
}

/** Rows behind the filter types given, in the chunks that `idat` makes of the stream. */
function png(
  rows: readonly (readonly number[])[],
  idat = (bytes: Buffer): Buffer[] => [chunk('IDAT', bytes)],
): Buffer {
  const stream = deflateSync(Buffer.from(rows.flat()));
  return Buffer.concat([signature, header(3, rows.length), ...idat(stream), end]);
}

const plain = (values: readonly number[]) =>
  described({ width: 3, height: values.length / 3, channels: 1, depth: 8, data: Uint8Array.from(values) });

function filtered(): Draft[] {
  const values = [10, 20, 31, 11, 22, 33, 9, 8, 7, 200, 100, 50, 1, 2, 3];
  const rows = [
    [0, 10, 20, 31],
    [1, 11, 11, 11],
    [2, 254, 242, 230],
    [3, 196, 252, 253],
    [4, 57, 1, 1],
  ];
  const split = (bytes: Buffer): Buffer[] => [
    chunk('IDAT', bytes.subarray(0, 5)),
    chunk('IDAT', Buffer.alloc(0)),
    chunk('IDAT', bytes.subarray(5)),
  ];
  const one = png(rows);
  const marked = Buffer.concat([
    one.subarray(0, 33),
    chunk('gAMA', Buffer.of(0, 0, 0xb1, 0x8f)),
    one.subarray(33),
  ]);
  return [
    {
      id: 'png-filters',
      comment: 'rows with the filter types 0 to 4',
      input: { file: one },
      expected: plain(values),
    },
    {
      id: 'png-split',
      comment: 'three IDAT chunks, one empty',
      input: { file: png(rows, split) },
      expected: plain(values),
    },
    {
      id: 'png-gamma',
      comment: 'an ancillary chunk gAMA: samples stay as stored',
      flags: ['Tolerant'],
      input: { file: marked },
      expected: plain(values),
    },
    {
      id: 'png-behind',
      comment: 'bytes behind IEND',
      flags: ['Tolerant', 'TrailingBytes'],
      input: { file: Buffer.concat([one, Buffer.from('more')]) },
      expected: plain(values),
    },
  ];
}

async function refused(): Promise<Draft[]> {
  const good = await encodePng(picture([5, 4, 1, 8]), 'cipher');
  const stream = (bytes: Buffer): Buffer =>
    Buffer.concat([signature, header(5, 4), chunk('IDAT', deflateSync(bytes)), end]);
  const animated = Buffer.concat([
    good.subarray(0, 33),
    chunk('acTL', Buffer.of(0, 0, 0, 2, 0, 0, 0, 0)),
    good.subarray(33),
  ]);
  const cases: [string, string, Draft['flags'], Buffer][] = [
    ['png-crc-pixels', 'a bit of IDAT changed', ['Damaged'], flipped(good, 60)],
    ['png-crc-header', 'a bit of IHDR changed', ['Damaged'], flipped(good, 19)],
    ['png-cut', 'cut off in IDAT', ['Truncated'], good.subarray(0, 50)],
    ['png-no-end', 'without IEND', ['Truncated'], good.subarray(0, -12)],
    ['png-short', 'one pixel too few', ['Truncated'], stream(Buffer.alloc(23))],
    ['png-animated', 'APNG of two pictures', ['WrongShape'], animated],
    [
      'png-zero',
      'width 0',
      ['OutOfRange'],
      Buffer.concat([signature, header(0, 4), chunk('IDAT', deflateSync(Buffer.alloc(4))), end]),
    ],
    ['png-signature', 'another signature', ['Foreign'], flipped(good, 1)],
    ['png-empty', 'no byte', ['Truncated'], Buffer.alloc(0)],
  ];
  return cases.map(([id, comment, flags, file]) => ({ id, comment, flags: flags!, input: { file } }));
}
