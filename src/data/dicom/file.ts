/**
 * DICOM files (PS3.10 of the standard): the data set by dicom-parser, a deflated one inflated first. Told by
 * `DICM` behind the preamble of 128 bytes; files without a preamble, older than 1996, are not taken.
 */
import { inflateRawSync } from 'node:zlib';
import dicomParser, { type DataSet } from 'dicom-parser';
import { InputError, messageOf } from '../../shared/errors.ts';

export type { DataSet } from 'dicom-parser';

export interface DicomFile {
  /** What the elements' offsets count in: the file, or with a deflated data set inflated behind the header. */
  readonly bytes: Buffer;
  /** Elements by tag, as in `x7fe00010`, each with `dataOffset` and `length`. */
  readonly dataSet: DataSet;
  /** UID of PS3.6, table A-1. */
  readonly transferSyntax: string;
}

/** Those that change how a data set is read (PS3.5, annex A). */
export const transferSyntaxes = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  deflated: '1.2.840.10008.1.2.1.99',
  bigEndian: '1.2.840.10008.1.2.2',
} as const;

export const isDicom = (bytes: Buffer): boolean => bytes.toString('latin1', 128, 132) === 'DICM';

/** 1 GiB, the largest data set that is inflated. */
const largest = 2 ** 30;

export const pixelData = 'x7fe00010';

/**
 * Parses a DICOM file.
 * @param part `head`: up to the pixel data, for which `bytes` may end early
 * @throws InputError for what is no DICOM file, or is damaged or cut off
 */
export function openDicom(bytes: Buffer, name: string, part: 'whole' | 'head' = 'whole'): DicomFile {
  if (!isDicom(bytes))
    throw new InputError(
      `${name}: expected a DICOM file, got none ("DICM" is not at byte 128); check the file`,
    );
  try {
    const until = part === 'head' ? { untilTag: pixelData } : {};
    const dataSet = dicomParser.parseDicom(bytes, { ...until, inflater: inflated });
    return { bytes: dataSet.byteArray as Buffer, dataSet, transferSyntax: dataSet.string('x00020010')! };
  } catch (error) {
    throw damagedDicom(name, reasonOf(error));
  }
}

export const damagedDicom = (name: string, reason: string): InputError =>
  new InputError(`${name}: expected a whole DICOM image, got a damaged one (${reason}); get the file again`);

/** dicom-parser throws texts, errors, and either of them beside what was read so far. */
function reasonOf(error: unknown): string {
  const inner = (error as { exception?: unknown } | null)?.exception ?? error;
  return messageOf(inner).replace(/^dicomParser\.[\w.]+: /, '');
}

/** The deflated data set behind `position`, inflated in its place (PS3.5, section A.5). */
function inflated(bytes: Buffer | Uint8Array, position: number): Buffer {
  const dataSet = inflateRawSync(bytes.subarray(position), { maxOutputLength: largest });
  return Buffer.concat([bytes.subarray(0, position), dataSet]);
}

/**
 * A data set by itself, in Explicit VR Little Endian, up to the element `until`.
 * @throws what dicom-parser throws for a damaged one
 */
export const parseDataSet = (bytes: Buffer, until: string): DataSet =>
  dicomParser.parseDicom(bytes, { TransferSyntaxUID: transferSyntaxes.explicit, untilTag: `x${until}` });
