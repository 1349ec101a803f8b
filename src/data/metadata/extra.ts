/**
 * Extra fields of a metadata image: the modality, as DICOM's code string writes it (PS3.5 section 6.2:
 * at most 16 capitals, digits, blanks and underscores), and the patient hash (`ImageLook.patient`, SHA-256 cut to 64 bits).
 */

import type { WallClock } from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';

export interface Extra {
  /** Empty: not known, or not drawn. */
  readonly modality: string;
  /** 16 hexadecimal digits; empty as above. */
  readonly patient: string;
}

/** The content of a metadata image: a date, or a date with extra fields. */
export interface Metadata extends WallClock {
  readonly extra?: Extra | undefined;
}

export const extraNames = ['modality', 'patient'] as const;
export type ExtraName = (typeof extraNames)[number];

export const unknownExtra: Extra = { modality: '', patient: '' };

/** Characters of a modality. A blank at its end is ignored. */
export const codeLetters = ' 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_';
export const codeLength = 16;
const hashDigits = 16;

/** Whether both parts can be drawn, and so be read back. */
export const isExtra = ({ modality, patient }: Extra): boolean =>
  /^([0-9A-Z_]([0-9A-Z_ ]{0,14}[0-9A-Z_])?)?$/.test(modality) && /^([0-9a-f]{16})?$/.test(patient);

/** The named parts; of the others nothing is known. */
export const onlyExtra = (names: readonly ExtraName[], { modality, patient }: Extra): Extra => ({
  modality: names.includes('modality') ? modality : '',
  patient: names.includes('patient') ? patient : '',
});

/** Reads `modality,patient`, and writes it in this order. @throws InputError for another name, or one given twice */
export function parseExtra(text: string): ExtraName[] {
  const given = text.split(',').map((name) => name.trim());
  const wrong = given.find((name, i) => !extraNames.some((n) => n === name) || given.indexOf(name) !== i);
  if (wrong === undefined) return extraNames.filter((name) => given.includes(name));
  throw new InputError(`"extra" expected ${extraNames.join(', ')}, or both with a comma, got "${text}"`);
}

/** Values of an extra with the greatest that each may have: 16 letters, whether there is a patient, 8 bytes of the hash. */
export const extraRanges: readonly number[] = [
  ...Array<number>(codeLength).fill(codeLetters.length - 1),
  1,
  ...Array<number>(hashDigits / 2).fill(255),
];

/** In the order of `extraRanges`. */
export function extraValues({ modality, patient }: Extra): number[] {
  const letters = [...modality.padEnd(codeLength)].map((letter) => codeLetters.indexOf(letter));
  return [...letters, patient === '' ? 0 : 1, ...Buffer.from(patient.padEnd(hashDigits, '0'), 'hex')];
}

/** The inverse; of values beyond their range an extra that `isExtra` refuses. */
export function extraOfValues(values: readonly number[]): Extra {
  const letters = values.slice(0, codeLength).map((value) => codeLetters[value] ?? '?');
  const known = values[codeLength] === 1;
  return {
    modality: letters.join('').trimEnd(),
    patient: known ? Buffer.from(values.slice(codeLength + 1)).toString('hex') : '',
  };
}
