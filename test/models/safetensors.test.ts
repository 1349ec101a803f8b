import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildNetwork } from '../../src/models/networks.ts';
import { halfToNumber } from '../../src/models/number-formats.ts';
import { initialTensors } from '../../src/models/parameters.ts';
import { encodeSafetensors, readSafetensors } from '../../src/models/safetensors.ts';
import { fromTorch, toTorch } from '../../src/models/weights.ts';

const folder = mkdtempSync(join(tmpdir(), 'medchaos-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

const tensors = new Map([
  ['a.weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6.5) }],
  ['b', { shape: [], data: Float32Array.of(-0) }],
]);

test('the bytes are those of the format', () => {
  const bytes = Buffer.from(encodeSafetensors(new Map([['x', { shape: [1], data: Float32Array.of(1) }]])));
  const header = '{"__metadata__":{},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  expect(Number(bytes.readBigUInt64LE())).toBe(Math.ceil(header.length / 8) * 8);
  expect(bytes.subarray(8, 8 + header.length).toString()).toBe(header);
  expect(bytes.readFloatLE(bytes.length - 4)).toBe(1);
});

test('what is written is read, with its metadata, in its order', async () => {
  const path = file('whole', encodeSafetensors(tensors, { steps: '7' }));
  const read = await readSafetensors(path);
  expect(read.metadata).toEqual({ steps: '7' });
  expect([...read.tensors.keys()]).toEqual(['a.weight', 'b']);
  expect([...read.tensors.get('a.weight')!.data]).toEqual([1, 2, 3, 4, 5, 6.5]);
  expect([...(await readSafetensors(path, (name) => name === 'b')).tensors.keys()]).toEqual(['b']);
});

describe('damaged files are refused, whatever is cut off', () => {
  const bytes = encodeSafetensors(tensors);
  test.each([0, 4, 8, 20, bytes.length - 1])('cut at %i bytes', async (length) => {
    await expect(readSafetensors(file('cut', bytes.subarray(0, length)))).rejects.toThrow(
      /not a whole .safetensors file/,
    );
  });
  test('a header length beyond the file', async () => {
    const hostile = Buffer.alloc(16, 0xff);
    await expect(readSafetensors(file('hostile', hostile))).rejects.toThrow(/header is longer than the file/);
  });
  test('an unknown dtype', async () => {
    const other = Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('"F32"', '"Q32"'), 'latin1');
    await expect(readSafetensors(file('other', other))).rejects.toThrow(
      /tensor a.weight is Q32; F32, F64, F16 and BF16 are read/,
    );
  });
  test('a folder', async () => {
    await expect(readSafetensors(folder)).rejects.toThrow(/not a whole .safetensors file: it is a folder/);
  });
  test('a missing file', async () => {
    await expect(readSafetensors(join(folder, 'nowhere'))).rejects.toThrow(/no such file/);
  });
});

/** A file with a header by hand over `data` bytes of zeros. */
const crafted = (header: unknown, data: number): string => {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return file('crafted', Buffer.concat([length, json, Buffer.alloc(data)]));
};
const f32 = (shape: unknown, from: unknown, to: unknown) => ({
  dtype: 'F32',
  shape,
  data_offsets: [from, to],
});

describe('hostile headers are refused before anything is read', () => {
  test.each<[string, unknown, RegExp]>([
    ['overlapping tensors', { a: f32([2], 0, 8), b: f32([2], 4, 12) }, /tensor b overlaps another/],
    ['the same bytes twice', { a: f32([3], 0, 12), b: f32([3], 0, 12) }, /tensor b overlaps another/],
    ['a gap', { a: f32([1], 0, 4), b: f32([1], 8, 12) }, /tensor b stands behind a gap/],
    ['beyond the end', { a: f32([4], 0, 16) }, /tensor a is cut off/],
    ['another size than its shape', { a: f32([2], 0, 12) }, /tensor a is cut off/],
    ['a negative start', { a: f32([4], -4, 12) }, /tensor a has no shape or offsets/],
    ['negative sides whose product fits', { a: f32([-1, -3], 0, 12) }, /tensor a has no shape or offsets/],
    ['an endless shape', { a: f32([2 ** 52, 2 ** 52], 0, 12) }, /tensor a is cut off/],
    ['a fraction of a value', { a: f32([1.5], 0, 6) }, /tensor a has no shape or offsets/],
    ['a dtype of the prototype', { a: { ...f32([1], 0, 4), dtype: 'constructor' } }, /is constructor/],
    ['no description', { a: 7 }, /tensor a has no description/],
    ['a list', [1, 2], /header is not JSON/],
    ['half a header', '{"a":', /header is not JSON/],
  ])('%s', async (_, header, message) => {
    await expect(readSafetensors(crafted(header, 12))).rejects.toThrow(message);
  });

  test('a wrong tensor spoils the file even where it is not wanted', async () => {
    const path = crafted({ a: f32([1], 0, 4), b: f32([9], 4, 40) }, 12);
    await expect(readSafetensors(path, (name) => name === 'a')).rejects.toThrow(/tensor b is cut off/);
  });

  test('an empty tensor takes no place', async () => {
    const { tensors: read } = await readSafetensors(crafted({ a: f32([0], 0, 0), b: f32([3], 0, 12) }, 12));
    expect([read.get('a')!.data.length, read.get('b')!.data.length]).toEqual([0, 3]);
  });
});

describe('other formats of numbers', () => {
  /** Bits by the definitions: IEEE 754 binary16, bfloat16, binary64. */
  const halves: [number, number][] = [
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x8000, -0],
    [0x7c00, Number.POSITIVE_INFINITY],
  ];
  const read = async (dtype: string, data: Buffer, n: number) => {
    const header = { x: { dtype, shape: [n], data_offsets: [0, data.length] } };
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    const path = file('numbers', Buffer.concat([length, json, data]));
    return [...((await readSafetensors(path)).tensors.get('x')?.data ?? [])];
  };

  test('F16', async () => {
    const bits = Uint16Array.from(halves, ([b]) => b);
    expect(await read('F16', Buffer.from(bits.buffer), bits.length)).toEqual(
      halves.map(([, value]) => value),
    );
    expect(halfToNumber(0x7e00)).toBeNaN();
  });

  test('BF16: the upper half of a float32', async () => {
    const bits = Uint16Array.of(0x3f80, 0xc000, 0x4049, 0x0000);
    expect(await read('BF16', Buffer.from(bits.buffer), 4)).toEqual([1, -2, 3.140625, 0]);
  });

  test('F64, rounded', async () => {
    const values = Float64Array.of(1, Math.PI, -1e-300);
    expect(await read('F64', Buffer.from(values.buffer), 3)).toEqual([1, Math.fround(Math.PI), -0]);
  });

  test('counters of batches are integers, and left out', async () => {
    expect(await read('I64', Buffer.alloc(8), 1)).toEqual([]);
  });
});

describe('PyTorch layouts', () => {
  const network = buildNetwork('mobilenetv2', 3);
  const ours = initialTensors(network, 2);
  const theirs = toTorch(network, ours);

  test('shapes are PyTorch’s', () => {
    expect(theirs.get('features.0.0.weight')!.shape).toEqual([32, 3, 3, 3]);
    expect(theirs.get('features.1.conv.0.0.weight')!.shape).toEqual([32, 1, 3, 3]);
    expect(theirs.get('classifier.1.weight')!.shape).toEqual([3, 1280]);
  });

  test('there and back is the same', () => {
    for (const [name, { data }] of fromTorch(network, theirs))
      expect(Buffer.from(data.buffer).equals(Buffer.from(ours.get(name)!.data.buffer)), name).toBe(true);
  });

  test('weights of another network are refused with what is missing', () => {
    expect(() => fromTorch(buildNetwork('resnet18', 3), theirs)).toThrow(
      /not of resnet18 with 3 outputs: conv1.weight is missing/,
    );
    expect(() => fromTorch(buildNetwork('mobilenetv2', 1), theirs)).toThrow(
      /classifier.1.weight is \[3,1280\] instead of \[1,1280\]/,
    );
  });
});
