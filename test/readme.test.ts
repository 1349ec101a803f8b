/** What the README shows is what is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { withDiagram } from '../scripts/_architecture.ts';
import { cliFile, cliPage } from '../scripts/_cli-docs.ts';
import { rooms } from '../scripts/_import-rules.ts';
import { medchaosHere } from './commands/_cli.ts';

const readme = readFileSync('README.md', 'utf8');
const commandTable = readme.slice(readme.indexOf('| command |'), readme.indexOf('## Documentation'));
const pages = ['README.md', 'FINDINGS.md', ...readdirSync('docs').map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith('.md'))
  .map((path) => [path, readFileSync(path, 'utf8')] as const);
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

test('README.md has at most 150 lines', () => expect(readme.split('\n').length).toBeLessThanOrEqual(151));

test('README.md shows what `attack` prints', async () => {
  const { stdout } = await medchaosHere(['attack', 'chosen-plaintext', '--size', '128'], '.');
  const timeless = (text: string): string => text.replaceAll(/ +\d+ ms/g, ' N ms').trim();
  expect(timeless(readme)).toContain(`    ${timeless(stdout.split('\n')[0]!)}`);
});

test('the receiver that encrypt.md quotes is the one that is tested', () => {
  expect(readFileSync('docs/encrypt.md', 'utf8')).toContain(
    readFileSync('test/interop/receiver.py', 'utf8').trim(),
  );
});

test.each(pages)('%s: every npm script it names exists', (_, text) => {
  const named = [...text.matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name]) => name!);
  for (const name of named) expect(Object.keys(scripts), name).toContain(name);
});

test('every command has a file, an npm script, a place in the list of commands, and a line in the README', () => {
  const commands = readdirSync('scripts')
    .filter((file) => !file.startsWith('_') && !['medchaos.ts', 'check-imports.ts'].includes(file))
    .map((file) => file.slice(0, -3));
  expect(commands).toContain('reproduce-tables');
  const list = readFileSync('scripts/_commands.ts', 'utf8');
  for (const name of commands) {
    expect(scripts[name], name).toBe(`tsx scripts/medchaos.ts ${name}`);
    expect(list, name).toContain(`import('./${name}.ts')`);
    expect(commandTable, name).toContain(`\`${name}\``);
  }
});

test.each(pages)('%s: every file and folder it names exists', (_, text) => {
  const paths = [
    ...text.matchAll(/`((?:src|test|samples|scripts|experiments|results|bench|docs)\/[\w./-]*)`/g),
  ].map(([, path]) => path!);
  for (const path of paths.filter((p) => !p.includes('<') && !p.startsWith('results/runs')))
    expect(existsSync(path), path).toBe(true);
});

test.each(pages)('%s: every link leads to a file', (page, text) => {
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path!);
  for (const link of links) expect(existsSync(join(dirname(page), link)), link).toBe(true);
});

test('the diagram of docs/architecture.md is the one that the imports give', () => {
  const text = readFileSync('docs/architecture.md', 'utf8');
  expect(withDiagram(text)).toBe(text);
});

test('docs/architecture.md names every room', () => {
  const text = readFileSync('docs/architecture.md', 'utf8');
  for (const room of Object.keys(rooms))
    expect(text).toContain(
      ['scripts', 'bench', 'experiments', 'lab'].includes(room) ? `\`${room}/\`` : `\`src/${room}/\``,
    );
});

test('docs/cli.md is what the tables of options give', { timeout: 120_000 }, async () => {
  expect(readFileSync(cliFile, 'utf8')).toBe(await cliPage());
});
