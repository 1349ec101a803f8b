/**
 * A sweep: one work (`works.ts`) done in many cells, each a configuration of it, every one over all seeds. The file
 * is data, typed by the work's configuration, and checked here, because a file may be run without a type check.
 */

import { runId } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import type { Config, Value, Work } from './work.ts';

/** A measure that the variants are put in order by. */
export interface Ranking {
  readonly by: string;
  readonly better: 'higher' | 'lower';
}

export interface Sweep<C extends object = Config> {
  /** Names its folder and its cells: small letters, digits, `-`. */
  readonly name: string;
  /** What it is to answer, in one sentence. */
  readonly question: string;
  /** One of `works.ts`, or a module of your own relative to the sweep's file, `./my-work.ts`. */
  readonly work: string;
  /** What all cells share, over the work's defaults. */
  readonly base?: Partial<C>;
  /** Every combination of these is a variant. */
  readonly grid?: { readonly [K in keyof C]?: readonly C[K][] };
  /** Leaves out combinations that mean nothing. */
  readonly where?: (config: C) => boolean;
  /** Variants beside those of the grid. */
  readonly variants?: readonly Partial<C>[];
  readonly seeds: readonly number[];
  readonly rank?: readonly Ranking[];
  /** Seconds after which a cell is taken to hang; by default an hour. */
  readonly timeLimit?: number;
}

export interface Cell {
  /** Name of its run folder: sweep, hash of the configuration, seed. */
  readonly id: string;
  readonly config: Config;
}

/** A checked sweep. */
export interface Plan {
  readonly sweep: Sweep;
  readonly cells: readonly Cell[];
  /** Keys whose values differ between the cells, the seed left out. */
  readonly axes: readonly string[];
  readonly timeLimit: number;
  /** Of a work that is done in parts. */
  readonly merge: Work['merge'];
}

/** Cells of one sweep: beyond this a grid is a mistake. */
const mostCells = 100_000;

/**
 * The cells of a sweep file's default export.
 * @throws InputError for an unknown key, a wrong type or value, naming the key and what is known
 */
export function planOf(given: unknown, work: Work): Plan {
  const sweep = checkedSweep(given);
  const variants = variantsOf(sweep, work);
  const cells = variants.flatMap((variant) => sweep.seeds.map((seed) => cellOf(sweep, work, variant, seed)));
  const distinct = [...new Map(cells.map((cell) => [cell.id, cell])).values()];
  if (distinct.length === 0)
    throw new InputError(`sweep ${sweep.name} expected at least one cell, got none; widen "grid" or "where"`);
  const { timeLimit = 3600 } = sweep;
  return { sweep, cells: distinct, axes: axesOf(distinct), timeLimit, merge: work.merge };
}

type Rule = readonly [accept: (value: unknown) => boolean, expected: string];

const isObject = (v: unknown): v is Record<string, unknown> =>
  typeof v === 'object' && v !== null && !Array.isArray(v);
const isSeed = (v: unknown): boolean => Number.isSafeInteger(v) && (v as number) >= 0;
const isRanking = (v: unknown): boolean =>
  isObject(v) && typeof v.by === 'string' && (v.better === 'higher' || v.better === 'lower');
const optional =
  (accept: Rule[0]): Rule[0] =>
  (v) =>
    v === undefined || accept(v);
const listOf =
  (accept: Rule[0], least = 0): Rule[0] =>
  (v) =>
    Array.isArray(v) && v.length >= least && v.every(accept);

