/**
 * The smallest part of ZIP (PKWARE APPNOTE 6.3.10) that `.npz` needs: stored members, no encryption, no ZIP64.
 * The reader takes what numpy.savez writes and checks every CRC-32; compressed members are refused, so
 * that no file can unpack to more than its own size.
 */
import { InputError } from '../../shared/errors.ts';
import { joinBytes, latin1Bytes, latin1Of } from '../../shared/exact.ts';
import { crc32 } from '../../shared/platform.ts';

const localSignature = 0x04034b50;
const centralSignature = 0x02014b50;
const endSignature = 0x06054b50;
const localLength = 30;
const centralLength = 46;
const endLength = 22;
const dosDate = 0x21; // 1980-01-01: a key file must not tell when it was made

/** A ZIP of stored members, in the order given. The same members give the same bytes. */
export function writeZip(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [text, data] of Object.entries(members)) {
    const name = latin1Bytes(text);
    const fields = memberFields(name, data);
    directory.push(centralHeader(fields, at), name);
    parts.push(localHeader(fields), name, data);
    at += localLength + name.length + data.length;
  }
  const central = joinBytes(directory);
  return joinBytes([...parts, central, endRecord(Object.keys(members).length, central.length, at)]);
}

/** So many bytes of little-endian numbers: [place, value, bytes of the value]; 0 elsewhere. */
function record(length: number, numbers: readonly (readonly [number, number, 2 | 4])[]): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (const [at, value, size] of numbers)
    size === 2 ? view.setUint16(at, value, true) : view.setUint32(at, value, true);
  return bytes;
}

/** The 26 bytes that local and central headers share: version, flags, method, time, date, crc, sizes, lengths. */
const memberFields = (name: Uint8Array, data: Uint8Array): Uint8Array =>
  record(26, [
    [0, 20, 2],
    [8, dosDate, 2],
    [10, crc32(data), 4],
    [14, data.length, 4],
    [18, data.length, 4],
    [22, name.length, 2],
  ]);

function localHeader(fields: Uint8Array): Uint8Array {
  const header = record(localLength, [[0, localSignature, 4]]);
  header.set(fields, 4);
  return header;
}

function centralHeader(fields: Uint8Array, offset: number): Uint8Array {
  const header = record(centralLength, [
    [0, centralSignature, 4],
    [4, 20, 2],
    [42, offset, 4],
  ]);
  header.set(fields, 6);
  return header;
}

const endRecord = (count: number, size: number, offset: number): Uint8Array =>
  record(endLength, [
    [0, endSignature, 4],
    [8, count, 2],
    [10, count, 2],
    [12, size, 4],
    [16, offset, 4],
  ]);

const damaged = (why: string): InputError =>
  new InputError(`the key file expected a whole stored .npz, ${why}; ask for the key file again`);

/**
 * The members by name, as views into `bytes`.
 * @throws InputError for anything but a whole ZIP of stored members with the right checksums
 */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = findEnd(view);
  const members = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const member = readMember(view, at, end);
    if (members.has(member.name)) throw damaged(`got two members ${JSON.stringify(member.name)}`);
    members.set(member.name, member.data);
    at = member.next;
  }
  if (at !== end) throw damaged('its directory does not end where it should');
  return members;
}

/** numpy writes no archive comment, so the end record is the last 22 bytes. */
function findEnd(view: DataView): number {
  const end = view.byteLength - endLength;
  if (end < 0 || view.getUint32(end, true) !== endSignature) throw damaged('its end is missing');
  return end;
}

function readMember(
  view: DataView,
  at: number,
  end: number,
): { name: string; data: Uint8Array; next: number } {
  if (at + centralLength > end || view.getUint32(at, true) !== centralSignature)
    throw damaged('its directory is damaged');
  const nameLength = view.getUint16(at + 28, true);
  const next =
    at + centralLength + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > end) throw damaged('its directory is damaged');
  const name = latin1Of(bytesAt(view, at + centralLength, nameLength));
  if (view.getUint16(at + 8, true) & 1 || view.getUint16(at + 10, true) !== 0)
    throw damaged(`got member ${JSON.stringify(name)} compressed or encrypted (numpy.savez stores)`);
  const data = memberData(view, at, end);
  if (crc32(data) !== view.getUint32(at + 16, true))
    throw damaged(`the checksum of ${JSON.stringify(name)} is wrong`);
  return { name, data, next };
}

/** Sizes come from the directory: numpy leaves those of the local header to a ZIP64 field. */
function memberData(view: DataView, at: number, end: number): Uint8Array {
  const size = view.getUint32(at + 24, true);
  const local = view.getUint32(at + 42, true);
  if (local + localLength > end || view.getUint32(local, true) !== localSignature)
    throw damaged('a member is missing');
  const start = local + localLength + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + size > end || view.getUint32(at + 20, true) !== size) throw damaged('a member is cut off');
  return bytesAt(view, start, size);
}

const bytesAt = ({ buffer, byteOffset }: DataView, at: number, length: number): Uint8Array =>
  new Uint8Array(buffer, byteOffset + at, length);
