/** All metrics of cipher pictures, over pictures and channels, and what they say together. */
import { sameShape } from '../cipher/index.ts';
import { pickChannels } from '../data/images/channels.ts';
import { measureEverything, type Verdict } from '../metrics/index.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { deviation, holm, mean } from '../shared/stats.ts';
import type { Raster } from '../shared/types.ts';

/** One metric over all pictures and channels. */
export interface Measure {
  readonly section: string;
  readonly measure: string;
  readonly unit: string;
  readonly n: number;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Expected mean of an ideal cipher on the same pictures, and its sd for one picture. */
  readonly ideal: number | null;
  readonly idealSd: number | null;
  /** Share of the looks inside the interval of the level. */
  readonly inside: number | null;
  readonly smallestP: number | null;
  /** Smallest p, corrected for all looks of the judgement (Holm 1979). */
  readonly holmP: number | null;
}

export interface Measures {
  readonly level: number;
  readonly pictures: readonly string[];
  readonly looks: number;
  /** Measures that differ from an ideal cipher after the correction. */
  readonly off: number;
  readonly rows: readonly Measure[];
  readonly notMeasured: readonly string[];
}

export interface NamedPair {
  readonly name: string;
  readonly plain: Raster;
  readonly cipher: Raster;
}

/** Sections that need the cipher picture alone. */
const ofCipher = ['entropy', 'local-entropy', 'histogram', 'glcm', 'bit-planes', 'random-pairs'];

/** Grey that is stored as RGB: three equal channels count once. */
export function asGrey(raster: Raster): Raster {
  const { channels, data } = raster;
  if (channels < 3) return raster;
  for (let k = 0; k < data.length; k += channels)
    if (data[k] !== data[k + 1] || data[k] !== data[k + 2]) return raster;
  return pickChannels(raster, [0]);
}

/** A picture and each of its channels. */
function planesOf({ name, plain, cipher }: NamedPair): NamedPair[] {
  if (cipher.channels === 1 || !sameShape(plain, cipher)) return [{ name, plain, cipher }];
  return Array.from({ length: cipher.channels }, (_, c) => ({
    name: `${name}, channel ${c + 1}`,
    plain: pickChannels(plain, [c]),
    cipher: pickChannels(cipher, [c]),
  }));
}

export function measuresOf(pairs: readonly NamedPair[], level: number, seed: number): Measures {
  const looks: Verdict[] = [];
  const notMeasured = new Set<string>();
  for (const pair of pairs.map(({ name, plain, cipher }) => ({
    name,
    plain: asGrey(plain),
    cipher: asGrey(cipher),
  })))
    for (const { plain, cipher } of planesOf(pair)) {
      const same = sameShape(plain, cipher);
      if (!same) notMeasured.add('plain against cipher: they have different sizes');
      for (const only of same ? [undefined] : ofCipher.map((section) => [section]))
        try {
          const result = measureEverything(
            { plain: same ? plain : cipher, cipher },
            { level, seed, ...(only && { only }) },
          );
          looks.push(...result.measures);
          for (const { section, why } of result.notMeasured) notMeasured.add(`${section}: ${why}`);
        } catch (error) {
          if (!(error instanceof InputError)) throw error;
          notMeasured.add(`${only}: ${messageOf(error)}`);
        }
    }
  const adjusted = holm(looks.map(({ p }) => p));
  const rows = gathered(looks, adjusted, level);
  return {
    level,
    pictures: pairs.map(({ name }) => name),
    looks: looks.filter(({ p }) => p !== null).length,
    off: rows.filter(({ holmP }) => holmP !== null && holmP < level).length,
    rows,
    notMeasured: [...notMeasured],
  };
}

function gathered(looks: readonly Verdict[], adjusted: readonly (number | null)[], level: number): Measure[] {
  const groups = new Map<string, number[]>();
  for (const [k, { section, name }] of looks.entries()) {
    const key = `${section}|${name}`;
    groups.set(key, [...(groups.get(key) ?? []), k]);
  }
  return [...groups.values()].map((at) => {
    const rows = at.map((k) => looks[k]!);
    const values = rows.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : [value]));
    const known = (list: readonly (number | null)[]): number[] => list.filter((value) => value !== null);
    const ps = known(rows.map(({ p }) => p));
    const [ideals, sds] = [known(rows.map(({ expected }) => expected)), known(rows.map(({ sd }) => sd))];
    const some = <T>(list: readonly T[], of: (list: readonly T[]) => number): number | null =>
      list.length > 0 ? of(list) : null;
    return {
      section: rows[0]!.section,
      measure: rows[0]!.name,
      unit: rows[0]!.unit,
      n: rows.length,
      mean: some(values, mean),
      sd: values.length > 1 ? deviation(values) : null,
      min: some(values, (list) => Math.min(...list)),
      max: some(values, (list) => Math.max(...list)),
      ideal: some(ideals, mean),
      idealSd: some(sds, mean),
      inside: some(ps, (list) => list.filter((p) => p >= level).length / list.length),
      smallestP: some(ps, (list) => Math.min(...list)),
      holmP: some(known(at.map((k) => adjusted[k] ?? null)), (list) => Math.min(...list)),
    };
  });
}
