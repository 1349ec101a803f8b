/** An archive of a set into the set's folder: extracted, checked against known checksums, listed and recorded. */
import { InputError } from '../../shared/errors.ts';
import { type Extracted, extract } from './archives/extract.ts';
import { type PublishedList, placeIn, publishedList } from './layout.ts';
import type { Archive, Dataset } from './lock.ts';
import { type ArchiveRecord, type Recorder, writeList } from './record.ts';

export interface UnpackOptions {
  readonly set: Dataset;
  /** `DIR/SET`. */
  readonly folder: string;
  readonly recorder: Recorder;
  /** Which archive of the lock file it is. */
  readonly archive: Archive;
  /** Where it lies. */
  readonly path: string;
  /** Images to take; null: all. */
  readonly images: number | null;
  /** Checksums of the archive as they were found. */
  readonly sums: Pick<ArchiveRecord, 'bytes' | 'md5' | 'sha256'>;
}

/**
 * Extracts, writes `archives/FILE.sha256`, and only then records the extraction.
 * @throws InputError for a damaged or hostile archive, or one whose files differ from the lock file's
 */
export async function unpack(options: UnpackOptions): Promise<Extracted> {
  const { set, folder, recorder, archive, path, images, sums } = options;
  const pattern = new RegExp(set.imagePattern);
  const published = publishedList(set);
  const extracted = await extract({
    archive: path,
    folder,
    images,
    place: (name) => placeIn(set, name),
    isImage: (name) => pattern.test(name),
    check: (all) => {
      // Older DRIVE archives hold more files than the present ones: where hashes are published, they decide.
      checkCount(all, published ? { ...archive, count: null } : archive, path, set);
      if (published) checkPublished(all, published, path, set);
    },
  });
  await writeList(folder, archive.file, extracted.files);
  const { bytes, md5, sha256 } = sums;
  const { whole } = extracted;
  const done = { files: extracted.files.length, images: extracted.images, whole };
  await recorder.put(archive.file, { bytes, md5, sha256, extracted: done });
  return extracted;
}

/** The lock file counts images (NIH) or all files (DRIVE). */
function checkCount({ files, images, whole }: Extracted, archive: Archive, path: string, set: Dataset): void {
  const { count } = archive;
  const right = !whole || count === null || count === images || count === files.length;
  if (images > 0 && right) return;
  const expected = count === null ? 'images' : `${count} files`;
  throw new InputError(
    `${path}: expected ${expected} of ${set.id}, got ${images} images in ${files.length} files; it is another archive or another version, look on ${set.landing}`,
  );
}

function checkPublished({ files }: Extracted, list: PublishedList, path: string, set: Dataset): void {
  const wrong = files.filter((file) => !list.get(file.path)?.has(file.sha256));
  if (wrong.length === 0) return;
  throw new InputError(
    `${path}: expected the files of ${set.id} as published, got ${wrong.length} of ${files.length} others, first ${wrong[0]!.path}; it is another version, look on ${set.landing}`,
  );
}
