/** Patient and modality of an image, from DICOM attributes, or from the set and its file names. */
import { createHash } from 'node:crypto';
import { type Dataset, readLock } from '../../datasets/lock.ts';
import type { DicomFile } from '../../dicom/file.ts';
import { type Extra, isExtra } from '../../metadata/extra.ts';
import type { ListedImage, SetName } from './list.ts';

/**
 * @returns modality: DICOM's code string, from the file or of the set, e.g. `DX`; patient: the first 16 digits of
 * SHA-256 of `SET:NUMBER`, or of `SET:IssuerOfPatientID:PatientID` of a DICOM file. Each is empty where it is not known.
 * The hash keeps patients apart, and hides nobody whose identifier can be guessed.
 */
export function identityOf({ path, set }: ListedImage, dicom: DicomFile | null): Extra {
  const text = (tag: string): string => dicom?.dataSet.string(tag)?.trim() ?? '';
  const id = dicom ? text('x00100020') && `${text('x00100021')}:${text('x00100020')}` : patientIn(path, set);
  const code = text('x00080060') || (factsOf(set)?.modality ?? '');
  // Other texts are no code strings and cannot be drawn.
  const modality = isExtra({ modality: code, patient: '' }) ? code : '';
  return { modality, patient: id === '' ? '' : shortHash(`${set}:${id}`) };
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Read once a thread. */
let known: readonly Dataset[] | undefined;

function factsOf(set: SetName): Dataset | undefined {
  known ??= readLock().datasets;
  return known.find(({ id }) => id === set);
}

/** The patient in the name of a file of the set; empty: the set has no such names. */
function patientIn(path: string, set: SetName): string {
  const pattern = factsOf(set)?.groupPattern;
  return (pattern && new RegExp(pattern).exec(path)?.[1]) || '';
}
