/**
 * Smooth random texture for phantoms: value noise on a lattice, summed over octaves (Perlin 1985 in its
 * simpler form: random values instead of gradients), and the small functions that phantoms are drawn with.
 */
import type { Random } from '../../../shared/random.ts';

/** A texture over the plane, about -1 to 1, mean 0. */
export type Texture = (x: number, y: number) => number;

const side = 256;

/** Lattice of random values, repeated every 256 cells, blended by smoothstep: features of size 1. */
function valueNoise(random: Random): Texture {
  const lattice = Float64Array.from({ length: side * side }, () => 2 * random.next() - 1);
  const at = (i: number, j: number): number => lattice[(j & (side - 1)) * side + (i & (side - 1))]!;
  return (x, y) => {
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const [s, t] = [smooth(x - i), smooth(y - j)];
    return mix(mix(at(i, j), at(i + 1, j), s), mix(at(i, j + 1), at(i + 1, j + 1), s), t);
  };
}

/** Octaves of halving size and amplitude; the first has features of size 1. */
export function fractal(random: Random, octaves: number): Texture {
  const base = valueNoise(random);
  return (x, y) => {
    let sum = 0;
    for (let k = 0, scale = 1; k < octaves; k++, scale *= 2) {
      sum += base(x * scale + 17 * k, y * scale + 31 * k) / scale;
    }
    return sum;
  };
}

export const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

const smooth = (t: number): number => t * t * (3 - 2 * t);

/** 1 inside (distance < edge), 0 outside, a smooth step of the given width between. */
export const inside = (distance: number, edge: number, width: number): number =>
  smooth(Math.min(1, Math.max(0, (edge - distance) / width + 0.5)));

export const clampByte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));
