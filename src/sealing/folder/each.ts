/**
 * A folder's files over worker threads: each file alone succeeds, is there already, or fails and is listed; none
 * stops the others. Every thread holds one picture at a time, however many there are.
 */
import { availableParallelism } from 'node:os';
import { InputError, messageOf } from '../../shared/errors.ts';
import { progressBar } from '../../shared/progress.ts';
import { Workers } from '../../shared/workers.ts';
import type { FailedFile } from './find.ts';

export interface FolderResult<Done> {
  readonly done: Done[];
  /** Files whose results were there already. */
  readonly skipped: string[];
  readonly failed: FailedFile[];
  /** Files that were not looked into, being of no kind that this command reads. */
  readonly others: number;
}

/** Sends a message to the thread of this item and waits for the answer of the work. */
export type Ask = <Answer>(message: unknown) => Promise<Answer>;

/** @throws InputError unless it is a number of threads */
export function checkJobs(jobs: number | undefined): number {
  // One more than cores: a thread waits while this one runs the network.
  if (jobs === undefined) return availableParallelism() + 1;
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 256) return jobs;
  throw new InputError(`"jobs" expected an integer from 1 to 256, got ${jobs}; leave it out for all cores`);
}

/**
 * Runs `job` for every item.
 * @param nameOf what the summary calls an item
 * @param job resolves to null for what was there already
 */
export async function eachFile<Item, Done>(
  title: string,
  module: URL,
  items: readonly Item[],
  jobs: number,
  nameOf: (item: Item) => string,
  job: (ask: Ask, item: Item) => Promise<Done | null>,
): Promise<Omit<FolderResult<Done>, 'others'>> {
  const slots: (Done | null | FailedFile)[] = new Array(items.length).fill(null);
  const bad = new Set<number>();
  const bar = progressBar(title, items.length);
  let settled = 0;
  await inThreads(module, items, jobs, async (ask, item, at) => {
    try {
      slots[at] = await job(ask, item);
    } catch (error) {
      bad.add(at);
      slots[at] = { file: nameOf(item), reason: messageOf(error) };
    }
    bar.update(++settled, bad.size > 0 ? `${bad.size} failed` : '');
  });
  bar.stop();
  const numbers = [...items.keys()];
  return {
    done: numbers.filter((i) => !bad.has(i) && slots[i] !== null).map((i) => slots[i] as Done),
    skipped: numbers.filter((i) => slots[i] === null).map((i) => nameOf(items[i]!)),
    failed: [...bad].sort((a, b) => a - b).map((i) => slots[i] as FailedFile),
  };
}

/** All messages of an item go to one thread, which may keep something in between. */
async function inThreads<Item>(
  module: URL,
  items: readonly Item[],
  threads: number,
  job: (ask: Ask, item: Item, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  const open = Array.from({ length: Math.min(threads, items.length) }, () => openThread(module));
  const serve = async ({ ask }: Thread): Promise<void> => {
    for (const [index, item] of queue) await job(ask, item, index);
  };
  try {
    await Promise.all(open.map(serve));
  } finally {
    await Promise.all(open.map(({ close }) => close()));
  }
}

interface Thread {
  readonly ask: Ask;
  readonly close: () => Promise<void>;
}

/** After anything but wrong input it may have died, of a picture too large for the memory, say: the next is a new one. */
function openThread(module: URL): Thread {
  let thread: Workers<unknown, unknown> | undefined;
  const ask = async <Answer>(message: unknown): Promise<Answer> => {
    thread ??= new Workers(module, 1);
    try {
      return (await thread.run(message)) as Answer;
    } catch (error) {
      if (!(error instanceof InputError)) {
        await thread.close();
        thread = undefined;
      }
      throw error;
    }
  };
  return { ask, close: async () => thread?.close() };
}

/** What failed, a line each, then the counts. */
export function summaryOf(verb: string, { done, skipped, failed, others }: FolderResult<unknown>): string {
  const total = done.length + skipped.length + failed.length;
  const left = others > 0 ? `, ${countOf(others, 'other file')} left alone` : '';
  return [
    ...failed.map(({ file, reason }) => `failed: ${file}: ${reason}`),
    `${verb} ${done.length} of ${total} (${skipped.length} there already, ${failed.length} failed${left})`,
  ].join('\n');
}

/** `1 file`, `2 files`. */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
