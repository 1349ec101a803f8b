/**
 * Encryption throughput on all cores, parameters or key given: the paper scheme beside every peer of src/cipher/peers,
 * images/s of 512x512 grey. Each core has a thread of its own that encrypts one image after the other for a while;
 * images/s are the sum over the threads. Key derivation of each image is part of the work, as in use.
 */
import { availableParallelism } from 'node:os';
import { type PeerName, peerNames, schemes } from '../src/cipher/index.ts';
import { median } from '../src/shared/stats.ts';
import { inWorkers } from '../src/shared/workers.ts';
import type { PeerTask } from './peers-worker.ts';
import { type BenchRow, row } from './row.ts';

const worker = new URL('./peers-worker.ts', import.meta.url);

/** @param seconds of each measurement @param turns alternations, whose median counts */
export async function benchPeers(
  side = 512,
  seconds = 1,
  turns = 5,
  names: readonly PeerName[] = peerNames(),
): Promise<BenchRow[]> {
  const threads = availableParallelism();
  const works = ['paper', ...names] as const;
  const speeds = new Map<string, number[]>(works.map((name) => [name, []]));
  for (let turn = 0; turn < turns; turn++)
    for (const name of works) speeds.get(name)!.push(await imagesPerSecond(name, side, seconds, threads));
  const speed = (name: string): number => median(speeds.get(name)!);
  return names.map((name) =>
    row({
      work: `encrypt ${side}x${side}x1, paper scheme (lorenz), ${threads} threads`,
      batch: 1,
      unit: 'images/s',
      ours: speed('paper'),
      peer: schemes[name].label,
      theirs: speed(name),
      runs: turns,
    }),
  );
}

async function imagesPerSecond(
  name: PeerTask['name'],
  side: number,
  seconds: number,
  threads: number,
): Promise<number> {
  const tasks = Array.from({ length: threads }, (): PeerTask => ({ name, side, seconds }));
  const each = await inWorkers<PeerTask, number>(worker, tasks, threads);
  return each.reduce((sum, speed) => sum + speed, 0);
}
