/**
 * .zip through a file handle: the central directory first, then each file as a stream (PKWARE APPNOTE 6.3.10;
 * zip64 in 4.3.14, 4.3.15 and 4.5.3). Stored and deflated entries, one disk; links, encrypted entries, other
 * methods and entries that overlap (Fifield 2019, "A better zip bomb") are refused. Every body is checked
 * against its size and CRC-32. Memory: the directory (about 150 bytes an entry) and the decompressor's pieces.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { InputError, messageOf } from '../../shared/errors.ts';
import type { ArchiveEntry } from './entry.ts';

const endLength = 22;
const locatorLength = 20;
const localLength = 30;
const centralLength = 46;
/** A comment is at most 65,535 bytes. */
const longestEnd = endLength + 65_535;
/** 2^28: a million entries with names of 200 bytes. */
const longestDirectory = 2 ** 28;

interface Central {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly bytes: number;
  /** Of the local header. */
  readonly offset: number;
  /** Unix permissions and kind; 0 where another system wrote it. */
  readonly mode: number;
}

/** The entries of a .zip in the order of its directory. @throws InputError for what is damaged or refused */
export async function* zipEntries(path: string): AsyncGenerator<ArchiveEntry> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    const directory = await findDirectory(handle, size, path);
    const entries = [...(await readDirectory(handle, directory, path))];
    checkOverlaps(entries, directory.offset, path);
    for (const entry of entries) {
      if (entry.name.endsWith('/')) continue;
      refuseUnreadable(entry, path);
      yield {
        name: entry.name,
        bytes: entry.bytes,
        crc32: entry.crc,
        body: () => bodyOf(handle, entry, path),
      };
    }
  } finally {
    await handle.close();
  }
}

const damaged = (path: string, reason: string): InputError =>
  new InputError(`${path}: expected a whole .zip, got a damaged one (${reason}); get the file again`);

const refused = (path: string, name: string, what: string): InputError =>
  new InputError(
    `${path}: expected stored or deflated files, got ${what} (${JSON.stringify(name)}); do not use this archive`,
  );

async function readAt(handle: FileHandle, offset: number, length: number, path: string): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, offset);
  if (offset < 0 || bytesRead < length) throw damaged(path, 'it ends too early');
  return bytes;
}

interface Directory {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
}

async function findDirectory(handle: FileHandle, size: number, path: string): Promise<Directory> {
  const tail = Math.min(size, longestEnd);
  const bytes = await readAt(handle, size - tail, tail, path);
  for (let at = tail - endLength; at >= 0; at--) {
    if (bytes.readUInt32LE(at) !== 0x06054b50) continue;
    if (at + endLength + bytes.readUInt16LE(at + 20) !== tail) continue;
    const found = await directoryOf(handle, bytes.subarray(at), size - tail + at, path);
    if (found.offset + found.length > size || found.length > longestDirectory)
      throw damaged(path, 'its directory lies outside the file');
    return found;
  }
  throw damaged(path, 'no directory at its end');
}

/** The end record, or the zip64 one where a value does not fit the first. */
async function directoryOf(handle: FileHandle, end: Buffer, at: number, path: string): Promise<Directory> {
  if (end.readUInt16LE(4) !== end.readUInt16LE(6)) throw damaged(path, 'it is one of several disks');
  const small = { count: end.readUInt16LE(10), length: end.readUInt32LE(12), offset: end.readUInt32LE(16) };
  const full = small.count === 0xffff || small.length === 0xffffffff || small.offset === 0xffffffff;
  if (!full || at < locatorLength) return small;
  const locator = await readAt(handle, at - locatorLength, locatorLength, path);
  if (locator.readUInt32LE(0) !== 0x07064b50) return small;
  const record = await readAt(handle, whole(locator.readBigUInt64LE(8), path), 56, path);
  if (record.readUInt32LE(0) !== 0x06064b50) throw damaged(path, 'no zip64 end record');
  const [count, length, offset] = [32, 40, 48].map((place) => whole(record.readBigUInt64LE(place), path));
  return { count: count!, length: length!, offset: offset! };
}

function whole(value: bigint, path: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(path, `a value of ${value}`);
  return Number(value);
}

async function readDirectory(
  handle: FileHandle,
  directory: Directory,
  path: string,
): Promise<Iterable<Central>> {
  const bytes = await readAt(handle, directory.offset, directory.length, path);
  return centralHeaders(bytes, directory.count, path);
}

