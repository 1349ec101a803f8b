/** What can go wrong around a training: a clear sentence, and nothing that was there before is lost. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import { buildNetwork } from '../../src/models/networks.ts';
import type { Tensor } from '../../src/models/parameters.ts';
import { encodeSafetensors, readSafetensors } from '../../src/models/safetensors.ts';
import { readMetrics, readStatus } from '../../src/runs/run-folder.ts';
import { checkpointFile } from '../../src/training/checkpoint.ts';
import { type TrainConfig, trainConfig } from '../../src/training/config.ts';
import { train, trainRunPath } from '../../src/training/train.ts';
import { openTrained } from '../../src/training/trained.ts';
import { smallDisk } from '../shared/_small-disk.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-bad-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const engine = await openEngine();
const tiny = { net: 'mobilenetv2', map: 'logistic', size: 64, pairs: 8, valPairs: 2, batch: 4, epochs: 1 };
const config = (changes: Partial<Record<keyof TrainConfig, unknown>> = {}) =>
  trainConfig({ ...tiny, optimizer: 'sgd', lr: 0.01, decayEpochs: 3, ...changes });

/** One epoch, which every case copies and spoils. */
const whole = join(root, 'whole');
beforeAll(() => train(config(), engine, whole));

let copies = 0;
function copy(): string {
  const path = join(root, `copy-${copies++}`);
  cpSync(whole, path, { recursive: true });
  return path;
}

/** Rewrites a checkpoint with other tensors or metadata. */
async function spoil(
  path: string,
  change: (tensors: Map<string, Tensor>, metadata: Record<string, string>) => void,
): Promise<void> {
  const { tensors, metadata } = await readSafetensors(checkpointFile(path));
  const [all, about] = [new Map(tensors), { ...metadata }];
  change(all, about);
  writeFileSync(checkpointFile(path), encodeSafetensors(all, about));
}

const longer = config({ epochs: 2 });

describe('a checkpoint that does not fit is refused, and its folder left as it was', () => {
  const cases: [string, (path: string) => Promise<void> | void, RegExp][] = [
    [
      'cut off',
      (path) => truncateSync(checkpointFile(path), 100_000),
      /not a whole .safetensors file: .* delete it to begin again, or give another --out/,
    ],
    [
      'of another network',
      (path) => {
        const { head } = buildNetwork('resnet18', 1);
        const tensors = new Map([[`${head}weight`, { shape: [1, 512], data: new Float32Array(512) }]]);
        const metadata = { progress: JSON.stringify({ steps: 2, seconds: 1, epochLosses: [] }) };
        writeFileSync(checkpointFile(path), encodeSafetensors(tensors, metadata));
      },
      /last.safetensors: these weights are not of mobilenetv2 with 1 outputs: .* is missing.*another --out/,
    ],
    [
      'with a weight of another shape',
      (path) =>
        spoil(path, (tensors) =>
          tensors.set('classifier.1.weight', { shape: [3, 1280], data: new Float32Array(3840) }),
        ),
      /classifier.1.weight is \[3,1280\] instead of \[1,1280\]/,
    ],
    [
      'of another optimiser',
      (path) =>
        spoil(path, (tensors) => {
          for (const name of [...tensors.keys()]) if (name.startsWith('sgd.')) tensors.delete(name);
        }),
      /does not hold the state of sgd: sgd.momentum.features.0.0.weight is missing.*and \d+ more/,
    ],
    [
      'with a state of another shape',
      (path) =>
        spoil(path, (tensors) =>
          tensors.set('sgd.momentum.classifier.1.bias', { shape: [2], data: new Float32Array(2) }),
        ),
      /sgd.momentum.classifier.1.bias is \[2\] instead of \[1\]/,
    ],
    [
      'whose progress is damaged',
      (path) => spoil(path, (_, metadata) => Object.assign(metadata, { progress: '{"steps":' })),
      /is no checkpoint: it lacks the run's progress/,
    ],
  ];
  test.each(cases)('%s', async (_, change, message) => {
    const path = copy();
    await change(path);
    const files = ['config.json', 'status.json', 'metrics.jsonl', 'checkpoints/last.safetensors'];
    const before = files.map((name) => readFileSync(join(path, name)));
    await expect(train(longer, engine, path)).rejects.toThrow(message);
    for (const [i, name] of files.entries())
      expect(readFileSync(join(path, name)).equals(before[i]!), name).toBe(true);
    expect(existsSync(join(path, '.busy'))).toBe(false);
  });

  test('encrypt says which file is not of the network that its folder names', async () => {
    const path = copy();
    await spoil(path, (tensors) => tensors.delete('classifier.1.bias'));
    const opened = openTrained(path);
    await expect(opened).rejects.toThrow(
      /last.safetensors: these weights are not of .*bias is missing.*--net/,
    );
  });
});

