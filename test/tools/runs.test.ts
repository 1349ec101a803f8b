/** `medchaos runs` on made-up run folders of every kind and state. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { medchaosHere } from '../commands/_cli.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-runs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const old = new Date('2026-01-02T03:04:05Z');

function makeRun(id: string, files: Readonly<Record<string, unknown>>): void {
  mkdirSync(join(root, id));
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(root, id, name), typeof content === 'string' ? content : JSON.stringify(content));
  utimesSync(join(root, id, 'status.json'), old, old);
}

const epoch = { epoch: 1, seconds: 75, valR2: [0.9, 0.8] };
const study = { unseen: { outputs: [{ r2: 0.99 }, { r2: 0.97 }] } };

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  const training = { config: { net: 'resnet18', map: 'lorenz', lr: 0.001 }, status: { state: 'done' } };
  makeRun('train-a', {
    'config.json': training.config,
    'status.json': training.status,
    'metrics.jsonl': `${JSON.stringify(epoch)}\n`,
    'study.json': study,
  });
  makeRun('train-b', {
    'config.json': { ...training.config, lr: 0.01, dropout: 0.2 },
    'status.json': { state: 'failed', reason: 'the loss is NaN' },
    'metrics.jsonl': `${JSON.stringify(epoch)}\n`,
  });
  makeRun('train-killed', { 'config.json': training.config, 'status.json': { state: 'running' } });
  makeRun('train-at-work', {
    'config.json': training.config,
    'status.json': { state: 'running' },
    '.busy': `${process.ppid} ${hostname()} 0123456789abcdef\n`,
  });
  makeRun('repro', { 'config.json': { profile: 'quick' }, 'status.json': { state: 'done' }, 'run.json': {} });
  mkdirSync(join(root, 'no-run'));
});

type Entry = { id: string; state: string; kind: string; r2: number | null; seconds: number | null };
const runs = (...args: string[]) => medchaosHere(['runs', ...args, '--in', root], '.');
const listed = async (...args: string[]): Promise<Entry[]> =>
  (JSON.parse((await runs('list', '--json', ...args)).stdout) as { runs: Entry[] }).runs;

describe('runs list', () => {
  test('kind, state, result of each; a folder that is no run is left out', async () => {
    expect((await listed('--sort', 'id')).map(({ id, kind, state }) => [id, kind, state])).toEqual([
      ['repro', 'reproduction', 'done'],
      ['train-a', 'training', 'done'],
      ['train-at-work', 'training', 'running'],
      ['train-b', 'training', 'failed'],
      ['train-killed', 'training', 'stopped'],
    ]);
  });

  test('the R2 of the study, else of the last validation; the best first', async () => {
    const [first, second] = await listed('--sort', 'r2');
    expect(first).toMatchObject({ id: 'train-a', r2: 0.97, seconds: 75 });
    expect(second).toMatchObject({ id: 'train-b', r2: 0.8, reason: 'the loss is NaN' });
  });

  test('a sweep: the seconds of its cells, the best R2, and whether all of them ended', async () => {
    const cell = (name: string, files: Readonly<Record<string, object>>): void => {
      mkdirSync(join(root, 'sweep-x', name), { recursive: true });
      for (const [file, content] of Object.entries({
        'config.json': { work: 'train', config: {} },
        ...files,
      }))
        writeFileSync(join(root, 'sweep-x', name, file), JSON.stringify(content));
    };
    const done = { 'status.json': { state: 'done' } };
    cell('a', { ...done, 'result.json': { measures: { r2: 0.9, r2_worst: 0.8 }, seconds: 20 } });
    cell('b', { ...done, 'result.json': { measures: { val_r2: 0.7 }, seconds: 30 } });
    cell('c', { 'status.json': { state: 'failed', reason: 'no room' } });
    writeFileSync(join(root, 'sweep-x', 'sweep.json'), JSON.stringify({ sweep: 'x', work: 'train' }));
    const sweep = async () => (await listed('--kind', 'sweep'))[0];
    expect(await sweep()).toMatchObject({
      state: 'done',
      seconds: 50,
      r2: 0.8,
      reason: '1 of 3 cells failed',
    });
    cell('d', { 'status.json': { state: 'running' } });
    expect(await sweep()).toMatchObject({ state: 'stopped', seconds: 50 });
    const show = JSON.parse((await runs('show', join(root, 'sweep-x', 'a'), '--json')).stdout);
    expect(show).toMatchObject({ kind: 'cell', state: 'done', seconds: 20, r2: 0.8 });
  });

  test.each([
    [['--state', 'failed'], ['train-b']],
    [['--failed'], ['train-b']],
    [['--kind', 'reproduction'], ['repro']],
    [['--match', 'kill'], ['train-killed']],
    [['--older', '10000w'], []],
  ])('%j', async (args, ids) => expect((await listed(...args)).map(({ id }) => id)).toEqual(ids));

  test('as text: a line a run and the sum', async () => {
    const lines = (await runs('list', '--failed')).stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^run +kind +state +changed/);
    expect(lines[1]).toMatch(/^train-b +training +failed +2026-01-02 03:04 +1:15 +0.8000/);
    expect(lines[2]).toMatch(/^1 runs, /);
  });
});

test('runs compare shows the options that differ', async () => {
  const { options } = JSON.parse((await runs('compare', 'train-a', 'train-b', '--json')).stdout);
  expect(options).toEqual({ lr: [0.001, 0.01], dropout: [null, 0.2] });
  expect((await runs('compare', 'train-a', 'train-b')).stdout).toMatch(/^lr +0.001 +0.01$/m);
});

test('runs show prints the options', async () =>
  expect(JSON.parse((await runs('show', 'train-a', '--json')).stdout)).toMatchObject({
    config: { lr: 0.001 },
    r2: 0.97,
  }));

describe('runs rm', () => {
  test('--dry-run names what it would remove', async () => {
    expect((await runs('rm', '--failed', '--older', '30d', '--dry-run')).stdout).toMatch(
      /would be removed:[\s\S]*train-b/,
    );
    expect(existsSync(join(root, 'train-b'))).toBe(true);
  });

  test('removes what the filter chooses, and nothing else', async () => {
    expect((await runs('rm', '--failed', '--older', '30d')).code).toBe(0);
    expect((await listed('--sort', 'id')).map(({ id }) => id)).toEqual([
      'repro',
      'train-a',
      'train-at-work',
      'train-killed',
    ]);
  });

  test('a run at work stays, and is named', async () => {
    const { left } = JSON.parse((await runs('rm', '--match', 'train', '--json')).stdout);
    expect(left).toEqual([{ id: 'train-at-work', why: 'a process works on it' }]);
    expect((await listed()).map(({ id }) => id)).toContain('train-at-work');
  });

  test.each([
    ['train-at-work', /train-at-work is not removed: a process works on it/],
    ['nowhere', /nowhere is no run folder/],
  ])('%s by name is refused', async (name, message) => {
    const { code, stderr } = await runs('rm', name);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  test('without a filter it is refused', async () =>
    expect((await runs('rm')).stderr).toMatch(/expected run ids, or --failed/));

  test('a kept run stays until it is released', async () => {
    expect((await runs('keep', 'train-b')).code).toBe(0);
    expect((await runs('rm', 'train-b')).stderr).toMatch(/it is kept/);
    expect((await runs('keep', '--off', 'train-b')).code).toBe(0);
    expect((await runs('rm', 'train-b')).code).toBe(0);
    expect(existsSync(join(root, 'train-b'))).toBe(false);
  });
});

test.each([
  [['list', '--older', 'soon'], /expected an age such as 12h, 30d or 4w, got "soon"/],
  [['show'], /runs show expected 1 run id, got 0/],
  [['compare', 'train-a'], /runs compare expected at least 2 run ids, got 1/],
  [['list', 'train-a'], /takes no run ids; use --match/],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await runs(...args);
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
});

test('a folder of runs that is not there is refused', async () => {
  const { code, stderr } = await medchaosHere(['runs', 'list', '--in', join(root, 'none')], '.');
  expect([code, stderr]).toEqual([2, expect.stringMatching(/--in expected a folder of runs/)]);
});
