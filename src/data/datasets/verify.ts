/**
 * `datasets verify`: every file of the sets read again and compared with its SHA-256, several at a time. What a
 * file should be is known, in this order, from the published list of the set (`hashes/`), from what extraction
 * wrote (`archives/*.sha256`), from the lock file or the record (tables, lists, archives).
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileSha256 } from '../../shared/hash.ts';
import { inParallel } from './_pool.ts';
import { isJunk } from './archives/entry.ts';
import { type PublishedList, publishedList } from './layout.ts';
import { type Dataset, type DatasetId, readLock } from './lock.ts';
import { checkFolder } from './presence.ts';
import { archivePath, parseList, readRecord, type SetRecord } from './record.ts';
import type { Transfers } from './transfer.ts';

export interface VerifyOptions {
  readonly data: string;
  /** All sets if left out. */
  readonly only?: readonly DatasetId[] | undefined;
  readonly sets?: readonly Dataset[];
  /** Files at a time; 8: one alone leaves a disk waiting for the hash, and the hash for the disk. */
  readonly readers?: number;
  readonly progress?: (expected: ReadonlyMap<string, number>) => Transfers;
}

export interface VerifiedSet {
  readonly set: DatasetId;
  /** `absent`: no file of it is there. `named`: all images are there by name, but no hash is known. */
  readonly state: 'good' | 'named' | 'bad' | 'absent';
  /** Files whose hash was compared. */
  readonly checked: number;
  /** Images without a known hash. */
  readonly unknown: number;
  /** Paths below the set's folder, sorted; `missing` may end in a count where names are not known. */
  readonly missing: readonly string[];
  readonly damaged: readonly string[];
  readonly extra: readonly string[];
  /** Lists of archives that hold missing or damaged files: without its list, an archive is extracted again. */
  readonly lists: readonly string[];
}

/** Verifies the sets. @throws InputError if the data folder, a list or a record cannot be read */
export async function verifyDatasets(options: VerifyOptions): Promise<VerifiedSet[]> {
  const { data, only, sets = readLock().datasets } = options;
  await checkFolder(data);
  const verified: VerifiedSet[] = [];
  for (const set of sets.filter(({ id }) => !only || only.includes(id)))
    verified.push(await verifySet(set, join(data, set.id), options));
  return verified;
}

async function verifySet(set: Dataset, folder: string, options: VerifyOptions): Promise<VerifiedSet> {
  const present = await filesBelow(folder);
  const known = await expectations(set, folder, present);
  const all = present.filter((path) => !known.ours.has(path));
  const wanted = all.filter((path) => known.hashes.has(path));
  const damaged = await damagedFiles(wanted, folder, known.hashes, options);
  const images = all.filter((path) => known.isImage(path));
  const unknown = known.listless ? images.length : 0;
  const there = new Set(present);
  const missing = [...known.needed].filter((path) => !there.has(path)).sort();
  if (known.needed.size === 0 && unknown > 0 && images.length < set.images)
    missing.push(`${set.images - images.length} of ${set.images} images`);
  const extra = all.filter((path) => !known.hashes.has(path) && !(known.listless && known.isImage(path)));
  const lists = [...new Set([...missing, ...damaged].flatMap((path) => known.listOf.get(path) ?? []))];
  return { set: set.id, state: stateOf(), checked: wanted.length, unknown, missing, damaged, extra, lists };

  function stateOf(): VerifiedSet['state'] {
    if (missing.length + damaged.length > 0) return 'bad';
    if (wanted.length + unknown === 0) return 'absent';
    return unknown > 0 ? 'named' : 'good';
  }
}

interface Expectations {
  /** Genuine SHA-256 by path. */
  readonly hashes: PublishedList;
  /** The list that names a file. */
  readonly listOf: ReadonlyMap<string, string>;
  /** Files that must exist. */
  readonly needed: ReadonlySet<string>;
  /** Lists and records that commands wrote. */
  readonly ours: ReadonlySet<string>;
  /** Whether images are known by name only. */
  readonly listless: boolean;
  readonly isImage: (path: string) => boolean;
}

async function expectations(set: Dataset, folder: string, present: readonly string[]): Promise<Expectations> {
  const pattern = new RegExp(set.imagePattern);
  const isImage = (path: string): boolean => pattern.test(path) && !isJunk(path);
  const record = await readRecord(folder);
  const lists = present.filter((path) => /^archives\/[^/]+\.sha256$/.test(path));
  const { hashes: listed, listOf } = await readLists(lists, folder);
  const published = publishedList(set);
  const hashes = new Map([...singleFiles(set, record), ...listed, ...(published ?? [])]);
  // Files unpacked by hand have no list: then all published images count, if there is any of them.
  const byHand =
    published && listed.size === 0 && present.some(isImage) ? [...published.keys()].filter(isImage) : [];
  const labels = set.archives
    .filter(({ of, file }) => of !== 'images' && record[file])
    .map(({ file }) => file);
  return {
    hashes,
    listOf,
    needed: new Set([...listed.keys(), ...byHand, ...labels]),
    ours: new Set(['record.json', '.busy', ...lists]),
    listless: listed.size === 0 && !published,
    isImage,
  };
}

/** Tables, lists and archives: the recorded value, else the lock file's. */
function singleFiles(set: Dataset, record: SetRecord): Map<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { file, of, sha256 } of set.archives) {
    const path = of === 'images' ? archivePath('', file) : file;
    const hash = record[file]?.sha256 ?? sha256;
    if (hash !== null) found.set(path.replaceAll(sep, '/'), new Set([hash]));
  }
  return found;
}

async function readLists(lists: readonly string[], folder: string) {
  const hashes = new Map<string, ReadonlySet<string>>();
  const listOf = new Map<string, string>();
  for (const list of lists) {
    const path = join(folder, list);
    for (const file of parseList(await readFile(path, 'utf8'), path)) {
      hashes.set(file.path, new Set([file.sha256]));
      listOf.set(file.path, list);
    }
  }
  return { hashes, listOf };
}

async function damagedFiles(
  paths: readonly string[],
  folder: string,
  hashes: PublishedList,
  { readers = 8, progress }: VerifyOptions,
): Promise<string[]> {
  if (paths.length === 0) return [];
  const sizes = await inParallel(paths, 64, async (path) => (await stat(join(folder, path))).size);
  const bar = progress?.(new Map(paths.map((path, i) => [path, sizes[i]!])));
  const right = await inParallel([...paths.keys()], readers, async (i) => {
    const path = paths[i]!;
    bar?.update(path, 0, sizes[i]!);
    const good = hashes.get(path)!.has(await fileSha256(join(folder, path)));
    bar?.update(path, sizes[i]!, sizes[i]!);
    return good;
  });
  bar?.stop();
  return paths.filter((_, i) => !right[i]);
}

/** Regular files, sorted, `/` between parts; none where the folder is not there. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((one) => !one.isDirectory()).map((one) => join(one.parentPath, one.name));
  return paths.map((path) => path.slice(join(folder, 'x').length - 1).replaceAll(sep, '/')).sort();
}
