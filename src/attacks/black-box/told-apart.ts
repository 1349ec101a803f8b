/**
 * Ciphertext only: which of two pictures was encrypted? Under eight fresh keys a black picture, a photograph and noise are
 * encrypted. A statistic of the cipher picture that separates two of them under every key, by far, tells an eavesdropper about
 * the picture. An ideal cipher with any padding or encoding gives all three the same statistics.
 */
import { deflateSync } from 'node:zlib';
import { correlation, entropy } from '../../metrics/index.ts';
import { deviation, mean } from '../../shared/stats.ts';
import type { Raster } from '../../shared/types.ts';
import { constantPicture, dark, noisePicture } from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

const keys = 8;
/** Pooled standard deviations between two means: t = 12 at 14 degrees of freedom, p = 1e-8. */
const farApart = 6;

const statistics: Readonly<Record<string, (cipher: Raster) => number | null>> = {
  entropy,
  mean: ({ data }) => mean(Array.from(data)),
  'correlation of horizontal neighbours': (cipher) => correlation(cipher, 'horizontal'),
  'correlation of vertical neighbours': (cipher) => correlation(cipher, 'vertical'),
  'correlation of diagonal neighbours': (cipher) => correlation(cipher, 'diagonal'),
  'size after compression': ({ data }) =>
    deflateSync(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), { level: 6 }).length,
};

/** How far two groups lie apart: 0 unless no value of one lies among those of the other. */
function separation(a: readonly number[], b: readonly number[]): number {
  const apart = Math.max(...a) < Math.min(...b) || Math.max(...b) < Math.min(...a);
  if (!apart) return 0;
  const gap = Math.abs(mean(a) - mean(b));
  const sd = Math.sqrt((deviation(a) ** 2 + deviation(b) ** 2) / 2);
  return sd === 0 ? Number.POSITIVE_INFINITY : gap / sd;
}

/**
 * Every statistic for every two of the plain pictures.
 * @param ciphers by key, then in the order of `names`
 */
const separations = (names: readonly string[], ciphers: readonly (readonly Raster[])[]) =>
  Object.entries(statistics).flatMap(([statistic, measure]) => {
    const groups = names.map((_, at) => ciphers.map((row) => measure(row[at]!) ?? 0));
    return [
      [0, 1],
      [0, 2],
      [1, 2],
    ].map(([i, j]) => ({
      statistic,
      pair: `${names[i!]} and ${names[j!]}`,
      apart: separation(groups[i!]!, groups[j!]!),
      means: [mean(groups[i!]!), mean(groups[j!]!)],
    }));
  });

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed } = laboratory;
  const plains = {
    black: constantPicture(shape, dark),
    photograph: laboratory.photo(0),
    noise: noisePicture(shape, seed, 'apart'),
  };
  const ciphers: Raster[][] = [];
  for (let k = 0; k < keys; k++)
    ciphers.push(await laboratory.oracle(100 + k).encrypt(Object.values(plains)));
  const rows = separations(Object.keys(plains), ciphers);
  const best = rows.reduce((most, next) => (next.apart > most.apart ? next : most));
  const broken = best.apart > farApart;
  return {
    broken,
    queries: broken ? 1 : 3 * keys,
    share: broken ? 1 : 0,
    finding: broken
      ? `one cipher picture tells ${best.pair} apart under each of ${keys} keys: ${best.statistic} ${best.means.map((v) => Number(v.toPrecision(5))).join(' against ')}`
      : `no statistic of a cipher picture tells a black picture, a photograph and noise apart (${keys} keys)`,
    details: {
      statistics: rows.map((row) => ({ ...row, apart: Number.isFinite(row.apart) ? row.apart : 1e9 })),
    },
    ...(broken && {
      pictures: {
        'cipher-of-a-photograph': ciphers[0]![1]!,
        'cipher-of-black': ciphers[0]![0]!,
        plain: plains.photograph,
      },
    }),
  };
}

export const toldApart: BlackBoxAttack = {
  idea: 'tells from one cipher picture which of two pictures was encrypted',
  queries: () => 3 * keys,
  run,
};
