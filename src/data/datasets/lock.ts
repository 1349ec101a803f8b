/**
 * `datasets.lock.json`: what is known of each data set and its archives, and how well. Read once, checked key
 * by key; a key too many, one missing, or a value of the wrong kind is an error that names its place.
 */
import { readFileSync } from 'node:fs';
import { InputError, messageOf } from '../../shared/errors.ts';
import { besidePackage } from '../../shared/package.ts';

export const datasetIds = ['nih', 'drive', 'pneumonia', 'brain-mri'] as const;
export type DatasetId = (typeof datasetIds)[number];

const marks = ['confirmed', 'second-hand', 'unknown'] as const;
/** How a fact is known; the lock file says what each word means. */
export type Mark = (typeof marks)[number];

export interface Archive {
  readonly file: string;
  /** What it holds: `images`, `labels`, ... */
  readonly of: string;
  /** The archive that this one can stand in for, where several sources have the same images. */
  readonly alternativeTo: string | null;
  /** null: no direct address is known. */
  readonly url: string | null;
  readonly otherUrls: readonly string[];
  readonly auth: 'none' | 'kaggle' | 'account';
  /** null, here and below: recorded on the first verified download. */
  readonly bytes: number | null;
  readonly md5: string | null;
  readonly sha1: string | null;
  readonly sha256: string | null;
  /** Images, files or rows in it. */
  readonly count: number | null;
  readonly marks: Readonly<Record<'url' | 'bytes' | 'md5' | 'sha256', Mark>>;
}

export interface Dataset {
  readonly id: DatasetId;
  readonly title: string;
  readonly landing: string;
  /** Pinned version where the host numbers them. */
  readonly version: number | null;
  readonly licence: {
    readonly id: string | null;
    readonly text: string;
    readonly redistribution: string;
    readonly mark: Mark;
  };
  readonly citation: string;
  readonly images: number;
  /** Patients, or what stands for them. */
  readonly groups: number | null;
  readonly archives: readonly Archive[];
  /** Regular expression over a path below the set's folder, `/` between parts. */
  readonly imagePattern: string;
  /** Its first group names the patient; null: names do not tell. */
  readonly groupPattern: string | null;
  /** Images per split. */
  readonly splits: Readonly<Record<string, number>>;
  readonly splitBy: string;
  /** A published list of the SHA-256 of every file: the list's own lines and SHA-256. */
  readonly fileList: {
    readonly lines: number;
    readonly sha256: string;
    readonly totalBytes: number | null;
    readonly mark: Mark;
  } | null;
  /** Files of which several byte versions are genuine. */
  readonly variants: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  /** What dates the images carry. */
  readonly dates: string;
  readonly notes: readonly string[];
}

export interface Lock {
  readonly schemaVersion: 1;
  readonly marks: Readonly<Record<Mark, string>>;
  readonly datasets: readonly Dataset[];
}

/** Complains unless a value is as it should be. */
type Check = (value: unknown, place: string) => void;

/** The checks of an object: one for each key of T, so that interface and schema cannot part. */
type Checks<T> = Readonly<Record<keyof T, Check>>;

const complain = (place: string, expected: string, got: unknown): never => {
  throw new InputError(
    `datasets.lock.json: "${place}" expected ${expected}, got ${JSON.stringify(got)}; restore the file`,
  );
};

const that =
  (expected: string, holds: (value: unknown) => boolean): Check =>
  (value, place) => {
    if (!holds(value)) complain(place, expected, value);
  };

const text = that('a text', (value) => typeof value === 'string' && value !== '');
const count = that('a whole number', (value) => Number.isSafeInteger(value) && (value as number) >= 0);
const matching = (expected: string, form: RegExp): Check =>
  that(expected, (value) => typeof value === 'string' && form.test(value));
const address = matching('an https address', /^https:\/\/[^\s]+$/);
const hex = (digits: number): Check => matching(`${digits} hex digits`, new RegExp(`^[0-9a-f]{${digits}}$`));
const oneOf = (known: readonly unknown[]): Check =>
  that(`one of ${known.join(', ')}`, (value) => known.includes(value));
const pattern = that('a regular expression', (value) => typeof value === 'string' && compiles(value));

function compiles(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}

const orNull =
  (check: Check): Check =>
  (value, place) => {
    if (value !== null) check(value, place);
  };

const list =
  (check: Check): Check =>
  (value, place) => {
    if (!Array.isArray(value)) return complain(place, 'a list', value);
    value.forEach((item, i) => {
      check(item, `${place}[${i}]`);
    });
  };

const record =
  (check: Check): Check =>
  (value, place) => {
    for (const [key, item] of Object.entries(objectAt(value, place))) check(item, `${place}.${key}`);
  };

const object =
  <T>(checks: Checks<T>): Check =>
  (value, place) => {
    const found = objectAt(value, place);
    const known = Object.keys(checks);
    for (const key of Object.keys(found))
      if (!known.includes(key)) complain(`${place}.${key}`, `one of the keys ${known.join(', ')}`, key);
    for (const [key, check] of Object.entries<Check>(checks)) check(found[key], `${place}.${key}`);
  };

function objectAt(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    complain(place, 'an object', value);
  return value as Record<string, unknown>;
}

const mark = oneOf(marks);

const archive = object<Archive>({
  file: text,
  of: text,
  alternativeTo: orNull(text),
  url: orNull(address),
  otherUrls: list(address),
  auth: oneOf(['none', 'kaggle', 'account']),
  bytes: orNull(count),
  md5: orNull(hex(32)),
  sha1: orNull(hex(40)),
  sha256: orNull(hex(64)),
  count: orNull(count),
  marks: object<Archive['marks']>({ url: mark, bytes: mark, md5: mark, sha256: mark }),
});

const dataset = object<Dataset>({
  id: oneOf(datasetIds),
  title: text,
  landing: address,
  version: orNull(count),
  licence: object<Dataset['licence']>({ id: orNull(text), text, redistribution: text, mark }),
  citation: text,
  images: count,
  groups: orNull(count),
  archives: list(archive),
  imagePattern: pattern,
  groupPattern: orNull(pattern),
  splits: record(count),
  splitBy: text,
  fileList: orNull(
    object<NonNullable<Dataset['fileList']>>({
      lines: count,
      sha256: hex(64),
      totalBytes: orNull(count),
      mark,
    }),
  ),
  variants: list(object<Dataset['variants'][number]>({ path: text, bytes: count, sha256: hex(64) })),
  dates: text,
  notes: list(text),
});

const lock = object<Lock>({
  schemaVersion: oneOf([1]),
  marks: object<Lock['marks']>({ confirmed: text, 'second-hand': text, unknown: text }),
  datasets: list(dataset),
});

/**
 * Checks the text of a lock file.
 * @throws InputError that names the place of the first fault
 */
export function parseLock(json: string): Lock {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new InputError(
      `datasets.lock.json: expected JSON, got none (${messageOf(error)}); restore the file`,
    );
  }
  lock(value, 'lock');
  const found = value as Lock;
  for (const id of datasetIds) {
    const times = found.datasets.filter((set) => set.id === id).length;
    if (times !== 1) complain('lock.datasets', `data set ${id} once`, times);
  }
  return found;
}

/** The lock file of this package, which lies above the sources as above the compiled files. */
export const readLock = (): Lock => parseLock(readFileSync(besidePackage('datasets.lock.json'), 'utf8'));
