/** A sweep of trainings without a file: `train --set lr=1e-3,3e-3 --set net=resnet18,mobilenetv2`. */
import { runId } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { flagOf, kindOf, type Options } from '../shared/option.ts';
import { trainingOptions } from '../training/options.ts';
import type { Ranking, Sweep } from './sweep.ts';
import type { Config, Value } from './work.ts';

const { extra: _, ...settable } = trainingOptions;
const known: Options = settable;

/** Values of one option. */
export interface Axis {
  readonly key: string;
  readonly values: readonly Value[];
}

const example = 'for example --set lr=1e-3,3e-3';

/**
 * @param texts `lr=1e-3,3e-3` each; semicolons part values that hold commas: `target=calendar;calendar,hash`
 * @throws InputError for an unknown option, no values, or an option that is given twice
 */
export function axesIn(texts: readonly string[]): Axis[] {
  const axes = texts.map(axisIn);
  const twice = axes.find(({ key }, i) => axes.findIndex((axis) => axis.key === key) < i);
  if (twice) throw new InputError(`--set ${twice.key} is given twice; give all its values at once`);
  return axes;
}

function axisIn(text: string): Axis {
  const at = text.indexOf('=');
  const name = (at < 0 ? text : text.slice(0, at)).trim();
  const key = Object.keys(known).find((each) => each === name || flagOf(each) === name);
  if (key === undefined)
    throw new InputError(
      `--set expected an option of training, got "${name}"; known: ${Object.keys(known).map(flagOf).join(', ')}`,
    );
  const listed = at < 0 ? '' : text.slice(at + 1);
  const parts = listed.split(listed.includes(';') ? ';' : ',').map((part) => part.trim());
  if (parts.some((part) => part === ''))
    throw new InputError(
      `--set ${name} expected values with commas between, got ${listed.trim() === '' ? 'none' : `"${listed}"`}; ${example}`,
    );
  return { key, values: [...new Set(parts.map((part) => axisValue(key, part)))] };
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

/** Every combination of the values, the first axis changing slowest. @throws InputError for too many */
export function combinationsOf(axes: readonly Axis[]): Config[] {
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

/** A training at the defaults takes an hour on two cores. */
const dayInSeconds = 86_400;

/**
 * @param configs one a combination of the axes
 * @param base what the command gives beside the axes: other values make another sweep, more values of an axis do not
 */
export function trainSweep(axes: readonly Axis[], configs: readonly object[], base: object): Sweep {
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
    timeLimit: dayInSeconds,
  };
}
