/**
 * Few keys: one picture under many random keys. Two equal cipher pictures among n show a space of about n^2 / 2 keys or fewer
 * (birthday), however long the key is: seeds of 16 bits, sums of key bytes, dates. It takes a deterministic cipher.
 */
import { createHash } from 'node:crypto';
import type { Raster } from '../../shared/types.ts';
import { noisePicture, plural } from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

export const hashOf = ({ width, height, data }: Raster): string =>
  createHash('sha256')
    .update(`${width}x${height}`)
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('base64');

const count = ({ thorough, affordable }: Laboratory): number =>
  Math.max(64, Math.min(thorough ? 2048 : 384, affordable));

async function run(laboratory: Laboratory): Promise<Finding> {
  const plain = noisePicture(laboratory.shape, laboratory.seed, 'few keys');
  const n = count(laboratory);
  const seen = new Map<string, number>();
  let repeated = 0;
  const batch = 32;
  for (let k = 0; k < n; k += batch) {
    const answers = await Promise.all(
      Array.from({ length: Math.min(batch, n - k) }, (_, at) =>
        laboratory.oracle(1000 + k + at).encrypt([plain]),
      ),
    );
    for (const [cipher] of answers as [Raster][]) {
      const hash = hashOf(cipher);
      if (seen.has(hash)) repeated++;
      seen.set(hash, (seen.get(hash) ?? 0) + 1);
    }
  }
  const keySpace = repeated === 0 ? null : (n * (n - 1)) / 2 / repeated;
  return {
    broken: repeated > 0,
    queries: n,
    share: repeated > 0 ? 1 : 0,
    finding:
      keySpace === null
        ? `${n} random keys give ${n} different cipher pictures`
        : `${n} random keys give only ${plural(seen.size, 'different cipher picture')}: about ${keySpace.toPrecision(2)} keys are distinct (2^${Math.log2(Math.max(1, keySpace)).toFixed(1)}), which a search tries in full`,
    details: { keys: n, distinct: seen.size, estimate: keySpace },
  };
}

export const fewKeys: BlackBoxAttack = {
  idea: 'looks for two random keys with one cipher picture',
  queries: count,
  run,
};