const rules: Record<keyof Sweep, Rule> = {
  name: [
    (v) => typeof v === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(v),
    'small letters, digits and "-", "nets-64" say',
  ],
  question: [(v) => typeof v === 'string' && v !== '', 'a sentence'],
  work: [(v) => typeof v === 'string' && v !== '', 'the name of a work, or ./module.ts'],
  base: [optional(isObject), 'an object'],
  grid: [optional((v) => isObject(v) && Object.values(v).every(listOf(() => true, 1))), 'lists by key'],
  where: [optional((v) => typeof v === 'function'), 'a function'],
  variants: [optional(listOf(isObject)), 'a list of objects'],
  seeds: [
    (v) => listOf(isSeed, 1)(v) && new Set(v as number[]).size === (v as number[]).length,
    'a list of different integers from 0',
  ],
  rank: [optional(listOf(isRanking)), "a list of { by: measure, better: 'higher' | 'lower' }"],
  timeLimit: [optional((v) => typeof v === 'number' && v > 0 && v <= 1e7), 'seconds above 0, up to 10000000'],
};

/** The file's own keys. @throws InputError naming the first that is unknown or wrong */
export function checkedSweep(given: unknown): Sweep {
  if (!isObject(given)) throw new InputError(`a sweep expected an object, got ${JSON.stringify(given)}`);
  refuseUnknown(Object.keys(given), Object.keys(rules), 'a sweep');
  for (const [key, [accept, expected]] of Object.entries(rules))
    if (!accept(given[key]))
      throw new InputError(`sweep key "${key}" expected ${expected}, got ${textOf(given[key])}`);
  return given as unknown as Sweep;
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? String(value);

function refuseUnknown(keys: readonly string[], known: readonly string[], what: string): void {
  const odd = keys.find((key) => !known.includes(key));
  if (odd !== undefined) throw new InputError(`"${odd}" is no key of ${what}; known: ${known.join(', ')}`);
}

function variantsOf(sweep: Sweep, work: Work): Config[] {
  const known = Object.keys(work.defaults).filter((key) => key !== 'seed');
  const place = `work ${sweep.work} in a sweep ("seeds" gives the seeds)`;
  for (const part of [sweep.base, sweep.grid, ...(sweep.variants ?? [])])
    refuseUnknown(Object.keys(part ?? {}), known, place);
  const base = { ...work.defaults, ...sweep.base } as Config;
  const grid = Object.entries(sweep.grid ?? {}) as [string, readonly Value[]][];
  const size = grid.reduce((product, [, values]) => product * values.length, sweep.seeds.length);
  if (size > mostCells)
    throw new InputError(`sweep ${sweep.name} expected at most ${mostCells} cells, got ${size}`);
  let combined: Config[] = grid.length > 0 || !sweep.variants ? [base] : [];
  for (const [key, values] of grid)
    combined = combined.flatMap((config) => values.map((value) => ({ ...config, [key]: value })));
  const extra = (sweep.variants ?? []).map((variant) => ({ ...base, ...variant }) as Config);
  return [...combined, ...extra].filter((config) => sweep.where?.(config) ?? true);
}

function cellOf(sweep: Sweep, work: Work, variant: Config, seed: number): Cell {
  const config = { ...variant, seed };
  checkConfig(config, work);
  return { id: runId(sweep.name, { work: sweep.work, ...config }, seed), config };
}

/** The same keys as the defaults, each value of its default's type. @throws InputError */
export function checkConfig(config: Config, work: Work): void {
  for (const [key, standard] of Object.entries(work.defaults) as [string, Value][]) {
    const value = config[key];
    const fits = standard === null ? value === null || isValue(value) : typeof value === typeof standard;
    if (!fits || (typeof value === 'number' && Number.isNaN(value)))
      throw new InputError(`"${key}" expected ${kindOf(standard)}, got ${textOf(value)}`);
  }
  work.check?.(config);
}

const isValue = (v: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof v);
const kindOf = (standard: Value): string =>
  standard === null ? 'null, a text or a number' : `a ${typeof standard} like ${textOf(standard)}`;

function axesOf(cells: readonly Cell[]): string[] {
  const first = cells[0]!.config;
  const keys = Object.keys(first).filter((key) => key !== 'seed');
  return keys.filter((key) => cells.some(({ config }) => config[key] !== first[key]));
}