test('a training that diverges names the step and keeps the last good checkpoint', async () => {
  const path = copy();
  // Weights that are finite, as a checkpoint's must be, and lead beyond float32 in the next step.
  await spoil(path, (tensors) => tensors.get('features.0.0.weight')!.data.fill(3e38));
  const before = readFileSync(checkpointFile(path));
  const message = /training loss is NaN at step 3; the last checkpoint is kept; .* lower --lr/;
  await expect(train(longer, engine, path)).rejects.toThrow(message);
  expect(readFileSync(checkpointFile(path)).equals(before)).toBe(true);
  expect(await readStatus(path)).toMatchObject({ state: 'failed', reason: expect.stringMatching(message) });
});

describe('a line of metrics.jsonl that was cut off', () => {
  const metrics = (path: string): string => join(path, 'metrics.jsonl');

  test('is taken away on resumption, so that the next one is whole', async () => {
    const path = copy();
    appendFileSync(metrics(path), '{"epoch":2,"steps":4,"tra');
    expect((await train(longer, engine, path)).epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect((await readMetrics(path)).map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const line of readFileSync(metrics(path), 'utf8').trim().split('\n')) JSON.parse(line);
  });

  test('is ended where nothing else is missing', async () => {
    const path = copy();
    truncateSync(metrics(path), readFileSync(metrics(path)).length - 1);
    await train(longer, engine, path);
    expect((await readMetrics(path)).map(({ epoch }) => epoch)).toEqual([1, 2]);
  });
});

describe('--init decides a run by its content', () => {
  test('another file under the name is another run; the same elsewhere is the same', async () => {
    const [first, second] = [join(root, 'a.safetensors'), join(root, 'b.safetensors')];
    cpSync(checkpointFile(whole), first);
    cpSync(checkpointFile(whole), second);
    const started = await trainRunPath(config({ init: first }), engine);
    expect(await trainRunPath(config({ init: second }), engine)).toBe(started);
    expect(await trainRunPath(config(), engine)).not.toBe(started);
    const path = join(root, 'init');
    await train(config({ init: first }), engine, path);
    const { tensors } = await readSafetensors(first);
    tensors.get('classifier.1.bias')!.data[0]! += 1;
    writeFileSync(first, encodeSafetensors(tensors));
    expect(await trainRunPath(config({ init: first }), engine)).not.toBe(started);
    const other = train(config({ init: first, epochs: 2 }), engine, path);
    await expect(other).rejects.toThrow(/holds a run with other options: init sha256 \w{64}, now sha256/);
    expect((await train(config({ init: second, epochs: 2 }), engine, path)).epochs).toHaveLength(2);
  });

  test('a file that is not there', async () => {
    await expect(trainRunPath(config({ init: 'none.safetensors' }), engine)).rejects.toThrow(
      /cannot read weights none.safetensors: there is no such file/,
    );
  });
});

describe('a full disk', () => {
  // A checkpoint of MobileNetV2 under SGD is 18 MB: one fits, a second beside it does not.
  const disk = smallDisk(27);
  afterAll(() => disk.close());

  test.skipIf(disk.missing)(
    `loses nothing, and with room the same command goes on ${disk.missing}`,
    async () => {
      const { path } = disk;
      const run = join(path, 'run');
      const full =
        /cannot write .*last.safetensors: the disk is full; make room and give the same command again/;
      await expect(train(longer, engine, run)).rejects.toThrow(full);
      const { metadata } = await readSafetensors(checkpointFile(run));
      expect(JSON.parse(metadata.progress!).steps).toBe(2); // whole, of the first epoch
      expect((await readStatus(run))?.state).toBe('failed');
      disk.resize(100);
      await train(longer, engine, run);
      const elsewhere = copy();
      await train(longer, engine, elsewhere);
      const tensorsOf = async (of: string): Promise<Buffer> => {
        const { tensors } = await readSafetensors(checkpointFile(of));
        return Buffer.concat([...tensors.values()].map(({ data }) => Buffer.from(data.buffer)));
      };
      expect((await tensorsOf(run)).equals(await tensorsOf(elsewhere))).toBe(true);
    },
    240_000,
  );
});
