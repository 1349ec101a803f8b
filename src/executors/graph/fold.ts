/** Folds each batch norm into the convolution before it: w' = w s, b' = beta - mean s, s = gamma / sqrt(var + eps). */
import { type BatchNorm, batchNormEpsilon, type Conv, type Depthwise } from '../../models/network.ts';
import type { Tensor, Tensors } from '../../models/parameters.ts';

export function foldBatchNorm(
  tensors: Tensors,
  layer: Conv | Depthwise,
  norm: BatchNorm,
): { weight: Tensor; bias: Float32Array } {
  const of = (part: string): Float32Array => tensors.get(`${norm.name}.${part}`)!.data;
  const [gamma, beta, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(of);
  const scale = Float64Array.from(gamma!, (g, c) => g / Math.sqrt(variance![c]! + batchNormEpsilon));
  const { shape, data } = tensors.get(`${layer.name}.weight`)!;
  const weight = { shape, data: scaled(data, scale) };
  return { weight, bias: Float32Array.from(beta!, (b, c) => b - mean![c]! * scale[c]!) };
}

/**
 * Each value times the scale of its channel: the last axis of a conv kernel, the last but one (of two, the other 1) of a
 * depthwise. A loop, where `Float32Array.from` with a function takes a second for the 11 million of ResNet-18.
 */
function scaled(data: Float32Array, scale: Float64Array): Float32Array {
  const out = new Float32Array(data.length);
  for (let at = 0; at < data.length; at += scale.length)
    for (let c = 0; c < scale.length; c++) out[at + c] = data[at + c]! * scale[c]!;
  return out;
}
