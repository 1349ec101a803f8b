/** The commands of docs/train.md for pictures of the user's own, as they stand there, at a small size. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { medchaosHere } from '../../commands/_cli.ts';
import { makePictures, writeTargets } from './_pictures.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-docs-pictures-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
writeTargets(join(root, 'targets.csv'), await makePictures(join(root, 'pictures'), 80, 40));

const commands = readFileSync('docs/train.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('    npm run train -- --images'))
  .map((line) => line.trim().split(' ').slice(4));

test('the docs have two', () => expect(commands).toHaveLength(2));

test.each(commands.map((words) => [words.join(' '), words] as const))('train %s', async (_, words) => {
  const small = ['--size', '32', '--batch', '8', '--epochs', '1', '--json'];
  const { code, stdout, stderr } = await medchaosHere(['train', ...words, ...small], root);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^train --images learns from the pixels of the pictures in pictures/);
  expect(stderr).toContain('in 40 groups of patients or copies');
  expect(JSON.parse(stdout)).toMatchObject({
    evaluation: { split: 'test', groups: 4 },
    config: { images: 'pictures' },
  });
});
