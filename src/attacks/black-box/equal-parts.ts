/**
 * Equal parts: two pictures under one key that differ in one sample. If their cipher pictures agree anywhere, an eavesdropper
 * sees where two scans of a patient are equal. Changes at the first, the last, the corner, the middle and random samples are
 * tried, by one bit and by one level; and two swaps of samples, which leave sums, means and histograms as they were, because
 * many ciphers derive their keystream from those. Control: pictures that have nothing in common.
 */
import { stream } from '../../shared/random.ts';
import type { Raster } from '../../shared/types.ts';
import { percent, xorImages } from '../images.ts';
import {
  aboveControl,
  certain,
  hits,
  noisePicture,
  pictures,
  varyingPlaces,
  worthwhile,
} from './_samples.ts';
import type { BlackBoxAttack, Finding, Laboratory } from './types.ts';

export interface Change {
  readonly name: string;
  readonly picture: Raster;
}

/** Pictures one small step away from this one. */
export function neighbours(plain: Raster, seed: number, randomPlaces: number): Change[] {
  const { width, height, channels, data } = plain;
  const random = stream(seed, 'places');
  const row = width * channels;
  const places = Object.entries({
    first: 0,
    last: data.length - 1,
    'upper right corner': row - 1,
    'lower left corner': (height - 1) * row,
    middle: Math.floor(height / 2) * row + Math.floor(row / 2),
    ...Object.fromEntries(
      Array.from({ length: randomPlaces }, (_, k) => [`random ${k + 1}`, random.int(data.length)]),
    ),
  });
  return places.flatMap(([name, at]) => [
    { name: `${name}, one bit`, picture: changed(plain, at, (value) => value ^ 1) },
    { name: `${name}, one level`, picture: changed(plain, at, (value) => (value > 0 ? value - 1 : 1)) },
  ]);
}

function changed(plain: Raster, at: number, change: (value: number) => number): Raster {
  const data = plain.data.slice();
  data[at] = change(data[at]!);
  return { ...plain, data };
}

/** Two samples change places: sum, mean, histogram and xor of the picture stay. */
function swapped(plain: Raster, seed: number, ...names: (string | number)[]): Raster {
  const random = stream(seed, 'swap', ...names);
  const data = plain.data.slice();
  for (let tries = 0; tries < 1000; tries++) {
    const [i, j] = [random.int(data.length), random.int(data.length)];
    if (data[i] === data[j]) continue;
    [data[i], data[j]] = [data[j]!, data[i]!];
    break;
  }
  return { ...plain, data };
}

async function run(laboratory: Laboratory): Promise<Finding> {
  const { shape, seed } = laboratory;
  const oracle = laboratory.oracle(0);
  const base = noisePicture(shape, seed, 'equal parts');
  const changes: Change[] = [
    ...neighbours(base, seed, laboratory.thorough ? 12 : 3),
    ...[0, 1].map((k) => ({ name: `two samples swapped (${k + 1})`, picture: swapped(base, seed, k) })),
  ];
  const controls = [1, 2, 3].map((k) => noisePicture(shape, seed, 'unrelated', k));
  const [cipher, ...rest] = (await oracle.encrypt([base, ...controls, ...changes.map((c) => c.picture)])) as [
    Raster,
    ...Raster[],
  ];
  const [others, answers] = [rest.slice(0, 3), rest.slice(3)];
  const places = varyingPlaces([cipher, ...others]);
  const chance = Math.max(...others.map(({ data }) => hits(cipher.data, data, places)));
  const rows = answers.map(({ data }, k) => {
    const same = hits(cipher.data, data, places);
    return {
      change: changes[k]!.name,
      share: same / Math.max(1, places.length),
      z: aboveControl(same, chance, places.length),
    };
  });
  const worst = rows.reduce((most, next) => (next.share > most.share ? next : most));
  const broken = worst.z > certain && worst.share > worthwhile;
  const shown = answers[rows.indexOf(worst)]!;
  return {
    broken,
    queries: broken ? 2 : oracle.queries,
    share: broken ? worst.share : 0,
    finding: broken
      ? `two pictures under one key that differ in one or two samples (${worst.change}) have cipher pictures that agree in ${percent(worst.share)} of their samples; chance gives ${percent(chance / Math.max(1, places.length))}`
      : `one changed sample changes the whole cipher picture, at all of ${rows.length} places (${pictures(oracle.queries)})`,
    details: { changes: rows },
    ...(broken && { pictures: { 'difference-of-ciphers': xorImages(cipher, shown) } }),
  };
}

export const equalParts: BlackBoxAttack = {
  idea: 'compares cipher pictures of pictures that differ in one sample, at many places',
  queries: ({ thorough }) => 6 + 2 * (5 + (thorough ? 12 : 3)),
  run,
};
