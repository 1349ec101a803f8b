/** A worker that answers one request after the other, and that a click on Stop ends. */
import type { Reply, WorkName, Works } from './messages.ts';

/** The worker's script, put in by the build: a page from disk may load no second file. */
declare const WORKER_SOURCE: string;

type Input<Name extends WorkName> = Parameters<Works[Name]>[0];
type Result<Name extends WorkName> = Awaited<ReturnType<Works[Name]>>;
type OnProgress = (share: number, note: string) => void;

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: OnProgress;
}

export class Stopped extends Error {
  override readonly message = 'Stopped.';
}

const address = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }));

export class Computer {
  #worker = this.#start();
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** @throws Error with the worker's message, or Stopped */
  ask<Name extends WorkName>(
    work: Name,
    input: Input<Name>,
    onProgress: OnProgress = () => undefined,
  ): Promise<Result<Name>> {
    const id = ++this.#last;
    return new Promise<Result<Name>>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: never) => void, reject, onProgress });
      this.#worker.postMessage({ id, work, input });
    });
  }

  /** Gives up all that is under way. */
  stop(): void {
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(new Stopped());
    this.#waiting.clear();
    this.#worker = this.#start();
  }

  #start(): Worker {
    const worker = new Worker(address);
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#receive(data);
    return worker;
  }

  #receive({ id, share, note = '', result, error }: Reply): void {
    const waiting = this.#waiting.get(id);
    if (share === undefined) this.#waiting.delete(id);
    if (share !== undefined) waiting?.onProgress(share, note);
    else if (error !== undefined) waiting?.reject(new Error(error));
    else waiting?.resolve(result as never);
  }
}
