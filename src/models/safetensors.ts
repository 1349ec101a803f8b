/**
 * The .safetensors format (Hugging Face, github.com/huggingface/safetensors, version 0.4): eight bytes of
 * header length, a JSON header, then the tensors' bytes without gap or overlap. Float32 (F32) is written;
 * F64, F16 and BF16 are read too.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { InputError } from '../shared/errors.ts';
import { reasonOf } from '../shared/files.ts';
import { bytesPerValue, floatFormats } from './number-formats.ts';
import { sizeOf, type Tensor, type Tensors } from './parameters.ts';

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** Of a network of 10,000 tensors. The format's own limit is 100 MB, whose values take 2 GB when parsed. */
const headerLimit = 8 * 2 ** 20;

/** A tensor to write. Its values are read when they are written. */
export interface Source {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: () => Float32Array;
}

/** The file's bytes, a tensor at a time. Names keep their order; `metadata` values are strings by the format. */
export function* safetensorsParts(
  sources: readonly Source[],
  metadata: Readonly<Record<string, string>> = {},
): Generator<Uint8Array> {
  yield headerOf(sources, metadata);
  for (const { values } of sources) {
    const { buffer, byteOffset, byteLength } = values();
    yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}

function headerOf(sources: readonly Source[], metadata: Readonly<Record<string, string>>): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, shape } of sources) {
    const start = end;
    end += Float32Array.BYTES_PER_ELEMENT * sizeOf(shape);
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(8 + padded, ' ');
  bytes.writeBigUInt64LE(BigInt(padded));
  json.copy(bytes, 8);
  return bytes;
}

/** As above, for tensors in memory. */
export const encodeSafetensors = (
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array => Buffer.concat([...safetensorsParts(sourcesOf(tensors), metadata)]);

const sourcesOf = (tensors: Tensors): Source[] =>
  [...tensors].map(([name, { shape, data }]) => ({ name, shape, values: () => data }));

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  /** As float32; tensors of integers (counters) are left out. */
  readonly tensors: Tensors;
}

/**
 * Reads a file; with `wanted`, only the tensors it accepts, so that a checkpoint's weights do not cost
 * its optimiser state. Everything is checked before anything is read.
 * @throws InputError if the file is missing, truncated, of another format, or holds a dtype that is not known
 */
export async function readSafetensors(
  path: string,
  wanted: (name: string) => boolean = () => true,
): Promise<Safetensors> {
  const file = await open(path).catch((error) => {
    throw new InputError(`cannot read weights ${path}: ${reasonOf(error)}; check the path`);
  });
  try {
    return await readFrom(file, path, wanted);
  } finally {
    await file.close();
  }
}

type Bad = (what: string) => InputError;

async function readFrom(
  file: FileHandle,
  path: string,
  wanted: (name: string) => boolean,
): Promise<Safetensors> {
  const bad: Bad = (what) => new InputError(`${path} is not a whole .safetensors file: ${what}`);
  const { size } = await file.stat();
  if (size < 8) throw bad(`${size} bytes`);
  const headerBytes = Number((await bytesAt(file, 0, 8, bad)).readBigUInt64LE());
  if (headerBytes > size - 8) throw bad('its header is longer than the file');
  if (headerBytes > headerLimit)
    throw new InputError(
      `${path}: expected a header of at most ${headerLimit} bytes, got ${headerBytes}; save the network's tensors alone`,
    );
  const { __metadata__, ...entries } = parseHeader(await bytesAt(file, 8, headerBytes, bad), bad);
  const start = 8 + headerBytes;
  const checked = checkedEntries(entries, size - start, bad);
  const tensors = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data_offsets: offsets }] of checked) {
    const read = floatFormats[dtype];
    if (!read || !wanted(name)) continue;
    const bytes = await bytesAt(file, start + offsets[0], offsets[1] - offsets[0], bad);
    tensors.set(name, { shape, data: read(bytes.buffer as ArrayBuffer) });
  }
  return { metadata: (__metadata__ ?? {}) as Record<string, string>, tensors };
}

/** Copied into its own buffer: typed arrays need aligned offsets. */
async function bytesAt(file: FileHandle, position: number, length: number, bad: Bad): Promise<Buffer> {
  const bytes = Buffer.from(new ArrayBuffer(length));
  for (let at = 0; at < length; ) {
    const read = file.read(bytes, at, length - at, position + at);
    const { bytesRead } = await read.catch((error) => {
      throw bad(reasonOf(error));
    });
    if (bytesRead === 0) throw bad('it ends too early');
    at += bytesRead;
  }
  return bytes;
}

function parseHeader(json: Buffer, bad: Bad): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(json.toString('utf8'));
    if (isObject(header)) return header;
  } catch {
    // falls through to the same sentence
  }
  throw bad('its header is not JSON');
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Checks that tensors lie inside the file, have the size of their shape, and do not overlap. */
function checkedEntries(entries: Record<string, unknown>, available: number, bad: Bad): [string, Entry][] {
  const checked = Object.entries(entries).map(([name, entry]): [string, Entry] => [
    name,
    checkedEntry(name, entry, available, bad),
  ]);
  const start = ([, entry]: [string, Entry]): number => entry.data_offsets[0];
  let end = 0;
  for (const [name, { data_offsets: offsets }] of checked.toSorted((a, b) => start(a) - start(b))) {
    if (offsets[0] !== end && offsets[1] > offsets[0])
      throw bad(`tensor ${name} ${offsets[0] < end ? 'overlaps another' : 'stands behind a gap'}`);
    end = Math.max(end, offsets[1]);
  }
  return checked;
}

function checkedEntry(name: string, entry: unknown, available: number, bad: Bad): Entry {
  if (!isObject(entry)) throw bad(`tensor ${name} has no description`);
  const { dtype, shape, data_offsets: offsets } = entry as unknown as Entry;
  const natural = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
  const whole = Array.isArray(shape) && Array.isArray(offsets) && [...shape, ...offsets].every(natural);
  if (!whole || offsets.length !== 2) throw bad(`tensor ${name} has no shape or offsets`);
  const bytes = Object.hasOwn(bytesPerValue, dtype) ? bytesPerValue[dtype]! : null;
  if (bytes === null)
    throw bad(`tensor ${name} is ${dtype}; F32, F64, F16 and BF16 are read, convert it with .float()`);
  const [start, end] = offsets;
  if (end > available || end - start !== bytes * sizeOf(shape)) throw bad(`tensor ${name} is cut off`);
  return { dtype, shape, data_offsets: offsets };
}
