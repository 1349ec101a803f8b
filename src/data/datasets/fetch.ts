/**
 * `datasets fetch`: the archives of a plan, a few at a time, each verified, recorded and extracted. What is there
 * and whole is not fetched again; one failure does not stop the others.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DownloadError, type Downloaded, type DownloadRequest, download } from '../../shared/download.ts';
import { InputError, messageOf } from '../../shared/errors.ts';
import { makeFolder, reasonOf } from '../../shared/files.ts';
import { withLock } from '../../shared/folder-lock.ts';
import { inParallel } from './_pool.ts';
import { type Credentials, kaggleCredentials } from './credentials.ts';
import { type Archive, type Dataset, readLock } from './lock.ts';
import { type PlannedFile, type PlannedSet, planFetch, type Selection } from './plan.ts';
import { datasetImages } from './presence.ts';
import {
  type ArchiveRecord,
  archivePath,
  listPath,
  openRecord,
  type Recorder,
  readRecord,
} from './record.ts';
import { checkRoom } from './room.ts';
import type { Transfers } from './transfer.ts';
import { unpack } from './unpack.ts';

export interface FetchOptions extends Selection {
  /** The data folder; made if it is not there. */
  readonly data: string;
  /** Address of a copy: only `MIRROR/SET/FILE` is requested. */
  readonly mirror?: string | undefined;
  /** Those of the lock file. */
  readonly sets?: readonly Dataset[];
  /** Files at a time; 3. */
  readonly connections?: number;
  readonly credentials?: Credentials;
  /** Called with the files and bytes to come; null if there is nothing to do. */
  readonly progress?: (expected: ReadonlyMap<string, number>) => Transfers;
  readonly retry?: Pick<DownloadRequest, 'tries' | 'pause' | 'idleSeconds'>;
}

export interface FetchedFile {
  readonly set: string;
  readonly file: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Bytes that were there before this run. */
  readonly kept: number;
  /** Images taken out of it in this or an earlier run; null: it is no archive. */
  readonly images: number | null;
}

export interface FetchResult {
  readonly fetched: readonly FetchedFile[];
  readonly failed: readonly { readonly set: string; readonly file: string; readonly reason: string }[];
  /** Instructions for sets that no program may fetch. */
  readonly byHand: readonly { readonly set: string; readonly instruction: string }[];
  /** Sets whose images are all there, unpacked by the user: their archives are not fetched. */
  readonly unpacked: readonly string[];
}

/** One file to fetch, and where it belongs. */
interface Job extends PlannedFile {
  readonly set: Dataset;
  readonly folder: string;
  readonly recorder: Recorder;
}

/**
 * Fetches a selection of the sets.
 * @throws InputError for a wrong selection, mirror, credentials or folder, before anything is fetched
 */
export async function fetchDatasets(options: FetchOptions): Promise<FetchResult> {
  const { data, sets = readLock().datasets, mirror } = options;
  const plan = planFetch(sets, options, data);
  if (mirror !== undefined) checkMirror(mirror);
  const credentials = options.credentials ?? (await kaggleCredentials());
  const openSets = plan.filter(({ files }) => files.length > 0);
  const { planned, unpacked } = await withoutUnpacked(openSets, data);
  const byHand = plan.flatMap(({ set, byHand: how }) => (how ? [{ set: set.id, instruction: how }] : []));
  const results = await withLocks(planned, data, (jobs) => runJobs(jobs, { ...options, credentials }));
  return { ...results, byHand, unpacked };
}

function checkMirror(mirror: string): void {
  if (!URL.canParse(mirror) || !/^https?:$/.test(new URL(mirror).protocol))
    throw new InputError(
      `"mirror" expected an http or https address, got ${mirror}; for files on a disk use: medchaos datasets import`,
    );
}

/** Leaves out the archives of sets that the user unpacked by hand: no record, and every image there. */
async function withoutUnpacked(plan: readonly PlannedSet[], data: string) {
  const unpacked: string[] = [];
  const planned: PlannedSet[] = [];
  for (const one of plan) {
    const { set, files } = one;
    const recorded = Object.keys(await readRecord(join(data, set.id))).length > 0;
    const there = !recorded && (await datasetImages(data, set)).length >= set.images;
    if (there) unpacked.push(set.id);
    planned.push(there ? { ...one, files: files.filter(({ archive }) => archive.of !== 'images') } : one);
  }
  return { planned, unpacked };
}

