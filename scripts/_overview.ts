/** The text of `medchaos --help`: all commands in groups. */
import { groups } from './_commands.ts';

const column = 24;

/** Lines of at most `width` characters, broken at spaces. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const row = (width: number, name: string, describe: string): string =>
  wrapped(describe, width - column)
    .map((line, i) => (i === 0 ? `  ${name}`.padEnd(column) : ' '.repeat(column)) + line)
    .join('\n');

const options: readonly (readonly [string, string])[] = [
  ['-h, --help', 'this list; after a command: its options, defaults and examples'],
  ['--json', 'print one JSON object on stdout'],
  ['--version', 'print the version'],
];

/** Variables that change what a command does; those of CUDA and MLflow keep their own names. */
const environment: readonly (readonly [string, string])[] = [
  ['MEDCHAOS_CACHE', 'folder that keeps the native engine (default: ~/.cache/medchaos)'],
  ['CUDA_VISIBLE_DEVICES', 'graphics cards that training may take'],
  ['CXX', 'C++ compiler that builds the native engine (default: g++)'],
  ['MEDCHAOS_NO_NATIVE', '1: never load the native engine'],
  ['MEDCHAOS_DEBUG', '1: print where an error was thrown'],
];

/** @param width characters a line */
export function overview(width: number): string {
  const section = (title: string, rows: readonly (readonly [string, string])[]): string =>
    [`${title}:`, ...rows.map(([name, describe]) => row(width, name, describe))].join('\n');
  return [
    'medchaos <command> [options]',
    ...Object.entries(groups).map(([title, entries]) =>
      section(
        title,
        Object.entries(entries).map(([name, { describe }]) => [name, describe]),
      ),
    ),
    section('options', options),
    section('environment', environment),
    'options of a command: medchaos <command> --help',
  ].join('\n\n');
}
