/**
 * Repeated nonce: one picture under one key again and again. A cipher that draws a nonce must never draw one twice; two equal
 * cipher pictures among n show about n^2 / 2 nonces or fewer. For ciphers that are not deterministic.
 */
import type { Raster } from '../../shared/types.ts';
import { noisePicture } from './_samples.ts';
import { hashOf } from './few-keys.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

/** 32 queries meet a nonce of one byte twice with chance 0.86. */
const count = ({ thorough, affordable }: Laboratory): number =>
  Math.max(32, Math.min(thorough ? 1024 : 256, Math.floor(affordable / 4)));

async function run(laboratory: Laboratory): Promise<Finding> {
  const n = count(laboratory);
  const plain = noisePicture(laboratory.shape, laboratory.seed, 'nonce');
  const oracle = laboratory.oracle(0);
  const ciphers: Raster[] = await oracle.encrypt(Array.from({ length: n }, () => plain));
  const distinct = new Set(ciphers.map(hashOf)).size;
  const broken = distinct < n;
  return {
    broken,
    queries: n,
    share: broken ? 1 - distinct / n : 0,
    finding: broken
      ? `one picture encrypted ${n} times gives only ${distinct} different cipher pictures: nonces repeat`
      : `one picture encrypted ${n} times gives ${n} different cipher pictures`,
    details: { encryptions: n, distinct },
  };
}

export const repeatedNonce: BlackBoxAttack = {
  idea: 'encrypts one picture again and again and looks for a nonce that comes twice',
  queries: count,
  run,
};