/** Locks the sets' folders, one inside the other, and opens their records. */
async function withLocks<Result>(
  planned: readonly PlannedSet[],
  data: string,
  work: (jobs: Job[]) => Promise<Result>,
  jobs: Job[] = [],
): Promise<Result> {
  const [one, ...others] = planned;
  if (!one) return work(jobs);
  const { set, files } = one;
  const folder = await makeFolder(join(data, set.id));
  return withLock(join(folder, '.busy'), async () => {
    const recorder = await openRecord(folder);
    const more = files.map((file) => ({ ...file, set, folder, recorder }));
    return withLocks(others, data, work, [...jobs, ...more]);
  });
}

type Running = FetchOptions & { readonly credentials: Credentials };

async function runJobs(jobs: Job[], options: Running): Promise<Pick<FetchResult, 'fetched' | 'failed'>> {
  if (jobs.length === 0) return { fetched: [], failed: [] };
  await checkRoomFor(jobs, options.data);
  const expected = new Map(jobs.map(({ set, archive }) => [nameOf(set, archive), archive.bytes ?? 0]));
  const bar = options.progress?.(expected);
  const fetched: FetchedFile[] = [];
  const failed: FetchResult['failed'][number][] = [];
  await inParallel(jobs, options.connections ?? 3, async (job) => {
    try {
      fetched.push(await runJob(job, options, bar));
    } catch (error) {
      failed.push({ set: job.set.id, file: job.archive.file, reason: failureOf(error, job) });
    }
  });
  bar?.stop(`${fetched.length} file(s) there, ${failed.length} failed`);
  return { fetched, failed };
}

/** Errors of ours say all; those of the system need their place and the remedy. */
const failureOf = (error: unknown, { folder }: Job): string =>
  error instanceof InputError || error instanceof DownloadError
    ? messageOf(error)
    : `${folder}: ${reasonOf(error)}; make room or correct it, then run the command again`;

const nameOf = (set: Dataset, { file }: Archive): string => `${set.id}/${file}`;

/** Fetches an archive, or its replacement, and extracts it. */
async function runJob(job: Job, options: Running, bar?: Transfers): Promise<FetchedFile> {
  const { archive, file } = await fetchAny(job, options, bar);
  if (archive.of !== 'images' || file.images !== null) return file;
  const { set, folder, recorder, images } = job;
  const { md5 } = recorder.get(archive.file)!;
  const extracted = await unpack({
    set,
    folder,
    recorder,
    archive,
    path: file.path,
    images,
    sums: { ...file, md5 },
  });
  return { ...file, images: extracted.images };
}

interface Fetched {
  readonly archive: Archive;
  readonly file: FetchedFile;
}

/** A local source comes first. */
async function fetchAny(job: Job, options: Running, bar?: Transfers): Promise<Fetched> {
  const sources = [job.archive, ...job.standIns];
  for (const archive of sources) {
    const there = await alreadyThere(job, archive);
    if (there) {
      bar?.update(nameOf(job.set, job.archive), there.bytes, there.bytes);
      return { archive, file: there };
    }
  }
  const reasons: string[] = [];
  for (const archive of sources) {
    try {
      return { archive, file: await fetchArchive(job, archive, options, bar) };
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      reasons.push(messageOf(error) + hint(archive, options) + wayOut(error, archive, job.set, options));
    }
  }
  throw new DownloadError(`${reasons.join('; ')} (landing page: ${job.set.landing})`);
}

/**
 * Recorded, and either extracted as far as wanted (the archive may be gone then) or as long as recorded;
 * reading it again is what `verify` is for.
 */
async function alreadyThere(job: Job, archive: Archive): Promise<FetchedFile | null> {
  const known = job.recorder.get(archive.file);
  if (!known) return null;
  const path = placeOf(job.folder, archive);
  const images = isExtracted(job, archive.file, known) ? known.extracted!.images : null;
  if (images === null && (await sizeOf(path)) !== known.bytes) return null;
  const { bytes, sha256 } = known;
  return { set: job.set.id, file: archive.file, path, bytes, sha256, kept: bytes, images };
}

