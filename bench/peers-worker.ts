/** One thread's share of the peers' benchmark. */
import { baselineParams, encryptWith, type SchemeName, schemeNamed } from '../src/cipher/index.ts';
import { seconds } from '../src/shared/timing.ts';
import type { Raster } from '../src/shared/types.ts';
import { noise } from './_measure.ts';

export interface PeerTask {
  readonly name: SchemeName;
  readonly side: number;
  readonly seconds: number;
}

const secret = Uint8Array.from({ length: 32 }, (_, k) => 37 * k + 11);

/** Warmed up a third of the time first, while V8 compiles. @returns images a second */
export default function imagesPerSecond({ name, side, seconds: span }: PeerTask): number {
  const plain = noise(side, side, 1);
  const encrypt = encryptOf(name, plain);
  repeat(encrypt, span / 3);
  return repeat(encrypt, span);
}

const encryptOf = (name: SchemeName, plain: Raster) => () =>
  encryptWith(schemeNamed(name), plain, { map: 'lorenz', params: baselineParams.lorenz, secret });

function repeat(work: () => unknown, span: number): number {
  const from = seconds();
  let done = 0;
  do {
    work();
    done++;
  } while (seconds() - from < span);
  return done / (seconds() - from);
}
