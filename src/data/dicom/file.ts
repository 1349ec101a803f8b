/**
 * DICOM files (PS3.10): preamble, file meta information, then the data set. Files that leave out the preamble, the meta
 * information or the transfer syntax are read by their first elements, as dcmtk, GDCM and pydicom do.
 */

import { open } from 'node:fs/promises';
import { inflateRawSync, inflateSync } from 'node:zlib';
import { InputError, messageOf } from '../../shared/errors.ts';
import { mostDecoded, tooLarge } from '../../shared/size-limit.ts';
import type { DataSet } from './data-set.ts';
import { type DataSetForm, isKnownVr, parseElements, parseMeta, pixelData } from './parse.ts';
import { syntaxOfStream } from './stream.ts';

export type { DataSet } from './data-set.ts';
export { pixelData } from './parse.ts';

export interface DicomFile {
  /** Bytes that the elements' offsets refer to: the file, or header and inflated data set. */
  readonly bytes: Buffer;
  /** Elements by tag, those of the file meta information among them. */
  readonly dataSet: DataSet;
  /** UID of PS3.6, table A-1. */
  readonly transferSyntax: string;
  /** Where the data set begins, or its deflated bytes. */
  readonly start: number;
}

/** Those that change how a data set is read (PS3.5, annex A). */
export const transferSyntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
} as const;

/** Bytes from the start of a file that `isDicom` looks at. */
const dicomHeadLength = 512;

/** @param bytes the file, or its first `dicomHeadLength` bytes */
export const isDicom = (bytes: Buffer): boolean => startOf(bytes) !== null;

/** Where the first element stands; null in a file that is no DICOM file. */
function startOf(bytes: Buffer): number | null {
  if (bytes.toString('latin1', 128, 132) === 'DICM') return 132;
  if (bytes.toString('latin1', 0, 4) === 'DICM') return 4;
  return beginsWithElements(bytes.subarray(0, dicomHeadLength)) ? 0 : null;
}

/** Groups that a file may begin with: meta information, DICOMDIR, SOP common. */
const firstGroups: ReadonlySet<string> = new Set(['0002', '0004', '0008']);

/** Whether three elements stand at the start, in order, of plausible groups and lengths. */
function beginsWithElements(bytes: Buffer): boolean {
  const form = formAt(bytes, 0);
  let [position, last] = [0, ''];
  for (let count = 0; count < 3; count++) {
    const head = bytes.subarray(position, position + 12);
    if (head.length < 12) return count > 1;
    if (last.startsWith('0002') && head.readUInt16LE(0) !== 2) return true; // a data set of any form follows
    const { tag, length, size } = elementStart(head, form);
    if (tag <= last || (count === 0 && !firstGroups.has(tag.slice(0, 4))) || tag > '00200000') return false;
    if (length > 1024 || length % 2 === 1) return false;
    [position, last] = [position + size + length, tag];
  }
  return true;
}

function elementStart(head: Buffer, { explicit, bigEndian }: DataSetForm) {
  const u16 = (at: number): number => (bigEndian ? head.readUInt16BE(at) : head.readUInt16LE(at));
  const tag = [0, 2].map((at) => u16(at).toString(16).padStart(4, '0')).join('');
  const vr = head.toString('latin1', 4, 6);
  if (!explicit || !isKnownVr(vr))
    return { tag, length: explicit ? Infinity : head.readUInt32LE(4), size: 8 };
  return /^(O.|S[QV]|U[CNRTV])$/.test(vr)
    ? { tag, length: bigEndian ? head.readUInt32BE(8) : head.readUInt32LE(8), size: 12 }
    : { tag, length: u16(6), size: 8 };
}

/** By the element at `position`: a representation is two letters; its group is below 256. */
function formAt(bytes: Buffer, position: number): DataSetForm {
  const explicit = /^[A-Z]{2}$/.test(bytes.toString('latin1', position + 4, position + 6));
  return { explicit, bigEndian: explicit && bytes[position] === 0 && bytes[position + 1] !== 0 };
}

