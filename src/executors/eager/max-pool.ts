/**
 * Max pooling by tfjs operations. The gradient goes to the first maximum of each window in raster order, as
 * TensorFlow and PyTorch give it; wasm's own MaxPoolGrad is wrong where a window's maximum is <= 0.
 */
import type { Tensor, Tensor4D } from '@tensorflow/tfjs';
import { dilate, padImage, type Tf, tapOf, taps, unpadImage, type Window } from './taps.ts';

const lowest = -3.4028234663852886e38;

export function maxPool(tf: Tf, x: Tensor4D, window: Window): Tensor4D {
  return tf.customGrad((...inputs) => {
    const [image, save] = inputs as unknown as [Tensor4D, (t: Tensor[]) => void];
    const padded = padImage(tf, image, window.pad, lowest);
    const value = tf.maxPool(padded, window.size, window.stride, 'valid');
    save([padded, value]);
    return { value, gradFunc: (dy, saved) => gradient(tf, dy as Tensor4D, saved as Tensor4D[], window) };
  })(x) as Tensor4D;
}

function gradient(tf: Tf, dy: Tensor4D, [padded, y]: Tensor4D[], window: Window): Tensor4D {
  let open: Tensor = tf.onesLike(dy);
  const parts = taps(window).map((tap) => {
    const first = tf.mul(open, tf.cast(tf.equal(tapOf(tf, padded!, window, tap, dy), y!), 'float32'));
    open = tf.sub(open, first);
    return place(tf, tf.mul(first, dy) as Tensor4D, padded!, window.stride, tap);
  });
  // Two at a time: WebGPU's addN needs a buffer for each tap, and some cards allow eight.
  return unpadImage(
    tf,
    parts.reduce((sum, part) => tf.add(sum, part)),
    window.pad,
  );
}

/** Gradients of one tap, at the positions of its slice. */
function place(tf: Tf, dy: Tensor4D, padded: Tensor4D, stride: number, [i, j]: [number, number]): Tensor4D {
  const spread = dilate(tf, dy, stride);
  const [, height, width] = spread.shape;
  const rows: [number, number] = [i, padded.shape[1] - height - i];
  const columns: [number, number] = [j, padded.shape[2] - width - j];
  return tf.pad(spread, [[0, 0], rows, columns, [0, 0]]);
}