/** Without its list an archive counts as not extracted: deleting the list is how to have it done again. */
const isExtracted = ({ images, folder }: Job, file: string, { extracted }: ArchiveRecord): boolean =>
  extracted !== null &&
  (extracted.whole || (images !== null && extracted.images >= images)) &&
  existsSync(listPath(folder, file));

const hint = ({ auth }: Archive, { credentials, mirror }: Running): string =>
  auth === 'kaggle' && credentials.from === null && mirror === undefined
    ? '; no Kaggle token was found: create one in the settings of kaggle.com and set KAGGLE_API_TOKEN'
    : '';

/** A second-hand checksum may itself be wrong: `import` does not bind to it, but checks the content. */
function wayOut({ differs }: DownloadError, archive: Archive, { id }: Dataset, { data }: Running): string {
  if (differs === null || archive[differs] === null || archive.marks[differs] !== 'second-hand') return '';
  return `; this ${differs} is known only second-hand: if it differs again, download ${archive.file} in a browser and run: medchaos datasets import ${id} ${archive.file} --data ${data}`;
}

async function fetchArchive(
  job: Job,
  archive: Archive,
  options: Running,
  bar?: Transfers,
): Promise<FetchedFile> {
  const { set, folder, recorder } = job;
  const path = placeOf(folder, archive);
  const known = recorder.get(archive.file);
  const done = await download({
    ...options.retry,
    ...checksums(archive, known),
    ...addresses(set, archive, options),
    path,
    onProgress: (bytes, total) => bar?.update(nameOf(set, job.archive), bytes, total),
  });
  bar?.update(nameOf(set, job.archive), done.bytes, done.bytes);
  await recorder.put(archive.file, recordOf(done, known));
  const { bytes, sha256, kept } = done;
  return { set: set.id, file: archive.file, path, bytes, sha256, kept, images: null };
}

/** Tables and lists lie beside the images, archives in a folder of their own. */
const placeOf = (folder: string, archive: Archive): string =>
  archive.of === 'images' ? archivePath(folder, archive.file) : join(folder, archive.file);

/** Facts missing in the lock file come from the first verified download. */
const checksums = ({ bytes, md5, sha256 }: Archive, known?: ArchiveRecord) => ({
  bytes: bytes ?? known?.bytes ?? null,
  md5: md5 ?? known?.md5 ?? null,
  sha256: sha256 ?? known?.sha256 ?? null,
});

const recordOf = ({ bytes, md5, sha256 }: Downloaded, known?: ArchiveRecord): ArchiveRecord => ({
  bytes,
  md5,
  sha256,
  extracted: known?.sha256 === sha256 ? known.extracted : null,
});

/** A mirror gets no credentials: they are Kaggle's. */
function addresses(set: Dataset, archive: Archive, { mirror, credentials }: Running) {
  if (mirror !== undefined) return { urls: [`${mirror.replace(/\/+$/, '')}/${set.id}/${archive.file}`] };
  const urls = archive.url === null ? archive.otherUrls : [archive.url, ...archive.otherUrls];
  return archive.auth === 'kaggle' ? { urls, headers: credentials.headers } : { urls };
}

/**
 * Room for what is still to come, before the first byte: the archives, and as much again for the images in
 * them, which are compressed already.
 */
async function checkRoomFor(jobs: readonly Job[], data: string): Promise<void> {
  const sizes = await Promise.all(jobs.map(roomFor));
  const needed = sizes.reduce((sum, bytes) => sum + bytes, 0);
  await checkRoom(
    data,
    needed,
    'free some, choose another --data, or fetch less with --only, --parts or --limit',
  );
}

async function roomFor({ archive, folder, images, recorder }: Job): Promise<number> {
  if (recorder.get(archive.file)?.extracted?.whole) return 0;
  const path = placeOf(folder, archive);
  const [whole, part] = await Promise.all([sizeOf(path), sizeOf(`${path}.part`)]);
  const { bytes } = archive;
  if (bytes === null) return 0;
  const unpacked = archive.of !== 'images' ? 0 : bytes * share(archive, images);
  return Math.max(0, bytes - Math.max(whole, part)) + unpacked;
}

const share = ({ count }: Archive, images: number | null): number =>
  images === null || count === null ? 1 : Math.min(1, images / count);

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
