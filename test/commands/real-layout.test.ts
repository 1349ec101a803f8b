/** From a folder laid out like the real archives to a network trained on its dates, as a user gives the commands. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import train from '../../scripts/train.ts';
import { layOut } from '../data/datasets/_real-layout.ts';
import { medchaos } from './_cli.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-layout-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
await layOut(join(root, 'data'));

/** A command of the user's, which must succeed; its one JSON object. */
function run(...args: string[]): Record<string, unknown> {
  const { code, stdout, stderr } = medchaos([...args, '--json'], root);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe('pairs, and a network trained on them', () => {
  let pairs: Record<string, unknown>;
  let trained: Record<string, unknown>;
  let again: Record<string, unknown>;
  beforeAll(() => {
    const small = ['--net', 'mobilenetv2', '--size', '64', '--batch', '8', '--epochs', '1', '--no-study'];
    pairs = run('pairs', '--data', 'data', '--size', '64', '--out', 'pairs');
    trained = run('train', ...small, '--pairs', 'pairs/pairs.csv');
    again = run('train', ...small, '--data', 'data');
  });

  test('a pair of each image of all five sets, with its own date where it has one', () => {
    expect(pairs).toMatchObject({
      count: 21,
      sets: { nih: 10, drive: 3, pneumonia: 3, 'brain-mri': 3, dicom: 2 },
      sources: { 'png:tIME': 10, 'exif:ModifyDate': 5, 'dicom:StudyDate': 2, synthetic: 4 },
      splits: { train: 17, val: 2, test: 2 },
      skipped: { damaged: 1 },
    });
  });

  test('a run on them, which keeps a copy', () => {
    expect(trained).toMatchObject({ epochs: [{ imagesSeen: 16 }], config: { manifest: 'pairs/pairs.csv' } });
    const copy = readFileSync(join(root, String(trained.run), 'pairs.csv'));
    expect(copy.equals(readFileSync(join(root, 'pairs/pairs.csv')))).toBe(true);
  });

  test('train --data makes the same pairs by itself, and so finds that run', () => {
    expect(again).toMatchObject({ run: trained.run, epochs: trained.epochs });
  });
});

test.each<[object, RegExp]>([
  [{ pairs: 'none.csv', valPairs: 8 }, /--val-pairs expected no value beside real pairs/],
  [{ data: 'data', pairs: '8' }, /--pairs expected no value beside --data/],
  [{ data: join(root, 'none') }, /cannot read data folder .*none/],
  [{ data: 'data', target: 'hash,calendar' }, /--target expected one beside --data/],
  [{ data: 'data', dates: 'fresh' }, /"dates" expected fixed beside a manifest/],
])('train with %j is refused', async (options, message) => {
  await expect(train.run(options as never)).rejects.toThrow(message);
});
