/**
 * Changed files for every reader, in a process of its own that is watched: each file is read, or refused by one sentence,
 * within a deadline and a memory limit.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Message } from './_child.ts';

/** Decoders have 10 s; the machine may be busy. */
const deadlineSeconds = 40;
const mostMegabytes = 1000;

export interface Fault {
  readonly at: number;
  readonly reader: string;
  readonly what: string;
}

export interface Fuzzed {
  readonly seed: number;
  readonly count: number;
  /** By reader: how many of its files were read, and how. */
  readonly readers: Record<string, Record<string, number>>;
  readonly slowestSeconds: number;
  /** Above the memory of the process before the first file. */
  readonly mostMegabytes: number;
  readonly faults: Fault[];
}

export async function fuzz(
  count: number,
  seed: number,
  onDone: (done: number) => void = () => {},
): Promise<Fuzzed> {
  const watch = new Watch(count, seed, onDone);
  while (watch.next < count) await watch.run();
  const { readers, slowest, peak, faults } = watch;
  return { seed, count, readers, slowestSeconds: slowest, mostMegabytes: peak, faults };
}

class Watch {
  next = 0;
  slowest = 0;
  peak = 0;
  readonly readers: Fuzzed['readers'] = {};
  readonly faults: Fault[] = [];
  readonly #count: number;
  readonly #seed: number;
  readonly #onDone: (done: number) => void;
  #current: { at: number; reader: string; began: number } | null = null;
  #base = 0;

  constructor(count: number, seed: number, onDone: (done: number) => void) {
    this.#count = count;
    this.#seed = seed;
    this.#onDone = onDone;
  }

  /** A process until it has read all files, or has to be ended. */
  async run(): Promise<void> {
    const module = fileURLToPath(new URL('./_child.ts', import.meta.url));
    const args = [this.next, this.#count, this.#seed].map(String);
    const child = fork(module, args, {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let printed = '';
    child.stderr!.on('data', (text) => {
      printed = (printed + text).slice(-300);
    });
    child.on('message', (message: Message) => this.#receive(message, child));
    const timer = setInterval(() => this.#look(child), 50);
    const code = await new Promise((resolve) =>
      child.once('exit', (status, signal) => resolve(signal ?? status)),
    );
    clearInterval(timer);
    if (this.#current) this.#fault(`the process ended with ${code}: ${printed}`);
    else if (code === 1) throw new Error(`the readers do not start: ${printed}`);
  }

  #receive(message: Message, child: ChildProcess): void {
    if ('ready' in message) this.#base = residentMegabytes(child.pid!);
    else if ('start' in message)
      this.#current = { at: message.start, reader: message.reader, began: performance.now() };
    else if (this.#current) {
      this.slowest = Math.max(this.slowest, (performance.now() - this.#current.began) / 1000);
      if (message.outcome === 'fault') this.#fault(message.note);
      else this.#add(message.outcome);
    }
  }

  #look(child: ChildProcess): void {
    if (!this.#current) return;
    const megabytes = residentMegabytes(child.pid!) - this.#base;
    this.peak = Math.max(this.peak, Math.round(megabytes));
    const late = performance.now() - this.#current.began > 1000 * deadlineSeconds;
    if (!late && megabytes <= mostMegabytes) return;
    child.kill('SIGKILL');
    this.#fault(late ? `no end after ${deadlineSeconds} s` : `${Math.round(megabytes)} MB of memory`);
  }

  #fault(what: string): void {
    const { at, reader } = this.#current!;
    this.faults.push({ at, reader, what });
    this.#add('fault');
  }

  #add(outcome: string): void {
    const { at, reader } = this.#current!;
    const row = this.readers[reader] ?? {};
    this.readers[reader] = { ...row, [outcome]: (row[outcome] ?? 0) + 1 };
    this.next = at + 1;
    this.#current = null;
    this.#onDone(this.next);
  }
}

/** 0 where the system does not tell. */
function residentMegabytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1000;
  } catch {
    return 0;
  }
}
