/**
 * A sweep: one work (`works.ts`) done in many cells, each a configuration of it, every one over all seeds. The file
 * is data, typed by the work's configuration, and checked here, because a file may be run without a type check.
 */

import type { CellRow } from '../report/sweep/summary.ts';
import { runId } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { checked, number, type Of, oneOf, z } from '../shared/schema.ts';
import {
  checkHalving,
  drawnFrom,
  type Halving,
  halvingSchema,
  type Range,
  randomSchema,
  type Space,
} from './search.ts';
import type { Config, Value, Work } from './work.ts';

const name = 'small letters, digits and "-", for example nets-64';
const values = z.record(z.string(), z.unknown(), 'an object');
const seeds = 'a list of different integers from 0';
const ranking = z.object({ by: z.string(), better: oneOf(['higher', 'lower']) });
/** A measure that the variants are put in order by. */
export type Ranking = Of<typeof ranking>;

/** The default export of a sweep file. */
export const sweepSchema = z.strictObject({
  /** Names its folder and its cells. */
  name: z.string(name).regex(/^[a-z0-9][a-z0-9-]*$/, name),
  /** The question that it answers, in one sentence. */
  question: z.string('a sentence').min(1, 'a sentence'),
  /** One of `works.ts`, or a module of your own relative to the sweep's file, `./my-work.ts`. */
  work: z.string().min(1, 'the name of a work, or ./module.ts'),
  /** Values of all cells, over the work's defaults. */
  base: values.optional(),
  /** Every combination of these is a variant. */
  grid: z.record(z.string(), z.array(z.unknown()).min(1, 'at least one value'), 'lists by key').optional(),
  /** Leaves out combinations that mean nothing. */
  where: z.custom<(config: never) => boolean>((v) => typeof v === 'function', 'a function').optional(),
  /** Variants beside those of the grid. */
  variants: z.array(values, 'a list of objects').optional(),
  /** Variants drawn from a space, in place of a grid or beside it. */
  random: randomSchema.optional(),
  /** The variants with a small budget; the best of them with a greater one, and so on. */
  halving: halvingSchema.optional(),
  seeds: z
    .array(z.int(seeds).min(0, seeds), seeds)
    .min(1, seeds)
    .refine((all) => new Set(all).size === all.length, seeds),
  rank: z.array(ranking, "a list of { by: measure, better: 'higher' | 'lower' }").optional(),
  /** Seconds after which a cell is taken to hang; by default an hour. */
  timeLimit: number(1e-9, 1e7, 'seconds above 0, up to 10000000').optional(),
});

type Fixed = Omit<Of<typeof sweepSchema>, 'base' | 'grid' | 'where' | 'variants' | 'random'>;
export interface Sweep<C extends object = Config> extends Fixed {
  readonly base?: Partial<C>;
  readonly grid?: { readonly [K in keyof C]?: readonly C[K][] };
  readonly where?: (config: C) => boolean;
  readonly variants?: readonly Partial<C>[];
  readonly random?: {
    readonly count: number;
    readonly seed?: number;
    readonly space: { readonly [K in keyof C]?: readonly C[K][] | Range };
  };
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
  readonly command: Work['command'];
  /** Of a sweep with halving: the cells of the next rung; none after the last. */
  readonly next?: (rows: readonly CellRow[], rung: number) => Promise<Cell[]>;
}

/** Most cells of one sweep: beyond this a grid is a mistake. */
const mostCells = 100_000;

/**
 * The cells of a sweep file's default export.
 * @throws InputError for an unknown key, a wrong type or value, naming the key and the known ones
 */
