/** A sweep of trainings without a file: `train --set lr=1e-3,3e-3 --set net=resnet18,mobilenetv2`. */
import { runId } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { flagOf, kindOf, type Options } from '../shared/option.ts';
import { trainingOptions } from '../training/options.ts';
import { drawnFrom, type Halving, type Range, type Space } from './search.ts';
import type { Ranking, Sweep } from './sweep.ts';
import type { Config, Value } from './work.ts';

const { extra: _, ...settable } = trainingOptions;
const known: Options = settable;

/** Values of one option, or a range to draw from. */
export interface Axis {
  readonly key: string;
  readonly values: readonly Value[];
  readonly range?: Range;
}

const example = 'for example --set lr=1e-3,3e-3';

/**
 * @param texts `lr=1e-3,3e-3` each; semicolons part values that hold commas: `target=calendar;calendar,hash`
 * @throws InputError for an unknown option, no values, or an option that is given twice
 */
export function axesIn(texts: readonly string[]): Axis[] {
  const axes = texts.map((text) => axisIn(text));
  const twice = axes.find(({ key }, i) => axes.findIndex((axis) => axis.key === key) < i);
  if (twice) throw new InputError(`--set ${twice.key} is given twice; give all its values at once`);
  return axes;
}

function axisIn(text: string, flag = '--set'): Axis {
  const at = text.indexOf('=');
  const name = (at < 0 ? text : text.slice(0, at)).trim();
  const key = Object.keys(known).find((each) => each === name || flagOf(each) === name);
  if (key === undefined)
    throw new InputError(
      `${flag} expected an option of training, got "${name}"; known: ${Object.keys(known).map(flagOf).join(', ')}`,
    );
  const listed = at < 0 ? '' : text.slice(at + 1);
  const parts = listed.split(listed.includes(';') ? ';' : ',').map((part) => part.trim());
  if (parts.some((part) => part === ''))
    throw new InputError(
      `${flag} ${name} expected values with commas between, got ${listed.trim() === '' ? 'none' : `"${listed}"`}; ${example}`,
    );
  const range = rangeIn(key, listed.trim());
  if (range) return { key, values: [], range };
  return { key, values: [...new Set(parts.map((part) => axisValue(key, part)))] };
}

/** `1e-4..1e-2`, drawn in the logarithm where it spans ten times or more; null if the text is no range of numbers. */
function rangeIn(key: string, text: string): Range | null {
  const { schema, flag } = known[key]!;
  const [low = '', high = '', more] = text.split('..');
  const [min, max] = [Number(low || 'x'), Number(high || 'x')];
  if (more !== undefined || Number.isNaN(min + max)) return null;
  if (kindOf(schema).type !== 'number' && flag !== 'text') return null;
  const integer = !schema.safeParse(min + 0.5).success && !schema.safeParse(max - 0.5).success;
  return { min, max, ...(min > 0 && max >= 10 * min && { log: true }), ...(integer && { integer }) };
}

/** `none` stands for an option that is not set. Text where a number belongs is refused with the other checks. */
function axisValue(key: string, text: string): Value {
  const { schema, flag } = known[key]!;
  if (text === 'none' && (schema.safeParse(null).success || schema.safeParse(undefined).success)) return null;
  const number = Number(text);
  return (kindOf(schema).type === 'number' || flag === 'text') && !Number.isNaN(number) ? number : text;
}

/** Cells of one sweep: beyond this it is a mistake. */
const mostCells = 100_000;

/** The seeds stay a list in every search: each variant runs with all of them. */
function drawnCombinations(axes: readonly Axis[], count: number, seed: number): Config[] {
  const space = axes
    .filter(({ key }) => key !== 'seed')
    .map(({ key, values, range }) => [key, range ?? values]);
  const seeds = axes.find(({ key }) => key === 'seed')?.values;
  const drawn = drawnFrom(Object.fromEntries(space) as Space, count, seed);
  return seeds ? drawn.flatMap((values) => seeds.map((each) => ({ ...values, seed: each }))) : drawn;
}

/**
 * Every combination of the values, the first axis changing slowest; of a random search so many of them.
 * @throws InputError for too many, or a range without a random search
 */
export function combinationsOf(axes: readonly Axis[], random?: { count: number; seed: number }): Config[] {
  if (random) return drawnCombinations(axes, random.count, random.seed);
  const ranged = axes.find(({ range }) => range);
  if (ranged)
    throw new InputError(
      `--set ${flagOf(ranged.key)} expected values, got a range; give --random N, which draws from it`,
    );
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > mostCells) throw new InputError(`--set expected at most ${mostCells} cells, got ${count}`);
  let all: Config[] = [{}];
  for (const { key, values } of axes)
    all = all.flatMap((config) => values.map((value) => ({ ...config, [key]: value })));
  return all;
}

const rank: readonly Ranking[] = [
  { by: 'val_r2', better: 'higher' },
  { by: 'r2', better: 'higher' },
  { by: 'key_bits', better: 'higher' },
  { by: 'train_s', better: 'lower' },
];

/** `epochs=1,3,9`. @throws InputError unless it gives rising budgets of an option */
export function halvingIn(text: string): Halving {
  const { key, values } = axisIn(text, '--halving');
  const budgets = values.filter((value) => typeof value === 'number');
  if (budgets.length < 2 || budgets.length < values.length)
    throw new InputError(
      `--halving expected an option with rising budgets, for example epochs=1,3,9, got ${text}`,
    );
  return { budget: key, values: budgets, by: 'val_r2', better: 'higher' };
}

/** A training at the defaults takes an hour on two cores. */
const dayInSeconds = 86_400;

/**
 * @param configs one a combination of the axes
 * @param base options beside the axes. Other options make another sweep; more values of an axis do not
 */
export function trainSweep(
  axes: readonly Axis[],
  configs: readonly object[],
  base: object,
  halving?: Sweep['halving'],
): Sweep {
  const varied = axes.map(({ key }) => key).filter((key) => key !== 'seed');
  const seeds = axes.find(({ key }) => key === 'seed')?.values as number[] | undefined;
  const first = configs[0] as { readonly seed: number };
  const rest = Object.fromEntries(
    Object.entries(base).filter(([key]) => !varied.includes(key) && key !== 'seed'),
  );
  const name = ['train', ...varied.map(flagOf)].join('-');
  return {
    name: runId(name, rest, 0).replace(/-s0$/, ''),
    question: `Which ${varied.map(flagOf).join(', ') || 'seed'} trains the better network?`,
    work: 'train',
    variants: configs.map(({ seed: _, ...config }: { seed?: number }) => config),
    seeds: seeds ?? [first.seed],
    rank,
    ...(halving && { halving }),
    timeLimit: dayInSeconds,
  };
}
