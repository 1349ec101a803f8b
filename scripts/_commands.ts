/** `medchaos <command>`: the list of commands, and what a command line runs. */
import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import { InputError } from '../src/shared/errors.ts';
import { besidePackage } from '../src/shared/package.ts';
import { type Command, execute, fail } from './_command.ts';
import attack from './attack.ts';
import bench from './bench.ts';
import datasets from './datasets.ts';
import decrypt from './decrypt.ts';
import doctor from './doctor.ts';
import encrypt from './encrypt.ts';
import keygen from './keygen.ts';
import metrics from './metrics.ts';
import nist from './nist.ts';
import pairs from './pairs.ts';
import report from './report.ts';
import reproduceTables from './reproduce-tables.ts';
import study from './study.ts';
import sweep from './sweep.ts';
import track from './track.ts';
import train from './train.ts';
import weights from './weights.ts';

// biome-ignore lint/suspicious/noExplicitAny: commands with different options share one list
const commands: Command<any>[] = [
  reproduceTables,
  train,
  study,
  weights,
  pairs,
  datasets,
  encrypt,
  decrypt,
  keygen,
  metrics,
  nist,
  attack,
  report,
  sweep,
  track,
  bench,
  doctor,
];

/** Read here: yargs would take the one of the folder that the command runs in. */
const { version } = JSON.parse(readFileSync(besidePackage('package.json'), 'utf8')) as { version: string };

/** Runs a command line as a program does: result on stdout, what is wrong on stderr, `process.exitCode`. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const parser = yargs()
    .scriptName('medchaos')
    .usage('$0 <command> [options]')
    .option('json', { type: 'boolean', default: false, describe: 'print one JSON object on stdout' })
    .strict()
    .demandCommand(1, 'a command is missing')
    .version(version)
    .help()
    .wrap(100)
    .fail((message, error) => {
      throw error instanceof InputError
        ? error
        : new InputError(`${message ?? error.message}; run: medchaos --help`);
    });
  for (const command of commands) {
    parser.command({
      command: command.command,
      describe: command.describe,
      builder: command.builder,
      handler: (options) => execute(command, options as never),
    });
  }
  try {
    // Through a callback: yargs itself would end the process before help that was lost is noticed.
    await parser.parseAsync(args, {}, (_error, _options, help) => {
      if (help) process.stdout.write(`${help}\n`);
    });
  } catch (error) {
    fail(error);
  }
}
