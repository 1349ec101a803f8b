/**
 * Memory of training, each in a process of its own: the peak at the paper's size, beside PyTorch's where a Python is
 * given, and the growth between steps 100 and 600 (at a smaller size, which leaks as much and takes less time).
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { paperNetworks } from '../src/models/networks.ts';
import { say } from '../src/shared/progress.ts';
import type { NetName } from '../src/shared/types.ts';
import { PyTorchPeer } from './pytorch-peer.ts';
import { type BenchOptions, type BenchRow, row } from './row.ts';
import type { TrainingJob, TrainingMemory } from './training-process.ts';

const run = promisify(execFile);

export interface MemoryEffort {
  readonly nets: readonly NetName[];
  readonly peak: { readonly size: number; readonly batch: number; readonly steps: number };
  readonly growth: { readonly size: number; readonly batch: number; readonly between: [number, number] };
}

const standard: MemoryEffort = {
  nets: paperNetworks,
  peak: { size: 224, batch: 32, steps: 6 },
  growth: { size: 64, batch: 8, between: [100, 600] },
};

export async function benchTrainMemory(
  { engine, device, pytorch }: BenchOptions,
  { nets, peak, growth } = standard,
): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const net of nets) {
    say(`bench: memory of training ${net}`);
    const ours = await inProcess({ ...peak, net, engine, device, models: 1, watch: [] });
    const theirs = pytorch === null ? {} : await peakOfPyTorch(pytorch, net, peak);
    const work = `train ${peak.size}x${peak.size}: peak memory`;
    rows.push(
      row({ work, net, batch: peak.batch, unit: 'MB', ours: ours.peak, runs: peak.steps, ...theirs }),
    );
    rows.push(await growthRow(net, { engine, device }, growth));
  }
  return rows;
}

async function growthRow(
  net: NetName,
  on: Pick<TrainingJob, 'engine' | 'device'>,
  { size, batch, between }: MemoryEffort['growth'],
): Promise<BenchRow> {
  const [first, last] = between;
  const { watched } = await inProcess({ net, size, batch, ...on, models: 1, steps: last, watch: between });
  const work = `train ${size}x${size}: memory at step ${last} / at step ${first}`;
  return row({ work, net, batch, unit: 'ratio', ours: watched[1]! / watched[0]!, limit: 1.03, runs: last });
}

async function peakOfPyTorch(python: string, net: NetName, { size, batch, steps }: MemoryEffort['peak']) {
  const peer = await PyTorchPeer.open(python);
  try {
    await peer.prepare({ net, batch, size, train: true, compile: false, device: 'cpu', amp: false });
    await peer.run(steps);
    return { peer: `PyTorch ${peer.version} eager`, theirs: ((await peer.memory()) * 2 ** 20) / 1e6 };
  } finally {
    peer.close();
  }
}

const fromSource = import.meta.url.endsWith('.ts');

/** The job in a process that has done nothing else, from TypeScript or from the compiled package. */
export async function inProcess(job: TrainingJob): Promise<TrainingMemory> {
  const module = new URL(fromSource ? './training-process.ts' : './training-process.js', import.meta.url);
  const program = `
    ${fromSource ? `(await import(${JSON.stringify(import.meta.resolve('tsx/esm/api'))})).register();` : ''}
    const { default: work } = await import(${JSON.stringify(module.href)});
    process.stdout.write('\\n' + JSON.stringify(await work(${JSON.stringify(job)})));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program]);
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as TrainingMemory;
}
