/** `npm run docs:cli`: docs/cli.md, every command with its options, made from the tables that the commands use. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { flagOf, kindOf, type Option, type Options } from '../src/shared/option.ts';
import type { Command } from './_command.ts';
import { groups } from './_commands.ts';

export const cliFile = join(import.meta.dirname, '..', 'docs', 'cli.md');

const escaped = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('\n', ' ');

function typeText({ schema, flag }: Option): string {
  if (flag === 'text') return 'text';
  const { type, choices, list } = kindOf(schema);
  const one = choices ? choices.map((choice) => `\`${choice}\``).join(', ') : type;
  return list ? `${one}, several` : one;
}

const defaultText = ({ default: standard, unset, required }: Option): string => {
  if (required !== undefined) return 'required';
  return standard === undefined ? (unset ?? '') : `\`${JSON.stringify(standard)}\``;
};

const row = (name: string, option: Option): string =>
  `| \`${name}\` | ${escaped(typeText(option))} | ${escaped(defaultText(option))} | ${escaped(option.help)} |`;

function tableOf(positionals: Options, options: Options): string[] {
  const rows = [
    ...Object.entries(positionals).map(([name, option]) => row(name.toUpperCase(), option)),
    ...Object.entries(options)
      .filter(([, { flag }]) => flag !== 'none')
      .map(([name, option]) => row(`--${flagOf(name)}`, option)),
  ];
  return rows.length === 0
    ? []
    : ['| option | value | default | meaning |', '|---|---|---|---|', ...rows, ''];
}

function commandText(name: string, describe: string, given: Command, level = '###'): string[] {
  const { positionals = {}, options = {}, examples = [], below = {} } = given;
  const lines = examples.flatMap(([line, does]) => [`    medchaos ${line}`, '', `${escaped(does)}.`, '']);
  const inner = Object.entries(below).flatMap(([word, each]) =>
    commandText(`${name} ${word}`, each.describe, each.command, '####'),
  );
  return [
    `${level} ${name}`,
    '',
    `${escaped(describe)}.`,
    '',
    ...tableOf(positionals, options),
    ...lines,
    ...inner,
  ];
}

/** The whole page. */
export async function cliPage(): Promise<string> {
  const sections = await Promise.all(
    Object.entries(groups).map(async ([title, entries]) => {
      const texts = await Promise.all(
        Object.entries(entries).map(async ([name, { describe, load }]) =>
          commandText(name, describe, (await load()).default),
        ),
      );
      return [`## ${title}`, '', ...texts.flat()];
    }),
  );
  const head = [
    '# Commands and options',
    '',
    '`npm run docs:cli` makes this page from the tables of options in `scripts/`. Every command also has `--json`, `--help` and',
    '`--version`.',
    '',
  ];
  return `${[...head, ...sections.flat()].join('\n').trimEnd()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(cliFile, await cliPage());
