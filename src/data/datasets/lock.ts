/**
 * `datasets.lock.json`: known facts of each data set and its archives, with their standing. Read once, checked key
 * by key; a key too many, one missing, or a value of the wrong kind is an error that names its place.
 */
import { readFileSync } from 'node:fs';
import { InputError, messageOf } from '../../shared/errors.ts';
import { besidePackage } from '../../shared/package.ts';
import { checked, type Of, oneOf, z } from '../../shared/schema.ts';

export const datasetIds = ['nih', 'drive', 'pneumonia', 'brain-mri'] as const;
export type DatasetId = (typeof datasetIds)[number];

const marks = ['confirmed', 'second-hand', 'unknown'] as const;
const text = z.string().min(1, 'a text');
const count = z.int('a whole number').min(0, 'a whole number');
const matching = (expected: string, form: RegExp) => z.string(expected).regex(form, expected);
const address = matching('an https address', /^https:\/\/[^\s]+$/);
const hex = (digits: number) => matching(`${digits} hex digits`, new RegExp(`^[0-9a-f]{${digits}}$`));
const pattern = z.string('a regular expression').refine(compiles, 'a regular expression');
/** How a fact is known; the lock file says what each word means. */
const mark = oneOf(marks);

function compiles(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}

const archive = z.strictObject({
  file: text,
  /** Its content: `images`, `labels`, ... */
  of: text,
  /** The archive that this one can stand in for, where several sources have the same images. */
  alternativeTo: text.nullable(),
  /** null: no direct address is known. */
  url: address.nullable(),
  otherUrls: z.array(address),
  auth: oneOf(['none', 'kaggle', 'account']),
  /** null, here and below: recorded on the first verified download. */
  bytes: count.nullable(),
  md5: hex(32).nullable(),
  sha1: hex(40).nullable(),
  sha256: hex(64).nullable(),
  /** Images, files or rows in it. */
  count: count.nullable(),
  marks: z.strictObject({ url: mark, bytes: mark, md5: mark, sha256: mark }),
});
export type Archive = Of<typeof archive>;

const dataset = z.strictObject({
  id: oneOf(datasetIds),
  title: text,
  landing: address,
  /** Pinned version where the host numbers them. */
  version: count.nullable(),
  licence: z.strictObject({ id: text.nullable(), text, redistribution: text, mark }),
  citation: text,
  images: count,
  /** Patients, or the groups that stand for them. */
  groups: count.nullable(),
  archives: z.array(archive),
  /** DICOM's code of the images' kind, where the files do not say it; DX, OP, MR: radiography, ophthalmic photography, MR. */
  modality: text.optional(),
  /** Regular expression over a path below the set's folder, `/` between parts. */
  imagePattern: pattern,
  /**
   * Where a file of an archive belongs below the set's folder: `folder`, then the first group of `tail`, whatever folders
   * the archive wraps it in. Without it images alone are extracted, at the path that `imagePattern` finds.
   */
  place: z.strictObject({ folder: z.string(), tail: pattern }).optional(),
  /** Its first group is the patient; null: file names do not contain one. */
  groupPattern: pattern.nullable(),
  /** Images per split. */
  splits: z.record(text, count),
  splitBy: text,
  /** A published list of the SHA-256 of every file: the list's own lines and SHA-256. */
  fileList: z.strictObject({ lines: count, sha256: hex(64), totalBytes: count.nullable(), mark }).nullable(),
  /** Files of which several byte versions are genuine. */
  variants: z.array(z.strictObject({ path: text, bytes: count, sha256: hex(64) })),
  /** The dates that the images carry. */
  dates: text,
  notes: z.array(text),
});
export type Dataset = Of<typeof dataset>;

export const lockSchema = z.strictObject({
  schemaVersion: z.literal(1),
  marks: z.record(mark, text),
  datasets: z.array(dataset),
});
export type Lock = Of<typeof lockSchema>;

/**
 * Checks the text of a lock file.
 * @throws InputError that names the place of the first fault
 */
export function parseLock(json: string): Lock {
  try {
    const lock = checked(lockSchema, JSON.parse(json));
    for (const id of datasetIds) checkOnce(lock, id);
    return lock;
  } catch (error) {
    const reason =
      error instanceof SyntaxError ? `expected JSON, got none (${error.message})` : messageOf(error);
    throw new InputError(`datasets.lock.json: ${reason}; restore the file`);
  }
}

function checkOnce({ datasets }: Lock, wanted: DatasetId): void {
  const times = datasets.filter(({ id }) => id === wanted).length;
  if (times !== 1) throw new InputError(`"datasets" expected data set ${wanted} once, got ${times}`);
}

/** The lock file of this package, which lies above the sources as above the compiled files. */
export const readLock = (): Lock => parseLock(readFileSync(besidePackage('datasets.lock.json'), 'utf8'));
