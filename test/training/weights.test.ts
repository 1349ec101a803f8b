/** Weights out of a run, into PyTorch and TensorFlow.js, and back. MEDCHAOS_PYTHON names a Python with torch. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tensor } from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../src/engine/engine.ts';
import { readSafetensors } from '../../src/models/safetensors.ts';
import { checkpointFile } from '../../src/training/checkpoint.ts';
import { trainConfig } from '../../src/training/config.ts';
import { train } from '../../src/training/train.ts';
import { openTrained, type TrainedNetwork } from '../../src/training/trained.ts';
import { exportRun, importFile } from '../../src/training/weights.ts';
import { pictureOf } from './_picture.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-weights-'));
const run = join(root, 'run');
const engine = await openEngine();
const small = { net: 'mobilenetv2', size: 64, pairs: 16, valPairs: 4, batch: 4, epochs: 1 };
const dates = [12, 13].map((hour) => ({ year: 2021, month: 3, day: 4, hour, minute: 6, second: 7 }));
let network: TrainedNetwork;
let outputs: Float32Array[];
beforeAll(async () => {
  await train(trainConfig({ ...small, patience: 1 }), engine, run);
  network = await openTrained(run);
  outputs = await network.outputs(dates);
});
afterAll(() => {
  network?.dispose();
  rmSync(root, { recursive: true, force: true });
});

const python = process.env.MEDCHAOS_PYTHON ?? 'python3';
const imports = 'import torch, torchvision, safetensors.torch';
const noTorch = spawnSync(python, ['-c', imports]).status === 0 ? null : `no torch in ${python}`;

/** Loads the file strictly into torchvision's network and prints its sigmoids for images in a file. */
const program = `
import sys, json, torch, torchvision
from safetensors.torch import load_file
model = torchvision.models.mobilenet_v2(num_classes=3)
model.load_state_dict(load_file(sys.argv[1]), strict=True)
x = torch.frombuffer(bytearray(open(sys.argv[2], "rb").read()), dtype=torch.float32).reshape(-1, 64, 64, 3)
with torch.no_grad():
    print(json.dumps(torch.sigmoid(model.eval()(x.permute(0, 3, 1, 2))).tolist()))
`;

describe('export', () => {
  const file = join(root, 'exported.safetensors');

  test('a file under torchvision’s names, without optimiser state, of the best epoch', async () => {
    expect(await exportRun({ run, out: file, format: 'safetensors', force: false })).toEqual([file]);
    const exported = await readSafetensors(file);
    const best = await readSafetensors(checkpointFile(run, 'best'));
    expect([...exported.tensors.keys()]).toEqual([...best.tensors.keys()]);
    expect(exported.tensors.size).toBe(262);
    expect(exported.metadata).toMatchObject({ format: 'pt', net: 'mobilenetv2', map: 'lorenz', size: '64' });
  });

  test.skipIf(noTorch)(`PyTorch loads it strictly and gives our outputs ${noTorch ?? ''}`, () => {
    const images = Buffer.concat(dates.map((when) => Buffer.from(pictureOf(network, when).buffer)));
    writeFileSync(join(root, 'images'), images);
    const { stdout, stderr } = spawnSync(python, ['-c', program, file, join(root, 'images')], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const theirs = (JSON.parse(stdout) as number[][]).flat();
    const ours = outputs.flatMap((output) => [...output]);
    expect(Math.max(...theirs.map((v, i) => Math.abs(v - ours[i]!)))).toBeLessThan(1e-4);
  });

  test('a LayersModel of two files, which TensorFlow.js loads and which gives our outputs', async () => {
    const out = join(root, 'tfjs');
    await exportRun({ run, out, format: 'tfjs', force: false });
    expect(readdirSync(out).sort()).toEqual(['model.json', 'weights.bin']);
    const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(out, 'model.json'), 'utf8'));
    const weightData = new Uint8Array(readFileSync(join(out, 'weights.bin'))).buffer;
    const { tf } = engine;
    const artifacts = { modelTopology, weightSpecs: weightsManifest[0].weights, weightData };
    const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    for (const [i, when] of dates.entries()) {
      const image = tf.tensor4d(pictureOf(network, when), [1, 64, 64, 3]);
      const theirs = (model.predict(image) as Tensor).dataSync();
      for (const [k, ours] of outputs[i]!.entries()) expect(Math.abs(theirs[k]! - ours)).toBeLessThan(1e-5);
      image.dispose();
    }
    model.dispose();
  });

  test('what stands there is not replaced without --force, and nothing is left half', async () => {
    await expect(exportRun({ run, out: file, format: 'safetensors', force: false })).rejects.toThrow(
      /--force/,
    );
    writeFileSync(join(root, 'model.json'), 'mine');
    await expect(exportRun({ run, out: root, format: 'tfjs', force: false })).rejects.toThrow(/--force/);
    expect(existsSync(join(root, 'weights.bin'))).toBe(false);
    expect(readFileSync(join(root, 'model.json'), 'utf8')).toBe('mine');
  });

  test('a folder that is no run', async () => {
    const request = { run: root, out: join(root, 'x'), format: 'safetensors', force: false } as const;
    await expect(exportRun(request)).rejects.toThrow(/is no run folder, and no id of a run/);
  });
});

describe('import', () => {
  const out = join(root, 'imported.safetensors');

  test('tells what fits, and writes it: into the same network all, into one of other outputs the backbone', async () => {
    const request = { file: checkpointFile(run), net: 'mobilenetv2', force: false };
    expect(await importFile({ ...request, map: 'lorenz' })).toMatchObject({ taken: 262, extra: [] });
    const report = await importFile({ ...request, map: 'logistic', out });
    expect(report.taken).toBe(260);
    expect(report.lines).toContain('classifier.1.bias is [3] instead of [1]: starts as a new one');
    expect((await readSafetensors(out)).tensors.size).toBe(260);
  });

  test('a training starts from it', async () => {
    const config = trainConfig({ ...small, map: 'logistic', init: out, lr: 1e-8 });
    const started = await train(config, engine, join(root, 'started'));
    const { tensors } = await readSafetensors(checkpointFile(started.run));
    const source = (await readSafetensors(out)).tensors;
    const name = 'features.18.0.weight';
    const moved = tensors.get(name)!.data.map((v, i) => Math.abs(v - source.get(name)!.data[i]!));
    expect(moved.every((distance) => distance < 1e-6)).toBe(true); // four steps of 1e-8
  });

  test('weights of another network are refused', async () => {
    const request = { file: out, net: 'resnet18', map: 'lorenz', force: false } as const;
    await expect(importFile(request)).rejects.toThrow(/does not hold the backbone of resnet18: conv1.weight/);
  });
});