function* centralHeaders(bytes: Buffer, count: number, path: string): Generator<Central> {
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + centralLength > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50)
      throw damaged(path, `entry ${i + 1} of ${count} is missing in its directory`);
    const [names, extras, comments] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place)) as [
      number,
      number,
      number,
    ];
    const extra = at + centralLength + names;
    if (extra + extras + comments > bytes.length) throw damaged(path, 'a cut-off directory');
    yield centralOf(bytes.subarray(at, extra), bytes.subarray(extra, extra + extras), path);
    at = extra + extras + comments;
  }
}

function centralOf(header: Buffer, extra: Buffer, path: string): Central {
  const flags = header.readUInt16LE(8);
  const unix = header[5] === 3 || header[5] === 19; // made by Unix, by macOS
  const { bytes, packed, offset } = sizes(header, extra, path);
  return {
    name: nameOf(header.subarray(centralLength), (flags & 0x800) !== 0),
    flags,
    method: header.readUInt16LE(10),
    crc: header.readUInt32LE(16),
    packed,
    bytes,
    offset,
    mode: unix ? header.readUInt16LE(40) : 0,
  };
}

/** Those that are all ones stand in the zip64 extra field (id 1), in this order. */
function sizes(header: Buffer, extra: Buffer, path: string): Pick<Central, 'bytes' | 'packed' | 'offset'> {
  const long = zip64Field(extra);
  let at = 0;
  const value = (place: number): number => {
    const short = header.readUInt32LE(place);
    if (short !== 0xffffffff || long === null) return short;
    if (at + 8 > long.length) throw damaged(path, 'a cut-off zip64 field');
    at += 8;
    return whole(long.readBigUInt64LE(at - 8), path);
  };
  return { bytes: value(24), packed: value(20), offset: value(42) };
}

function zip64Field(extra: Buffer): Buffer | null {
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, end);
    at = end;
  }
  return null;
}

/** UTF-8 where it is said or holds; else the bytes one by one: names of the known sets are ASCII. */
function nameOf(bytes: Buffer, utf8: boolean): string {
  const text = bytes.toString('utf8');
  return utf8 || Buffer.from(text).equals(bytes) ? text : bytes.toString('latin1');
}

/** Local header, name and data of each entry end before the next one begins, the last before the directory. */
function checkOverlaps(entries: readonly Central[], directory: number, path: string): void {
  const sorted = entries.toSorted((a, b) => a.offset - b.offset);
  for (const [i, { name, offset, packed }] of sorted.entries()) {
    const end = sorted[i + 1]?.offset ?? directory;
    if (offset + localLength + Buffer.byteLength(name, 'latin1') + packed > end)
      throw refused(path, name, 'an entry that overlaps another');
  }
}

function refuseUnreadable({ name, flags, method, mode }: Central, path: string): void {
  const kind = mode & 0xf000;
  if (kind === 0xa000) throw refused(path, name, 'a symbolic link');
  if (kind !== 0 && kind !== 0x8000) throw refused(path, name, 'a device or pipe');
  if (flags & 1) throw refused(path, name, 'an encrypted entry');
  if (method !== 0 && method !== 8) throw refused(path, name, `compression method ${method}`);
}

async function* bodyOf(handle: FileHandle, entry: Central, path: string): AsyncGenerator<Buffer> {
  const { name, bytes } = entry;
  let [got, crc] = [0, 0];
  try {
    for await (const piece of unpacked(path, entry, await dataStart(handle, entry, path))) {
      got += piece.length;
      // Before the piece is handed on: a body never grows beyond what the directory said.
      if (got > bytes) throw damaged(path, `"${name}" has more than its ${bytes} bytes`);
      crc = crc32(piece, crc);
      yield piece;
    }
  } catch (error) {
    throw error instanceof InputError ? error : damaged(path, `"${name}": ${messageOf(error)}`);
  }
  if (got < bytes) throw damaged(path, `"${name}" ends at ${got} of ${bytes} bytes`);
  if (crc !== entry.crc) throw damaged(path, `"${name}" has another CRC-32 than the directory says`);
}

/** Behind the local header, whose lengths of name and extra field are its own. */
async function dataStart(handle: FileHandle, { name, offset }: Central, path: string): Promise<number> {
  const header = await readAt(handle, offset, localLength, path);
  if (header.readUInt32LE(0) !== 0x04034b50) throw damaged(path, `no local header of "${name}"`);
  return offset + localLength + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Opens the file anew: streams of one handle leave their listeners on it (Node 20). */
function unpacked(path: string, { method, packed }: Central, start: number): AsyncIterable<Buffer> {
  if (packed === 0) return nothing();
  const raw = createReadStream(path, { start, end: start + packed - 1, highWaterMark: 1 << 18 });
  return method === 0 ? raw : pipeline(raw, createInflateRaw({ chunkSize: 1 << 17 }), () => {});
}

async function* nothing(): AsyncGenerator<Buffer> {}
