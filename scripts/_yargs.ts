/** The tables of a command in the notation of yargs. */
import type { Argv, Options as Entry } from 'yargs';
import { InputError } from '../src/shared/errors.ts';
import { flagOf, kindOf, type Option, type Options, type ValuesOf } from '../src/shared/option.ts';
import { faultIn } from '../src/shared/schema.ts';
import { allowDecoded } from '../src/shared/size-limit.ts';
import { type Command, execute } from './_command.ts';

/** `encrypt <images..>`. */
const usageOf = (name: string, { positionals = {} }: Command): string =>
  [name, ...Object.entries(positionals).map(placeOf)].join(' ');

function placeOf([key, { schema, required }]: [string, Option]): string {
  const name = kindOf(schema).list ? `${key}..` : key;
  return required ? `<${name}>` : `[${name}]`;
}

/** Declares a command and those below it. */
export function declare(yargs: Argv, name: string, describe: string, command: Command): Argv {
  const { below } = command;
  if (!below) return declareOne(yargs, name, describe, command);
  return yargs.command(name, describe, (own) => {
    declareOne(own, '$0', describe, command);
    for (const [word, each] of Object.entries(below)) declareOne(own, word, each.describe, each.command);
    return own.epilogue(exampleText(command));
  });
}

function declareOne(yargs: Argv, name: string, describe: string, command: Command): Argv {
  const { positionals = {}, options = {}, notes, below } = command;
  const end = below ? notes : [notes, exampleText(command)].filter(Boolean).join('\n\n');
  return yargs.command(
    usageOf(name, command),
    describe,
    (own) => {
      for (const [key, each] of Object.entries(positionals)) own.positional(key, placed(key, each));
      return own.options(yargsOptions(options)).epilogue(end ?? '');
    },
    (given) => execute(() => command.run(valuesOf(command, given)), given.json === true),
  );
}

function exampleText({ examples = [] }: Command): string {
  const lines = examples.flatMap(([line, does]) => [`  $0 ${line}`, `      ${does}`]);
  return lines.length > 0 ? ['Examples:', ...lines].join('\n') : '';
}

/** What a command declares, out of all that yargs knows; options that were not given are absent. */
function valuesOf(command: Command, given: Readonly<Record<string, unknown>>): ValuesOf<Options> {
  const keys = Object.keys({ ...command.positionals, ...command.options });
  const { maxDecoded, ...values } = Object.fromEntries(
    keys.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]),
  );
  if (typeof maxDecoded === 'number') allowDecoded(maxDecoded);
  return values;
}

/** `-` in a command line for yargs, which drops a bare one. No argument of a program holds a NUL. */
const standardMark = '\0-';

export const forYargs = (args: readonly string[]): string[] =>
  args.map((arg) => (arg === '-' ? standardMark : arg));

function fromYargs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromYargs);
  return value === standardMark ? '-' : value;
}

/** The entries of yargs for a table. */
const yargsOptions = (options: Options): Record<string, Entry> =>
  Object.fromEntries(Object.entries(options).map(([key, each]) => [flagOf(key), entryOf(key, each)]));

function entryOf(key: string, option: Option): Entry {
  const flag = `--${flagOf(key)}`;
  const { type, choices, list } = kindOf(option.schema);
  return {
    ...described(option),
    type,
    ...(choices && { choices }),
    ...(list && { array: true }),
    ...(option.perFlag !== undefined
      ? { nargs: option.perFlag }
      : type !== 'boolean' && { requiresArg: true }),
    ...(option.required !== undefined && { demandOption: option.required }),
    coerce: (value: unknown) => {
      if (Array.isArray(value) && !list)
        throw new InputError(`${flag} is given ${value.length} times; give it once`);
      return fitting(flag, option, value);
    },
  };
}

function placed(key: string, option: Option) {
  const { type, choices, list } = kindOf(option.schema);
  const coerce = (value: unknown) => (value === undefined ? value : fitting(`"${key}"`, option, value));
  return { ...described(option), type, ...(choices && { choices }), ...(list && { array: true }), coerce };
}

const described = ({ help, unset, default: standard }: Option) => ({
  describe: help,
  ...(standard !== undefined && { default: standard }),
  ...(unset !== undefined && { defaultDescription: unset }),
});

function fitting(name: string, { schema }: Option, given: unknown): unknown {
  const value = fromYargs(given);
  const fault = faultIn(schema, value);
  if (fault === null) return value;
  throw new InputError(`${name} ${fault.replace(/^"\[\d+\]" /, '')}`); // the value of a list shows itself
}
