/** Cells as processes on this machine, `jobs` at a time: a crash, a hang or a full memory ends one cell, not the sweep. */
import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFile } from '../runs/run-files.ts';
import { noLink } from '../shared/files.ts';
import { besidePackage } from '../shared/package.ts';
import { failCell, stateOfCell } from './cell-folder.ts';
import { groupsOf, type Launcher, type LaunchOptions } from './launcher.ts';

export const local: Launcher = {
  async launch(folders, options, onEnd) {
    const queue = groupsOf(folders, options.perTask);
    let failed = false;
    const ended: OnEnd = async (folder) => {
      failed ||= (await stateOfCell(folder)).state !== 'done';
      await onEnd(folder);
    };
    const serve = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        for (let left = next; left.length > 0; ) {
          if (failed && options.failFast) return;
          left = await runProcess(left, options, ended);
        }
    };
    await Promise.all(Array.from({ length: Math.min(options.jobs, queue.length) }, serve));
  },
};

type OnEnd = (folder: string) => Promise<void>;

/** How a process ended. */
interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Ended by us. */
  readonly stopped: 'time' | 'memory' | null;
}

/**
 * One process for some cells, in their order. Its log stands in the folder of the first.
 * @returns the cells that it did not come to, because it died in the one before them
 */
async function runProcess(
  folders: readonly string[],
  options: LaunchOptions,
  onEnd: OnEnd,
): Promise<string[]> {
  const path = runFile(folders[0]!, 'log');
  const log = await open(path, noLink.write);
  try {
    const heap = options.memory === null ? [] : [`--max-old-space-size=${options.memory}`];
    const program = join(besidePackage('bin'), 'medchaos.js');
    const cells = folders.flatMap((folder) => ['--cell', folder]);
    // The channel closes when this process dies, and with it the cells (see `endWithParent`).
    const child = spawn(process.execPath, [...heap, program, 'sweep', ...cells], {
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      env: { ...process.env, [parentGiven]: '1' },
    });
    let count = 0; // cells that ended, and were counted
    let counted = Promise.resolve();
    child.on('message', () => {
      const folder = folders[count++]!;
      counted = counted.then(() => onEnd(folder));
    });
    const ending = await endOf(child, options);
    await counted;
    const died = folders[count];
    if (died === undefined) return [];
    if ((await stateOfCell(died)).state !== 'done')
      await failCell(died, await reasonOf(path, ending, options));
    await onEnd(died);
    return folders.slice(count + 1);
  } finally {
    await log.close();
  }
}

/** All cells at work: a signal ends them with this process, also those too busy to notice that it is gone. */
const running = new Set<ChildProcess>();

function endOf(child: ChildProcess, { timeLimit, memory }: LaunchOptions): Promise<Ending> {
  let stopped: Ending['stopped'] = null;
  const stop = (why: 'time' | 'memory') => {
    stopped ??= why;
    child.kill('SIGKILL');
  };
  const clock = setTimeout(() => stop('time'), 1000 * timeLimit);
  child.on('message', () => clock.refresh()); // the next cell begins
  const watch = setInterval(async () => {
    // TensorFlow's tensors lie outside of the heap that Node limits by itself.
    if (memory !== null && (await residentMiB(child.pid)) > memory) stop('memory');
  }, 500);
  const forward = (signal: NodeJS.Signals): void => {
    for (const cell of running) cell.kill('SIGKILL');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  running.add(child);
  process.once('SIGINT', forward).once('SIGTERM', forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(clock);
      clearInterval(watch);
      process.off('SIGINT', forward).off('SIGTERM', forward);
      running.delete(child);
      resolve({ code, signal, stopped });
    });
  });
}

/** Resident memory of a process; 0 if unknown. */
async function residentMiB(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

async function reasonOf(log: string, ending: Ending, options: LaunchOptions): Promise<string> {
  if (ending.stopped === 'time')
    return `still running after ${options.timeLimit} s and stopped; raise --time-limit, or see ${log}`;
  const printed = await readFile(log, 'utf8').catch(() => '');
  if (ending.stopped === 'memory' || /heap out of memory/.test(printed))
    return `ran out of memory${options.memory === null ? '' : ` (${options.memory} MiB)`}; raise --memory, or make the cell smaller`;
  if (ending.signal === 'SIGKILL')
    return `killed by SIGKILL, most often because the machine ran out of memory; run fewer --jobs`;
  const last = printed.trim().split('\n').at(-1) ?? '';
  return `crashed with ${ending.signal ?? `exit code ${ending.code}`}: ${last}; see ${log}`;
}

/** Tells a cell's process that it has a channel to its parent, which may be closed before it looks. */
const parentGiven = 'MEDCHAOS_CELL_CHANNEL';

/** In a cell's process: one of its cells has ended. */
export const tellParent = (): void => void process.send?.('ended');

/** In a cell's process: ends it when the process that started it is gone, or was gone before this. */
export function endWithParent(): void {
  if (!process.connected && process.env[parentGiven] === '1') process.exit(1);
  if (!process.connected) return;
  process.once('disconnect', () => process.exit(1));
  process.channel?.unref();
}
