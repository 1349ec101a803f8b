/** Archives for tests, honest and hostile, written by hand from the formats' specifications. */
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

export interface TestFile {
  readonly name: string;
  readonly data: Buffer;
  /** Unix mode with the kind of file; 0o100644. */
  readonly mode?: number;
  /** 0 stored, 8 deflated; 8. */
  readonly method?: number;
  readonly flags?: number;
  /** What the directory says instead of the truth. */
  readonly says?: { readonly bytes?: number; readonly crc?: number; readonly offset?: number };
}

const u16 = (n: number): Buffer => Buffer.from([n & 255, n >> 8]);
const u32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(n >>> 0);
  return bytes;
};
const u64 = (n: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(n));
  return bytes;
};
const ones = 0xffffffff;

/** A .zip (APPNOTE 6.3.10). `zip64`: all sizes and offsets in zip64 fields, as if they were large. */
export function zipOf(files: readonly TestFile[], { zip64 = false, comment = '' } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, mode = 0o100644, method = 8, flags = 0x800, says = {} } of files) {
    const packed = method === 8 ? deflateRawSync(data) : data;
    const [bytes, crc, at] = [says.bytes ?? data.length, says.crc ?? crc32(data), says.offset ?? offset];
    const names = Buffer.from(name);
    const common = Buffer.concat([u16(flags), u16(method), u32(0), u32(crc)]);
    const local = Buffer.concat([
      ...[u32(0x04034b50), u16(20), common, u32(packed.length), u32(bytes)],
      ...[u16(names.length), u16(0), names, packed],
    ]);
    const extra = zip64
      ? Buffer.concat([u16(1), u16(24), u64(bytes), u64(packed.length), u64(at)])
      : Buffer.alloc(0);
    const sizes = zip64 ? [u32(ones), u32(ones)] : [u32(packed.length), u32(bytes)];
    directory.push(
      ...[u32(0x02014b50), Buffer.from([20, 3]), u16(20), common, ...sizes],
      ...[u16(names.length), u16(extra.length), u16(0), u16(0), u16(0), u32(mode << 16)],
      ...[u32(zip64 ? ones : at), names, extra],
    );
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([
    ...parts,
    central,
    endOf(files.length, central.length, offset, zip64),
    u16(comment.length),
    Buffer.from(comment),
  ]);
}

function endOf(count: number, length: number, offset: number, zip64: boolean): Buffer {
  if (!zip64)
    return Buffer.concat([u32(0x06054b50), u32(0), u16(count), u16(count), u32(length), u32(offset)]);
  return Buffer.concat([
    ...[u32(0x06064b50), u64(44), u16(45), u16(45), u64(0), u64(count), u64(count), u64(length), u64(offset)],
    ...[u32(0x07064b50), u32(0), u64(offset + length), u32(1)],
    ...[u32(0x06054b50), u32(0), u16(0xffff), u16(0xffff), u32(ones), u32(ones)],
  ]);
}

export interface TarFile {
  readonly name: string;
  readonly data?: Buffer;
  readonly type?: string;
  readonly link?: string;
  readonly prefix?: string;
  /** Size in base 256, as GNU writes above 8 GiB. */
  readonly wide?: boolean;
}

/** One ustar header and its data, padded. */
export function tarEntry({
  name,
  data = Buffer.alloc(0),
  type = '0',
  link = '',
  prefix = '',
  wide,
}: TarFile): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write(`0000644\0${'0000000\0'.repeat(2)}`, 100);
  header.write(`${data.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124);
  if (wide) {
    header.fill(0, 124, 136);
    header[124] = 0x80;
    header.writeUInt32BE(data.length, 132);
  }
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257, 'latin1');
  header.write(prefix, 345, 155);
  header.fill(' ', 148, 156);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc(-data.length & 511)]);
}

/** A pax header for the entry behind it. */
export function paxEntry(values: Readonly<Record<string, string>>, type = 'x'): Buffer {
  const records = Object.entries(values).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = Buffer.byteLength(rest) + 1;
    while (String(length).length + Buffer.byteLength(rest) !== length) length++;
    return `${length}${rest}`;
  });
  return tarEntry({ name: 'PaxHeader', data: Buffer.from(records.join('')), type });
}

export const tarEnd = Buffer.alloc(1024);

export const tarGzOf = (files: readonly (TarFile | Buffer)[]): Buffer =>
  gzipSync(Buffer.concat([...files.map((file) => (Buffer.isBuffer(file) ? file : tarEntry(file))), tarEnd]));
