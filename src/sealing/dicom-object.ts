/**
 * Encrypted DICOM objects, `NAME.cipher.dcm`, after PS3.15, section E.1.1: a valid DICOM object that anybody's software
 * opens, de-identified, with a cipher image of the same rows, columns, frames and allocated bits as its pixel data.
 * Its Encrypted Attributes Sequence holds one CMS EnvelopedData (AES-256-CBC) for the recipients, inside it a data set:
 *   (0077,xx01) as JSON what joins the pieces, with the SHA-256 of the original file
 *   (0077,xx02) (0077,xx03) the original file in front of and behind what is in the pixel data
 *   (0077,xx04) the key file of the cipher image, as in other envelopes
 *   (0400,0550) Modified Attributes Sequence: the originals of all attributes that were changed or removed, for programs
 *   of others; the pieces hold them too
 * A DICOM file without pixel data becomes an object of class Raw Data without any, whose original stands whole in (0077,xx02).
 * So the original file comes back to the bit, preamble and private attributes included. A MAC covers the EnvelopedData,
 * AES-GCM the picture, the hash all of the file. Whose object it is shows in its open attributes; whatever fails once
 * decryption began has one sentence.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  checkMade,
  cmsNotOpened,
  type OpenedImage,
  openContent,
  openEnveloped,
  sealCms,
} from '../cipher/index.ts';
import { type DicomPieces, joinPieces, piecesOf, pixelElement } from '../data/dicom/cells.ts';
import { bareAttributes, deidentify } from '../data/dicom/deidentify.ts';
import { type DicomElements, elementsOf, encodeElements } from '../data/dicom/elements.ts';
import { type DataSet, type DicomFile, openDicom, pixelData } from '../data/dicom/file.ts';
import { writeDicom } from '../data/dicom/write.ts';
import { InputError } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';
import {
  type KeyContent,
  type Restoration,
  readRestoration,
  restorationElements,
} from './dicom-object/restoration.ts';
import { envelopeOf, isSealed, sealedElement, withEnvelope } from './dicom-object/sealed-element.ts';
import { openWithoutMac } from './dicom-object/without-mac.ts';

/** A DICOM file, taken apart. */
export interface DicomPlain {
  readonly pieces: DicomPieces;
  readonly elements: DicomElements;
  /** SHA-256 of the file, hex. */
  readonly hash: string;
}

const modifiedAttributes = '04000550';

/** One without pixel data of whole numbers: a folder file, report, document, plan, presentation state. */
export interface DicomDocument extends Omit<DicomPlain, 'pieces'> {
  readonly bytes: Buffer;
}

/**
 * @param bytes the whole file
 * @throws InputError for a file that is no DICOM image, is damaged, or is encrypted already
 */
export async function takeApart(bytes: Buffer, name: string): Promise<DicomPlain> {
  const file = openPlain(bytes, name);
  const pieces = piecesOf(bytes, file, name);
  return { pieces, elements: await elementsOf(file), hash: sha256(bytes) };
}

/** @throws InputError for a damaged file, or one that is encrypted already */
export async function takeAny(
  bytes: Buffer,
  name: string,
): Promise<{ readonly dicom: DicomPlain } | { readonly document: DicomDocument }> {
  const file = openPlain(bytes, name);
  if (file.dataSet.elements[pixelData]) return { dicom: await takeApart(bytes, name) };
  return { document: { bytes, elements: await elementsOf(file), hash: sha256(bytes) } };
}

function openPlain(bytes: Buffer, name: string): DicomFile {
  const file = openDicom(bytes, name);
  if (!isSealed(file)) return file;
  throw new InputError(
    `${name}: expected a DICOM file as it was made, got one with encrypted attributes; decrypt it first`,
  );
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
  content: KeyContent,
  secret: Uint8Array,
  recipients: readonly string[],
  path?: string,
): Buffer {
  const { open, originals } = deidentify(elements, secret, pieces.description);
  const inner = innerOf({ ...pieces, content, sha256: hash, path }, originals);
  return writeDicom([...open, sealedElement(sealCms(inner, recipients, 'enveloped')), pixelElement(cipher)]);
}

