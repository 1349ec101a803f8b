/** A command: tables of its options, and its work. */
import { InputError, messageOf } from '../src/shared/errors.ts';
import type { Options, ValuesOf } from '../src/shared/option.ts';
import { asStarted } from '../src/shared/started.ts';

type None = Record<never, never>;

/** What `run` gets is typed by the two tables. */
export interface Command<P extends Options = Options, O extends Options = Options> {
  /** A command line without `medchaos`, and what it does. */
  readonly examples?: readonly (readonly [line: string, does: string])[];
  /** In their order; a list is the last. */
  readonly positionals?: P;
  readonly options?: O;
  /** Below the options in the help. */
  readonly notes?: string;
  /** Commands under this one, by their first word. */
  readonly below?: Readonly<Record<string, Below>>;
  /** Heavy modules are imported inside, so that `--help` stays quick. */
  run(values: ValuesOf<P & O>): Promise<CommandResult>;
}

export interface Below {
  readonly describe: string;
  readonly command: Command;
}

/** Export its result by name: tsc leaves the paths of dynamic imports inside `export default ...` as they are. */
export const command = <P extends Options = None, O extends Options = None>(
  given: Command<P, O>,
): Command<P, O> => given;

export interface CommandResult {
  /** Printed by `--json`, as one object. */
  readonly json: unknown;
  /** Printed otherwise; the last line names what to do next. */
  readonly text: string;
  /** stdout has a file: the result goes to stderr. */
  readonly aside?: boolean;
  /** 0 unless the work was done and found something wrong. */
  readonly exitCode?: number;
}

/** Runs a command as a program: result on stdout, one sentence on stderr when it fails. */
export async function execute(work: () => Promise<CommandResult>, json: boolean): Promise<void> {
  try {
    const result = await work();
    const text = json ? JSON.stringify(result.json) : result.text;
    const stream = result.aside ? process.stderr : process.stdout;
    stream.write(`${asStarted(text)}\n`);
    process.exitCode = result.exitCode ?? 0;
  } catch (error) {
    fail(error);
  }
}

/** One plain sentence and the exit code: 2 for wrong input, 1 for anything else. */
export function fail(error: unknown): void {
  process.stderr.write(`medchaos: ${asStarted(missingPackage(error) ?? messageOf(error))}\n`);
  if (process.env.MEDCHAOS_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = error instanceof InputError || missingPackage(error) !== null ? 2 : 1;
}

/** medchaos-metrics leaves packages out that few of its commands need. */
function missingPackage(error: unknown): string | null {
  const { code, message } = error as { code?: string; message?: string };
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return null;
  const [, name] = message?.match(/Cannot find (?:package|module) '((?:@[\w-]+\/)?[\w-]+)'/) ?? [];
  return name === undefined
    ? null
    : `this needs the package ${name}, which is not installed; run: npm install ${name}`;
}
