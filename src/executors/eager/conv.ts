/** Dense convolution by tfjs operations, with a gradient that every engine has. */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { padImage, spreadGradient, type Tf, tapOf, taps, unpadImage, type Window } from './taps.ts';

/** x [n, h, w, in], weight [k, k, in, out] -> [n, h', w', out]. */
export function conv(tf: Tf, x: Tensor4D, weight: Tensor4D, window: Window): Tensor4D {
  return tf.customGrad((...inputs) => {
    const [image, kernel, save] = inputs as unknown as [Tensor4D, Tensor4D, (t: Tensor[]) => void];
    const padded = padImage(tf, image, window.pad);
    save([padded, kernel]);
    const value = tf.conv2d(padded, kernel, window.stride, 'valid');
    return { value, gradFunc: (dy, saved) => gradients(tf, dy as Tensor4D, saved as Tensor4D[], window) };
  })(x, weight) as Tensor4D;
}

function gradients(tf: Tf, dy: Tensor4D, [padded, kernel]: Tensor4D[], window: Window): Tensor[] {
  const turned = tf.transpose(tf.reverse(kernel!, [0, 1]), [0, 1, 3, 2]);
  const dx = tf.conv2d(spreadGradient(tf, dy, padded!, window), turned, 1, 'valid');
  return [unpadImage(tf, dx, window.pad), kernelGradient(tf, padded!, dy, window)];
}

/**
 * dW[i, j] = tap(i, j)^T dy, a matrix product a tap: wasm has no Conv2DBackpropFilter, and its fast matrix
 * product takes no transposed operand, so the transpose is written out.
 */
function kernelGradient(tf: Tf, padded: Tensor4D, dy: Tensor4D, window: Window): Tensor4D {
  const [input, output] = [padded.shape[3], dy.shape[3]];
  const flat = dy.reshape([-1, output]);
  const parts = taps(window).map((tap) => {
    const seen = tapOf(tf, padded, window, tap, dy).reshape([-1, input]);
    return tf.matMul(tf.transpose(seen), flat);
  });
  return tf.stack(parts).reshape([window.size, window.size, input, output]);
}