/**
 * Parses a DICOM file.
 * @param part `head`: up to the pixel data, for which `bytes` may end early
 * @throws InputError for a file that is no DICOM file, is damaged or cut off
 */
export function openDicom(bytes: Buffer, name: string, part: 'whole' | 'head' = 'whole'): DicomFile {
  const first = startOf(bytes);
  if (first === null)
    throw new InputError(
      `${name}: expected a DICOM file, got none ("DICM" is not at byte 128); check the file`,
    );
  try {
    return parsed(bytes, first, part === 'head' ? pixelData : undefined);
  } catch (error) {
    if (isTooLarge(error)) throw tooLarge('more', bytes.length, name);
    throw damagedDicom(name, messageOf(error));
  }
}

function parsed(bytes: Buffer, first: number, until: string | undefined): DicomFile {
  const { meta, end } = parseMeta(bytes, first, formAt(bytes, first).explicit);
  const named = meta.string('x00020010');
  const whole = named === transferSyntaxes.deflated ? inflated(bytes, end) : bytes;
  if (whole.length - end < 8) throw new Error('it ends before its data set');
  const form = formAt(whole, end);
  const dataSet = parseElements(whole, end, form, until);
  Object.assign(dataSet.elements, meta.elements);
  return { bytes: whole, dataSet, transferSyntax: named ?? foundSyntax(dataSet, form), start: end };
}

/** For files that do not name it. */
function foundSyntax({ elements, byteArray }: DataSet, { explicit, bigEndian }: DataSetForm): string {
  const fragment = elements[pixelData]?.fragments?.[0];
  if (fragment)
    return syntaxOfStream(byteArray.subarray(fragment.dataOffset, fragment.dataOffset + fragment.length));
  if (bigEndian) return transferSyntaxes.bigEndian;
  return explicit ? transferSyntaxes.explicit : transferSyntaxes.implicit;
}

export const damagedDicom = (name: string, reason: string): InputError =>
  new InputError(`${name}: expected a whole DICOM image, got a damaged one (${reason}); get the file again`);

/** The deflated data set behind `position`, inflated in its place (PS3.5, section A.5); some writers wrap it as zlib does. */
function inflated(bytes: Buffer, position: number): Buffer {
  const deflated = bytes.subarray(position);
  return Buffer.concat([bytes.subarray(0, position), inflate(deflated, mostDecoded(bytes.length))]);
}

/** The error of zlib at its limit. */
const isTooLarge = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | null)?.code === 'ERR_BUFFER_TOO_LARGE';

/** Raw or with zlib's head. @throws Error for damaged bytes, or more than `most` inflated ones */
export function inflate(deflated: Uint8Array, most: number): Buffer {
  const options = { maxOutputLength: most };
  const wrapped = (deflated[0]! & 0x0f) === 8 && ((deflated[0]! << 8) + deflated[1]!) % 31 === 0; // RFC 1950
  if (!wrapped) return inflateRawSync(deflated, options);
  try {
    return inflateSync(deflated, options);
  } catch (error) {
    if (isTooLarge(error)) throw error;
    return inflateRawSync(deflated, options);
  }
}

/**
 * A data set by itself, in Explicit VR Little Endian, up to the element `until`.
 * @throws Error for a damaged one
 */
export const parseDataSet = (bytes: Buffer, until: string): DataSet =>
  parseElements(bytes, 0, { explicit: true, bigEndian: false }, `x${until}`);

/** Whether a file on the disk is a DICOM file, by its first bytes. */

/** The first bytes of a file, `dicomHeadLength` at most. @throws the system's error where it cannot be read */
export async function headOf(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(dicomHeadLength), 0, dicomHeadLength, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** False for a file that cannot be read. */
export async function isDicomFile(path: string): Promise<boolean> {
  const head = await headOf(path).catch(() => null);
  return head !== null && isDicom(head);
}
