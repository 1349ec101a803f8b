/** Walks a network's layers with tfjs operations: the fallback, and the reference for the graph executor. */
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { type BatchNorm, batchNormEpsilon, type Dropout, type Layer } from '../../models/network.ts';
import { type BatchMoments, batchNorm } from './batch-norm.ts';
import { conv } from './conv.ts';
import { depthwise } from './depthwise.ts';
import { maxPool } from './max-pool.ts';
import type { Tf } from './taps.ts';

export interface Walk {
  readonly tf: Tf;
  /** A parameter or statistic by name. */
  value(name: string): Tensor;
  /** Left out for inference: running statistics, no dropout. */
  readonly training?: {
    mask(layer: Dropout): Tensor;
    observe(layer: BatchNorm, moments: BatchMoments): void;
  };
}

export const forward = (walk: Walk, x: Tensor, layers: readonly Layer[]): Tensor =>
  layers.reduce((at, layer) => step(walk, at, layer), x);

function step(walk: Walk, x: Tensor, layer: Layer): Tensor {
  const { tf, value, training } = walk;
  switch (layer.kind) {
    case 'conv':
      return conv(tf, x as Tensor4D, value(`${layer.name}.weight`) as Tensor4D, layer);
    case 'depthwise':
      return depthwise(tf, x as Tensor4D, value(`${layer.name}.weight`) as Tensor4D, layer);
    case 'batchNorm':
      return normalise(walk, x as Tensor4D, layer);
    case 'relu':
      return tf.relu(x);
    case 'relu6':
      return tf.relu6(x);
    case 'maxPool':
      return maxPool(tf, x as Tensor4D, layer);
    case 'globalPool':
      return tf.mean(x, [1, 2]);
    case 'dropout':
      return training ? tf.mul(x, training.mask(layer)) : x;
    case 'linear': {
      const product = tf.matMul(x as Tensor2D, value(`${layer.name}.weight`) as Tensor2D);
      return tf.add(product, value(`${layer.name}.bias`));
    }
    case 'residual':
      return tf.add(forward(walk, x, layer.main), forward(walk, x, layer.shortcut));
  }
}

function normalise({ tf, value, training }: Walk, x: Tensor4D, layer: BatchNorm): Tensor {
  const of = (part: string) => value(`${layer.name}.${part}`) as Tensor1D;
  if (training)
    return batchNorm(tf, x, of('weight'), of('bias'), (moments) => training.observe(layer, moments));
  const [mean, variance] = [of('running_mean'), of('running_var')];
  return tf.batchNorm(x, mean, variance, of('bias'), of('weight'), batchNormEpsilon);
}
