/**
 * `datasets import`: archives that the user got by hand (DRIVE allows nothing else), into the data folder. The
 * archive itself stays where it is. A checksum that is only second-hand does not bind: the files inside are what
 * is checked, by CRC-32, by count, and by the published hashes where there are any.
 */
import { copyFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { makeFolder } from '../../shared/files.ts';
import { withLock } from '../../shared/folder-lock.ts';
import { type FileSums, fileSums } from '../../shared/hash.ts';
import { type Archive, type Dataset, type DatasetId, datasetIds, readLock } from './lock.ts';
import { openRecord, type Recorder } from './record.ts';
import { checkRoom } from './room.ts';
import type { Transfers } from './transfer.ts';
import { unpack } from './unpack.ts';

export interface ImportOptions {
  readonly data: string;
  readonly set: string;
  readonly files: readonly string[];
  /** Those of the lock file. */
  readonly sets?: readonly Dataset[];
  readonly progress?: (expected: ReadonlyMap<string, number>) => Transfers;
}

export interface ImportedFile {
  /** As the user named it. */
  readonly path: string;
  /** The archive of the lock file. */
  readonly file: string;
  readonly sha256: string;
  /** null: a table or list. */
  readonly images: number | null;
  /** The difference from a second-hand value; null if there is none. */
  readonly warning: string | null;
}

/**
 * Imports archives of one set, one after the other.
 * @throws InputError for an unknown set or file, a checksum that is confirmed and differs, a damaged archive
 */
export async function importArchives(options: ImportOptions): Promise<ImportedFile[]> {
  const { data, files, sets = readLock().datasets } = options;
  const set = setOf(options.set, sets);
  if (files.length === 0)
    throw new InputError(
      `"import" expected files of ${set.id}, got none; for example: medchaos datasets import ${set.id} ${set.archives[0]!.file}`,
    );
  // All are recognised before the first one is extracted.
  const known = await recognise(files, set, options.progress);
  const folder = await makeFolder(join(data, set.id));
  return withLock(join(folder, '.busy'), async () => {
    const recorder = await openRecord(folder);
    const imported: ImportedFile[] = [];
    for (const one of known) imported.push(await importOne(one, set, folder, recorder));
    return imported;
  });
}

function setOf(id: string, sets: readonly Dataset[]): Dataset {
  const found = sets.find((set) => set.id === (id as DatasetId));
  if (found) return found;
  throw new InputError(`"import" expected a set, one of ${datasetIds.join(', ')}, got ${id}`);
}

interface Recognised {
  readonly path: string;
  readonly archive: Archive;
  readonly sums: FileSums;
}

async function recognise(
  files: readonly string[],
  set: Dataset,
  progress: ImportOptions['progress'],
): Promise<Recognised[]> {
  const bar = progress?.(new Map(files.map((path) => [path, 0])));
  const found: Recognised[] = [];
  for (const path of files) {
    const sums = await fileSums(path, (bytes) => bar?.update(path, bytes, null));
    const archive = archiveOf(path, sums, set);
    refuseOther(path, archive, sums, set);
    const twin = found.find((one) => one.archive === archive);
    if (twin)
      throw new InputError(
        `"import" expected ${archive.file} once, got ${twin.path} and ${path}; leave one out`,
      );
    found.push({ path, archive, sums });
  }
  bar?.stop();
  return found;
}

/** By checksum; else by name, as browsers and the publisher's script change it: `test (1).zip`, `images_01.tar.gz`. */
function archiveOf(path: string, { md5, sha256 }: FileSums, set: Dataset): Archive {
  const name = plain(basename(path));
  const found =
    set.archives.find((one) => one.sha256 === sha256 || one.md5 === md5) ??
    set.archives.find((one) => plain(one.file) === name);
  if (found) return found;
  const names = set.archives.map(({ file }) => file).join(', ');
  throw new InputError(
    `${path}: expected by name or checksum one of ${names}, got neither; unpack what wraps it, or give it that name`,
  );
}

const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/ ?\(\d+\)(?=\.)/, '')
    .replace(/^images_(\d\d)(?=\.)/, 'images_0$1');

function refuseOther(path: string, archive: Archive, sums: FileSums, set: Dataset): void {
  const key = differing(archive, sums);
  if (!key || archive.marks[key] !== 'confirmed') return;
  throw new InputError(
    `${path}: expected ${key} ${archive[key]}, got ${sums[key]}; it is damaged or another version, get it again from ${set.landing}`,
  );
}

/** The first value that differs from the known one; confirmed values come first. */
function differing(archive: Archive, sums: FileSums): 'bytes' | 'md5' | 'sha256' | null {
  const keys = (['bytes', 'md5', 'sha256'] as const).filter(
    (key) => archive[key] !== null && archive[key] !== sums[key],
  );
  return keys.find((key) => archive.marks[key] === 'confirmed') ?? keys[0] ?? null;
}

async function importOne(
  { path, archive, sums }: Recognised,
  set: Dataset,
  folder: string,
  recorder: Recorder,
): Promise<ImportedFile> {
  const key = differing(archive, sums);
  const warning =
    key &&
    `${key} is ${sums[key]}, second-hand knowledge says ${archive[key]}; the content was checked instead`;
  const { file } = archive;
  await checkRoom(folder, sums.bytes, 'free some, or choose another --data');
  if (archive.of !== 'images') {
    await copyWhole(path, join(folder, file));
    await recorder.put(file, { ...sums, extracted: null });
    return { path, file, sha256: sums.sha256, images: null, warning };
  }
  const { images } = await unpack({ set, folder, recorder, archive, path, images: null, sums });
  return { path, file, sha256: sums.sha256, images, warning };
}

async function copyWhole(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, `${to}.part`);
    await rename(`${to}.part`, to);
  } catch (error) {
    await rm(`${to}.part`, { force: true });
    throw error;
  }
}
