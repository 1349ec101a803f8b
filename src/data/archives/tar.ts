/**
 * .tar.gz as a stream: POSIX ustar and pax (IEEE Std 1003.1-2017, pax, "ustar Interchange Format" and "pax
 * Header Block"), with GNU's long names (type L) and base-256 sizes. Regular files only: links, devices and
 * sparse files are refused. Memory: the pieces of the decompressor, whatever the archive's size.
 *
 * gzip's CRC-32 stands at the very end, so damage may only show after the last entry was handed out.
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError, messageOf } from '../../shared/errors.ts';
import type { ArchiveEntry } from './entry.ts';

const block = 512;
/** Of a pax header or a long name; a real one has a few hundred bytes. */
const longestHeader = 1 << 20;
/** Of padding behind the end mark; writers fill up to a record of 10 KiB, some of 1 MiB. */
const longestPadding = 1 << 24;

/** The entries of a .tar.gz. @throws InputError for what is damaged, cut off, or refused */
export async function* tarGzEntries(path: string): AsyncGenerator<ArchiveEntry> {
  const unzipped = createGunzip({ chunkSize: 1 << 18 });
  // Its callback has nothing to do: errors come out of `unzipped` itself.
  pipeline(createReadStream(path, { highWaterMark: 1 << 18 }), unzipped, () => {});
  try {
    yield* entriesOf(byteReader(unzipped, path), path);
  } finally {
    unzipped.destroy();
  }
}

const damaged = (path: string, reason: string): InputError =>
  new InputError(`${path}: expected a whole .tar.gz, got a damaged one (${reason}); get the file again`);

interface ByteReader {
  /** The next `count` bytes, fewer at the end. */
  take(count: number): Promise<Buffer>;
  /** The same in pieces. */
  pieces(count: number): AsyncGenerator<Buffer>;
}

function byteReader(stream: AsyncIterable<Buffer>, archive: string): ByteReader {
  const source = stream[Symbol.asyncIterator]();
  const nextPiece = (): Promise<IteratorResult<Buffer>> =>
    source.next().catch((error) => {
      throw damaged(archive, messageOf(error));
    });
  let rest: Buffer = Buffer.alloc(0);
  async function* pieces(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (rest.length === 0) {
        const next = await nextPiece();
        if (next.done) return;
        rest = next.value;
      }
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }
  const take = async (count: number): Promise<Buffer> => {
    const all: Buffer[] = [];
    for await (const piece of pieces(count)) all.push(piece);
    return Buffer.concat(all);
  };
  return { take, pieces };
}

/** What pax and GNU headers say of the entry behind them. */
type Override = { path?: string; size?: string; linkpath?: string };

async function* entriesOf(reader: ByteReader, archive: string): AsyncGenerator<ArchiveEntry> {
  let global: Override = {};
  let next: Override = {};
  for (;;) {
    const header = await headerOf(reader, archive);
    if (header === null) break;
    const { type } = header;
    if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
      const text = await longText(reader, header, archive);
      if (type === 'g') global = { ...global, ...paxRecords(text, archive) };
      else if (type === 'x') next = { ...next, ...paxRecords(text, archive) };
      else next = { ...next, [type === 'L' ? 'path' : 'linkpath']: textUntilNul(text) };
      continue;
    }
    const override = { ...global, ...next };
    next = {};
    yield* entryOf(reader, header, override, archive);
  }
  await drain(reader, archive);
}

async function* entryOf(
  reader: ByteReader,
  header: Header,
  override: Override,
  archive: string,
): AsyncGenerator<ArchiveEntry> {
  const name = override.path ?? header.name;
  const bytes = override.size === undefined ? header.size : Number(override.size);
  if (!Number.isSafeInteger(bytes) || bytes < 0) throw damaged(archive, `"${name}" has a size of ${bytes}`);
  // A folder; old writers mark one by a final slash.
  if (header.type === '5' || name.endsWith('/')) return;
  if (!'07\0'.includes(header.type)) throw notAFile(archive, name, header.type);
  const body = exactly(reader, bytes, name, archive);
  yield { name, bytes, crc32: null, body: () => body };
  // What the reader of the entry left over, then the padding to a whole block.
  for await (const _ of body);
  await reader.take(-bytes & (block - 1));
}

