/** What the README shows is what is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const readme = readFileSync('README.md', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

test('the receiver it quotes is the one that is tested', () => {
  expect(readme).toContain(readFileSync('test/interop/receiver.py', 'utf8').trim());
});

test('every npm script it names exists', () => {
  const named = [...readme.matchAll(/npm run ([a-z-]+)/g)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(4);
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
    expect(readme, name).toContain(`| \`${name}\` |`);
  }
});

test('every file and folder it names exists', () => {
  const paths = [...readme.matchAll(/`((?:src|test|samples|scripts|experiments)\/[\w./-]*)`/g)].map(
    ([, path]) => path!,
  );
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths.filter((p) => !p.includes('<'))) expect(existsSync(path), path).toBe(true);
});
