/**
 * Every choice that the paper leaves open, in one typed object, with the two presets: `paper` takes the most
 * probable reading, `sound` the same scheme with a burn-in and with digits that show no bias.
 */

import { type MapName, maps, paperMaps } from '../chaos/maps.ts';
import { InputError } from '../shared/errors.ts';
import { isObject, shown } from '../shared/exact.ts';
import type { Depth } from '../shared/types.ts';

/** Multipliers of z_key's values before the integer part is reduced, by bits per sample. */
export type Multipliers = Readonly<Record<Depth, number>>;

export interface PaperOptions {
  /** Iterates dropped at the start of each orbit. */
  readonly burnIn: number;
  /** Whether a sequence begins with the first iterate after burn-in or with the state it starts from. */
  readonly firstValue: 'iterate' | 'start';
  /** Sort direction of both indices; equal keys keep their order either way. */
  readonly order: 'ascending' | 'descending';
  /** Initial values: of x, y, z for Lorenz, of the three orbits for logistic. */
  readonly starts: readonly [number, number, number];
  /** Whether all channels have key samples of their own, or share one plane. */
  readonly colour: 'samples' | 'plane';
  /** Number format of the orbits: each operation rounded to it. */
  readonly precision: 'float64' | 'float32';
  /** `integer`: floor(|v| m) mod 2^bits, with the multiplier m; `fraction`: floor(2^bits frac(|v| m)), the digits after. */
  readonly quantiser: 'integer' | 'fraction';
  readonly logistic: {
    /** Three orbits with one r, or one orbit (from the first start) cut in x_key, y_key, z_key in this order. */
    readonly orbits: 'three' | 'one';
    readonly multipliers: Multipliers;
  };
  readonly lorenz: {
    readonly integrator: 'euler' | 'rk4';
    readonly dt: number;
    readonly multipliers: Multipliers;
  };
}

const paper: PaperOptions = {
  burnIn: 0,
  firstValue: 'iterate',
  order: 'ascending',
  starts: [0.01, 0.02, 0.03],
  colour: 'samples',
  precision: 'float64',
  quantiser: 'integer',
  logistic: { orbits: 'three', multipliers: { 8: 1e5, 16: 1e7 } },
  lorenz: { integrator: 'euler', dt: 0.01, multipliers: { 8: 1e5, 16: 1e7 } },
};

// 262,144 logistic bytes at r = 3.9876: chi-square 870 with 1e5, 236-290 with 1e14 (255 degrees of freedom).
const sound: PaperOptions = {
  ...paper,
  burnIn: 1000,
  logistic: { ...paper.logistic, multipliers: { 8: 1e14, 16: 1e14 } },
  lorenz: { ...paper.lorenz, multipliers: { 8: 1e9, 16: 1e9 } },
};

export const presets = { paper, sound } satisfies Record<string, PaperOptions>;
export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];

/** Key files of the paper's scheme: the keys themselves, or the parameters that they follow from. */
export const keyFormats = ['npz', 'compact'] as const;
export type KeyFormat = (typeof keyFormats)[number];

const words = (name: string, value: unknown, known: readonly string[]): void => {
  if (!known.includes(value as string))
    throw new InputError(`option "${name}" expected ${known.join(' or ')}, got ${shown(value)}`);
};

const number = (name: string, value: unknown, accept: (v: number) => boolean, expected: string): void => {
  if (typeof value !== 'number' || !accept(value))
    throw new InputError(`option "${name}" expected ${expected}, got ${shown(value)}`);
};

const positive = (v: number): boolean => v > 0 && Number.isFinite(v);
// Above this |v| * multiplier could leave the finite numbers; digits end at 2^53 = 9.0e15 anyway.
const usable = (v: number): boolean => v >= 1 && v <= 1e30;

/** @throws InputError naming the first choice that is not one of PaperOptions' */
export function checkOptions(o: PaperOptions): void {
  number('burnIn', o.burnIn, (v) => Number.isInteger(v) && v >= 0 && v <= 1e8, 'an integer from 0 to 1e8');
  words('firstValue', o.firstValue, ['iterate', 'start']);
  words('order', o.order, ['ascending', 'descending']);
  words('colour', o.colour, ['samples', 'plane']);
  words('precision', o.precision, ['float64', 'float32']);
  words('quantiser', o.quantiser, ['integer', 'fraction']);
  words('logistic.orbits', o.logistic?.orbits, ['three', 'one']);
  words('lorenz.integrator', o.lorenz?.integrator, ['euler', 'rk4']);
  number('lorenz.dt', o.lorenz.dt, positive, 'a finite number above 0');
  if (!Array.isArray(o.starts) || o.starts.length !== 3 || !o.starts.every(Number.isFinite))
    throw new InputError(`option "starts" expected three finite numbers, got ${shown(o.starts)}`);
  for (const map of paperMaps)
    for (const depth of [8, 16] satisfies Depth[])
      number(`${map}.multipliers`, o[map].multipliers?.[depth], usable, 'a number from 1 to 1e30');
}

/** Other maps take the multipliers of the logistic map (one coordinate) or of the Lorenz map (more). */
export function multipliersOf(options: PaperOptions, map: MapName): Multipliers {
  const own = paperMaps.find((name) => name === map);
  return options[own ?? (maps[map].dimension === 1 ? 'logistic' : 'lorenz')].multipliers;
}

/** Options that the first compact key files do not contain. */
const beforeChoice = { precision: 'float64', quantiser: 'integer' } satisfies Partial<PaperOptions>;

/** Both presets need less; more iterates would let a small file of a stranger compute for minutes. */
const longestBurnIn = 1e5;

/**
 * The options in a key file, which may be a stranger's.
 * @throws InputError for unknown or wrong ones, and those that would take long
 */
export function readOptions(value: unknown): PaperOptions {
  refuseUnknown(value, presets.paper, 'options');
  const options = { ...beforeChoice, ...(value as object) } as PaperOptions;
  checkOptions(options);
  if (options.burnIn > longestBurnIn)
    throw new InputError(
      `a key file expected a burn-in of at most ${longestBurnIn} iterates, got ${options.burnIn}; ask for one with less`,
    );
  return options;
}

/** @throws InputError unless the value is an object with no other keys than the known one has, level by level */
function refuseUnknown(value: unknown, known: object, name: string): void {
  if (!isObject(value))
    throw new InputError(`"${name}" expected an object, got ${shown(value)}; ask for the key file again`);
  for (const [key, inner] of Object.entries(value)) {
    if (!Object.hasOwn(known, key))
      throw new InputError(`"${name}" has an unknown ${shown(key)}; a newer medchaos may open the key file`);
    const below = known[key as keyof typeof known] as unknown;
    if (isObject(below)) refuseUnknown(inner, below, key);
  }
}
