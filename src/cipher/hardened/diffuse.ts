/**
 * Two passes of ciphertext feedback over the samples, first to last and last to first, with a 32-bit state s:
 *   out = in ^ (s >> (32 - depth)),  t = s ^ out,  s = (t ^ (t >> 15)) * 0x2c1b3c6d + 0x9e3779b9 mod 2^32.
 * The multiplier is odd and all steps are bijections of s, so a difference once in the state never dies out in a pass;
 * the state is wider than a sample, so that the difference of two outputs is zero as often as chance has it (an 8-bit
 * state would give 100 % NPCR, which is as non-random as too little). After both passes every sample depends on
 * every other. Diffusion for the differential test, not a cipher: AES-GCM stands behind it.
 * Plain twin: test/twins/hardened.ts.
 */
import type { Depth } from '../../shared/types.ts';
import type { Samples } from '../keys.ts';

const multiplier = 0x2c1b3c6d; // Wellons 2018, hash prospector: one of its lowest-bias 32-bit multipliers
const increment = 0x9e3779b9; // 2^32 / golden ratio: the state leaves 0

const step = (state: number, out: number): number => {
  const t = state ^ out;
  return (Math.imul(t ^ (t >>> 15), multiplier) + increment) | 0;
};

/** In place. @param seeds first states of the passes, 32-bit integers */
export function diffuse(samples: Samples, [first, second]: readonly [number, number], depth: Depth): void {
  const shift = 32 - depth;
  let state = first;
  for (let k = 0; k < samples.length; k++) {
    const out = samples[k]! ^ (state >>> shift);
    samples[k] = out;
    state = step(state, out);
  }
  state = second;
  for (let k = samples.length - 1; k >= 0; k--) {
    const out = samples[k]! ^ (state >>> shift);
    samples[k] = out;
    state = step(state, out);
  }
}

/** The inverse, in place. */
export function undiffuse(samples: Samples, [first, second]: readonly [number, number], depth: Depth): void {
  const shift = 32 - depth;
  let state = second;
  for (let k = samples.length - 1; k >= 0; k--) {
    const out = samples[k]!;
    samples[k] = out ^ (state >>> shift);
    state = step(state, out);
  }
  state = first;
  for (let k = 0; k < samples.length; k++) {
    const out = samples[k]!;
    samples[k] = out ^ (state >>> shift);
    state = step(state, out);
  }
}