export function planOf(given: unknown, work: Work): Plan {
  const sweep = checkedSweep(given);
  const { halving } = sweep;
  const cellsOf = (variants: readonly Config[]): Cell[] => {
    const cells = variants.flatMap((variant) =>
      sweep.seeds.map((seed) => cellOf(sweep, work, variant, seed)),
    );
    return [...new Map(cells.map((cell) => [cell.id, cell])).values()];
  };
  const variants = variantsOf(sweep, work);
  const distinct = cellsOf(halving ? withBudget(variants, halving, 0) : variants);
  if (distinct.length === 0)
    throw new InputError(`sweep ${sweep.name} expected at least one cell, got none; widen "grid" or "where"`);
  const { timeLimit = 3600 } = sweep;
  const axes = axesOf(distinct);
  const plan = { sweep, cells: distinct, axes, timeLimit, merge: work.merge, command: work.command };
  if (!halving) return plan;
  const { budget, values } = halving;
  const next: Plan['next'] = async (rows, rung) => {
    if (rung + 1 >= values.length) return [];
    const { survivorsOf } = await import('./survivors.ts');
    return cellsOf(withBudget(survivorsOf(rows, axes, halving, rung), halving, rung + 1));
  };
  return { ...plan, axes: [...axes, budget], next };
}

const withBudget = (variants: readonly Config[], { budget, values }: Halving, rung: number): Config[] =>
  variants.map((variant) => ({ ...variant, [budget]: values[rung]! }));

/** The file's own keys. @param path of the file. @throws InputError naming the first that is unknown or wrong */
export const checkedSweep = (given: unknown, path = 'a sweep'): Sweep =>
  checked(sweepSchema, given, path) as Sweep;

const textOf = (value: unknown): string => JSON.stringify(value) ?? String(value);

function refuseUnknown(keys: readonly string[], known: readonly string[], what: string): void {
  const odd = keys.find((key) => !known.includes(key));
  if (odd !== undefined) throw new InputError(`"${odd}" is no key of ${what}; known: ${known.join(', ')}`);
}

function variantsOf(sweep: Sweep, work: Work): Config[] {
  const known = Object.keys(work.defaults).filter((key) => key !== 'seed');
  const place = `work ${sweep.work} in a sweep ("seeds" gives the seeds)`;
  const { random, halving } = sweep;
  const parts = [sweep.base, sweep.grid, random?.space, ...(sweep.variants ?? [])];
  for (const part of parts) refuseUnknown(Object.keys(part ?? {}), known, place);
  if (halving) refuseUnknown([halving.budget], known, place);
  if (halving) checkHalving(halving);
  const base = { ...work.defaults, ...sweep.base } as Config;
  const grid = Object.entries(sweep.grid ?? {}) as [string, readonly Value[]][];
  const size = grid.reduce((product, [, values]) => product * values.length, sweep.seeds.length);
  if (size > mostCells)
    throw new InputError(`sweep ${sweep.name} expected at most ${mostCells} cells, got ${size}`);
  let combined: Config[] = grid.length > 0 || !(sweep.variants || random) ? [base] : [];
  for (const [key, values] of grid)
    combined = combined.flatMap((config) => values.map((value) => ({ ...config, [key]: value })));
  const drawn = random ? drawnFrom(random.space as Space, random.count, random.seed) : [];
  const extra = [...(sweep.variants ?? []), ...drawn].map((variant) => ({ ...base, ...variant }) as Config);
  return [...combined, ...extra].filter((config) => sweep.where?.(config) ?? true);
}

function cellOf(sweep: Sweep, work: Work, variant: Config, seed: number): Cell {
  const config = { ...variant, seed };
  checkConfig(config, work);
  const old = Object.entries(config).filter(([key, value]) => value !== null || !work.later?.includes(key));
  return { id: runId(sweep.name, { work: sweep.work, ...Object.fromEntries(old) }, seed), config };
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

/** Keys whose values differ between the cells, the seed left out. */
export function axesOf(cells: readonly Cell[]): string[] {
  const first = cells[0]!.config;
  const keys = Object.keys(first).filter((key) => key !== 'seed');
  return keys.filter((key) => cells.some(({ config }) => config[key] !== first[key]));
}
