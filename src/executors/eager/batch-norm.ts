/** Batch normalisation by tfjs operations; the gradient in closed form (Ioffe and Szegedy 2015). */
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { batchNormEpsilon } from '../../models/network.ts';
import type { Tf } from './taps.ts';

/** Mean and biased variance of a batch, [channels] each. The callback disposes of them. */
export interface BatchMoments {
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** Values behind each. */
  readonly count: number;
}

const axes = [0, 1, 2];

/** Normalises by the batch's own moments and passes them to `observe`. */
export function batchNorm(
  tf: Tf,
  x: Tensor4D,
  scale: Tensor1D,
  offset: Tensor1D,
  observe: (moments: BatchMoments) => void,
): Tensor4D {
  return tf.customGrad((...inputs) => {
    const [image, gamma, beta, save] = inputs as unknown as [
      Tensor4D,
      Tensor1D,
      Tensor1D,
      (t: Tensor[]) => void,
    ];
    const { mean, variance } = tf.moments(image, axes);
    observe({ mean: tf.keep(mean), variance: tf.keep(variance), count: image.size / gamma.size });
    const inverse = tf.rsqrt(tf.add(variance, batchNormEpsilon));
    const normal = tf.mul(tf.sub(image, mean), inverse);
    save([normal, tf.mul(gamma, inverse)]);
    const value = tf.add(tf.mul(normal, gamma), beta);
    return { value, gradFunc: (dy, saved) => gradients(tf, dy, saved as Tensor[]) };
  })(x, scale, offset) as Tensor4D;
}

/** dx = gamma / sigma (dy - mean(dy) - normal mean(dy normal)). */
function gradients(tf: Tf, dy: Tensor, [normal, slope]: Tensor[]): Tensor[] {
  const product = tf.mul(dy, normal!);
  const centred = tf.sub(dy, tf.mean(dy, axes));
  const dx = tf.mul(slope!, tf.sub(centred, tf.mul(normal!, tf.mean(product, axes))));
  return [dx, tf.sum(product, axes), tf.sum(dy, axes)];
}
