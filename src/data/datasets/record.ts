/**
 * The record of files fetched and extracted into a set's folder, beside the data and never in the lock file:
 *   DIR/SET/record.json            per archive: bytes and checksums as first verified, what was extracted
 *   DIR/SET/archives/FILE          the archive; may be deleted once it is extracted
 *   DIR/SET/archives/FILE.sha256   a line per extracted file, as `sha256sum -c` reads it from DIR/SET
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { excerptOf, InputError } from '../../shared/errors.ts';
import { makeFolder, reasonOf, writeJson, writeWhole } from '../../shared/files.ts';

export interface ArchiveRecord {
  readonly bytes: number;
  readonly md5: string;
  readonly sha256: string;
  /** null: nothing yet. `whole`: every file of the archive, not the first images only. */
  readonly extracted: { readonly files: number; readonly images: number; readonly whole: boolean } | null;
}

/** By the archive's name. */
export type SetRecord = Readonly<Record<string, ArchiveRecord>>;

const recordPath = (folder: string): string => join(folder, 'record.json');
export const archivePath = (folder: string, file: string): string => join(folder, 'archives', file);
export const listPath = (folder: string, file: string): string => `${archivePath(folder, file)}.sha256`;

/** The record of a set's folder; empty if there is none. @throws InputError if it is damaged */
export async function readRecord(folder: string): Promise<SetRecord> {
  const path = recordPath(folder);
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isRecord(value)) return value;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    if (!(error instanceof SyntaxError)) throw new InputError(`cannot read ${path}: ${reasonOf(error)}`);
  }
  throw new InputError(`${path}: expected what "datasets fetch" wrote, got something else; delete it`);
}

function isRecord(value: unknown): value is SetRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every(
    (one) =>
      Number.isSafeInteger(one?.bytes) &&
      /^[0-9a-f]{32}$/.test(one.md5) &&
      /^[0-9a-f]{64}$/.test(one.sha256) &&
      (one.extracted === null || typeof one.extracted?.whole === 'boolean'),
  );
}

/** A set's record while a command works on it. */
export interface Recorder {
  get(file: string): ArchiveRecord | undefined;
  /** Writes are queued: archives finish at any time. */
  put(file: string, entry: ArchiveRecord): Promise<void>;
}

/** Opens the record of a folder that this process has locked. */
export async function openRecord(folder: string): Promise<Recorder> {
  let record = await readRecord(folder);
  let written: Promise<void> = Promise.resolve();
  return {
    get: (file) => record[file],
    put(file, entry) {
      record = { ...record, [file]: entry };
      written = written.then(() => writeJson(recordPath(folder), record));
      return written;
    },
  };
}

export interface ListedFile {
  /** Below the set's folder, `/` between parts. */
  readonly path: string;
  readonly sha256: string;
}

/** Writes the list of an archive's files. */
export async function writeList(folder: string, file: string, files: readonly ListedFile[]): Promise<void> {
  await makeFolder(join(folder, 'archives'));
  const lines = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`);
  await writeWhole(listPath(folder, file), lines.join(''));
}

/** Lines of `sha256sum`; a leading `../` is dropped. @throws InputError for any other line */
export function parseList(text: string, name: string): ListedFile[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      const [, sha256, path] = /^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/.exec(line) ?? [];
      if (sha256 && path) return { path, sha256 };
      throw new InputError(
        `${name}: line ${i + 1} expected "SHA-256  path", got "${excerptOf(line)}"; delete the file`,
      );
    });
}
