import { describe, expect, test } from 'vitest';
import {
  deriveKeys,
  type Keys,
  packCompact,
  packKeys,
  presets,
  type Shape,
  unpackCompact,
  unpackKeys,
} from '../../../src/cipher/index.ts';
import { type Npy, readNpy, writeNpy } from '../../../src/cipher/keyfile/npy.ts';
import { readZip, writeZip } from '../../../src/cipher/keyfile/zip.ts';
import { InputError } from '../../../src/shared/errors.ts';
import { stream } from '../../../src/shared/random.ts';

const shapes: Shape[] = [
  { width: 1, height: 1, channels: 1, depth: 8 },
  { width: 5, height: 3, channels: 3, depth: 8 },
  { width: 3, height: 7, channels: 2, depth: 16 },
  { width: 130, height: 2, channels: 1, depth: 16 },
  { width: 9, height: 4, channels: 4, depth: 8 },
];
const keysFor = (shape: Shape): Keys => deriveKeys('lorenz', [10, 28, 2.667], shape, presets.sound);

const small = shapes[1]!;
const smallFile = packKeys(keysFor(small), small);

test('a known array is written as numpy 2.4 saves it', () => {
  const npy = writeNpy({ descr: '<i4', shape: [2], data: Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0) });
  const text = "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }";
  const header = Buffer.from(npy).toString('latin1', 0, 128);
  expect(header.slice(0, 10)).toBe('\x93NUMPY\x01\x00\x76\x00');
  expect(header.slice(10)).toBe(`${text.padEnd(117)}\n`);
  expect([...npy.subarray(128)]).toEqual([1, 0, 0, 0, 2, 0, 0, 0]);
});

test('one channel has shape (H, W), several (H, W, C)', () => {
  const sides = (shape: Shape) =>
    readNpy(readZip(packKeys(keysFor(shape), shape)).get('zkey.npy')!, 'zkey').shape;
  expect(sides(shapes[3]!)).toEqual([2, 130]);
  expect(sides(small)).toEqual([3, 5, 3]);
});

test.each(shapes)('npz round trip: $width x $height x $channels, $depth bit', (shape) => {
  const keys = keysFor(shape);
  expect(unpackKeys(packKeys(keys, shape))).toEqual({ keys, shape });
});

test('an npz at an odd offset in memory opens too', () => {
  const shape = shapes[2]!;
  const file = packKeys(keysFor(shape), shape);
  const shifted = new Uint8Array(file.length + 1);
  shifted.set(file, 1);
  expect(unpackKeys(shifted.subarray(1)).keys).toEqual(keysFor(shape));
});

test('the compact key file gives the same keys, with parameters exact to the bit', () => {
  const params = [10.827399969100952, 27.63096797466278, 0.1 + 0.2];
  const { key, shape } = unpackCompact(packCompact({ map: 'lorenz', params, options: presets.sound }, small));
  expect(shape).toEqual(small);
  expect(key).toEqual({ map: 'lorenz', params, options: presets.sound });
});

describe('damaged files are refused, never misread', () => {
  test('cut off at every byte', () => {
    for (let n = 0; n < smallFile.length; n++)
      expect(() => unpackKeys(smallFile.subarray(0, n)), `${n} bytes`).toThrow(InputError);
  });

  test('one flipped bit at every byte', () => {
    const random = stream(1, 'npz-flips');
    const intact = unpackKeys(smallFile);
    for (let at = 0; at < smallFile.length; at++) {
      const changed = Buffer.from(smallFile);
      changed[at]! ^= 1 << random.int(8);
      expect(outcome(changed, intact), `byte ${at}`).not.toBe('misread');
    }
  });

  // Dates and the like may change; keys may not.
  function outcome(bytes: Uint8Array, intact: ReturnType<typeof unpackKeys>): string {
    try {
      expect(unpackKeys(bytes)).toEqual(intact);
      return 'unchanged';
    } catch (error) {
      return error instanceof InputError ? 'refused' : 'misread';
    }
  }
});

