/**
 * Where a set's files belong below `DIR/SET`, whatever folders an archive wraps them in, and the published
 * hashes of the files where there are any.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../../shared/errors.ts';
import { reasonOf } from '../../shared/files.ts';
import { besidePackage } from '../../shared/package.ts';
import type { Dataset } from './lock.ts';
import { parseList } from './record.ts';

/** The path below the set's folder, or null for a file that is no part of the set. */
export function placeIn({ place, imagePattern }: Dataset, path: string): string | null {
  if (!place) return new RegExp(imagePattern).exec(path)?.[0].replace(/^\//, '') ?? null;
  const found = new RegExp(place.tail).exec(path)?.[1];
  return found === undefined ? null : place.folder + found;
}

/** Path below the set's folder -> the SHA-256 of each genuine version. */
export type PublishedList = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The published list of a set that has one, with the lock file's variants; else null.
 * @throws InputError if the list is not the one that the lock file names
 */
export function publishedList(set: Dataset): PublishedList | null {
  if (set.fileList === null) return null;
  const text = readListText(set);
  if (createHash('sha256').update(text).digest('hex') !== set.fileList.sha256)
    throw new InputError(
      `hashes/${set.id}.sha256: expected the list of datasets.lock.json, got another; restore it`,
    );
  const list = new Map<string, Set<string>>();
  for (const { path, sha256 } of [...parseList(text, `hashes/${set.id}.sha256`), ...set.variants])
    list.set(path, (list.get(path) ?? new Set()).add(sha256));
  return list;
}

/** Long lists are compressed. */
function readListText(set: Dataset): string {
  const path = besidePackage(`hashes/${set.id}.sha256${set.fileList!.lines > 1000 ? '.gz' : ''}`);
  try {
    const bytes = readFileSync(path);
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    throw new InputError(`cannot read ${path}: ${reasonOf(error)}; restore the file`);
  }
}
