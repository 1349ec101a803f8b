/**
 * The smallest part of ZIP (PKWARE APPNOTE 6.3.10) that `.npz` needs: stored members, no encryption, no ZIP64.
 * The reader takes what numpy.savez writes and checks every CRC-32; compressed members are refused, so
 * that no file can unpack to more than its own size.
 */
import { crc32 } from 'node:zlib';
import { InputError } from '../../shared/errors.ts';

const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const localLength = 30;
const centralLength = 46;
const endLength = 22;
const dosDate = 0x21; // 1980-01-01: a key file must not tell when it was made

/** A ZIP of stored members, in the order given. The same members give the same bytes. */
export function writeZip(members: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Uint8Array[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [text, data] of Object.entries(members)) {
    const name = Buffer.from(text, 'latin1');
    const fields = memberFields(name, data);
    directory.push(centralHeader(fields, at), name);
    parts.push(Buffer.concat([localHeader(fields), name]), data);
    at += localLength + name.length + data.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...parts, central, endRecord(Object.keys(members).length, central.length, at)]);
}

/** The 26 bytes that local and central headers share: version, flags, method, time, date, crc, sizes, lengths. */
function memberFields(name: Buffer, data: Uint8Array): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(dosDate, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function localHeader(fields: Buffer): Buffer {
  const header = Buffer.alloc(localLength);
  header.writeUInt32LE(localSignature, 0);
  fields.copy(header, 4);
  return header;
}

function centralHeader(fields: Buffer, offset: number): Buffer {
  const header = Buffer.alloc(centralLength);
  header.writeUInt32LE(centralSignature, 0);
  header.writeUInt16LE(20, 4);
  fields.copy(header, 6);
  header.writeUInt32LE(offset, 42);
  return header;
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(endLength);
  end.writeUInt32LE(endSignature, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

const damaged = (why: string): InputError =>
  new InputError(`the key file expected a whole stored .npz, ${why}; ask for the key file again`);

/**
 * The members by name, as views into `bytes`.
 * @throws InputError for anything but a whole ZIP of stored members with the right checksums
 */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = findEnd(view);
  const members = new Map<string, Uint8Array>();
  let at = view.readUInt32LE(end + 16);
  for (let left = view.readUInt16LE(end + 10); left > 0; left--) {
    const member = readMember(view, at, end);
    if (members.has(member.name)) throw damaged(`got two members ${JSON.stringify(member.name)}`);
    members.set(member.name, member.data);
    at = member.next;
  }
  if (at !== end) throw damaged('its directory does not end where it should');
  return members;
}

/** numpy writes no archive comment, so the end record is the last 22 bytes. */
function findEnd(view: Buffer): number {
  const end = view.length - endLength;
  if (end < 0 || view.readUInt32LE(end) !== endSignature) throw damaged('its end is missing');
  return end;
}

function readMember(view: Buffer, at: number, end: number): { name: string; data: Uint8Array; next: number } {
  if (at + centralLength > end || view.readUInt32LE(at) !== centralSignature)
    throw damaged('its directory is damaged');
  const nameLength = view.readUInt16LE(at + 28);
  const next = at + centralLength + nameLength + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  if (next > end) throw damaged('its directory is damaged');
  const name = view.toString('latin1', at + centralLength, at + centralLength + nameLength);
  if (view.readUInt16LE(at + 8) & 1 || view.readUInt16LE(at + 10) !== 0)
    throw damaged(`got member ${JSON.stringify(name)} compressed or encrypted (numpy.savez stores)`);
  const data = memberData(view, at, end);
  if (crc32(data) !== view.readUInt32LE(at + 16))
    throw damaged(`the checksum of ${JSON.stringify(name)} is wrong`);
  return { name, data, next };
}

/** Sizes come from the directory: numpy leaves those of the local header to a ZIP64 field. */
function memberData(view: Buffer, at: number, end: number): Buffer {
  const size = view.readUInt32LE(at + 24);
  const local = view.readUInt32LE(at + 42);
  if (local + localLength > end || view.readUInt32LE(local) !== localSignature)
    throw damaged('a member is missing');
  const start = local + localLength + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
  if (start + size > end || view.readUInt32LE(at + 20) !== size) throw damaged('a member is cut off');
  return view.subarray(start, start + size);
}