const kinds: Record<string, string> = {
  1: 'a hard link',
  2: 'a symbolic link',
  3: 'a device',
  4: 'a device',
  6: 'a pipe',
};

const notAFile = (archive: string, name: string, type: string): InputError =>
  new InputError(
    `${archive}: expected regular files, got ${kinds[type] ?? `an entry of type ${JSON.stringify(type)}`} (${JSON.stringify(name)}); do not use this archive`,
  );

async function* exactly(
  reader: ByteReader,
  bytes: number,
  name: string,
  archive: string,
): AsyncGenerator<Buffer> {
  let got = 0;
  for await (const piece of reader.pieces(bytes)) {
    got += piece.length;
    yield piece;
  }
  if (got < bytes) throw damaged(archive, `"${name}" ends at ${got} of ${bytes} bytes`);
}

interface Header {
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

/** The next header; null at the end mark, a block of zeros. */
async function headerOf(reader: ByteReader, archive: string): Promise<Header | null> {
  const bytes = await reader.take(block);
  if (bytes.length < block) throw damaged(archive, 'it ends without an end mark');
  if (bytes.every((byte) => byte === 0)) return null;
  if (Number.parseInt(bytes.toString('latin1', 148, 156), 8) !== checksum(bytes))
    throw damaged(archive, 'wrong header checksum');
  const field = (from: number, to: number): string => textUntilNul(bytes.subarray(from, to));
  // GNU's magic is "ustar  ", and its bytes from 345 on mean something else.
  const prefix = bytes.toString('latin1', 257, 263) === 'ustar\0' ? field(345, 500) : '';
  const name = prefix === '' ? field(0, 100) : `${prefix}/${field(0, 100)}`;
  return { name, size: sizeOf(bytes.subarray(124, 136), archive), type: String.fromCharCode(bytes[156]!) };
}

/** The sum of all bytes, those of the checksum itself as blanks. */
function checksum(bytes: Buffer): number {
  let sum = 8 * 32;
  for (let i = 0; i < block; i++) if (i < 148 || i >= 156) sum += bytes[i]!;
  return sum;
}

/** Octal digits, or base 256 where the first bit is set. */
function sizeOf(field: Buffer, archive: string): number {
  if (field[0]! & 0x80) return Number(BigInt(`0x${field.toString('hex', 1)}`));
  const digits = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trim();
  if (!/^[0-7]*$/.test(digits)) throw damaged(archive, 'a size that is no octal number');
  return Number.parseInt(digits || '0', 8);
}

function textUntilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

async function longText(reader: ByteReader, { size, name }: Header, archive: string): Promise<Buffer> {
  if (size > longestHeader) throw damaged(archive, `a header of ${size} bytes at "${name}"`);
  const text = await reader.take(size);
  await reader.take(-size & (block - 1));
  return text;
}

/** Records `LENGTH KEY=VALUE\n`, the length in bytes and of the whole record. */
function paxRecords(bytes: Buffer, archive: string): Override {
  const found: Record<string, string> = {};
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('latin1', at, blank));
    const record = bytes.subarray(blank + 1, at + length);
    const equals = record.indexOf(0x3d);
    if (
      blank < at ||
      !Number.isSafeInteger(length) ||
      at + length <= blank ||
      at + length > bytes.length ||
      equals < 1
    )
      throw damaged(archive, 'a wrong pax record');
    const key = record.toString('utf8', 0, equals);
    if (key.startsWith('GNU.sparse')) throw notAFile(archive, key, 'S');
    found[key] = record.toString('utf8', equals + 1, record.length - 1);
    at += length;
  }
  return found;
}

/** Reads to the end, where gzip's checksum is compared. */
async function drain(reader: ByteReader, archive: string): Promise<void> {
  let length = 0;
  for await (const piece of reader.pieces(Number.POSITIVE_INFINITY)) {
    length += piece.length;
    if (length > longestPadding) throw damaged(archive, 'data behind its end mark');
  }
}