const innerOf = (restoration: Restoration, originals: DicomElements): Buffer =>
  encodeElements([
    ...restorationElements(restoration),
    { tag: modifiedAttributes, vr: 'SQ', value: [originals] },
  ]);

/** @returns the object as a file; it shows only pseudonyms of patient and study */
export function sealDocument(
  { bytes, elements, hash }: DicomDocument,
  secret: Uint8Array,
  recipients: readonly string[],
  path?: string,
): Buffer {
  const nothing = { tail: Buffer.alloc(0), filled: 0, swapped: false, content: null };
  const id = randomBytes(16).toString('hex');
  const inner = innerOf({ ...nothing, head: bytes, sha256: hash, id, path }, elements);
  return writeDicom([
    ...bareAttributes(elements, secret),
    sealedElement(sealCms(inner, recipients, 'enveloped')),
  ]);
}

/** Fields of every original file, with or without a picture. */
export interface OpenedDicom extends Pick<OpenedImage, 'id' | 'metadata' | 'path'> {
  /** The original file. */
  readonly file: Buffer;
  /** null without a picture, as the size. */
  readonly header: OpenedImage['header'] | null;
  /** Columns, rows, samples a pixel and bits allocated. */
  readonly size: {
    readonly width: number;
    readonly height: number;
    readonly channels: number;
    readonly depth: number;
  } | null;
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
  const envelope = envelopeOf(outer, name);
  const cells = outer.dataSet.elements[pixelData] ? piecesOf(bytes, outer, name).cells : null;
  const { content, authenticated } = openEnveloped(envelope, privatePem, passphrase);
  const restore = (restoration: Restoration) => restored(restoration, cells);
  try {
    const opened = authenticated
      ? restore(readRestoration(content))
      : openWithoutMac(content, bytes.length, restore);
    return { ...opened, size: cells && sizeOf(outer.dataSet) };
  } catch {
    throw cmsNotOpened(); // one message for every cause: the failed step would help an attacker
  }
}

function restored(restoration: Restoration, cells: Raster | null): Omit<OpenedDicom, 'size'> {
  const { path = null, sha256: hash } = restoration;
  const opened = cells ? restoredImage(restoration, cells) : restoredDocument(restoration);
  if (sha256(opened.file) !== hash) throw new Error('another file');
  return { ...opened, path };
}

function restoredImage({ content, ...pieces }: Restoration, cells: Raster): Omit<OpenedDicom, 'size'> {
  const { payload, header } = content!;
  const { plain, ...opened } = openContent({ payload, header: checkMade({ ...header }, cells) }, cells);
  return { ...opened, file: joinPieces({ ...pieces, cells: plain }) };
}

function restoredDocument({
  content,
  head,
  id,
}: Restoration): Omit<OpenedDicom, 'size' | 'path'> & { path: null } {
  if (content || !id) throw new Error('no document');
  return { file: head, header: null, metadata: null, id: `nonce:${sha256(Buffer.from(id))}`, path: null };
}

function sizeOf(dataSet: DataSet): OpenedDicom['size'] {
  const number = (tag: string): number => dataSet.uint16(tag)!;
  return {
    ...{ width: number('x00280011'), height: number('x00280010') },
    ...{ channels: number('x00280002'), depth: number('x00280100') },
  };
}

/**
 * The same object for other recipients: all but its envelope stays as it is.
 * @throws InputError if it is none, was changed, or is for another private key
 */
export async function rewrapDicom(
  bytes: Buffer,
  name: string,
  privatePem: string,
  recipients: readonly string[],
): Promise<Buffer> {
  const outer = openDicom(bytes, name);
  const { content, authenticated } = openEnveloped(envelopeOf(outer, name), privatePem);
  const inner = authenticated ? content : await innerAgain(bytes, name, privatePem, content);
  return withEnvelope(outer, sealCms(inner, recipients, 'enveloped'), name);
}

/** Of an object without a MAC: what is inside, made once more of the original file, whose hash is right. */
async function innerAgain(bytes: Buffer, name: string, privatePem: string, content: Buffer): Promise<Buffer> {
  const { file } = openSealedDicom(bytes, name, privatePem);
  const { elements, pieces } = await takeApart(file, name);
  const { originals } = deidentify(elements, randomBytes(32), pieces.description);
  return innerOf(readRestoration(content), originals);
}
