/**
 * Saturation (integral, square attack: Daemen, Knudsen, Rijmen 1997): 256 pictures in which one sample takes every value and all
 * others stay. Behind substitution boxes and feedback, a cipher sample that is a permutation of the changed one takes all 256
 * values too, which an ideal cipher does once in 10^110 samples; and linear mixing of such samples has an xor of zero. Catches
 * chains c[i] = S(p[i], k[i], c[i-1]) that affine prediction misses.
 */
import type { Raster } from '../../shared/types.ts';
import { percent } from '../images.ts';
import { binomialZ, certain, checkOneSize, noisePicture } from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

const placesOf = ({ shape, thorough }: Laboratory): number[] => {
  const n = shape.width * shape.height * shape.channels;
  return thorough ? [0, n - 1, n >> 1] : [0, n - 1];
};

function saturated(base: Raster, at: number): Raster[] {
  return Array.from({ length: 256 }, (_, value) => {
    const data = base.data.slice();
    data[at] = value;
    return { ...base, data };
  });
}

/** Cipher samples that take 256 values, and those with the xor 0; bits that never vary do not count. */
function balanceOf(ciphers: readonly Raster[]) {
  checkOneSize(ciphers);
  let [varying, permuted, zero, expected] = [0, 0, 0, 0];
  for (let j = 0; j < ciphers[0]!.data.length; j++) {
    const values = ciphers.map(({ data }) => data[j]!);
    const bits = values.reduce((mask, value) => mask | (value ^ values[0]!), 0);
    if (bits === 0) continue;
    varying++;
    expected += 2 ** -ones(bits);
    if (new Set(values).size === 256) permuted++;
    if (values.reduce((sum, value) => sum ^ value, 0) === 0) zero++;
  }
  return { varying, permuted, zero, z: binomialZ(zero, varying, expected / Math.max(1, varying)) };
}

const ones = (bits: number): number => bits.toString(2).replaceAll('0', '').length;

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed } = laboratory;
  const oracle = laboratory.oracle(0);
  const rows = [];
  for (const at of placesOf(laboratory)) {
    const ciphers = await oracle.encrypt(saturated(noisePicture(shape, seed, 'saturation'), at));
    const wide = ciphers[0]!.depth === 16; // 256 of 65536 values differ by chance in 60 % of samples
    const row = balanceOf(ciphers);
    rows.push({ at, ...row, permuted: wide ? 0 : row.permuted, total: ciphers[0]!.data.length });
  }
  const best = rows.reduce((most, next) =>
    next.permuted + next.zero > most.permuted + most.zero ? next : most,
  );
  const broken = rows.some(({ permuted, z }) => permuted > 0 || z > certain);
  const share = Math.max(best.permuted, best.zero) / Math.max(1, best.varying);
  return {
    broken,
    queries: broken ? 256 : oracle.queries,
    share: broken ? share : 0,
    finding: broken
      ? `256 pictures in which one sample takes every value: ${percent(best.permuted / Math.max(1, best.varying))} of the cipher samples that change take every value too, and ${percent(best.zero / Math.max(1, best.varying))} have the xor 0; chance gives 0 % and 0.39 %`
      : '256 pictures in which one sample takes every value leave no trace in the cipher pictures',
    details: { places: rows },
  };
}

export const saturation: BlackBoxAttack = {
  idea: 'lets one sample take all 256 values and looks for cipher samples that do the same',
  queries: (laboratory) => 256 * placesOf(laboratory).length,
  run,
};
