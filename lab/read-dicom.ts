/**
 * Uncompressed DICOM to its samples, of the first frame: grey or RGB, 8 or 16 bits, little-endian (PS3.5, annex A). The
 * full reader of medchaos rests on Node's buffers; this one walks the top level of the data set and skips sequences.
 */
import { InputError } from '../src/shared/errors.ts';
import type { Raster } from '../src/shared/types.ts';

const uncompressed: Readonly<Record<string, 'implicit' | 'explicit'>> = {
  '1.2.840.10008.1.2': 'implicit',
  '1.2.840.10008.1.2.1': 'explicit',
};

/** Representations with a length of 32 bits behind two empty bytes. */
const longForms = /^(O[BDFLVW]|S[QV]|U[CNRTV])$/;
const undefinedLength = 0xffffffff;

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly length: number;
}

const letters = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

export const isDicom = (bytes: Uint8Array): boolean => letters(bytes.subarray(128, 132)) === 'DICM';

/** @throws InputError for a compressed file, one without a picture, or a damaged one */
export function readDicom(bytes: Uint8Array<ArrayBuffer>, name: string): Raster {
  try {
    return pictureOf(bytes, name);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name}: the DICOM file is damaged or cut off; get the file again`);
  }
}

function pictureOf(bytes: Uint8Array<ArrayBuffer>, name: string): Raster {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const meta = elementsOf(view, 132, true, (tag) => tag >>> 16 !== 2);
  const syntax = textAt(view, meta.elements.get(0x00020010));
  const form = uncompressed[syntax];
  if (!form)
    throw new InputError(
      `${name}: expected uncompressed little-endian DICOM, got transfer syntax ${syntax || 'none'}; decompress it, with dcmdjpeg or gdcmconv --raw, for example`,
    );
  const { elements } = elementsOf(view, meta.end, form === 'explicit', () => false);
  const pixels = elements.get(0x7fe00010);
  const layout = layoutOf(view, elements, name);
  const { width, height, channels, depth } = layout;
  if (!pixels || width * height === 0)
    throw new InputError(`${name}: expected a DICOM picture, got a file without one; choose another`);
  if (pixels.length * 8 < width * height * channels * depth) throw new Error('too few samples');
  const data = samplesOf(view, pixels.start, layout);
  return { width, height, channels, depth, data: layout.planar ? interleaved(data) : data };
}

const textAt = (view: DataView, element: Element | undefined): string =>
  element
    ? letters(new Uint8Array(view.buffer, view.byteOffset + element.start, element.length)).replace(
        /[\0 ]+$/,
        '',
      )
    : '';

interface Layout extends Omit<Raster, 'data'> {
  /** Bits stored. */
  readonly bits: number;
  readonly signed: boolean;
  /** Three planes, one behind the other. */
  readonly planar: boolean;
}

/** Of the module Image Pixel (PS3.3, section C.7.6.3). */
function layoutOf(view: DataView, elements: ReadonlyMap<number, Element>, name: string): Layout {
  const number = (tag: number, preset: number): number => {
    const found = elements.get(tag);
    return found ? view.getUint16(found.start, true) : preset;
  };
  const [channels, depth] = [number(0x00280002, 1), number(0x00280100, 8)];
  const photometric = textAt(view, elements.get(0x00280004));
  const hasPixels = elements.has(0x7fe00010);
  if (hasPixels && (!/^(MONOCHROME[12]|RGB)$/.test(photometric) || (depth !== 8 && depth !== 16)))
    throw new InputError(
      `${name}: expected grey or RGB of 8 or 16 bits, got ${photometric} of ${depth} bits; convert it first`,
    );
  return {
    ...{ height: number(0x00280010, 0), width: number(0x00280011, 0), channels, depth: depth as 8 | 16 },
    bits: number(0x00280101, depth),
    signed: number(0x00280103, 0) === 1,
    planar: number(0x00280006, 0) === 1 && channels === 3,
  };
}

/** The samples as unsigned numbers: signed ones are raised by half their range. */
function samplesOf(view: DataView, start: number, { width, height, channels, depth, bits, signed }: Layout) {
  const count = width * height * channels;
  const mask = 2 ** bits - 1;
  const raised = signed ? 2 ** (bits - 1) : 0;
  const data = depth === 8 ? new Uint8Array(count) : new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const stored = depth === 8 ? view.getUint8(start + i) : view.getUint16(start + 2 * i, true);
    data[i] = ((stored & mask) + raised) & mask;
  }
  return data;
}

/** Three planes to pixels. */
function interleaved<Samples extends Uint8Array | Uint16Array>(planes: Samples): Samples {
  const n = planes.length / 3;
  return planes.map((_, at) => planes[(at % 3) * n + Math.floor(at / 3)]!) as Samples;
}

/** Elements of the top level from `at` to the pixel data, or to the first tag that `ends` names. */
function elementsOf(view: DataView, at: number, explicit: boolean, ends: (tag: number) => boolean) {
  const elements = new Map<number, Element>();
  let next = at;
  while (next + 8 <= view.byteLength) {
    const element = elementAt(view, next, explicit);
    if (ends(element.tag)) break;
    elements.set(element.tag, element);
    if (element.tag === 0x7fe00010) break;
    next =
      element.length === undefinedLength
        ? endOfItems(view, element.start, explicit)
        : element.start + element.length;
  }
  return { elements, end: next };
}

function elementAt(view: DataView, at: number, explicit: boolean): Element {
  const tag = view.getUint16(at, true) * 0x10000 + view.getUint16(at + 2, true);
  const isItem = tag >>> 16 === 0xfffe;
  if (!explicit || isItem) return { tag, start: at + 8, length: view.getUint32(at + 4, true) };
  const vr = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5));
  if (longForms.test(vr)) return { tag, start: at + 12, length: view.getUint32(at + 8, true) };
  return { tag, start: at + 8, length: view.getUint16(at + 6, true) };
}

/** Behind a sequence of undefined length that begins at `at`. */
function endOfItems(view: DataView, at: number, explicit: boolean): number {
  let next = at;
  for (;;) {
    const { tag, start, length } = elementAt(view, next, explicit);
    if (tag === 0xfffee0dd) return start;
    if (length !== undefinedLength) next = start + length;
    else if (tag === 0xfffee000) next = endOfItem(view, start, explicit);
    else next = endOfItems(view, start, explicit);
  }
}

function endOfItem(view: DataView, at: number, explicit: boolean): number {
  let next = at;
  for (;;) {
    const { tag, start, length } = elementAt(view, next, explicit);
    if (tag === 0xfffee00d) return start;
    next = length === undefinedLength ? endOfItems(view, start, explicit) : start + length;
  }
}
