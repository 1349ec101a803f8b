/**
 * The .safetensors format (Hugging Face, github.com/huggingface/safetensors, version 0.4): eight bytes of
 * header length, a JSON header, then the tensors' bytes. Only float32 (F32) is written.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { InputError } from '../shared/errors.ts';
import { reasonOf } from '../shared/files.ts';
import { sizeOf, type Tensor, type Tensors } from './parameters.ts';

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const headerLimit = 100 * 2 ** 20; // the format's own

/** The file's bytes. Names keep their order; `metadata` values are strings by the format. */
export function encodeSafetensors(
  tensors: Tensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    const start = end;
    end += data.byteLength;
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(8 + padded + end, ' ');
  bytes.writeBigUInt64LE(BigInt(padded));
  json.copy(bytes, 8);
  let at = 8 + padded;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Tensors;
}

/**
 * Reads a file; with `wanted`, only the tensors it accepts, so that a checkpoint's weights do not cost
 * its optimiser state.
 * @throws InputError if the file is missing, truncated, of another format, or holds another dtype
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

async function readFrom(
  file: FileHandle,
  path: string,
  wanted: (name: string) => boolean,
): Promise<Safetensors> {
  const bad = (what: string) => new InputError(`${path} is not a whole .safetensors file: ${what}`);
  const { size } = await file.stat();
  const lengthBytes = Buffer.alloc(8);
  if (size < 8) throw bad(`${size} bytes`);
  await file.read(lengthBytes, 0, 8, 0);
  const headerBytes = Number(lengthBytes.readBigUInt64LE());
  if (headerBytes > Math.min(size - 8, headerLimit)) throw bad('its header is longer than the file');
  const json = Buffer.alloc(headerBytes);
  await file.read(json, 0, headerBytes, 8);
  const { __metadata__, ...entries } = parseHeader(json, bad);
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(entries) as [string, Entry][]) {
    if (!wanted(name)) continue;
    checkEntry(name, entry, size - 8 - headerBytes, bad);
    const data = new Float32Array(sizeOf(entry.shape));
    await file.read(new Uint8Array(data.buffer), 0, data.byteLength, 8 + headerBytes + entry.data_offsets[0]);
    tensors.set(name, { shape: entry.shape, data });
  }
  return { metadata: (__metadata__ ?? {}) as Record<string, string>, tensors };
}

function parseHeader(json: Buffer, bad: (what: string) => Error): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(json.toString('utf8'));
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch {
    // falls through to the same sentence
  }
  throw bad('its header is not JSON');
}

function checkEntry(name: string, entry: Entry, available: number, bad: (what: string) => Error): void {
  const { dtype, shape, data_offsets: offsets } = entry;
  const whole =
    Array.isArray(shape) && Array.isArray(offsets) && [...shape, ...offsets].every(Number.isSafeInteger);
  if (!whole) throw bad(`tensor ${name} has no shape or offsets`);
  if (dtype !== 'F32') throw bad(`tensor ${name} is ${dtype}, only F32 is read; convert it with .float()`);
  const [start, end] = offsets;
  if (start < 0 || end > available || end - start !== 4 * sizeOf(shape))
    throw bad(`tensor ${name} is cut off`);
}
