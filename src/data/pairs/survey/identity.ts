/** Whose image of what kind a file is: DICOM's own words, or what the set and its names tell. */
import { createHash } from 'node:crypto';
import { type DatasetId, readLock } from '../../datasets/lock.ts';
import type { DicomFile } from '../../dicom/file.ts';
import { type Extra, isExtra } from '../../metadata/extra.ts';
import type { ListedImage, SetName } from './list.ts';

/** Of the sets whose files do not say it: digital radiography, ophthalmic photography, magnetic resonance. */
const modalities: Readonly<Record<DatasetId, string>> = {
  nih: 'DX',
  drive: 'OP',
  pneumonia: 'DX',
  'brain-mri': 'MR',
};

/**
 * @returns modality: DICOM's code string, from the file or of the set, e.g. `DX`; patient: the first 16 digits of
 * SHA-256 of `SET:NUMBER`, or of `SET:IssuerOfPatientID:PatientID` of a DICOM file. Each is empty where it is not known.
 * The hash keeps patients apart, and hides nobody whose identifier can be guessed.
 */
export function identityOf({ path, set }: ListedImage, dicom: DicomFile | null): Extra {
  const text = (tag: string): string => dicom?.dataSet.string(tag)?.trim() ?? '';
  const id = dicom ? text('x00100020') && `${text('x00100021')}:${text('x00100020')}` : patientIn(path, set);
  const code = text('x00080060') || (set in modalities ? modalities[set as DatasetId] : '');
  // What is no code string cannot be drawn, and means nothing to others.
  const modality = isExtra({ modality: code, patient: '' }) ? code : '';
  return { modality, patient: id === '' ? '' : shortHash(`${set}:${id}`) };
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Compiled once a thread. */
const patterns = new Map<SetName, RegExp | null>();

/** What the set's names tell of the patient; empty: nothing. */
function patientIn(path: string, set: SetName): string {
  if (!patterns.has(set)) {
    const pattern = readLock().datasets.find(({ id }) => id === set)?.groupPattern;
    patterns.set(set, pattern ? new RegExp(pattern) : null);
  }
  return patterns.get(set)?.exec(path)?.[1] ?? '';
}
