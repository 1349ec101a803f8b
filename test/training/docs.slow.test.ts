/** Lines of docs/train.md as they stand there, at a small size: --watch, a sweep by --set, the list, the comparison. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { medchaosHere } from '../commands/_cli.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-docs-train-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const lines = readFileSync('docs/train.md', 'utf8').split('\n');
/** The words after `npm run` of the line with a text. */
const lineWith = (text: string): string[] => {
  const line = lines.find((each) => each.startsWith('    npm run ') && each.includes(text));
  expect(line, `a line with ${text}`).toBeDefined();
  return line!
    .trim()
    .split(' ')
    .slice(2)
    .filter((word) => word !== '--');
};
const run = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await medchaosHere(words, root);
  expect(code, stderr).toBe(0);
  return stdout;
};

test('train --watch, then --set, runs list, report A B C', { timeout: 600_000 }, async () => {
  const small = [
    '--size',
    '64',
    '--pairs',
    '64',
    '--val-pairs',
    '8',
    '--epochs',
    '1',
    '--no-study',
    '--json',
  ];
  const watched = lineWith('--watch').filter((_, i, all) => !/^--(size|pairs|epochs)$/.test(all[i]!));
  const withoutValues = watched.filter((word) => !/^\d+$/.test(word));
  const first = JSON.parse(await run(...withoutValues, ...small)) as { run: string };
  expect(existsSync(join(root, first.run, 'report.html'))).toBe(true);

  const set = lineWith('--set lr=1e-3,3e-3').filter((word) => !/^(--size|\d+)$/.test(word));
  const sweep = JSON.parse(await run(...set, ...small)) as {
    out: string;
    done: number;
    best: { cell: string }[];
  };
  expect(sweep.done).toBe(8);
  expect(readFileSync(join(sweep.out, 'report.html'), 'utf8')).toContain('Best cell');

  expect(await run(...lineWith('runs -- list'))).toContain(basename(first.run));
  const names: Readonly<Record<string, string>> = {
    A: basename(first.run),
    B: sweep.best[0]!.cell,
    C: first.run,
  };
  const report = lineWith('report -- A B C').map((word) => names[word] ?? word);
  expect(await run(...report)).toMatch(/compare-.*\.html/);
});
