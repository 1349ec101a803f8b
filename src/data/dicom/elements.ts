/**
 * Data sets as lists of elements whose values are bytes: read from a file of any transfer syntax, written in Explicit VR
 * Little Endian (PS3.5, section 7). Values stay as they are to the byte, whatever the character set, where a library
 * that decodes texts would write others; only byte orders change, and odd lengths are filled up. Value representations
 * of Implicit VR from the dictionary of dcmjs.
 */
import type { DataSet, ParsedElement } from './data-set.ts';
import { type DicomFile, pixelData } from './file.ts';
import { isKnownVr, longForms } from './parse.ts';

export interface DicomElement {
  /** Eight hexadecimal digits, group and element. */
  readonly tag: string;
  readonly vr: string;
  /** Little endian; of a sequence its items. */
  readonly value: Buffer | readonly DicomElements[];
}

/** In order of their tags. */
export type DicomElements = readonly DicomElement[];

/** Value representation by tag, of files that do not say it. */
type VrOf = (tag: string) => string;

/** All elements of a file in front of its pixel data, without group lengths and file meta information. */
export async function elementsOf(file: DicomFile): Promise<DicomElements> {
  const { bytes, dataSet } = file;
  const { dictionary } = await import('dcmjs/dictionary');
  const signed = dataSet.uint16('x00280103') === 1;
  const vrOf = (tag: string): string => {
    const vr = dictionary[`(${tag.slice(0, 4)},${tag.slice(4)})`.toUpperCase()]?.vr ?? '';
    if (vr === 'xs') return signed ? 'SS' : 'US';
    if (vr === 'ox') return 'OW';
    if (isKnownVr(vr)) return vr;
    return isPrivate(tag) && /^00[1-9a-f][0-9a-f]$/.test(tag.slice(4)) ? 'LO' : 'UN'; // PS3.5, section 7.8.1
  };
  const end = dataSet.elements[pixelData]?.dataOffset ?? bytes.length; // padding may follow
  const inFront = ({ tag, dataOffset }: ParsedElement): boolean =>
    dataOffset < end && tag < 'x7fe00000' && !tag.startsWith('x0002');
  return listOf(dataSet, vrOf, inFront);
}

/** Private: of an odd group. */
export const isPrivate = (tag: string): boolean => Number.parseInt(tag[3]!, 16) % 2 === 1;

function listOf(dataSet: DataSet, vrOf: VrOf, filter = (_: ParsedElement) => true): DicomElement[] {
  return Object.values(dataSet.elements)
    .filter((element) => !element.tag.endsWith('0000') && filter(element))
    .map((element) => elementOf(element, dataSet, vrOf));
}

function elementOf(element: ParsedElement, dataSet: DataSet, vrOf: VrOf): DicomElement {
  const { items } = element;
  const tag = element.tag.slice(1);
  const said = element.vr ?? vrOf(tag);
  const vr = isKnownVr(said) ? said : 'UN';
  if (items || vr === 'SQ')
    return { tag, vr: 'SQ', value: (items ?? []).map((item) => listOf(item.dataSet, vrOf)) };
  const value = Buffer.from(dataSet.bytes(element.tag)!);
  return { tag, vr, value: dataSet.bigEndian ? swap(value, vr) : value };
}

/** Bytes of a number, by value representation (PS3.5, table 6.2-1). */
const widths: Readonly<Record<string, 2 | 4 | 8>> = {
  ...{ AT: 2, OW: 2, SS: 2, US: 2 },
  ...{ FL: 4, OF: 4, OL: 4, SL: 4, UL: 4 },
  ...{ FD: 8, OD: 8, OV: 8, SV: 8, UV: 8 },
};

function swap(value: Buffer, vr: string): Buffer {
  const width = widths[vr];
  if (!width || value.length % width > 0) return value;
  return width === 2 ? value.swap16() : width === 4 ? value.swap32() : value.swap64();
}

const isText = /^(AE|AS|CS|DA|DS|DT|IS|LO|LT|PN|SH|ST|TM|UC|UR|UT)$/;

/** Explicit VR Little Endian; sequences and items have defined lengths. */
export function encodeElements(elements: DicomElements): Buffer {
  const ordered = [...elements].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  return Buffer.concat(ordered.flatMap(encoded));
}

function encoded({ tag, vr, value }: DicomElement): Buffer[] {
  const body = Buffer.isBuffer(value) ? value : Buffer.concat(value.flatMap(item));
  const length = body.length + (body.length % 2);
  // A value too long for its representation is written as unknown (PS3.5, section 6.2.2, note).
  const written = longForms.has(vr) || length < 2 ** 16 ? vr : 'UN';
  const head = Buffer.alloc(longForms.has(written) ? 12 : 8);
  writeTag(head, tag);
  head.write(written, 4, 'latin1');
  if (head.length === 12) head.writeUInt32LE(length, 8);
  else head.writeUInt16LE(length, 6);
  return body.length % 2 ? [head, body, Buffer.of(isText.test(vr) ? 0x20 : 0)] : [head, body];
}

function item(elements: DicomElements): Buffer[] {
  const body = encodeElements(elements);
  const head = Buffer.alloc(8);
  writeTag(head, 'fffee000');
  head.writeUInt32LE(body.length, 4);
  return [head, body];
}

function writeTag(head: Buffer, tag: string): void {
  head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
}

/** An element of ASCII text. */
export const textElement = (tag: string, vr: string, text: string): DicomElement => ({
  tag,
  vr,
  value: Buffer.from(text, 'latin1'),
});

export function shortElement(tag: string, number: number): DicomElement {
  const value = Buffer.alloc(2);
  value.writeUInt16LE(number);
  return { tag, vr: 'US', value };
}

/** The text of an element without padding; null where there is none. */
export function textOf(elements: DicomElements, tag: string): string | null {
  const value = elements.find((element) => element.tag === tag)?.value;
  return Buffer.isBuffer(value) ? value.toString('latin1').replace(/[ \0]+$/, '') : null;
}

/** Elements of `others` in place of those of the same tag, and beside the rest. */
export function withElements(elements: DicomElements, others: DicomElements): DicomElement[] {
  const replaced = new Set(others.map(({ tag }) => tag));
  return [...elements.filter(({ tag }) => !replaced.has(tag)), ...others];
}
