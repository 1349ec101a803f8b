/**
 * Finds the elements of a data set (PS3.5, section 7) in any of its forms, and in those that other programs write and
 * read beside the standard. A parser of our own, for dicom-parser 1.8 loses its place at OV, SV and UV, at delimiters
 * of undefined length and at text behind the pixel data, and takes item delimiters for elements.
 */
import { DataSet, type ParsedElement, type ParsedItem } from './data-set.ts';

export interface DataSetForm {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

interface Reader extends DataSetForm {
  readonly bytes: Buffer;
  /** The tag to stop behind, before its value is looked into. */
  readonly until?: string | undefined;
  /** How many sequences this data set stands in. */
  readonly depth: number;
}

/** A tag with its value representation, if written, and its length. */
interface Head {
  readonly tag: string;
  readonly vr?: string;
  readonly length: number;
  readonly dataOffset: number;
}

export const pixelData = 'x7fe00010';

const itemTag = 'xfffee000';
const itemEnd = 'xfffee00d';
const sequenceEnd = 'xfffee0dd';
const undefinedLength = 0xffffffff;

/** Deeper nesting is an attack on the stack: real structured reports have fewer than 20 levels. */
const deepest = 64;

/** Value representations with a length of 16 bits, and those with 32 (PS3.5, section 7.1.2). */
const shortForms = new Set('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));
export const longForms = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
export const isKnownVr = (vr: string): boolean => shortForms.has(vr) || longForms.has(vr);

/**
 * Reads elements from `at` on.
 * @param until tag to stop behind, as in `x7fe00010`
 * @throws Error naming the element that does not fit into the bytes
 */
export function parseElements(bytes: Buffer, at: number, form: DataSetForm, until?: string): DataSet {
  const dataSet = new DataSet(bytes, form.bigEndian);
  readInto(dataSet, { ...form, bytes, until, depth: 0 }, at, bytes.length);
  return dataSet;
}

/** File meta information (PS3.10, section 7.1): the elements of group 0002 from `at` on, and where they end. */
export function parseMeta(bytes: Buffer, at: number, explicit: boolean): { meta: DataSet; end: number } {
  const meta = new DataSet(bytes, false);
  const reader = { bytes, explicit, bigEndian: false, depth: 0 };
  let end = at;
  while (end + 8 <= bytes.length && bytes.readUInt16LE(end) === 2) {
    const { next, ...found } = read(reader, end, bytes.length);
    meta.elements[found.tag] = found;
    end = next;
  }
  return { meta, end };
}

/** Fills the data set up to `end`, or to an item delimiter. Returns where it ended and whether a delimiter was there. */
function readInto(
  dataSet: DataSet,
  reader: Reader,
  at: number,
  end: number,
): { end: number; delimited: boolean } {
  let position = at;
  while (position < end) {
    const element = dataSet.elements[pixelData]
      ? trailing(reader, position, end)
      : read(reader, position, end);
    if (!element) break;
    if (element.tag === itemEnd && reader.depth > 0) return { end: position + 8, delimited: true };
    position = element.next;
    if (element.tag === itemEnd || element.tag === sequenceEnd) continue; // one too many, which is no element
    const { next, ...found } = element;
    dataSet.elements[element.tag] = found;
    if (element.tag === reader.until) break;
  }
  return { end: position, delimited: false };
}

interface Found extends ParsedElement {
  /** Where the next element begins. */
  readonly next: number;
}

/** Bytes behind the pixel data that form no element (padding, signatures) end the data set. */
function trailing(reader: Reader, position: number, end: number): Found | null {
  try {
    const found = read(reader, position, end);
    const named = !reader.explicit || (found.vr !== undefined && isKnownVr(found.vr));
    return found.tag > pixelData && named ? found : null;
  } catch {
    return null;
  }
}

function read(reader: Reader, position: number, end: number): Found {
  const head = headAt(reader, position, end);
  const { tag, length, dataOffset } = head;
  if (tag === itemEnd || tag === sequenceEnd) return { ...place(head, 0), next: position + 8 }; // whatever length
  if (tag === reader.until) return { ...place(head, length), next: dataOffset };
  if (length === undefinedLength) return withoutLength(reader, head, end);
  if (length > end - dataOffset)
    throw new Error(
      `element (${tag.slice(1, 5)},${tag.slice(5)}) has ${length} bytes, ${end - dataOffset} are left`,
    );
  const items = itemsWithin(reader, head);
  return { ...place(head, length), ...(items && { items }), next: dataOffset + length };
}

const place = ({ tag, vr, dataOffset, length: written }: Head, length: number): ParsedElement => ({
  ...{ tag, dataOffset, length, hadUndefinedLength: written === undefinedLength },
  ...(vr !== undefined && { vr }),
});

function headAt({ bytes, explicit, bigEndian }: Reader, position: number, end: number): Head {
  if (end - position < 8) throw new Error(`${end - position} bytes are left where an element is expected`);
  const u16 = (at: number): number => (bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at));
  const u32 = (at: number): number => (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  const hex = (at: number): string => u16(at).toString(16).padStart(4, '0');
  const tag = `x${hex(position)}${hex(position + 2)}`;
  const vr = bytes.toString('latin1', position + 4, position + 6);
  // Some writers leave the representation out of single elements: two bytes that are no letters.
  if (!explicit || tag.startsWith('xfffee') || !/^[A-Z]{2}$/.test(vr))
    return { tag, length: u32(position + 4), dataOffset: position + 8 };
  // An unknown one has the long form (PS3.5, section 6.2, note), unless its reserved bytes are used.
  const long = longForms.has(vr) || (!shortForms.has(vr) && u16(position + 6) === 0);
  if (!long) return { tag, vr, length: u16(position + 6), dataOffset: position + 8 };
  if (end - position < 12) throw new Error(`${end - position} bytes are left where an element is expected`);
  return { tag, vr, length: u32(position + 8), dataOffset: position + 12 };
}

/** The items of a sequence whose length is written; null for any other value. */
function itemsWithin(reader: Reader, head: Head): ParsedItem[] | null {
  const { vr, tag, length, dataOffset } = head;
  if (vr === 'SQ') return itemsAt(reader, dataOffset, dataOffset + length, false).items;
  // Without representations a sequence shows by its first item; a value that only looks like one is bytes.
  if (
    vr !== undefined ||
    reader.explicit ||
    tag.startsWith('x7fe0') ||
    !beginsWithItem(reader, dataOffset, length)
  )
    return null;
  try {
    return itemsAt(reader, dataOffset, dataOffset + length, false).items;
  } catch {
    return null;
  }
}

const beginsWithItem = (reader: Reader, at: number, length: number): boolean =>
  length >= 8 && headAt(reader, at, at + length).tag === itemTag;

/** Encapsulated pixel data, or a sequence, up to its delimiter. */
function withoutLength(reader: Reader, head: Head, end: number): Found {
  const { tag, vr, dataOffset } = head;
  if (tag === pixelData || vr?.startsWith('O')) return encapsulated(reader, head, end);
  const inner = vr === 'UN' ? unknownForm(reader, dataOffset, end) : reader;
  const { items, end: last, next } = itemsAt(inner, dataOffset, end, true);
  return { ...place(head, last - dataOffset), items, next };
}

/** Implicit VR Little Endian inside (PS3.5, section 6.2.2, note 2), unless its first element tells otherwise. */
function unknownForm(reader: Reader, at: number, end: number): Reader {
  const vr = end - at >= 14 ? reader.bytes.toString('latin1', at + 12, at + 14) : '';
  return isKnownVr(vr) ? reader : { ...reader, explicit: false, bigEndian: false };
}

/** @param open whether a delimiter ends the sequence, whose length is not written */
function itemsAt(
  reader: Reader,
  at: number,
  end: number,
  open: boolean,
): { items: ParsedItem[]; end: number; next: number } {
  if (reader.depth === deepest) throw new Error(`its sequences are nested ${deepest} deep`);
  const inside = { ...reader, until: undefined, depth: reader.depth + 1 };
  const items: ParsedItem[] = [];
  let position = at;
  while (position < end) {
    const { tag, length, dataOffset } = headAt(reader, position, end);
    if (tag === sequenceEnd) return { items, end: position, next: position + 8 };
    if (tag !== itemTag)
      throw new Error(`an item is expected, got element (${tag.slice(1, 5)},${tag.slice(5)})`);
    // Some writers forget to shorten the last item with its sequence.
    const size = open || length === undefinedLength ? length : Math.min(length, end - dataOffset);
    const { item, next } = itemAt(inside, dataOffset, size, end);
    items.push(item);
    position = next;
  }
  if (open) throw new Error('a sequence is cut off');
  return { items, end: position, next: position };
}

function itemAt(
  reader: Reader,
  dataOffset: number,
  length: number,
  end: number,
): { item: ParsedItem; next: number } {
  const open = length === undefinedLength;
  if (!open && length > end - dataOffset) throw new Error('an item is cut off');
  const dataSet = new DataSet(reader.bytes, reader.bigEndian);
  const last = open ? end : dataOffset + length;
  const read = readInto(dataSet, reader, dataOffset, last);
  if (open && !read.delimited) throw new Error('an item is cut off');
  const used = open ? read.end - 8 - dataOffset : length;
  return { item: { dataSet, dataOffset, length: used }, next: open ? read.end : last };
}

/** Fragments behind a basic offset table, which may be empty (PS3.5, section A.4). */
function encapsulated(reader: Reader, head: Head, end: number): Found {
  const parts: { dataOffset: number; length: number }[] = [];
  let position = head.dataOffset;
  let next = end; // a last delimiter that is missing loses nothing
  while (position < end) {
    const { tag, length, dataOffset } = headAt(reader, position, end);
    if (tag === sequenceEnd) {
      next = position + 8;
      break;
    }
    if (tag !== itemTag || length > end - dataOffset) throw new Error(`fragment ${parts.length} is cut off`);
    parts.push({ dataOffset, length });
    position = dataOffset + length;
  }
  const [offsetTable, ...fragments] = parts;
  if (!offsetTable) throw new Error('pixel data without fragments');
  return { ...place(head, position - head.dataOffset), fragments, offsetTable, next };
}
