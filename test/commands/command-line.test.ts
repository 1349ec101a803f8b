/** The command line as people expect it: lists, help, suggestions, completion. */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { common } from '../../scripts/_command-line.ts';
import { entries, groups } from '../../scripts/_commands.ts';
import { declaredBy } from '../../scripts/_declared.ts';
import { nearest } from '../../scripts/_nearest.ts';
import { type CliResult, medchaosHere } from './_cli.ts';

const names = Object.keys(entries);
const run = (line: string): Promise<CliResult> => medchaosHere(line.split(' ').filter(Boolean), tmpdir());

describe('the list of commands', () => {
  test.each([[''], ['-h'], ['--help']])('medchaos %s', async (line) => {
    const { code, stdout, stderr } = await run(line);
    expect([code, stderr]).toEqual([0, '']);
    for (const title of Object.keys(groups)) expect(stdout).toContain(`\n${title}:\n`);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^  ${name} +\\w`, 'm'));
    expect(Math.max(...stdout.split('\n').map((text) => text.length))).toBeLessThanOrEqual(100);
  });

  test('has each command once, in five groups at most', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(groups).length).toBeLessThanOrEqual(5);
  });
});

describe('a mistyped word', () => {
  test.each([
    ['encrpt x.png', 'unknown command encrpt (did you mean encrypt?); run: medchaos --help'],
    ['reproduce', 'unknown command reproduce (did you mean reproduce-tables?); run: medchaos --help'],
    ['xyzzy', 'unknown command xyzzy; run: medchaos --help'],
    ['--fast', 'unknown option --fast; run: medchaos --help'],
    ['keygen --bit 2048', 'unknown option --bit (did you mean --bits?); run: medchaos keygen --help'],
    ['keygen --tpye=rsa', 'unknown option --tpye (did you mean --type?); run: medchaos keygen --help'],
    ['train --no-stduy', 'unknown option --no-stduy (did you mean --study?); run: medchaos train --help'],
    ['metrics a b --leval 1', 'unknown option --leval (did you mean --level?); run: medchaos metrics --help'],
    ['nist -x', 'unknown option -x; run: medchaos nist --help'],
    ['keygen here', 'unexpected argument here; run: medchaos keygen --help'],
    ['keygen --bits', 'Not enough arguments following: bits; run: medchaos keygen --help'],
    ['--json study', /^Not enough non-option arguments: .*; run: medchaos study --help$/],
  ])('medchaos %s', async (line, message) => {
    const { code, stdout, stderr } = await run(line);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.trim().replace(/^medchaos: /, '')).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
    expect(stderr.match(/run:/g)).toHaveLength(1);
  });

  test.each([
    ['encrypt', ['decrypt', 'encrypt'], 'encrypt'],
    ['recieve', ['receive', 'relieve'], 'receive'],
    ['sch', ['seed', 'scheme'], 'scheme'],
    ['a', ['b'], 'b'],
    ['abc', ['xyz'], null],
    ['anything', [], null],
  ])('nearest of %s', (word, known, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });
});

describe.each(Object.entries(entries))('%s', (name, entry) => {
  test.each(['-h', '--help'])('%s shows usage, options and examples', async (flag) => {
    const { code, stdout } = await run(`${name} ${flag}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^medchaos ${name}`));
    expect(stdout).toMatch(new RegExp(`^Examples:\n  medchaos ${name}`, 'm'));
    expect(stdout).toMatch(/-h, --help/);
  });

  test('each example gives options that there are', async () => {
    const { default: command } = await entry.load();
    const known = [...declaredBy(command).options.keys(), ...common];
    const { examples = [] } = command;
    expect(examples.length).toBeGreaterThan(0);
    for (const [line] of examples) {
      expect(line.split(' ')[0]).toBe(name);
      for (const [, option] of line.matchAll(/ --([\w-]+)/g)) expect(known, line).toContain(option);
    }
  });
});

describe('completion', () => {
  const cases: [line: string[], words: string[]][] = [
    [['encr'], ['encrypt']],
    [['re'], ['review', 'rewrap', 'reproduce-tables', 'report']],
    [['encrypt', '--sch'], ['--scheme']],
    [
      ['encrypt', 'x.png', '--scheme', ''],
      ['hardened', 'paper'],
    ],
    [['encrypt', 'x.png', '--scheme', 'p'], ['paper']],
    [['datasets', 'f'], ['fetch']],
    [['encrypt', 'x'], []],
    [['xyzzy', '--a'], []],
  ];

  test.each(cases)('bash: medchaos %s', async (line, words) => {
    const { stdout } = await run('completion bash');
    const ask = `COMP_WORDS=(medchaos ${line.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${line.length}; _medchaos`;
    const script = `${stdout}\n${ask}; echo "\${COMPREPLY[@]}"`;
    const bash = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect([bash.stderr, bash.stdout.trim().split(' ').filter(Boolean)]).toEqual(['', words]);
  });

  test('zsh runs the same function; another shell is refused', async () => {
    const [bash, zsh] = [await run('completion bash'), await run('completion zsh')];
    expect(zsh.stdout).toMatch(/^autoload -U \+X compinit/);
    expect(zsh.stdout.endsWith(bash.stdout)).toBe(true);
    expect((await run('completion fish')).stderr).toMatch(
      /"shell" expected bash or zsh, got fish; run: medchaos completion/,
    );
  });
});

test('a wrong value in a list is named with its option', async () => {
  const { stderr, code } = await run('leaderboard --schemes paper nope');
  expect(stderr).toMatch(/^medchaos: --schemes expected paper, .* or chacha20-poly1305, got nope;/);
  expect(code).toBe(2);
});
