/**
 * .tar.gz as a stream: gunzip, then tar-stream (ustar, pax, GNU's long names and sizes). Done here, because
 * tar-stream leaves it to its caller: regular files only, an end mark, and no endless padding. Memory: the
 * pieces of the decompressor, whatever the archive's size.
 *
 * gzip's CRC-32 stands at the very end, so damage may only show after the last entry was handed out.
 */
import { createReadStream } from 'node:fs';
import { pipeline, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Extract, extract, type Header } from 'tar-stream';
import { InputError, messageOf } from '../../../shared/errors.ts';
import { type ArchiveEntry, damaged } from './entry.ts';

const block = 512;
/** Of bytes that belong to no file; writers fill up to a record of 10 KiB, some of 1 MiB. */
const longestPadding = 1 << 24;

type Entry = Extract extends AsyncIterable<infer Source> ? Source : never;

/** The entries of a .tar.gz. @throws InputError for a damaged, cut-off or refused archive */
export async function* tarGzEntries(path: string): AsyncGenerator<ArchiveEntry> {
  const entries = extract();
  const watch = unpacked(path, entries);
  try {
    for await (const entry of entries) {
      watch.lastEnd = endOf(entry);
      const { type, name } = entry.header;
      if (type !== 'directory' && !name.endsWith('/')) yield fileOf(entry, watch, path);
      // Skips unread bytes; only then comes the next entry.
      entry.resume();
    }
    watch.checkEnd();
  } catch (error) {
    throw damaged(path, '.tar.gz', watch.failure ?? error);
  } finally {
    watch.destroy();
  }
}

/** Decompresses into `entries`, through a watch; errors of all come out of `entries`. */
function unpacked(path: string, entries: Extract): PaddingWatch {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const watch = new PaddingWatch();
  // A pipeline does not end with tar-stream's streams: they are none of Node's.
  pipeline(file, createGunzip({ chunkSize: 1 << 18 }), watch, (error) => {
    if (!error) return;
    watch.failure ??= error;
    entries.destroy(error);
  });
  watch.pipe(entries as unknown as NodeJS.WritableStream);
  return watch;
}

function fileOf(entry: Entry, watch: PaddingWatch, path: string): ArchiveEntry {
  const { name, size: bytes, type, pax } = entry.header;
  const sparse = Object.keys(pax ?? {}).some((key) => key.startsWith('GNU.sparse'));
  if ((type !== 'file' && type !== 'contiguous-file') || sparse) throw notAFile(path, name, type);
  if (!Number.isSafeInteger(bytes)) throw damaged(path, '.tar.gz', `"${name}" has a size of ${bytes}`);
  return { name, bytes, crc32: null, body: () => bodyOf(entry, watch, path) };
}

const kinds: Partial<Record<string, string>> = {
  link: 'a hard link',
  symlink: 'a symbolic link',
  'character-device': 'a device',
  'block-device': 'a device',
  fifo: 'a pipe',
};

/** @param type null for others than those in the types of tar-stream */
const notAFile = (path: string, name: string, type: Header['type'] | null): InputError =>
  new InputError(
    `${path}: expected regular files, got ${kinds[type ?? ''] ?? 'a sparse file or an unknown kind'} (${JSON.stringify(name)}); do not use this archive`,
  );

async function* bodyOf(entry: Entry, watch: PaddingWatch, path: string): AsyncGenerator<Buffer> {
  try {
    yield* entry as AsyncIterable<Buffer>;
  } catch {
    // The stream of an entry only says that it was destroyed; with nothing broken before it, the tar was cut.
    const reason = messageOf(watch.failure ?? 'unexpected end of data');
    throw damaged(path, '.tar.gz', `"${entry.header.name}": ${reason}`);
  }
}

/** Where an entry ends: header, then data in whole blocks. A folder has no data, whatever its size says. */
const endOf = ({ header: { type, size }, offset }: Entry): number =>
  offset + block + (type === 'directory' ? 0 : block * Math.ceil(size / block));

/** Passes all bytes on, and checks those between the entries and behind the last one. */
class PaddingWatch extends Transform {
  /** Of the last entry that was announced. */
  lastEnd = 0;
  /** An error of the file or its decompression. */
  failure: Error | null = null;
  #seen = 0;
  #last: Buffer = Buffer.alloc(0);

  override _transform(
    piece: Buffer,
    _: BufferEncoding,
    done: (error: Error | null, piece?: Buffer) => void,
  ): void {
    this.#seen += piece.length;
    this.#last = (piece.length < block ? Buffer.concat([this.#last, piece]) : piece).subarray(-block);
    // The read-ahead is under 1 MiB.
    const padding = this.#seen - this.lastEnd;
    if (padding > longestPadding) done(new Error(`data behind its end mark: ${padding} bytes of no file`));
    else done(null, piece);
  }

  /** A block of zeros behind the last entry; without one, the archive was cut before it was compressed. */
  checkEnd(): void {
    if (this.#seen < this.lastEnd + block || this.#last.some((byte) => byte !== 0))
      throw new Error('it ends without an end mark');
  }
}
