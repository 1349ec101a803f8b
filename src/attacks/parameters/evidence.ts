/**
 * How far a sequence of decrypted samples is from uniform noise: the Bayes factor, in bits, of a Polya tree
 * (Lavine 1992, Ann. Statist. 20:1222) over their values against a uniform law. The tree learns while it reads: at each
 * node the next bit is predicted from the bits that were seen there. Noise gets 0 or less, a picture's row 100 and more.
 */
import type { Raster } from '../../shared/types.ts';

/** Bits of a value that the tree looks at, from the most significant on; 16-bit samples have more. */
export const treeDepth = (depth: 8 | 16): number => (depth === 8 ? 8 : 10);

/** Samples read at most. */
const longest = 8192;

/** Virtual counts of each branch: few at the top, where pictures differ from noise; many below, where they do not. */
export const virtualCounts = [0.5, 0.5, 0.6, 0.8, 1, 1.4, 2, 3, 4, 4];

/** Entry `level * (longest + 1) + count`: log2(2 (count + a)), and log2(count + 2 a). */
function logarithms(of: (count: number, a: number) => number): Float64Array {
  const table = new Float64Array(virtualCounts.length * (longest + 1));
  virtualCounts.forEach((a, level) => {
    for (let count = 0; count <= longest; count++)
      table[level * (longest + 1) + count] = Math.log2(of(count, a));
  });
  return table;
}

const branchBits = logarithms((count, a) => 2 * (count + a));
const nodeBits = logarithms((count, a) => count + 2 * a);

/** Reads one value into the tree at `counts[base...]` and returns the bits that it adds. Only its first `levels` bits count. */
export function addValue(
  counts: Uint16Array,
  base: number,
  value: number,
  depth: number,
  levels: number,
): number {
  let bits = 0;
  let node = 1;
  for (let level = 0, row = 0; level < levels; level++, row += longest + 1) {
    const child = 2 * node + ((value >>> (depth - 1 - level)) & 1);
    const seen = counts[base + child]!;
    bits += branchBits[row + seen]! - nodeBits[row + seen + counts[base + (child ^ 1)]!]!;
    counts[base + child] = seen + 1;
    node = child;
  }
  return bits;
}

/** Values of a known picture that its trees hold; they then expect its histogram. */
const knownValues = 60;

/** Trees of all channels, and of neighbours within a pixel, that have read a known picture: (channel 2 + 0 or 1) trees. */
export function knownCounts({ data, channels, depth }: Raster): Uint16Array {
  const bits = treeDepth(depth);
  const size = 2 ** (bits + 1);
  const counts = new Uint16Array(size * 2 * channels);
  const pixels = data.length / channels;
  for (let i = 0; i < knownValues; i++) {
    const at = Math.floor((i * pixels) / knownValues) * channels;
    for (let channel = 0; channel < channels; channel++) {
      const value = data[at + channel]! >> (depth - bits);
      addValue(counts, channel * 2 * size, value, bits, bits);
      if (channel === 0) continue;
      const before = data[at + channel - 1]! >> (depth - bits);
      addValue(counts, (channel * 2 + 1) * size, value ^ before, bits, bits);
    }
  }
  return counts;
}
