/** Every command that reads a run takes its id as well as its folder. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mriPhantom } from '../../src/data/images/phantoms/mri.ts';
import { encodePng } from '../../src/data/images/png.ts';
import { openEngine } from '../../src/engine/engine.ts';
import { writeWhole } from '../../src/shared/files.ts';
import { trainConfig } from '../../src/training/config.ts';
import { train } from '../../src/training/train.ts';
import { medchaosHere } from '../commands/_cli.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-run-ids-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const id = 'train-logistic-mobilenetv2-0123abcd-s1';
const run = join('results', 'runs', id);
const small = { net: 'mobilenetv2', map: 'logistic', size: 64, pairs: 8, valPairs: 4, batch: 4, epochs: 1 };

beforeAll(async () => {
  await train(trainConfig(small), await openEngine(), join(root, run));
  await cp(join(root, run), join(root, 'elsewhere'), { recursive: true });
  await writeWhole(join(root, 'plain.png'), await encodePng(mriPhantom(32, 32, 1)));
  const made = await medchaosHere(['keygen', '--out', 'keys'], root);
  expect(made.code).toBe(0);
});

const asked = '--map logistic --net mobilenetv2';
const commands: [string, string, RegExp][] = [
  [
    'encrypt',
    `plain.png ${asked} --date 2021-03-04T05:06:07 --recipient keys/public.pem --force --out sealed --model`,
    /plain.cipher.png/,
  ],
  [
    'attack',
    `date plain.png ${asked} --date 2021-03-04T00:00:07 --span 16 --size 16 --scheme paper --model`,
    /date/,
  ],
  ['weights', 'export --out net.safetensors --force', /load_state_dict/],
  ['study', '--dates 64 --seconds 256', /64 unseen dates/],
  ['report', '', /report.html/],
];

describe.each([
  ['id', id],
  ['folder', 'elsewhere'],
])('by its %s', (_, given) => {
  test.each(commands)('%s', async (command, rest, shown) => {
    const words = rest.split(' ').filter(Boolean);
    const at = command === 'weights' ? 1 : words.length;
    const { code, stdout, stderr } = await medchaosHere([command, ...words.toSpliced(at, 0, given)], root);
    expect(stderr).not.toMatch(/^medchaos: /m);
    expect(code).toBe(0);
    expect(stdout).toMatch(shown);
  });

  test('track finds it, and asks for the server', async () => {
    const { code, stderr } = await medchaosHere(['track', given, '--mlflow', 'http://127.0.0.1:9'], root);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no MLflow server answers/);
  });
});

test('results appear in the run itself', () => {
  expect(existsSync(join(root, run, 'study.json'))).toBe(true);
  expect(existsSync(join(root, run, 'report.html'))).toBe(true);
});

test.each(commands)('%s refuses an unknown id by one sentence', async (command, rest) => {
  const words = rest.split(' ').filter(Boolean);
  const at = command === 'weights' ? 1 : words.length;
  const { code, stderr } = await medchaosHere([command, ...words.toSpliced(at, 0, 'train-none')], root);
  expect(code).toBe(2);
  expect(stderr.trim().split('\n').at(-1)).toMatch(/^medchaos: train-none is no run folder, and no id/);
});