describe('wrong npz files', () => {
  const array = (descr: string, shape: number[], data: number[]): Npy => ({
    descr,
    shape,
    data: Uint8Array.from(data),
  });
  const good: Record<string, Npy> = {
    xindex: array('<i4', [2], [1, 0, 0, 0, 0, 0, 0, 0]),
    yindex: array('<i4', [1], [0, 0, 0, 0]),
    zkey: array('|u1', [1, 2], [7, 8]),
  };
  const zip = (arrays: Record<string, Npy | Uint8Array>): Uint8Array =>
    writeZip(
      Object.fromEntries(
        Object.entries(arrays).map(([name, a]) => [`${name}.npy`, a instanceof Uint8Array ? a : writeNpy(a)]),
      ),
    );
  const header = (text: string, data: number[]): Uint8Array => {
    const npy = Buffer.concat([writeNpy(array('|u1', [0], [])), Uint8Array.from(data)]);
    npy.fill(' ', 10, 127).write(text, 10);
    return npy;
  };

  test('the good one is good', () => expect(unpackKeys(zip(good)).shape.width).toBe(2));

  const { zkey: _, ...withoutZ } = good;
  const table: [string, Record<string, Npy | Uint8Array>, RegExp][] = [
    ['no array', {}, /expected xindex, yindex and zkey, got nothing/],
    ['an array missing', withoutZ, /got xindex.npy, yindex.npy/],
    ['an array too many', { ...good, more: good.zkey! }, /got .*more.npy/],
    ['an index of another type', { ...good, xindex: array('|u1', [2], [1, 0]) }, /"xindex" expected <i4/],
    [
      'an index with two dimensions',
      { ...good, yindex: array('<i4', [1, 1], [0, 0, 0, 0]) },
      /"yindex" expected/,
    ],
    [
      'a position twice',
      { ...good, xindex: array('<i4', [2], [0, 0, 0, 0, 0, 0, 0, 0]) },
      /every position from 0 to 1/,
    ],
    ['a negative position', { ...good, yindex: array('<i4', [1], [255, 255, 255, 255]) }, /every position/],
    ['an index of another length', { ...good, xindex: good.yindex! }, /the key has 1 columns/],
    ['z_key as a list', { ...good, zkey: array('|u1', [2], [7, 8]) }, /"zkey" expected .u1 or <u2 of shape/],
    ['z_key as int32', { ...good, zkey: array('<i4', [1, 1], [7, 8, 0, 0]) }, /"zkey" expected/],
    [
      'z_key shorter than its shape',
      { ...good, zkey: array('|u1', [1, 2], [7]) },
      /1 bytes for shape \(1, 2\)/,
    ],
    [
      'five channels',
      { ...good, zkey: array('|u1', [1, 2, 5], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) },
      /1 to 4 channels/,
    ],
    ['no pixel', { ...good, zkey: array('|u1', [0, 2], []) }, /sides from 1/],
    [
      'a hostile size',
      {
        ...good,
        zkey: header("{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999, 99999999999), }", [7]),
      },
      /bytes for shape/,
    ],
    [
      'Fortran order',
      { ...good, zkey: header("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 2), }", [7, 8]) },
      /Fortran/,
    ],
    [
      'pickled objects',
      { ...good, zkey: header("{'descr': '|O', 'fortran_order': False, 'shape': (1, 2), }", [7, 8]) },
      /type \|O/,
    ],
    ['a damaged header', { ...good, zkey: header('{', []) }, /damaged header/],
    ['no .npy inside', { ...good, zkey: Uint8Array.of(1, 2, 3) }, /other bytes/],
  ];
  test.each(table)('%s', (_name, arrays, message) => {
    expect(() => unpackKeys(zip(arrays))).toThrow(message);
    expect(() => unpackKeys(zip(arrays))).toThrow(InputError);
  });

  test('compressed members are named as such', () => {
    const file = Buffer.from(zip(good));
    file.writeUInt16LE(8, file.indexOf('PK\x01\x02', 0, 'latin1') + 10);
    expect(() => unpackKeys(file)).toThrow(/compressed or encrypted/);
  });
});

describe('wrong compact files', () => {
  const file = JSON.parse(
    Buffer.from(packCompact({ map: 'logistic', params: [3.95], options: presets.paper }, small)).toString(),
  );
  const table: [string, unknown, RegExp][] = [
    ['not JSON', undefined, /expected a JSON object/],
    ['null', null, /expected a JSON object/],
    ['another format', { ...file, format: 'x' }, /expected medchaos compact key 1/],
    ['another map', { ...file, map: 'arnold' }, /expected medchaos compact key 1/],
    ['a rounded parameter', { ...file, parameters: [3.9500000001] }, /decimal and hex forms agree/],
    ['no hex', { ...file, parametersHex: undefined }, /decimal and hex forms agree/],
  ];
  test.each(table)('%s', (_, value, message) => {
    expect(() => unpackCompact(Buffer.from(JSON.stringify(value) ?? '{'))).toThrow(message);
  });
});
