/** Key files as npz, valid and invalid. */

import { crc32, deflateRawSync } from 'node:zlib';
import { deriveKeys, type Keys, packKeys, presets, withOriginalName } from '../../../../src/cipher/index.ts';
import type { Raster } from '../../../../src/shared/types.ts';
import { bytesOf, expectedOf, lorenz, small } from './key-file-parts.ts';
import { flipped, picture, type Sides } from './pictures.ts';
import type { Draft } from './vector.ts';

const keysOf = (shape: Raster): Keys => deriveKeys('lorenz', lorenz, shape, presets.paper);

export function npzValid(): Draft[] {
  const sides: Sides[] = [
    [1, 1, 1, 8],
    [5, 4, 1, 8],
    [4, 5, 3, 8],
    [3, 2, 1, 16],
    [3, 2, 4, 16],
  ];
  const shapes = sides.map((side): Draft => {
    const shape = picture(side);
    const keys = keysOf(shape);
    return {
      id: `npz-${side.join('-')}`,
      comment: `for ${side[0]}x${side[1]}, ${side[2]} channels, ${side[3]} bits`,
      input: { payload: packKeys(keys, shape) },
      expected: expectedOf(keys, shape),
    };
  });
  const name = 'Ward 3/Jane Röntgen.png';
  const keys = keysOf(small);
  const named: Draft = {
    id: 'npz-name',
    comment: 'with an original name',
    input: { payload: withOriginalName(packKeys(keys, small), name) },
    expected: expectedOf(keys, small, name),
  };
  const zip64: Draft = {
    id: 'npz-local-zip64',
    comment: 'local headers as NumPy writes them: sizes only in a ZIP64 field',
    flags: ['Tolerant'],
    input: { payload: zip(membersOf(keys, small), { zip64: true }) },
    expected: expectedOf(keys, small),
  };
  return [...shapes, named, zip64];
}

interface Member {
  readonly name: string;
  readonly data: Buffer;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
}

function npy(descr: string, sides: string, data: Uint8Array, order = 'False'): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${sides}), }`;
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${text.padEnd(117)}\n`, 'latin1');
  head.writeUInt16LE(head.length - 10, 8);
  return Buffer.concat([head, data]);
}

const membersOf = (keys: Keys, { width, height }: Raster): Member[] => [
  { name: 'xindex.npy', data: npy('<i4', `${width},`, bytesOf(keys.xIndex)) },
  { name: 'yindex.npy', data: npy('<i4', `${height},`, bytesOf(keys.yIndex)) },
  { name: 'zkey.npy', data: npy('|u1', `${height}, ${width}`, bytesOf(keys.zKey)) },
];

/** A ZIP byte for byte, right or wrong. */
function zip(members: readonly Member[], { zip64 = false, count = members.length } = {}): Buffer {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const { name, data, method = 0, flags = 0, crc = crc32(data) } of members) {
    const stored = method === 8 ? deflateRawSync(data) : data;
    const extra = zip64 ? Buffer.alloc(20) : Buffer.alloc(0);
    if (zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(16, 2);
      extra.writeBigUInt64LE(BigInt(data.length), 4);
      extra.writeBigUInt64LE(BigInt(data.length), 12);
    }
    const fields = (sizes: readonly [number, number], extraLength: number): Buffer => {
      const out = Buffer.alloc(26);
      out.writeUInt16LE(20, 0);
      out.writeUInt16LE(flags, 2);
      out.writeUInt16LE(method, 4);
      out.writeUInt16LE(0x21, 8);
      out.writeUInt32LE(crc, 10);
      out.writeUInt32LE(sizes[0], 14);
      out.writeUInt32LE(sizes[1], 18);
      out.writeUInt16LE(name.length, 22);
      out.writeUInt16LE(extraLength, 24);
      return out;
    };
    const local = fields(zip64 ? [0xffffffff, 0xffffffff] : [stored.length, data.length], extra.length);
    parts.push(Buffer.from('PK\x03\x04'), local, Buffer.from(name), extra, stored);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields([stored.length, data.length], 0));
    directory.push(tail, Buffer.from(name));
    at += 30 + name.length + extra.length + stored.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}

