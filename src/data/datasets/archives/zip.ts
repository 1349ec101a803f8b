/**
 * .zip, zip64 included, read by yauzl: the central directory first, then each file as a stream. yauzl compares
 * sizes; the caller's part is here: CRC-32, and no links, devices, encrypted entries, methods
 * other than stored and deflated, or entries that overlap (Fifield 2019, "A better zip bomb").
 * Memory: the directory and the pieces of one stream, whatever the archive's size.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  type ZipFile,
} from 'yauzl';
import { InputError, messageOf } from '../../../shared/errors.ts';
import { type ArchiveEntry, damaged } from './entry.ts';

/** More than any set has by far. */
const mostEntries = 2 ** 20;
const localLength = 30;

/** The entries of a .zip in the order of its directory. @throws InputError for a damaged or refused archive */
export async function* zipEntries(path: string): AsyncGenerator<ArchiveEntry> {
  const handle = await open(path);
  try {
    const { zip, entries } = await readDirectory(handle, path);
    for (const entry of entries) {
      const { fileName: name, uncompressedSize: bytes, crc32: sum } = entry;
      if (name.endsWith('/')) continue;
      refuseUnreadable(entry, path);
      yield { name, bytes, crc32: sum, body: () => bodyOf(zip, entry, path) };
    }
  } finally {
    await handle.close();
  }
}

const refused = (path: string, name: string, what: string): InputError =>
  new InputError(
    `${path}: expected stored or deflated files, got ${what} (${JSON.stringify(name)}); do not use this archive`,
  );

async function readDirectory(handle: FileHandle, path: string): Promise<{ zip: ZipFile; entries: Entry[] }> {
  try {
    const { size } = await handle.stat();
    const reader = new HandleReader(handle, path);
    // Names stay bytes: decoded, yauzl would refuse some itself, in other words than `safePath`.
    const zip = await fromRandomAccessReaderPromise(reader, size, { autoClose: false, decodeStrings: false });
    if (zip.entryCount > mostEntries)
      throw new InputError(
        `${path}: expected at most ${mostEntries} entries, got ${zip.entryCount}; do not use this archive`,
      );
    // Its type says boolean; it is the offset of the next entry, so here that of the directory.
    const directory = Number(zip.readEntryCursor);
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(withName(entry));
    checkOverlaps(entries, directory, path);
    return { zip, entries };
  } catch (error) {
    throw damaged(path, '.zip', error);
  }
}

/**
 * yauzl's own reader of files throws an uncatchable error if a damaged zip64 record points beyond 2^53
 * (3.4.0). Here a wrong offset is an error like any other.
 */
class HandleReader extends RandomAccessReader {
  readonly #handle: FileHandle;
  readonly #path: string;

  constructor(handle: FileHandle, path: string) {
    super();
    this.#handle = handle;
    this.#path = path;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#handle
      .read(buffer, offset, length, position)
      .then(({ bytesRead }) => callback(null, bytesRead), callback);
  }

  /** Opens the file anew: streams of one handle leave their listeners on it (Node 20). */
  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream(this.#path, { start, end: end - 1, highWaterMark: 1 << 18 });
  }
}

const none = Buffer.alloc(0);

/**
 * The entry with its name as text: UTF-8 where it is said or holds, as macOS writes it without saying so; else
 * code page 437. The bytes go, and with them two thirds of the directory's memory.
 */
function withName(entry: Entry): Entry {
  const { generalPurposeBitFlag: flags, fileNameRaw: raw, extraFields } = entry;
  const utf8 = Buffer.from(raw.toString()).equals(raw) ? 0x800 : 0;
  entry.fileName = getFileNameLowLevel(flags | utf8, raw, extraFields, false);
  const bytes = { fileNameRaw: none, extraFieldRaw: none, fileCommentRaw: none, extraFields: [] };
  return Object.assign(entry, bytes, { comment: '', fileComment: '' });
}

/** Local header, name and data of each entry end before the next one begins, the last before the directory. */
function checkOverlaps(entries: readonly Entry[], directory: number, path: string): void {
  const sorted = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (const [i, entry] of sorted.entries()) {
    const { relativeOffsetOfLocalHeader: offset, fileNameLength, compressedSize } = entry;
    const end = sorted[i + 1]?.relativeOffsetOfLocalHeader ?? directory;
    if (offset + localLength + fileNameLength + compressedSize > end)
      throw refused(path, entry.fileName, 'an entry that overlaps another');
  }
}

function refuseUnreadable(entry: Entry, path: string): void {
  const { fileName: name } = entry;
  const system = entry.versionMadeBy >> 8;
  // Unix permissions and kind, where Unix (3) or macOS (19) wrote it.
  const kind = system === 3 || system === 19 ? (entry.externalFileAttributes >>> 16) & 0xf000 : 0;
  if (kind === 0xa000) throw refused(path, name, 'a symbolic link');
  if (kind !== 0 && kind !== 0x8000) throw refused(path, name, 'a device or pipe');
  if (entry.isEncrypted()) throw refused(path, name, 'an encrypted entry');
  if (!entry.canDecodeFileData()) throw refused(path, name, `compression method ${entry.compressionMethod}`);
}

async function* bodyOf(zip: ZipFile, entry: Entry, path: string): AsyncGenerator<Buffer> {
  const { fileName: name } = entry;
  let sum = 0;
  try {
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      sum = crc32(piece, sum);
      yield piece;
    }
  } catch (error) {
    throw damaged(path, '.zip', `"${name}": ${messageOf(error)}`);
  }
  if (sum !== entry.crc32)
    throw damaged(path, '.zip', `"${name}" has another CRC-32 than the directory says`);
}
