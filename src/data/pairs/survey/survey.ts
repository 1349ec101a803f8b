/**
 * All images of a data folder read by threads on all cores, and listed in `images.jsonl`: a line for the
 * options, then one per image in the order of the list. Lines are appended as they come, so that a survey that was
 * killed goes on where it stopped; a line counts only if its image is still next in the list and as long as then.
 */
import { createReadStream } from 'node:fs';
import { stat, truncate } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { appendText, makeFolder, writeWhole } from '../../../shared/files.ts';
import { type Progress, progressBar } from '../../../shared/progress.ts';
import { seconds } from '../../../shared/timing.ts';
import { streamWorkers } from '../../../shared/workers.ts';
import type { ListedImage } from './list.ts';
import { type Batch, type CopyTest, type ImageLook, lookAtBatch } from './look.ts';

export interface SurveyOptions {
  readonly data: string;
  readonly images: readonly ListedImage[];
  readonly copies: CopyTest;
  /** Folder of `images.jsonl`; null: no file is written. */
  readonly folder: string | null;
  /** All cores unless given; 0: this thread. */
  readonly threads?: number;
  /** Whether lines of an earlier run are compared with the files, and files with a fault are read again; true. */
  readonly recheck?: boolean;
}

/** Images a task: some 0.3 s of decoding, so that little is lost in a kill and little is sent. */
const batchSize = 32;

/** So many images are looked at before a thread has started. */
const few = 2 * batchSize;

/**
 * The looks in the order of the list: those kept from before, then new ones. Taken only in part, the rest is not
 * looked at. Memory does not grow with the number of images.
 */
export async function* surveyImages(options: SurveyOptions): AsyncGenerator<ImageLook> {
  const { images, folder } = options;
  const file = folder === null ? null : await openSurvey(options, folder);
  let done = 0;
  if (file) {
    let end = file.start;
    for await (const { look, size } of keptLooks(file.path, options)) {
      yield look;
      end += size;
      done++;
    }
    await truncate(file.path, end); // half a line, or lines of another list
  }
  if (done === images.length) return;
  const bar = progressBar('images', images.length);
  try {
    yield* newLooks(options, done, file?.path ?? null, bar);
  } finally {
    bar.stop();
  }
}

async function* newLooks(
  { data, images, copies, threads = availableParallelism() }: SurveyOptions,
  first: number,
  path: string | null,
  bar: Progress,
): AsyncGenerator<ImageLook> {
  const start = seconds();
  let done = first;
  const tasks = batches(data, images, copies, first);
  const answers = images.length - first <= few || threads === 0 ? here(tasks) : inThreads(tasks, threads);
  for await (const looks of answers) {
    if (path !== null) await appendText(path, looks.map((look) => `${JSON.stringify(look)}\n`).join(''));
    done += looks.length;
    bar.update(done, `images, ${Math.round((done - first) / (seconds() - start))}/s`);
    yield* looks;
  }
}

const inThreads = (tasks: Iterable<Batch>, threads: number): AsyncIterable<ImageLook[]> =>
  streamWorkers<Batch, ImageLook[]>(new URL('./work.ts', import.meta.url), tasks, threads);

async function* here(tasks: Iterable<Batch>): AsyncGenerator<ImageLook[]> {
  for (const task of tasks) yield await lookAtBatch(task);
}

function* batches(
  data: string,
  images: readonly ListedImage[],
  copies: CopyTest,
  first: number,
): Generator<Batch> {
  for (let at = first; at < images.length; at += batchSize)
    yield { data, images: images.slice(at, at + batchSize), copies };
}

/** The file with its first line; begun anew if it is of other options. */
async function openSurvey({ data, copies }: SurveyOptions, folder: string) {
  await makeFolder(folder);
  const path = join(folder, 'images.jsonl');
  const header = `${JSON.stringify({ version: 1, data: resolve(data), copies })}\n`;
  if ((await firstLine(path)) !== header) await writeWhole(path, header);
  return { path, start: Buffer.byteLength(header) };
}

async function firstLine(path: string): Promise<string | null> {
  try {
    for await (const line of lines(path)) return `${line}\n`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return null;
}

const lines = (path: string) => createInterface({ input: createReadStream(path), crlfDelay: Infinity });

async function* keptLooks(path: string, { data, images, recheck = true }: SurveyOptions) {
  let next = -1;
  for await (const line of lines(path)) {
    if (++next === 0) continue;
    const [look, image] = [parsed(line), images[next - 1]];
    if (!look || look.path !== image?.path || look.set !== image.set) return;
    if (recheck && !(await unchanged(join(data, look.path), look))) return;
    yield { look, size: Buffer.byteLength(line) + 1 };
  }
}

/** null for half a line. */
function parsed(line: string): ImageLook | null {
  try {
    return JSON.parse(line) as ImageLook;
  } catch {
    return null;
  }
}

/** A file with a fault is looked at again: it may have been mended. */
async function unchanged(path: string, { bytes, fault }: ImageLook): Promise<boolean> {
  if (fault !== null) return false;
  return (await stat(path).catch(() => null))?.size === bytes;
}
