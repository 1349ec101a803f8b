/**
 * The files of an archive into a folder: each is written under a temporary name, hashed on the way and renamed
 * when it is whole. An archive that is damaged or hostile leaves no file behind.
 */
import { createHash, type Hash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../../../shared/errors.ts';
import { makeFolder } from '../../../shared/files.ts';
import { mostUnpacked } from '../../../shared/size-limit.ts';
import { stageFile } from '../../../shared/staging.ts';
import { type ArchiveEntry, isJunk, safePath, sameFile } from './entry.ts';
import { archiveEntries } from './open.ts';

/** Limits beyond every honest archive of images. */
export interface ExtractLimits {
  readonly files: number;
  /** Bytes of one file. */
  readonly file: number;
  /** Unpacked bytes per byte of the archive, beyond the first 64 MiB; X-rays come to 1, retinas to 1.1. */
  readonly ratio: number;
}

export const extractLimits: ExtractLimits = { files: 2 ** 20, file: 2 ** 30, ratio: 20 };

export interface ExtractOptions {
  readonly archive: string;
  readonly folder: string;
  /** Where a file of the archive belongs below the folder, or null to leave it out. */
  readonly place: (path: string) => string | null;
  readonly isImage: (path: string) => boolean;
  /** Stop after so many images; null: none. */
  readonly images: number | null;
  /** Called with all files before they count as extracted; an error of the callback removes them. */
  readonly check?: (extracted: Extracted) => void;
  readonly limits?: ExtractLimits;
}

export interface ExtractedFile {
  /** Below the folder, `/` between parts. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Extracted {
  /** In the order of the archive. */
  readonly files: readonly ExtractedFile[];
  readonly images: number;
  /** Second copies and junk that were left out. */
  readonly left: number;
  /** Whether the archive was read to its end. */
  readonly whole: boolean;
}

/**
 * Extracts an archive.
 * @throws InputError for a damaged or hostile archive, after removing what was written
 */
export async function extract(options: ExtractOptions): Promise<Extracted> {
  const state: State = { files: [], seen: new Map(), left: 0, images: 0, bytes: 0, folders: new Set() };
  try {
    const most = await mostBytes(options);
    const whole = await extractEntries(options, state, most);
    const extracted = { files: state.files, images: state.images, left: state.left, whole };
    options.check?.(extracted);
    return extracted;
  } catch (error) {
    for (const { path } of state.files) await rm(join(options.folder, path), { force: true });
    throw error;
  }
}

interface State {
  files: ExtractedFile[];
  /** Entries by lower-case name. */
  seen: Map<string, Seen>;
  left: number;
  images: number;
  bytes: number;
  folders: Set<string>;
}

interface Seen {
  readonly source: string;
  readonly bytes: number;
  readonly crc32: number | null;
  readonly sha256: string;
}

async function mostBytes({ archive, limits = extractLimits }: ExtractOptions): Promise<number> {
  const { size } = await stat(archive).catch(() => ({ size: 0 }));
  return mostUnpacked(size, limits.ratio);
}

async function extractEntries(options: ExtractOptions, state: State, most: number): Promise<boolean> {
  const { archive, place, images, limits = extractLimits } = options;
  let entries = 0;
  for await (const entry of await archiveEntries(archive)) {
    if (++entries > limits.files) throw bomb(archive, `more than ${limits.files} entries`);
    const source = safePath(entry.name, archive);
    const path = isJunk(source) ? null : place(source);
    if (path === null) state.left++;
    else {
      state.bytes += entry.bytes;
      if (entry.bytes > limits.file) throw bomb(archive, `a file of ${entry.bytes} bytes`);
      if (state.bytes > most) throw bomb(archive, `more than ${most} bytes of files`);
      await extractEntry(entry, source, safePath(path, archive), options, state);
      if (images !== null && state.images >= images) return false;
    }
  }
  return true;
}

const bomb = (archive: string, what: string): InputError =>
  new InputError(`${archive}: expected an archive of images, got ${what}, as in a zip bomb; do not use it`);

async function extractEntry(
  entry: ArchiveEntry,
  source: string,
  path: string,
  { archive, folder, isImage }: ExtractOptions,
  state: State,
): Promise<void> {
  const first = state.seen.get(sameFile(path));
  if (first) {
    await checkTwin(entry, source, path, first, archive);
    // A second copy is read, at most once, and not written: its bytes do not count.
    state.bytes -= entry.bytes;
    state.left++;
    return;
  }
  const sha256 = await writeBody(entry, join(folder, path), state.folders);
  const { bytes, crc32 } = entry;
  state.seen.set(sameFile(path), { source, bytes, crc32, sha256 });
  state.files.push({ path, bytes, sha256 });
  if (isImage(path)) state.images++;
}

/** A second tree of the same files is left out; one name twice, or two contents for one place, is refused. */
async function checkTwin(
  entry: ArchiveEntry,
  source: string,
  path: string,
  first: Seen,
  archive: string,
): Promise<void> {
  const equal =
    source !== first.source &&
    entry.bytes === first.bytes &&
    (entry.crc32 !== null ? entry.crc32 === first.crc32 : (await hashOf(entry)) === first.sha256);
  if (!equal)
    throw new InputError(
      `${archive}: expected each file once, got "${first.source}" and "${source}" for ${path}; do not use this archive`,
    );
}

async function hashOf(entry: ArchiveEntry): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of entry.body()) hash.update(piece);
  return hash.digest('hex');
}

/** Returns the SHA-256. The disk need not have the file at once: `verify` finds a wrong one. */
async function writeBody(entry: ArchiveEntry, path: string, folders: Set<string>): Promise<string> {
  const folder = dirname(path);
  if (!folders.has(folder)) await makeFolder(folder);
  folders.add(folder);
  const hash = createHash('sha256');
  const staged = await stageFile(folder, hashed(entry.body(), hash), { sync: false });
  try {
    await staged.moveTo(path);
  } finally {
    await staged.discard();
  }
  return hash.digest('hex');
}

async function* hashed(pieces: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}
