/**
 * A thread for work that may never end, or leave its memory wrong for the work after it, such as a decoder in C. One task
 * after the other; after an error, or at the deadline of a task, the thread ends, and the next task gets a new one.
 */
import type { Transferable } from 'node:worker_threads';
import { Workers } from './workers.ts';

/** Until the thread has loaded its module, on a busy machine. */
const startSeconds = 120;

export class WatchedThread<Task, Answer> {
  readonly #module: URL;
  #thread: Workers<Task, Answer> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param module as for `Workers` */
  constructor(module: URL) {
    this.#module = module;
  }

  /**
   * @param seconds that the task may take
   * @throws what the work threw, and Error at the deadline
   */
  run(task: Task, transfer: readonly Transferable[], seconds: number): Promise<Answer> {
    const answer = this.#turn.then(() => this.#runNow(task, transfer, seconds));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #runNow(task: Task, transfer: readonly Transferable[], seconds: number): Promise<Answer> {
    const thread = this.#thread ?? new Workers<Task, Answer>(this.#module, 1, 'background');
    this.#thread = thread;
    try {
      await within(startSeconds, thread.loaded);
      return await within(seconds, thread.run(task, transfer));
    } catch (error) {
      this.#thread = undefined;
      await thread.close();
      throw error;
    }
  }
}

/** The timer also keeps the process alive, which a background thread does not. */
async function within<Result>(seconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${Math.round(seconds)} s`)), 1000 * seconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
