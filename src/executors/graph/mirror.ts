/**
 * Graphs see images and kernels mirrored, top to bottom and left to right, which changes no output. At a stride
 * PyTorch pads an even side by one more before than its windows reach after; TensorFlow's own padding, SAME,
 * has the odd one after. In the mirror they are the same, and the padded copies of activations, in the forward
 * and in the backward pass, fall away (`operations/window.ts`).
 */

import type { GraphWriter, Node } from '../../engine/graph-writer.ts';
import { attribute } from '../../engine/proto.ts';
import type { Tensor } from '../../models/parameters.ts';

/** Images [n, h, w, c] mirrored in height and width. */
export const mirror = (g: GraphWriter, images: Node): Node =>
  g.op('ReverseV2', [images, g.ints(1, 2)], { Tidx: attribute.type('int32') });

/** A kernel [h, w, in, out] mirrored in height and width; what has fewer than four axes stays. Its own inverse. */
export function mirrored(tensor: Tensor): Tensor {
  const [height, width, inputs, outputs] = tensor.shape as [number, number, number, number];
  if (tensor.shape.length !== 4 || height * width === 1) return tensor;
  const data = new Float32Array(tensor.data.length);
  const size = inputs * outputs;
  for (let tap = 0, last = height * width - 1; tap <= last; tap++)
    data.set(tensor.data.subarray(tap * size, (tap + 1) * size), (last - tap) * size);
  return { shape: tensor.shape, data };
}
