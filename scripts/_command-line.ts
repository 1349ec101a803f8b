/** `medchaos <command>`: answers one command line. Only the module of the command in it is loaded. */
import { readFileSync } from 'node:fs';
import type { Argv } from 'yargs';
import { InputError, messageOf } from '../src/shared/errors.ts';
import { besidePackage } from '../src/shared/package.ts';
import { fail } from './_command.ts';
import { entries } from './_commands.ts';
import { nearest } from './_nearest.ts';
import { overview } from './_overview.ts';

/** Options of every command. */
export const common = ['json', 'help', 'version'];

/** Runs a command line as a program does: result on stdout, errors on stderr, `process.exitCode`. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    const named = commandIn(args);
    if (named === undefined) process.stdout.write(`${withoutCommand(args)}\n`);
    else await runCommand(named, args);
  } catch (error) {
    fail(error);
  }
}

/** The first word; behind options, the first that is a command. */
function commandIn(args: readonly string[]): string | undefined {
  if (args[0]?.startsWith('-') === false) return args[0];
  const words = args.filter((arg) => !arg.startsWith('-'));
  return words.find((word) => Object.hasOwn(entries, word)) ?? words[0];
}

/** The list of commands, or the version. */
function withoutCommand(args: readonly string[]): string {
  const unknown = unknownOption(args, common);
  if (unknown !== null) throw new InputError(`${unknown}; run: medchaos --help`);
  return args.includes('--version') ? version() : overview(terminalWidth());
}

const guess = (word: string, known: readonly string[], dashes = ''): string => {
  const near = nearest(word, known);
  return near === null ? '' : ` (did you mean ${dashes}${near}?)`;
};

async function runCommand(name: string, args: readonly string[]): Promise<void> {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (!entry)
    throw new InputError(`unknown command ${name}${guess(name, Object.keys(entries))}; run: medchaos --help`);
  const { default: command } = await entry.load();
  const { declare, forYargs } = await import('./_yargs.ts');
  const parser = declare(await emptyParser(), name, entry.describe, command);
  try {
    // Through a callback: yargs itself would end the process before help that was lost is noticed.
    await parser.parseAsync(forYargs(args), {}, (_error, _options, help) => {
      if (help) process.stdout.write(`${help}\n`);
    });
  } catch (error) {
    const { declaredBy } = await import('./_declared.ts');
    const known = [...declaredBy(command).options.keys(), ...common];
    const message = unknownOption(args, known) ?? withSurplus(messageOf(error));
    throw new InputError(`${message}; run: medchaos ${name} --help`);
  }
}

async function emptyParser(): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  return yargs()
    .scriptName('medchaos')
    .option('json', { type: 'boolean', default: false, describe: 'print one JSON object on stdout' })
    .strict()
    .version(version())
    .help()
    .alias('help', 'h')
    .wrap(terminalWidth())
    .fail((message, error) => {
      throw error ?? new Error(message);
    });
}

/** The sentence for the first option that is not known; null if all are. */
function unknownOption(args: readonly string[], known: readonly string[]): string | null {
  for (const arg of args.slice(0, args.includes('--') ? args.indexOf('--') : undefined)) {
    const [, name] = arg.match(/^--?([a-z][^=]*)/i) ?? [];
    if (name === undefined || arg === '-h') continue;
    const kebab = name.replace(/^no-/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (!known.includes(kebab) && !known.includes(name))
      return `unknown option ${arg.split('=')[0]}${guess(kebab, known, '--')}`;
  }
  return null;
}

const withSurplus = (message: string): string =>
  message.replace(/^Unknown arguments?: /, 'unexpected argument ');

/** Read here: yargs would take the one of the folder that the command runs in. */
const version = (): string =>
  (JSON.parse(readFileSync(besidePackage('package.json'), 'utf8')) as { version: string }).version;

const terminalWidth = (): number => Math.max(60, Math.min(100, process.stdout.columns || 100));
