/** Runs that are interrupted, lengthened or confused with another. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import { readSafetensors } from '../../src/models/safetensors.ts';
import { readMetrics, readStatus } from '../../src/runs/run-folder.ts';
import { checkpointFile } from '../../src/training/checkpoint.ts';
import { type TrainConfig, trainConfig } from '../../src/training/config.ts';
import { train } from '../../src/training/train.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-resume-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const engine = await openEngine();
const tiny = { net: 'mobilenetv2', map: 'logistic', size: 64, pairs: 16, valPairs: 4, batch: 4 };
const config = (changes: Partial<Record<keyof TrainConfig, unknown>>) => trainConfig({ ...tiny, ...changes });

/** All tensors of a checkpoint as one buffer, optimiser state included. */
async function tensorsOf(run: string, name: 'last' | 'best' = 'last'): Promise<Buffer> {
  const { tensors } = await readSafetensors(checkpointFile(run, name));
  return Buffer.concat([...tensors.values()].map(({ data }) => Buffer.from(data.buffer)));
}

describe('two epochs and later four are four at once, bit for bit', () => {
  test.each([
    ['adamw', { optimizer: 'adamw', weightDecay: 0.01, clip: 1, patience: 9 }],
    ['sgd', { optimizer: 'sgd', lr: 0.01, weightDecay: 1e-4, target: 'calendar,hash' }],
  ])('%s', async (name, options) => {
    const halves = join(root, `${name}-halves`);
    const half = { ...options, decayEpochs: 4 };
    const first = await train(config({ ...half, epochs: 2 }), engine, halves);
    const both = await train(config({ ...half, epochs: 4 }), engine, halves);
    const once = await train(config({ ...half, epochs: 4 }), engine, join(root, `${name}-once`));
    expect(first.epochs).toHaveLength(2);
    expect((await tensorsOf(halves)).equals(await tensorsOf(once.run))).toBe(true);
    const timeless = once.epochs.map(({ seconds: _, ...rest }) => rest);
    expect(both.epochs.map(({ seconds: _, ...rest }) => rest)).toEqual(timeless);
    if ('patience' in options)
      expect((await tensorsOf(halves, 'best')).equals(await tensorsOf(once.run, 'best'))).toBe(true);
    expect((await readStatus(halves))?.epochs).toBe(4);
  });
});

describe('a folder of another run', () => {
  const path = join(root, 'sgd-once');

  test.each([
    [{ lr: 0.02 }, /holds a run with other options: lr 0.01, now 0.02; give those, or another --out/],
    [{ seed: 2, batch: 8 }, /options: batch 4, now 8; seed 1, now 2;/],
    [{ epochs: 2 }, /options: epochs 4, now 2;/],
    [{ net: 'resnet18' }, /options: net mobilenetv2, now resnet18;/],
  ])('is refused: %j', async (changes, message) => {
    const before = readFileSync(join(path, 'config.json'), 'utf8');
    const same = { optimizer: 'sgd', lr: 0.01, weightDecay: 1e-4, target: 'calendar,hash', decayEpochs: 4 };
    await expect(train(config({ ...same, epochs: 4, ...changes }), engine, path)).rejects.toThrow(message);
    expect(readFileSync(join(path, 'config.json'), 'utf8')).toBe(before);
  });
});

test('a wrong --init leaves no folder; a folder without a checkpoint belongs to no run yet', async () => {
  const path = join(root, 'init');
  const wrong = config({ init: checkpointFile(join(root, 'sgd-once')), net: 'resnet18' });
  await expect(train(wrong, engine, path)).rejects.toThrow(/does not hold the backbone of resnet18/);
  expect(existsSync(path)).toBe(false);
  mkdirSync(path);
  writeFileSync(join(path, 'config.json'), JSON.stringify({ ...wrong, engine: engine.name }));
  expect((await train(config({ epochs: 1, pairs: 4 }), engine, path)).ended).toBe('epochs');
});

/** The command with a checkpoint after each step. */
function spawned(path: string): ChildProcess {
  const flags = '--net mobilenetv2 --map logistic --size 64 --pairs 32 --val-pairs 4 --batch 4 --epochs 2';
  const rest = ['--checkpoint-seconds', '0', '--engine', engine.name, '--no-study', '--out', path];
  return spawn(process.execPath, ['bin/medchaos.js', 'train', ...flags.split(' '), ...rest], {
    stdio: 'ignore',
  });
}

async function waitFor(there: () => boolean, child: ChildProcess): Promise<void> {
  while (!there()) {
    if (child.exitCode !== null) throw new Error(`the command ended with ${child.exitCode} too early`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await new Promise((done) => child.once('close', done));
}

const filesOf = (path: string): string[] => {
  const folder = dirname(checkpointFile(path));
  return existsSync(folder) ? readdirSync(folder) : [];
};

describe('killed with SIGKILL while a checkpoint is being written, in the middle of an epoch', () => {
  test('the one before is whole, and the same command ends as the uninterrupted run', async () => {
    const path = join(root, 'killed');
    for (let tries = 0; !filesOf(path).some((name) => name.endsWith('.tmp')); tries++) {
      if (tries === 4) throw new Error('four kills, and each came after the rename');
      const child = spawned(path); // a checkpoint is half written while its .tmp stands beside the last one
      await waitFor(() => {
        const [whole, half = '', ...others] = filesOf(path);
        return whole === 'last.safetensors' && half.includes(`-${child.pid}-`) && others.length === 0;
      }, child);
      await kill(child);
    }
    const { metadata } = await readSafetensors(checkpointFile(path));
    const { steps, epochLosses } = JSON.parse(metadata.progress!);
    expect(steps).toBeLessThan(16);
    expect(epochLosses).toHaveLength(steps % 8);
    expect((await readStatus(path))?.state).toBe('running');
    expect(existsSync(join(path, '.busy'))).toBe(true); // of a process that is no more
    const whole = config({ pairs: 32, epochs: 2 });
    await train(whole, engine, path);
    await train(whole, engine, join(root, 'uninterrupted'));
    expect((await tensorsOf(path)).equals(await tensorsOf(join(root, 'uninterrupted')))).toBe(true);
    expect((await readMetrics(path)).map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(filesOf(path)).toEqual(['last.safetensors']);
  }, 240_000);
});

test('a folder that another process trains in is left alone', async () => {
  const path = join(root, 'busy');
  const other = spawned(path);
  await waitFor(() => existsSync(checkpointFile(path)), other);
  const attempt = train(config({ pairs: 32, epochs: 2 }), engine, path);
  await expect(attempt).rejects.toThrow(`process ${other.pid} on`);
  await kill(other);
});
