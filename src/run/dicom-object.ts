/**
 * Encrypted DICOM objects, `NAME.cipher.dcm`, after PS3.15, section E.1.1: a valid DICOM object that anybody's software
 * opens, de-identified, with a cipher image of the same rows, columns, frames and allocated bits as its pixel data.
 * Its Encrypted Attributes Sequence holds one CMS EnvelopedData (AES-256-CBC) for the recipients, inside it a data set:
 *   (0077,xx01) as JSON what joins the pieces, with the SHA-256 of the original file
 *   (0077,xx02) (0077,xx03) the original file in front of and behind what is in the pixel data
 *   (0077,xx04) the key file of the cipher image, as in other envelopes
 *   (0400,0550) Modified Attributes Sequence: the originals of all attributes that were changed or removed, for programs
 *   of others; the pieces hold them too
 * So the original file comes back to the bit, preamble and private attributes included, and nothing else does: all of
 * it is hashed and compared before anything is written, for CBC notices no change by itself.
 */
import { createHash } from 'node:crypto';
import {
  checkMade,
  cmsNotOpened,
  joinContent,
  type OpenedImage,
  openCms,
  openContent,
  sealCms,
  splitContent,
} from '../cipher/index.ts';
import { type DicomPieces, joinPieces, piecesOf, pixelElement } from '../data/dicom/cells.ts';
import { deidentify } from '../data/dicom/deidentify.ts';
import {
  type DicomElement,
  type DicomElements,
  elementsOf,
  encodeElements,
  textElement,
} from '../data/dicom/elements.ts';
import { type DataSet, openDicom, parseDataSet, transferSyntaxes } from '../data/dicom/file.ts';
import { writeDicom } from '../data/dicom/write.ts';
import { InputError } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';

/** A DICOM file, taken apart. */
export interface DicomPlain {
  readonly pieces: DicomPieces;
  readonly elements: DicomElements;
  /** SHA-256 of the file, hex. */
  readonly hash: string;
}

const encryptedAttributes = '04000500';
const modifiedAttributes = '04000550';

/**
 * @param bytes the whole file
 * @throws InputError for what is no DICOM image, is damaged, or is encrypted already
 */
