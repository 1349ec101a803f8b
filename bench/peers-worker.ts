/** One thread's share of the peers' benchmark. */
import { baselineParams, encryptImage, type PeerName, peers, presets } from '../src/cipher/index.ts';
import { seconds } from '../src/shared/timing.ts';
import type { Raster } from '../src/shared/types.ts';
import { noise } from './_measure.ts';

export interface PeerTask {
  readonly name: PeerName | 'paper';
  readonly side: number;
  readonly seconds: number;
}

const key = Uint8Array.from({ length: 32 }, (_, k) => 37 * k + 11);

/** Warmed up a third of the time first, while V8 compiles. @returns images a second */
export default function imagesPerSecond({ name, side, seconds: span }: PeerTask): number {
  const plain = noise(side, side, 1);
  const encrypt = encryptOf(name, plain);
  repeat(encrypt, span / 3);
  return repeat(encrypt, span);
}

function encryptOf(name: PeerTask['name'], plain: Raster): () => unknown {
  if (name !== 'paper') return () => peers[name].encrypt(plain, key);
  const params = baselineParams.lorenz;
  return () => encryptImage('lorenz', params, plain, presets.paper);
}

function repeat(work: () => unknown, span: number): number {
  const from = seconds();
  let done = 0;
  do {
    work();
    done++;
  } while (seconds() - from < span);
  return done / (seconds() - from);
}
