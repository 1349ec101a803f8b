import { describe, expect, test } from 'vitest';
import { flatten, type Layer, type Network, withDropout } from '../../src/models/network.ts';
import { buildNetwork, networkNames } from '../../src/models/networks.ts';
import {
  countParameters,
  initialTensors,
  inverseAxes,
  parametersOf,
  transpose,
} from '../../src/models/parameters.ts';

describe('counts of torchvision', () => {
  test.each([
    ['resnet18', 11_176_512, 512],
    ['mobilenetv2', 2_223_872, 1280],
    ['resnet34', 21_284_672, 512],
  ])('%s: backbone %i, head %i + 1 a target', (name, backbone, features) => {
    for (const outputs of [1, 3]) {
      const network = buildNetwork(name, outputs);
      expect(countParameters(network, 'backbone')).toBe(backbone);
      expect(countParameters(network, 'all')).toBe(backbone + outputs * (features + 1));
    }
  });

  test('20, 52 and 36 convolutions, three projections in ResNet-18', () => {
    const convolutions = (name: string) =>
      flatten(buildNetwork(name, 1).layers).filter(({ kind }) => kind === 'conv' || kind === 'depthwise')
        .length;
    expect(convolutions('resnet18')).toBe(20);
    expect(convolutions('mobilenetv2')).toBe(52);
    expect(convolutions('resnet34')).toBe(36);
    const names = parametersOf(buildNetwork('resnet18', 1)).map(({ name }) => name);
    expect(names.filter((name) => name.endsWith('downsample.0.weight'))).toHaveLength(3);
  });

  test('names are unique', () => {
    for (const network of networkNames.map((name) => buildNetwork(name, 3))) {
      const names = parametersOf(network).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

test('withDropout sets the rate in branches too, and leaves all else', () => {
  const drop: Layer = { kind: 'dropout', name: 'drop', channels: 8, rate: 0.5 };
  const residual: Layer = { kind: 'residual', main: [drop], shortcut: [{ kind: 'globalPool' }] };
  const network: Network = { name: 'small', layers: [residual, drop], outputs: 1, head: 'fc.' };
  const without = { ...drop, rate: 0 };
  expect(withDropout(network, 0)).toEqual({
    ...network,
    layers: [{ ...residual, main: [without] }, without],
  });
  const resnet = buildNetwork('resnet18', 3);
  expect(withDropout(resnet, 0)).toEqual(resnet);
});

describe('initial values of torchvision', () => {
  const sd = (values: Float32Array): number =>
    Math.sqrt(values.reduce((s, v) => s + v * v, 0) / values.length);
  const resnet = initialTensors(buildNetwork('resnet18', 3), 1);
  const mobile = initialTensors(buildNetwork('mobilenetv2', 3), 1);

  test('convolutions: normal, sd sqrt(2 / fan-out); the linear layer of MobileNetV2 sd 0.01', () => {
    // The sd of n normal values is known to 1 / sqrt(2 n): here n > 400,000, so 1 % is 9 sigma.
    expect(sd(resnet.get('layer4.1.conv2.weight')!.data) / Math.sqrt(2 / (9 * 512))).toBeCloseTo(1, 2);
    expect(sd(mobile.get('features.18.0.weight')!.data) / Math.sqrt(2 / 1280)).toBeCloseTo(1, 2);
    expect(sd(mobile.get('classifier.1.weight')!.data)).toBeCloseTo(0.01, 3);
    expect(mobile.get('classifier.1.bias')!.data.every((v) => v === 0)).toBe(true);
  });

  test('the linear layer of ResNet-18 is uniform within 1 / sqrt(512)', () => {
    const { data } = resnet.get('fc.weight')!;
    const bound = 1 / Math.sqrt(512);
    expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(sd(data)).toBeCloseTo(bound / Math.sqrt(3), 3);
  });

  test('the same seed gives the same values, another seed others', () => {
    const again = initialTensors(buildNetwork('resnet18', 3), 1).get('conv1.weight')!.data;
    const other = initialTensors(buildNetwork('resnet18', 3), 2).get('conv1.weight')!.data;
    expect(Buffer.from(again.buffer).equals(Buffer.from(resnet.get('conv1.weight')!.data.buffer))).toBe(true);
    expect(Buffer.from(other.buffer).equals(Buffer.from(again.buffer))).toBe(false);
  });
});

test('transposing moves axes and is undone by the inverse', () => {
  const matrix = { shape: [2, 3], data: Float32Array.of(0, 1, 2, 3, 4, 5) };
  expect([...transpose(matrix, [1, 0]).data]).toEqual([0, 3, 1, 4, 2, 5]);
  const kernel = { shape: [2, 3, 4, 5], data: Float32Array.from({ length: 120 }, (_, i) => i) };
  const moved = transpose(kernel, [3, 2, 0, 1]);
  expect(moved.shape).toEqual([5, 4, 2, 3]);
  expect(moved.data[moved.data.length - 1]).toBe(119);
  expect([...transpose(moved, inverseAxes([3, 2, 0, 1])).data]).toEqual([...kernel.data]);
});

test('an unknown network lists the known ones', () => {
  expect(() => buildNetwork('resnet19', 3)).toThrow(/resnet18 or mobilenetv2 or resnet34.*, got resnet19/);
  expect(() => buildNetwork('constructor', 3)).toThrow(/got constructor/);
});
