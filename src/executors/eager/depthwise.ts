/** Depthwise convolution by tfjs operations, with a gradient that every engine has. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { padImage, spreadGradient, type Tf, tapOf, taps, unpadImage, type Window } from './taps.ts';

/** x [n, h, w, c], weight [k, k, c, 1] -> [n, h', w', c]. */
export function depthwise(tf: Tf, x: Tensor4D, weight: Tensor4D, window: Window): Tensor4D {
  return tf.customGrad((...inputs) => {
    const [image, kernel, save] = inputs as unknown as [Tensor4D, Tensor4D, (t: Tensor[]) => void];
    const padded = padImage(tf, image, window.pad);
    save([padded, kernel]);
    const value = tf.depthwiseConv2d(padded, kernel, window.stride, 'valid');
    return { value, gradFunc: (dy, saved) => gradients(tf, dy as Tensor4D, saved as Tensor4D[], window) };
  })(x, weight) as Tensor4D;
}

function gradients(tf: Tf, dy: Tensor4D, [padded, kernel]: Tensor4D[], window: Window): Tensor[] {
  const spread = spreadGradient(tf, dy, padded!, window);
  const dx = tf.depthwiseConv2d(spread, tf.reverse(kernel!, [0, 1]), 1, 'valid');
  return [unpadImage(tf, dx, window.pad), kernelGradient(tf, padded!, dy, window)];
}

function kernelGradient(tf: Tf, padded: Tensor4D, dy: Tensor4D, window: Window): Tensor4D {
  const parts = taps(window).map((tap) => tf.sum(tf.mul(tapOf(tf, padded, window, tap, dy), dy), [0, 1, 2]));
  return tf.stack(parts).reshape([window.size, window.size, dy.shape[3], 1]);
}
