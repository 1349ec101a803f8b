/**
 * Duties before a signal ends the process. Signals are caught only while a duty is registered: else they
 * end the process at once, also in the middle of a long computation.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';

/** Threads end first, so that no file appears after the files were removed. */
const phases = ['threads', 'files'] as const;
type Phase = (typeof phases)[number];

interface Duty {
  readonly phase: Phase;
  readonly work: () => unknown;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const duties = new Set<Duty>();
/** A thread inside a native library ends only when the library returns. */
const patienceMs = 2000;

/** @returns a function that removes the duty */
export function beforeEnd(phase: Phase, work: () => unknown): () => void {
  if (!isMainThread) return () => undefined; // signals reach the main thread alone
  const duty = { phase, work };
  if (duties.size === 0) for (const signal of signals) process.on(signal, end);
  duties.add(duty);
  return () => {
    duties.delete(duty);
    if (duties.size === 0) for (const signal of signals) process.off(signal, end);
  };
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const all = [...duties]; // threads that end take theirs back
  for (const phase of phases) {
    const works = all.filter((duty) => duty.phase === phase).map(({ work }) => work());
    await Promise.race([Promise.allSettled(works), sleep(patienceMs, null, { ref: false })]);
  }
  for (const each of signals) process.off(each, end);
  process.kill(process.pid, signal);
}