export function npzInvalid(): Draft[] {
  const keys = keysOf(small);
  const [x, y, z] = membersOf(keys, small) as [Member, Member, Member];
  const good = packKeys(keys, small);
  const index = (values: readonly number[]): Buffer => npy('<i4', '5,', bytesOf(Int32Array.from(values)));
  const cases: [string, string, Draft['flags'], Buffer][] = [
    ['behind', 'a byte behind the end record', ['TrailingBytes'], Buffer.concat([good, Buffer.of(0)])],
    ['cut', 'the last byte is missing', ['Truncated'], Buffer.from(good.subarray(0, -1))],
    ['empty', 'no byte', ['Truncated'], Buffer.alloc(0)],
    ['crc', 'a bit of zkey changed', ['Damaged'], flipped(good, Buffer.from(good).indexOf('zkey') + 150)],
    ['deflated', 'a deflated member', ['Compressed'], zip([x, y, { ...z, method: 8 }])],
    ['encrypted', 'a member marked as encrypted', ['UnknownAlgorithm'], zip([x, y, { ...z, flags: 1 }])],
    ['no-zkey', 'without zkey', ['Missing'], zip([x, y])],
    ['fourth', 'a fourth array', ['UnknownField'], zip([x, y, z, { ...x, name: 'w.npy' }])],
    ['twice', 'xindex twice', ['UnknownField'], zip([x, x, y, z])],
    ['count', 'the end record counts fewer members', ['Damaged'], zip([x, y, z, x], { count: 3 })],
    ['repeated', 'a column twice', ['NotPermutation'], zip([{ ...x, data: index([0, 1, 2, 3, 3]) }, y, z])],
    [
      'negative',
      'column -1',
      ['NotPermutation', 'OutOfRange'],
      zip([{ ...x, data: index([0, 1, 2, 3, -1]) }, y, z]),
    ],
    [
      'beyond',
      'column 5 of 5',
      ['NotPermutation', 'OutOfRange'],
      zip([{ ...x, data: index([0, 1, 2, 3, 5]) }, y, z]),
    ],
    [
      'dtype-index',
      'xindex as <i8',
      ['WrongType'],
      zip([{ ...x, data: npy('<i8', '5,', Buffer.alloc(40)) }, y, z]),
    ],
    [
      'dtype-z',
      'zkey as >u2',
      ['WrongType'],
      zip([x, y, { ...z, data: npy('>u2', '4, 5', Buffer.alloc(40)) }]),
    ],
    [
      'fortran',
      'zkey in Fortran order',
      ['WrongType'],
      zip([x, y, { ...z, data: npy('|u1', '4, 5', Buffer.alloc(20), 'True') }]),
    ],
    [
      'object',
      'zkey as Python objects',
      ['WrongType'],
      zip([x, y, { ...z, data: npy('|O', '4, 5', Buffer.alloc(20)) }]),
    ],
    [
      'shape',
      'zkey for one row more',
      ['WrongShape'],
      zip([x, y, { ...z, data: npy('|u1', '5, 5', Buffer.alloc(25)) }]),
    ],
    [
      'five-channels',
      'zkey for five channels',
      ['OutOfRange'],
      zip([x, y, { ...z, data: npy('|u1', '4, 5, 5', Buffer.alloc(100)) }]),
    ],
    [
      'flat',
      'zkey of one dimension',
      ['WrongShape'],
      zip([x, y, { ...z, data: npy('|u1', '20,', z.data.subarray(128)) }]),
    ],
    [
      'name-dtype',
      'an original name as <u2',
      ['WrongType'],
      zip([x, y, z, { name: 'name.npy', data: npy('<u2', '2,', Buffer.from('a.b\n')) }]),
    ],
    [
      'npy-cut',
      'zkey has a byte too few',
      ['Truncated'],
      zip([x, y, { ...z, data: Buffer.from(z.data.subarray(0, -1)) }]),
    ],
    [
      'npy-behind',
      'zkey has a byte too many',
      ['TrailingBytes'],
      zip([x, y, { ...z, data: Buffer.concat([z.data, Buffer.of(0)]) }]),
    ],
  ];
  return cases.map(([id, comment, flags, payload]) => ({
    id: `npz-${id}`,
    comment,
    flags: flags!,
    input: { payload },
  }));
}
