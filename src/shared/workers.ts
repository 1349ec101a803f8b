/**
 * Work spread over the cores: a module's default export is called once per task, each worker thread taking the next
 * task when it is free. The same call works from TypeScript (run by tsx or vitest) and from the compiled package.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InputError } from './errors.ts';

const fromSource = import.meta.url.endsWith('.ts');

/** Loads the module, with tsx before it where it is TypeScript, then answers one message per task. */
const program = `
const { parentPort, workerData } = require('node:worker_threads');
const ready = (async () => {
  if (workerData.tsx) (await import(workerData.tsx)).register();
  return (await import(workerData.module)).default;
})();
ready.catch(() => {});
parentPort.on('message', async (task) => {
  try {
    parentPort.postMessage({ answer: await (await ready)(task) });
  } catch (error) {
    parentPort.postMessage({ message: error.message, name: error.name });
  }
});`;

interface Reply<Answer> {
  readonly answer?: Answer;
  readonly message?: string;
  readonly name?: string;
}

/**
 * The answers, in the order of the tasks.
 * @param module URL of a module with the work as its default export, `new URL('./work.ts', import.meta.url)`
 * @param tasks values that can be cloned to another thread
 * @param threads at most so many; all cores unless given
 * @param onDone called with the number of finished tasks
 * @throws what the work threw: an InputError stays one
 */
export async function inWorkers<Task, Answer>(
  module: URL,
  tasks: readonly Task[],
  threads: number = availableParallelism(),
  onDone: (done: number) => void = () => {},
): Promise<Answer[]> {
  const answers = new Array<Answer>(tasks.length);
  const queue = tasks.keys();
  let done = 0;
  const keep = (at: number, answer: Answer): void => {
    answers[at] = answer;
    onDone(++done);
  };
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, () => start(module));
  try {
    await Promise.all(workers.map((worker) => serve(worker, tasks, queue, keep)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return answers;
}

function start(module: URL): Worker {
  const href = fromSource ? module.href : module.href.replace(/\.ts$/, '.js');
  const tsx = fromSource && import.meta.resolve('tsx/esm/api');
  return new Worker(program, { eval: true, execArgv: [], workerData: { module: href, tsx } });
}

/** Hands one worker a task of the common queue at a time, until the queue is empty. */
function serve<Task, Answer>(
  worker: Worker,
  tasks: readonly Task[],
  queue: Iterator<number>,
  keep: (at: number, answer: Answer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let at = 0;
    const handOut = (): void => {
      const next = queue.next();
      if (next.done) resolve();
      else {
        at = next.value;
        worker.postMessage(tasks[at]);
      }
    };
    worker.on('message', ({ answer, message, name }: Reply<Answer>) => {
      if (message !== undefined) reject(failure(message, name));
      else {
        keep(at, answer as Answer);
        handOut();
      }
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a worker thread ended early with code ${code}`)));
    handOut();
  });
}

const failure = (message: string, name?: string): Error =>
  name === 'InputError' ? new InputError(message) : new Error(message);
