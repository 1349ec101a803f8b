import { describe, expect, test } from 'vitest';
import { forwardFlops, trainingFlops } from '../../src/models/flops.ts';
import type { Network } from '../../src/models/network.ts';
import { buildNetwork } from '../../src/models/networks.ts';

describe('operations of the networks', () => {
  // torchvision 0.29's documentation, GFLOPS of ResNet18_Weights, ResNet34_Weights, MobileNet_V2_Weights: 1.81, 3.66, 0.3 (it counts a
  // multiplication and its addition as one).
  test.each([
    ['resnet18', 1.81],
    ['resnet34', 3.66],
    ['mobilenetv2', 0.3],
  ])('%s at 224 x 224: %f thousand million multiplications', (name, published) => {
    expect(forwardFlops(buildNetwork(name, 1000), 224) / 2e9).toBeCloseTo(published, 2);
  });

  test('one convolution and one linear layer, by hand', () => {
    const network: Network = {
      name: 'small',
      layers: [
        { kind: 'conv', name: 'c', in: 3, out: 5, size: 3, stride: 2, pad: 1 },
        { kind: 'globalPool' },
        { kind: 'linear', name: 'l', in: 5, out: 2, init: 'uniform' },
      ],
      outputs: 2,
      head: 'l.',
    };
    const [conv, linear] = [2 * 4 * 4 * 9 * 3 * 5, 2 * 5 * 2];
    expect(forwardFlops(network, 8)).toBe(conv + linear);
    expect(trainingFlops(network, 8)).toBe(2 * conv + 3 * linear);
  });
});
