/**
 * Against a real MLflow server: `npm run test:mlflow`, with MEDCHAOS_MLFLOW naming an `mlflow` program (installing it
 * from PyPI takes a minute, so that the usual tests do not).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../src/shared/errors.ts';
import { MlflowClient } from '../../../src/tools/mlflow/client.ts';
import { exportRun, flat, runFolders } from '../../../src/tools/mlflow/export.ts';

const program = process.env.MEDCHAOS_MLFLOW;
const dir = mkdtempSync(join(tmpdir(), 'medchaos-mlflow-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function runFolder(name: string, files: Record<string, unknown>): string {
  const path = join(dir, name);
  mkdirSync(path, { recursive: true });
  for (const [file, content] of Object.entries(files))
    writeFileSync(join(path, file), typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const epoch = (n: number) => ({ epoch: n, trainLoss: 1 / n, valMae: [0.5 / n, 0.25 / n], seconds: 10 * n });
/** When epoch n ends, in seconds since 1970: the time of the file that holds epochs 1 to n. */
const endOf = (n: number): number => 1_700_000_000 + 10 * n;
const wroteEpochs = (run: string, n: number): void =>
  utimesSync(join(run, 'metrics.jsonl'), endOf(n), endOf(n));
const lines = (...records: object[]): string => records.map((r) => `${JSON.stringify(r)}\n`).join('');
const training = runFolder('train-lorenz-x-s1', {
  'config.json': { net: 'resnet18', size: 64, init: null },
  'env.json': { node: '20', engine: 'tensorflow' },
  'metrics.jsonl': lines(epoch(1), epoch(2)),
  'status.json': { state: 'running' },
});
wroteEpochs(training, 2);
const sweep = join(dir, 'sweep');
runFolder('sweep', { 'sweep.json': {} });
runFolder('sweep/x-1', {
  'config.json': { work: 'ablation', config: { net: 'a', 'odd key!': 1 } },
  'env.json': { node: '20' },
  'result.json': { measures: { r2: 0.5, none: null }, seconds: 3 },
  'status.json': { state: 'done' },
});
runFolder('sweep/slurm', { 'jobs.json': [] });

test('nested values become names that MLflow takes', () => {
  expect(flat({ a: { 'b!': [1, { c: null }] }, d: 'x' })).toEqual([
    ['a.b_.0', 1],
    ['a.b_.1.c', null],
    ['d', 'x'],
  ]);
});

test('a sweep stands for its cells; what is no run is refused', async () => {
  expect(await runFolders([training, sweep])).toEqual([training, join(sweep, 'x-1')]);
  const client = new MlflowClient('http://127.0.0.1:9');
  await expect(exportRun(client, '0', dir)).rejects.toThrow(/is no run folder/);
  await expect(exportRun(client, '0', training)).rejects.toThrow(
    /no MLflow server answers at .*start: mlflow server/,
  );
  await expect(exportRun(client, '0', training)).rejects.toThrow(InputError);
  expect(() => new MlflowClient('localhost')).toThrow(/--mlflow expected an address like/);
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

describe.skipIf(!program)('a real server (npm run test:mlflow)', () => {
  let server: ChildProcess;
  let url = '';
  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const store = ['--backend-store-uri', `sqlite:///${join(dir, 'mlflow.db')}`];
    const args = ['server', '--host', '127.0.0.1', '--port', `${port}`, '--workers', '1', ...store];
    server = spawn(program!, args, { cwd: dir, stdio: 'ignore', detached: true });
    while (
      !(await fetch(`${url}/health`).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      await sleep(500);
  }, 240_000);
  afterAll(() => void process.kill(-server.pid!, 'SIGTERM'));

  interface Answer {
    readonly run: {
      readonly info: object;
      readonly data: { metrics: Value[]; params: object[]; tags: object[] };
    };
    readonly runs: object[];
    readonly metrics: Value[];
  }
  type Value = Readonly<Record<'step' | 'value' | 'timestamp', number>> & { readonly key: string };
  const ask = async (path: string, body?: object): Promise<Answer> => {
    const init = body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    };
    return (await fetch(`${url}/api/2.0/mlflow/${path}`, init)).json() as Promise<Answer>;
  };

  test('parameters, tags and every epoch arrive; a second export adds what is new', async () => {
    const client = new MlflowClient(`${url}/`);
    const experiment = await client.experiment('medchaos test');
    expect(await client.experiment('medchaos test')).toBe(experiment);
    const first = await exportRun(client, experiment, training);
    expect(first.metrics).toBe(8);
    expect(await exportRun(client, experiment, training)).toEqual({ ...first, metrics: 0 });
    runFolder('train-lorenz-x-s1', {
      'metrics.jsonl': lines(epoch(1), epoch(2), epoch(3)),
      'status.json': { state: 'done' },
    });
    wroteEpochs(training, 3);
    expect(await exportRun(client, experiment, training)).toEqual({ ...first, metrics: 4 });
    const { run } = await ask(`runs/get?run_id=${first.run}`);
    expect(run.info).toMatchObject({ run_name: 'train-lorenz-x-s1', status: 'FINISHED' });
    expect(run.data.params).toContainEqual({ key: 'net', value: 'resnet18' });
    expect(run.data.tags).toContainEqual({ key: 'env.engine', value: 'tensorflow' });
    const { metrics } = await ask(`metrics/get-history?run_id=${first.run}&metric_key=valMae.1`);
    expect(metrics.map(({ step, value, timestamp }) => [step, value, timestamp])).toEqual([
      [1, 0.25, 1000 * endOf(1)],
      [2, 0.125, 1000 * endOf(2)],
      [3, 0.25 / 3, 1000 * endOf(3)],
    ]);
    const { runs } = await ask('runs/search', { experiment_ids: [experiment] });
    expect(runs).toHaveLength(1);
  });

  test("a sweep's cell is a run of its own", async () => {
    const client = new MlflowClient(url);
    const { run: id } = await exportRun(client, await client.experiment('cells'), join(sweep, 'x-1'));
    const { run } = await ask(`runs/get?run_id=${id}`);
    expect(run.data.metrics.map(({ key, value }) => [key, value])).toEqual(
      expect.arrayContaining([
        ['r2', 0.5],
        ['seconds', 3],
      ]),
    );
    expect(run.data.params).toContainEqual({ key: 'config.odd key_', value: '1' });
    await expect(client.experiment('')).rejects.toThrow(/MLflow refused experiments/);
  });
});