export async function takeApart(bytes: Buffer, name: string): Promise<DicomPlain> {
  const file = openDicom(bytes, name);
  if (file.dataSet.elements[`x${encryptedAttributes}`])
    throw new InputError(
      `${name}: expected a DICOM file as it was made, got one with encrypted attributes; decrypt it first`,
    );
  const pieces = piecesOf(bytes, file, name);
  return { pieces, elements: await elementsOf(file), hash: sha256(bytes) };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * @param cipher the encrypted cells
 * @param content of its key file
 * @param secret for `deidentify`
 * @param recipients public keys, PEM
 * @returns the encrypted object as a file
 */
export function sealDicom(
  { pieces, elements, hash }: DicomPlain,
  cipher: Raster,
  content: { readonly payload: Uint8Array; readonly header: Readonly<Record<string, unknown>> },
  secret: Uint8Array,
  recipients: readonly string[],
): Buffer {
  const { open, originals } = deidentify(elements, secret, pieces.description);
  const { head, tail, filled, swapped } = pieces;
  const key = joinContent(content.payload, content.header);
  const join: Joining = {
    ...{ head: head.length, filled, tail: tail.length, key: key.length },
    ...{ swapped, sha256: hash },
  };
  const inner = encodeElements([
    textElement('00770010', 'LO', format),
    { tag: tags.join, vr: 'UT', value: Buffer.from(JSON.stringify(join)) },
    { tag: tags.head, vr: 'OB', value: head },
    { tag: tags.tail, vr: 'OB', value: tail },
    { tag: tags.key, vr: 'OB', value: key },
    { tag: modifiedAttributes, vr: 'SQ', value: [originals] },
  ]);
  const sealed: DicomElement = {
    tag: encryptedAttributes,
    vr: 'SQ',
    value: [
      [
        textElement('04000510', 'UI', transferSyntaxes.explicit),
        { tag: '04000520', vr: 'OB', value: sealCms(inner, recipients, 'enveloped') },
      ],
    ],
  };
  return writeDicom([...open, sealed, pixelElement(cipher)]);
}

/** The private creator, and its elements. */
const format = 'MEDCHAOS RESTORE 1';
const tags = { join: '00771001', head: '00771002', tail: '00771003', key: '00771004' } as const;

/** Lengths in bytes, for values of odd length are filled up. */
interface Joining {
  readonly head: number;
  readonly filled: number;
  readonly tail: number;
  readonly key: number;
  readonly swapped: boolean;
  readonly sha256: string;
}

export interface OpenedDicom extends Omit<OpenedImage, 'plain'> {
  /** The original file. */
  readonly file: Buffer;
  /** Columns, rows, samples a pixel and bits allocated. */
  readonly size: {
    readonly width: number;
    readonly height: number;
    readonly channels: number;
    readonly depth: number;
  };
}

/**
 * @param bytes the encrypted object
 * @throws InputError if it is none, is damaged, was changed, or is for another private key
 */
export function openSealedDicom(
  bytes: Buffer,
  name: string,
  privatePem: string,
  passphrase?: string,
): OpenedDicom {
  const outer = openDicom(bytes, name);
  const sealed = outer.dataSet.elements[`x${encryptedAttributes}`]?.items?.[0]?.dataSet;
  const content = sealed && bytesAt(sealed, '04000520');
  if (!content)
    throw new InputError(
      `${name}: expected an encrypted DICOM object, got one without encrypted attributes; give NAME.cipher.dcm`,
    );
  const inner = openCms(withoutPadding(content), 'enveloped', privatePem, passphrase);
  const { cells } = piecesOf(bytes, outer, name);
  try {
    return { ...joined(parseDataSet(inner, modifiedAttributes), cells), size: sizeOf(outer.dataSet) };
  } catch (error) {
    if (error instanceof ForeignObject) throw new InputError(`${name}: ${error.message}`);
    throw cmsNotOpened(); // the one message of the envelope: CBC must not tell what a change led to
  }
}

class ForeignObject extends Error {}

function joined(inner: DataSet, cells: Raster): Omit<OpenedDicom, 'size'> {
  if (inner.string('x00770010') !== format)
    throw new ForeignObject(
      `expected an object that medchaos encrypted (${format}), got another program's; decrypt it with that`,
    );
  const join = JSON.parse(inner.string(`x${tags.join}`)!) as Joining;
  const part = (name: 'head' | 'tail' | 'key'): Buffer => bytesAt(inner, tags[name])!.subarray(0, join[name]);
  const { payload, header } = splitContent(part('key'));
  const { plain, ...opened } = openContent({ payload, header: checkMade(header, cells) }, cells);
  const file = joinPieces({ ...join, head: part('head'), cells: plain, tail: part('tail') });
  if (sha256(file) !== join.sha256) throw new Error('another file');
  return { ...opened, file };
}

function bytesAt({ elements, byteArray }: DataSet, tag: string): Buffer | undefined {
  const element = elements[`x${tag}`];
  return element && Buffer.from(byteArray.subarray(element.dataOffset, element.dataOffset + element.length));
}

/** A value of odd length has a zero behind it; DER says how long it is. */
const withoutPadding = (content: Buffer): Buffer => content.subarray(0, derLength(content) ?? content.length);

/** Bytes of a DER element with its head (X.690, section 8.1.3), null where the length is not definite. */
function derLength(bytes: Buffer): number | null {
  const first = bytes[1] ?? 0x80;
  if (first < 0x80) return 2 + first;
  const count = first - 0x80;
  return count >= 1 && count <= 6 && bytes.length >= 2 + count
    ? 2 + count + bytes.readUIntBE(2, count)
    : null;
}

function sizeOf(dataSet: DataSet): OpenedDicom['size'] {
  const number = (tag: string): number => dataSet.uint16(tag)!;
  return {
    ...{ width: number('x00280011'), height: number('x00280010') },
    ...{ channels: number('x00280002'), depth: number('x00280100') },
  };
}
