/** Folds each batch norm into the convolution before it: w' = w s, b' = beta - mean s, s = gamma / sqrt(var + eps). */
import { type BatchNorm, batchNormEpsilon, type Conv, type Depthwise } from '../network.ts';
import type { Tensor, Tensors } from '../parameters.ts';

export function foldBatchNorm(
  tensors: Tensors,
  layer: Conv | Depthwise,
  norm: BatchNorm,
): { weight: Tensor; bias: Float32Array } {
  const of = (part: string): Float32Array => tensors.get(`${norm.name}.${part}`)!.data;
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(of);
  const scale = Float64Array.from(gamma!, (g, c) => g / Math.sqrt(variance![c]! + batchNormEpsilon));
  const { shape, data } = tensors.get(`${layer.name}.weight`)!;
  const channels = norm.channels; // the last axis of a conv kernel, the last but one (of two, the other 1) of a depthwise
  const weight = { shape, data: Float32Array.from(data, (w, i) => w * scale[i % channels]!) };
  return { weight, bias: Float32Array.from(beta!, (b, c) => b - mean![c]! * scale[c]!) };
}
