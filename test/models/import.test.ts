/** Weights under other libraries' names: test/vectors/weight-names.py says where those come from. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { importLines, importWeights } from '../../src/models/import.ts';
import { buildNetwork } from '../../src/models/networks.ts';
import { parametersOf, sizeOf, type Tensor } from '../../src/models/parameters.ts';
import { encodeSafetensors } from '../../src/models/safetensors.ts';
import vectors from '../vectors/weight-names.json' with { type: 'json' };

const folder = mkdtempSync(join(tmpdir(), 'medchaos-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of tensors, the k-th filled with k. */
function fileOf(
  names: [string, number[]][],
  change: (tensors: Map<string, Tensor>) => void = () => undefined,
): string {
  const tensors = new Map<string, Tensor>(
    names.map(([name, shape], k) => [name, { shape, data: new Float32Array(sizeOf(shape)).fill(k) }]),
  );
  change(tensors);
  const path = join(folder, 'weights.safetensors');
  writeFileSync(path, encodeSafetensors(tensors));
  return path;
}

const cases = (['resnet18', 'mobilenetv2', 'resnet34'] as const).flatMap((net) =>
  (['torchvision', 'timm'] as const).map((library) => ({
    net,
    library,
    names: vectors[net][library] as [string, number[]][],
  })),
);

describe.each(cases)('$net of $library', ({ net, names }) => {
  const network = buildNetwork(net, 3);

  test('every tensor of the backbone finds its place; the head for 1000 classes is left out', async () => {
    const fit = await importWeights(fileOf(names), network);
    const inOrder = vectors[net].torchvision.map(([name]) => name);
    const backbone = inOrder.filter((name) => !(name as string).startsWith(network.head));
    expect([...fit.tensors.keys()].sort()).toEqual(backbone.toSorted());
    for (const [name, { data }] of fit.tensors)
      expect(data[data.length - 1], name).toBe(inOrder.indexOf(name));
    expect([fit.missing, fit.extra]).toEqual([[], []]);
    expect(fit.reshaped.map(({ found, expected }) => [found[0], expected[0]])).toEqual([
      [1000, 3],
      [1000, 3],
    ]);
  });
});

describe('what does not agree is said', () => {
  const names = vectors.mobilenetv2.timm as [string, number[]][];
  const network = buildNetwork('mobilenetv2', 3);

  test('left out and extra, a line each', async () => {
    const path = fileOf(names, (tensors) => {
      tensors.delete('classifier.bias');
      tensors.set('ema.decay', { shape: [1], data: Float32Array.of(0.9) });
      tensors.set('bn1.num_batches_tracked', { shape: [], data: Float32Array.of(7) });
    });
    expect(importLines(await importWeights(path, network))).toEqual([
      '260 tensors taken',
      'classifier.1.bias is missing: starts as a new one',
      'classifier.1.weight is [1000,1280] instead of [3,1280]: starts as a new one',
      'ema.decay is extra: left out',
    ]);
  });

  test('names behind DataParallel’s "module."', async () => {
    const wrapped = names.map(([name, shape]): [string, number[]] => [`module.${name}`, shape]);
    expect((await importWeights(fileOf(wrapped), network)).tensors.size).toBe(260);
  });

  test('a backbone that is not whole is refused', async () => {
    const path = fileOf(names, (tensors) => {
      tensors.delete('conv_stem.weight');
      tensors.set('blocks.0.0.conv_dw.weight', { shape: [1], data: Float32Array.of(1) });
    });
    await expect(importWeights(path, network)).rejects.toThrow(
      /does not hold the backbone of mobilenetv2: features.0.0.weight is missing, features.1.conv.0.0.weight is \[1\] instead of \[32,1,3,3\]; give the --net/,
    );
    await expect(importWeights(path, buildNetwork('resnet18', 3))).rejects.toThrow(/and \d+ more/);
  });

  test('timm’s names of blocks that do not exist stay as they are', () => {
    const { rename } = network;
    for (const name of [
      'blocks.0.0.conv_pwl.weight',
      'blocks.1.2.bn1.bias',
      'blocks.7.0.bn1.bias',
      'constructor.x',
    ])
      expect(rename!(name)).toBe(name);
    for (const { name } of parametersOf(network)) expect(rename!(name)).toBe(name);
  });
});
