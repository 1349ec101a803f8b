/** What every command file exports, and how it ends. */
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { InputError, messageOf } from '../src/shared/errors.ts';
import { asStarted } from '../src/shared/started.ts';

/** One command: its yargs declaration, and the work, which returns the object that `--json` prints. */
export interface Command<Options> {
  /** Of the help: a command line without `medchaos`, and what it does. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  readonly builder: (yargs: Argv) => Argv<Options>;
  /** Heavy modules are imported inside, so that `--help` stays quick. */
  readonly run: (options: ArgumentsCamelCase<Options>) => Promise<CommandResult>;
}

export interface CommandResult {
  /** Printed by `--json`, as one object. */
  readonly json: unknown;
  /** Printed otherwise; the last line names what to do next. */
  readonly text: string;
  /** 0 unless the work was done and found something wrong. */
  readonly exitCode?: number;
}

/** Runs a command as a program: result on stdout, one sentence on stderr when it fails. */
export async function execute<Options>(
  command: Pick<Command<Options>, 'run'>,
  options: ArgumentsCamelCase<Options & { json?: boolean }>,
): Promise<void> {
  try {
    const result = await command.run(options);
    const text = options.json ? JSON.stringify(result.json) : result.text;
    process.stdout.write(`${asStarted(text)}\n`);
    process.exitCode = result.exitCode ?? 0;
  } catch (error) {
    fail(error);
  }
}

/** One plain sentence and the exit code: 2 for wrong input, 1 for anything else. */
export function fail(error: unknown): void {
  process.stderr.write(`medchaos: ${asStarted(messageOf(error))}\n`);
  if (process.env.MEDCHAOS_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = error instanceof InputError ? 2 : 1;
}
