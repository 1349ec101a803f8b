import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildNetwork } from '../../src/models/networks.ts';
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
  test('another dtype', async () => {
    const half = Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('"F32"', '"F16"'), 'latin1');
    await expect(readSafetensors(file('half', half))).rejects.toThrow(/F16, only F32/);
  });
  test('a missing file', async () => {
    await expect(readSafetensors(join(folder, 'nowhere'))).rejects.toThrow(/no such file/);
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
