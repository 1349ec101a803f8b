/**
 * The logistic parameter from one known picture of a single value, which shows the keystream itself. Without a burn-in the
 * first values fix r: an interval of r is halved until its orbit cannot give the keystream, or holds a few doubles, which
 * are then tried. Interval arithmetic loses no parameter. It takes milliseconds and finds any r, of a network or a person.
 */
import { parameterRanges } from '../../cipher/index.ts';
import type { Raster } from '../../shared/types.ts';
import { pictureUnder, type Recovered } from './picture.ts';
import type { SearchOptions, SearchResult } from './types.ts';

/** Width of an interval whose doubles are tried one by one: 2,252 of them. */
const narrow = 1e-12;
/** More than one rounding error of an iterate. */
const slack = 1e-15;
/** Values of the keystream that a double must give. */
const compared = 400;

/** Whether the known picture has one value only. */
export const isConstant = ({ data }: Raster): boolean => data.every((value) => value === data[0]);

/** @param plain of one value @returns found: null where no parameter of the range gives the keystream */
export function searchKnownLogistic(
  cipher: Raster,
  plain: Raster,
  { options, range }: SearchOptions,
): SearchResult {
  const keystream = cipher.data.map((value) => value ^ plain.data[0]!);
  const known: Known = {
    keystream,
    start: options.starts[2],
    multiplier: options.logistic.multipliers[cipher.depth],
    modulus: 2 ** cipher.depth,
  };
  const open: (readonly [number, number])[] = [range ?? parameterRanges.logistic[0]!];
  const found: number[] = [];
  let tried = 0;
  while (open.length > 0) {
    const [low, high] = open.pop()!;
    tried++;
    if (!mayGive(known, low, high)) continue;
    if (high - low < narrow) found.push(...doublesIn(low, high).filter((r) => gives(known, r)));
    else open.push([low, (low + high) / 2], [(low + high) / 2, high]);
  }
  const exact = best(cipher, plain, found, options);
  return { found: exact, tried, reached: `${tried.toLocaleString('en')} intervals of r looked at` };
}

interface Known {
  readonly keystream: Raster['data'];
  readonly start: number;
  readonly multiplier: number;
  readonly modulus: number;
}

/** Whether some r of the interval may give the keystream, as far as its orbits stay together. */
function mayGive({ keystream, start, multiplier, modulus }: Known, low: number, high: number): boolean {
  let [a, b] = [start, start];
  for (const value of keystream) {
    const [p, q] = [a * (1 - a), b * (1 - b)];
    const top = a < 0.5 && b > 0.5 ? 0.25 : Math.max(p, q);
    [a, b] = [low * Math.min(p, q) - slack, high * top + slack];
    const [from, to] = [Math.floor(a * multiplier), Math.floor(b * multiplier)];
    if (to - from >= modulus) return true;
    const first = from + ((((value - from) % modulus) + modulus) % modulus);
    if (first > to) return false;
  }
  return true;
}

function doublesIn(low: number, high: number): number[] {
  const unit = 2 ** (Math.floor(Math.log2(low)) - 52);
  return Array.from({ length: Math.round((high - low) / unit) + 1 }, (_, i) => low + i * unit);
}

function gives({ keystream, start, multiplier, modulus }: Known, r: number): boolean {
  let x = start;
  return keystream.subarray(0, compared).every((value) => {
    x = r * x * (1 - x);
    return Math.floor(x * multiplier) % modulus === value;
  });
}

/** In a periodic window several doubles give the whole picture: the one with the fewest digits counts. */
function best(
  cipher: Raster,
  { data }: Raster,
  found: readonly number[],
  options: SearchOptions['options'],
): Recovered | null {
  const digits = (r: number): number => String(r).length;
  for (const r of found.toSorted((one, other) => digits(one) - digits(other))) {
    const picture = pictureUnder(cipher, 'logistic', [r], options);
    if (picture?.image.data.every((value) => value === data[0])) return { ...picture, exact: true };
  }
  return null;
}
