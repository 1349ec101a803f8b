/**
 * A sliding window seen tap by tap: tap (i, j) of a k x k window at stride s is the strided slice of the
 * padded image that starts at (i, j). Gradients that TensorFlow.js' wasm engine lacks or has wrong are sums
 * over taps of plain operations.
 */
import type { Tensor4D } from '@tensorflow/tfjs';

export type Tf = typeof import('@tensorflow/tfjs');

export interface Window {
  readonly size: number;
  readonly stride: number;
  readonly pad: number;
}

/** All (row, column) taps of a window, in raster order. */
export const taps = ({ size }: Window): [number, number][] =>
  Array.from({ length: size * size }, (_, k) => [Math.floor(k / size), k % size]);

export const padImage = (tf: Tf, x: Tensor4D, pad: number, value = 0): Tensor4D =>
  pad === 0
    ? x
    : (tf.pad(
        x,
        [
          [0, 0],
          [pad, pad],
          [pad, pad],
          [0, 0],
        ],
        value,
      ) as Tensor4D);

export const unpadImage = (tf: Tf, x: Tensor4D, pad: number): Tensor4D => {
  const [n, h, w, c] = x.shape;
  return pad === 0 ? x : tf.slice(x, [0, pad, pad, 0], [n, h - 2 * pad, w - 2 * pad, c]);
};

/** The slice under tap (i, j): [n, h', w', c] for an output of height h' and width w'. */
export function tapOf(
  tf: Tf,
  padded: Tensor4D,
  { stride }: Window,
  [i, j]: [number, number],
  like: Tensor4D,
): Tensor4D {
  const [n, , , c] = padded.shape;
  const [, h, w] = like.shape;
  if (stride === 1 && h === padded.shape[1] && w === padded.shape[2]) return padded;
  const end = [n, i + (h - 1) * stride + 1, j + (w - 1) * stride + 1, c];
  return tf.stridedSlice(padded, [0, i, j, 0], end, [1, stride, stride, 1]) as Tensor4D;
}

/** Puts stride - 1 zeros between rows and columns: [n, h', w', c] -> [n, (h'-1) s + 1, (w'-1) s + 1, c]. */
export function dilate(tf: Tf, y: Tensor4D, stride: number): Tensor4D {
  if (stride === 1) return y;
  const [n, h, w, c] = y.shape;
  const zeros = Array.from({ length: stride - 1 }, () => tf.zerosLike(y));
  const rows = tf.stack([y, ...zeros], 2).reshape([n, h * stride, w, c]);
  const gaps = Array.from({ length: stride - 1 }, () => tf.zerosLike(rows));
  const all = tf.stack([rows, ...gaps], 3).reshape([n, h * stride, w * stride, c]) as Tensor4D;
  return tf.slice(all, [0, 0, 0, 0], [n, (h - 1) * stride + 1, (w - 1) * stride + 1, c]);
}

/**
 * dy with zeros between its samples and a margin around it, so that its plain correlation with the kernel,
 * turned by 180 degrees, is the gradient of the padded image (stride included).
 */
export function spreadGradient(tf: Tf, dy: Tensor4D, padded: Tensor4D, { size, stride }: Window): Tensor4D {
  const spread = dilate(tf, dy, stride);
  const behind = (axis: 1 | 2): number => padded.shape[axis] - spread.shape[axis];
  return tf.pad(spread, [
    [0, 0],
    [size - 1, behind(1)],
    [size - 1, behind(2)],
    [0, 0],
  ]);
}
