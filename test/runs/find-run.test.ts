/** A run is found by its folder, a file in it or its id, and its kind by its files. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findRun, finishedRuns, readRun, runKind } from '../../src/runs/find-run.ts';
import { InputError } from '../../src/shared/errors.ts';

const runs = mkdtempSync(join(tmpdir(), 'medchaos-runs-'));
afterAll(() => rmSync(runs, { recursive: true, force: true }));

function folder(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(runs, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

const config = (value: object) => ({ 'config.json': JSON.stringify(value) });
const kinds = {
  training: folder('train-lorenz-resnet18-1-s1', config({ net: 'resnet18', map: 'lorenz' })),
  reproduction: folder('quick-1-s1', config({ profile: { name: 'quick' } })),
  sweep: folder('sweep-nets', { 'sweep.json': '{"sweep":"nets","work":"ablation"}' }),
  cell: folder(
    'sweep-nets/nets-1-s1',
    config({ work: 'ablation', config: { net: 'resnet18', map: 'lorenz' } }),
  ),
  keystream: folder('keystream-1-s1', config({ size: {}, seed: 1 })),
} as const;

describe.each(Object.entries(kinds))('a %s', (kind, path) => {
  test('by its folder', async () => {
    expect(findRun(path, runs)).toBe(path);
    expect(await runKind(path, runs)).toBe(kind);
  });

  test('by its id', () => expect(findRun(path.slice(runs.length + 1), runs)).toBe(path));
});

test('a cell of a sweep by its own id', () => expect(findRun('nets-1-s1', runs)).toBe(kinds.cell));

test('a training inside of a cell is a run of its own', () => {
  const network = folder('sweep-nets/nets-1-s1/network', config({ net: 'resnet18', map: 'lorenz' }));
  expect(findRun(network, runs)).toBe(network);
});

test('a file of the run stands for its folder', () => {
  expect(findRun(join(kinds.training, 'config.json'), runs)).toBe(kinds.training);
  expect(findRun(join(kinds.sweep, 'sweep.json'), runs)).toBe(kinds.sweep);
});

test.each([
  ['the results of a reproduction', { 'run.json': '{' }, 'reproduction'],
  ['a training that lost its config', { 'metrics.jsonl': '' }, 'training'],
  ['a torn config', { 'config.json': '{"net"' }, null],
  ['a status alone', { 'status.json': '{"state":"running"}' }, null],
] as const)('%s', async (name, files, kind) => {
  const path = folder(name.replaceAll(' ', '-'), files);
  expect(await readRun(path)).toMatchObject({ folder: path, kind, config: null });
});

test.each(['none', '/nonexistent', '', '../x'])('%j is refused', (given) => {
  expect(() => findRun(given, runs)).toThrow(
    /is no run folder, and no id of a run in .*; give the path of a run/,
  );
  expect(() => findRun(given, runs)).toThrow(InputError);
});

test('a folder without a run is refused, also where no runs are', () => {
  const empty = folder('empty', { 'notes.txt': '' });
  expect(() => findRun(empty, runs)).toThrow(InputError);
  expect(() => findRun('x', join(runs, 'nowhere'))).toThrow(InputError);
});

test('finished runs, the newest first', async () => {
  const at = (name: string, state: string, time: number): string => {
    const path = folder(name, { 'status.json': JSON.stringify({ state }) });
    utimesSync(join(path, 'status.json'), time, time);
    return path;
  };
  const [old, young] = [at('x-old', 'done', 1000), at('x-young', 'done', 2000)];
  at('x-running', 'running', 3000);
  at('x-unusable', 'done', 4000);
  at('y-other', 'done', 5000);
  const changed = (run: string): number => (run === young ? 2 : run === old ? 1 : 0);
  expect(await finishedRuns('x-', runs, changed)).toEqual([young, old]);
});
