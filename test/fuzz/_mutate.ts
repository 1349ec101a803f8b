/** Changed copies of good files, drawn from a seeded generator. */
import { crc32 } from 'node:zlib';
import type { Random } from '../../src/shared/random.ts';

const pick = <Item>(random: Random, list: readonly Item[]): Item => list[random.int(list.length)]!;

/** Values at the ends of number ranges, and bytes that mean something in texts. */
const words = [
  0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

type Change = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const changes: Readonly<Record<string, Change>> = {
  bit: (bytes, random) => {
    bytes[random.int(bytes.length)]! ^= 1 << random.int(8);
    return bytes;
  },
  byte: (bytes, random) => {
    bytes[random.int(bytes.length)] = random.int(256);
    return bytes;
  },
  number: (bytes, random) => {
    const size = pick(
      random,
      [1, 2, 4].filter((width) => width <= bytes.length),
    );
    const value = pick(random, words) % 2 ** (8 * size);
    const at = random.int(bytes.length - size + 1);
    if (random.int(2) === 0) bytes.writeUIntLE(value, at, size);
    else bytes.writeUIntBE(value, at, size);
    return bytes;
  },
  cut: (bytes, random) => bytes.subarray(0, random.int(bytes.length)),
  remove: (bytes, random) => {
    const at = random.int(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.int(64))]);
  },
  repeat: (bytes, random) => {
    const [at, length] = [random.int(bytes.length), 1 + random.int(64)];
    return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
  },
  splice: (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, random.int(bytes.length)), other.subarray(random.int(other.length))]),
  append: (bytes, random) => Buffer.concat([bytes, Buffer.alloc(1 + random.int(2048), random.int(256))]),
};

/** One to four changes, half of them in the first 400 bytes, where headers stand. */
export function changed(good: Buffer, random: Random, other: Buffer): Buffer {
  let bytes = Buffer.from(good);
  for (let left = 1 + random.int(4); left > 0 && bytes.length > 0; left--) {
    const head = random.int(2) === 0 ? Math.min(bytes.length, 400) : bytes.length;
    const change = pick(random, Object.values(changes));
    bytes = Buffer.concat([
      change(Buffer.from(bytes.subarray(0, head)), random, other),
      bytes.subarray(head),
    ]);
  }
  return bytes;
}

const oddValues = [null, 0, -1, 1e308, 2 ** 53, '', 'constructor', '__proto__', [], {}, [[]], true, 0.5];

/** A JSON text in which a value is missing, has another name, or is of another kind. */
export function changedJson(good: Buffer, random: Random): Buffer {
  const root: unknown = JSON.parse(good.toString());
  const holders = holdersIn(root);
  for (let left = 1 + random.int(2); left > 0; left--) {
    const holder = pick(random, holders);
    const key = pick(random, Object.keys(holder));
    if (key === undefined) continue;
    const way = random.int(3);
    if (way === 0) delete holder[key];
    else if (way === 1) holder[`${key}x`] = holder[key];
    else holder[key] = pick(random, oddValues);
  }
  return Buffer.from(JSON.stringify(root));
}

function holdersIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(holdersIn)];
}

/** A PNG whose CRC-32s are right again, so that what lies behind them is reached. */
export function withRightCrcs(bytes: Buffer): Buffer {
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) break;
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return bytes;
}
