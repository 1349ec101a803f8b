/**
 * Work spread over the cores: a module's default export is called once per task, each worker thread taking the next
 * task when it is free. The same call works from TypeScript (run by tsx or vitest) and from the compiled package.
 */
import { availableParallelism } from 'node:os';
import { type Transferable, Worker } from 'node:worker_threads';
import { beforeEnd } from './ending.ts';
import { InputError } from './errors.ts';
import { expectStaged } from './staging.ts';

/**
 * Young heap of a thread: 50 MB less for two threads than by default, and no slower (pairs, 125,000 images);
 * pixels lie outside the heap.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

const fromSource = import.meta.url.endsWith('.ts');

/**
 * Loads the module, with tsx before it where it is TypeScript, then answers one message per task. Buffers that the
 * module's `transfer` names of an answer move to the other thread instead of being copied.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const loading = (async () => {
  if (workerData.tsx) (await import(workerData.tsx)).register();
  return import(workerData.module);
})();
loading.then(() => parentPort.postMessage({ loaded: true }), () => {});
parentPort.on('message', async (task) => {
  try {
    const module = await loading;
    const answer = await module.default(task);
    parentPort.postMessage({ answer }, module.transfer?.(answer));
  } catch (error) {
    parentPort.postMessage({ message: error.message, name: error.name });
  }
});`;

interface Reply<Answer> {
  readonly loaded?: true;
  readonly answer?: Answer;
  readonly message?: string;
  readonly name?: string;
}

/** A task that waits for a thread, and who waits for its answer. */
interface Job<Task, Answer> {
  readonly task: Task;
  readonly transfer: readonly Transferable[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Threads that stay for many tasks. Close them, or the process does not end. */
export class Workers<Task, Answer> {
  readonly #workers: Worker[];
  readonly #idle: Worker[];
  readonly #waiting: Job<Task, Answer>[] = [];
  readonly #running = new Map<Worker, Job<Task, Answer>>();
  /** The error that ended a thread, and all work with it. */
  #broken: Error | null = null;
  #loaded = 0;
  #release: (() => void)[] = [];
  #tellLoaded: () => void = () => undefined;
  #tellBroken: (error: Error) => void = () => undefined;
  /** Fulfilled when all threads have loaded the module; rejected if one ends before its time. */
  readonly loaded = new Promise<void>((resolve, reject) => {
    this.#tellLoaded = resolve;
    this.#tellBroken = reject;
  });

  /**
   * @param module URL of a module with the work as its default export, `new URL('./work.ts', import.meta.url)`
   * @param kind `background`: threads that write no file, do not keep the process alive, and need not be closed
   */
  constructor(module: URL, threads: number, kind: 'foreground' | 'background' = 'foreground') {
    this.#workers = Array.from({ length: threads }, () => this.#start(module));
    this.#idle = [...this.#workers];
    this.loaded.catch(() => undefined); // each task's promise reports it
    if (kind === 'background') for (const worker of this.#workers) worker.unref();
    else this.#release = [beforeEnd('threads', () => this.close()), expectStaged()];
  }

  /** Whether all threads have loaded the module; known once the event loop has turned since. */
  get ready(): boolean {
    return this.#loaded === this.#workers.length;
  }

  /**
   * The answer to one task.
   * @param task a value that can be cloned to another thread; @param transfer its buffers that move there instead
   * @throws the error of the work; an InputError stays one
   */
  run(task: Task, transfer: readonly Transferable[] = []): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#broken) return reject(this.#broken);
      this.#waiting.push({ task, transfer, resolve, reject });
      this.#handOut();
    });
  }

  /** Ends the threads; tasks under way are given up. */
  async close(): Promise<void> {
    for (const release of this.#release) release();
    for (const worker of this.#workers) worker.removeAllListeners('exit');
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #start(module: URL): Worker {
    const href = fromSource ? module.href : module.href.replace(/\.ts$/, '.js');
    const tsx = fromSource && import.meta.resolve('tsx/esm/api');
    const worker = new Worker(program, {
      eval: true,
      execArgv: [],
      resourceLimits,
      workerData: { module: href, tsx },
    });
    worker.on('message', (reply: Reply<Answer>) => this.#receive(worker, reply));
    worker.on('error', (error) => this.#breakOff(error as Error));
    worker.on('exit', (code) => this.#breakOff(new Error(`a worker thread ended early with code ${code}`)));
    return worker;
  }

  #handOut(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.shift()!;
      const job = this.#waiting.shift()!;
      this.#running.set(worker, job);
      worker.postMessage(job.task, job.transfer);
    }
  }

  #receive(worker: Worker, { loaded, answer, message, name }: Reply<Answer>): void {
    if (loaded) {
      this.#loaded++;
      if (this.ready) this.#tellLoaded();
      return;
    }
    const { resolve, reject } = this.#running.get(worker)!;
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (message === undefined) resolve(answer as Answer);
    else reject(failure(message, name));
    this.#handOut();
  }

  #breakOff(error: Error): void {
    this.#broken ??= error;
    this.#tellBroken(this.#broken);
    for (const { reject } of [...this.#running.values(), ...this.#waiting]) reject(this.#broken);
    this.#waiting.length = 0;
  }
}

const failure = (message: string, name?: string): Error =>
  name === 'InputError' ? new InputError(message) : new Error(message);

/**
 * The answers, in the order of the tasks.
 * @param module as for `Workers`
 * @param tasks values that can be cloned to another thread
 * @param threads at most so many; all cores unless given
 * @param onDone called with the number of finished tasks
 * @throws the error of the work; an InputError stays one
 */
export async function inWorkers<Task, Answer>(
  module: URL,
  tasks: readonly Task[],
  threads: number = availableParallelism(),
  onDone: (done: number) => void = () => {},
): Promise<Answer[]> {
  const workers = new Workers<Task, Answer>(module, Math.min(threads, tasks.length));
  let done = 0;
  const counted = async (task: Task): Promise<Answer> => {
    const answer = await workers.run(task);
    onDone(++done);
    return answer;
  };
  try {
    return await Promise.all(tasks.map(counted));
  } finally {
    await workers.close();
  }
}

/** Tasks begun for each thread: one at work, one waiting. */
const ahead = 2;

/**
 * The answers in the order of the tasks, one after the other, for more tasks than fit into memory: tasks are taken
 * only as answers are. A caller that stops reading answers ends the threads.
 * @param module as for `Workers`
 * @throws the error of the work; an InputError stays one
 */
export async function* streamWorkers<Task, Answer>(
  module: URL,
  tasks: Iterable<Task>,
  threads: number = availableParallelism(),
): AsyncGenerator<Answer> {
  const workers = new Workers<Task, Answer>(module, threads);
  const running: Promise<Answer>[] = [];
  try {
    for (const task of tasks) {
      const answer = workers.run(task);
      answer.catch(() => undefined); // reported when its turn comes
      running.push(answer);
      if (running.length === ahead * threads) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    await workers.close();
  }
}
