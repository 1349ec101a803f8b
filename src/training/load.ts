/** How busy this machine is: its processors, and the graphics card that trains. */
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import { seconds } from '../shared/timing.ts';

export interface Load {
  /** Share of all cores, of all programs; null before the second sample. */
  readonly cpu: number | null;
  /** Of a graphics card: its share of time at work, and its memory in MiB. */
  readonly gpu: { readonly share: number; readonly used: number; readonly total: number } | null;
}

/** `cpu 93 %`, `GPU 87 %, 2.1 of 139.8 GiB`. */
export function loadText({ cpu, gpu }: Load): string {
  const gib = (mib: number): string => (mib / 1024).toFixed(1);
  const parts = [
    ...(cpu === null ? [] : [`CPU ${(100 * cpu).toFixed(0)} %`]),
    ...(gpu ? [`GPU ${(100 * gpu.share).toFixed(0)} %, ${gib(gpu.used)} of ${gib(gpu.total)} GiB`] : []),
  ];
  return parts.join(', ');
}

/** Samples are at least this many seconds apart. */
const between = 1;

/** @param card number of the graphics card, as nvidia-smi counts; null without one */
export function loadMeter(card: number | null): () => Promise<Load> {
  let [before, at] = [busyTimes(), seconds()];
  let last: Load = { cpu: null, gpu: null };
  return async () => {
    if (seconds() - at < between) return last;
    const now = busyTimes();
    const all = now.all - before.all;
    const cpu = all > 0 ? (now.busy - before.busy) / all : null;
    [before, at] = [now, seconds()];
    last = { cpu, gpu: card === null ? null : await cardLoad(card) };
    return last;
  };
}

/** Milliseconds of all cores since the start of the machine. */
function busyTimes(): { busy: number; all: number } {
  const times = cpus().map(({ times }) => times);
  const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
  const all = sum(times.flatMap(Object.values) as number[]);
  return { all, busy: all - sum(times.map(({ idle }) => idle)) };
}

async function cardLoad(card: number): Promise<Load['gpu']> {
  const query = [
    `--id=${card}`,
    '--query-gpu=utilization.gpu,memory.used,memory.total',
    '--format=csv,noheader,nounits',
  ];
  const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: 2000 }).catch(() => ({
    stdout: '',
  }));
  const [share, used, total] = stdout.trim().split(',').map(Number);
  return share === undefined || [share, used, total].some((value) => !Number.isFinite(value))
    ? null
    : { share: share / 100, used: used!, total: total! };
}
