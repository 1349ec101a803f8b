/**
 * Images that must not be parted by a split: those of one patient, and exact copies, by bytes or by decoded
 * pixels. Groups are the connected components of "shares a key with" (union-find with path halving, Tarjan and
 * van Leeuwen 1984), so a copy filed under a second patient joins the two patients.
 */
import { createHash } from 'node:crypto';
import { InputError } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';
import { loadRaster, toRgb } from './image.ts';

/**
 * The group of each item, named by the first key of its first item.
 * @param keys for each item at least one key
 */
export function joinGroups(keys: readonly (readonly string[])[]): string[] {
  const parents = Int32Array.from(keys, (_, i) => i);
  const root = (i: number): number => {
    let at = i;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  const owner = new Map<string, number>();
  for (const [i, own] of keys.entries())
    for (const key of own) {
      const first = owner.get(key);
      if (first === undefined) owner.set(key, i);
      else {
        const [a, b] = [root(first), root(i)];
        // The smaller index stays the root: it names the group.
        parents[Math.max(a, b)] = Math.min(a, b);
      }
    }
  return keys.map((_, i) => keys[root(i)]![0]!);
}

/** SHA-256 of an image file, first 16 digits: 64 bits, so two of 10^6 files agree by chance with p = 3e-8. */
export const bytesKey = (bytes: Buffer): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/**
 * SHA-256 of the decoded samples with their shape, first 16 digits: without alpha, and with one channel where the
 * colours are equal, so that grey stored as RGB or palette is the same picture. null for a file that cannot be
 * decoded: its bytes alone can be compared.
 */
export async function pixelKey(bytes: Buffer, name: string): Promise<string | null> {
  try {
    const { width, height, channels, depth, data } = plainest(await loadRaster(bytes, name, 'native'));
    const samples = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const hash = createHash('sha256').update(`${width} ${height} ${channels} ${depth}\n`).update(samples);
    return `pixels:${hash.digest('hex').slice(0, 16)}`;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** One channel where the others repeat it, else three. */
function plainest(raster: Raster): Raster {
  const { channels, data } = raster;
  if (channels === 1) return raster;
  if (channels > 2 && !isGrey(raster)) return toRgb(raster);
  const first = data.slice(0, data.length / channels);
  for (let i = 0; i < first.length; i++) first[i] = data[i * channels]!;
  return { ...raster, channels: 1, data: first };
}

function isGrey({ channels, data }: Raster): boolean {
  for (let i = 0; i < data.length; i += channels)
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}
