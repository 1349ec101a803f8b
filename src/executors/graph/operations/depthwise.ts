/** Depthwise convolution: DepthwiseConv2dNative and its two gradients. */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import type { Depthwise } from '../../../models/network.ts';
import { frame, place, unframe } from './window.ts';

const op = 'DepthwiseConv2dNative';

/** y[..., c] = conv(x[..., c], weight[:, :, c, 0]), of x [n, side, side, channels]. */
export function convolveDepthwise(g: GraphWriter, x: Node, layer: Depthwise, side: number, weight: Node) {
  const placed = place(layer, side);
  const framed = frame(g, x, placed);
  return { placed, framed, y: g.op(op, [framed, weight], placed.attributes) };
}

/** The same with its gradient on the tape. */
export function depthwise(g: GraphWriter, x: Node, layer: Depthwise, side: number): Node {
  const shape = [layer.size, layer.size, layer.channels, 1];
  const weight = g.cast(g.variable(`${layer.name}.weight`, shape).value, g.typeOf(x));
  const { placed, framed, y } = convolveDepthwise(g, x, layer, side, weight);
  return g.record(y, (dy) => {
    const dw = g.op(`${op}BackpropFilter`, [framed, g.ints(...shape), dy], placed.attributes);
    const dx = g.like(dy, `${op}BackpropInput`, [g.shapeOf(framed), weight, dy], placed.attributes);
    return [
      [weight, dw],
      [x, unframe(g, dx, x, placed)],
    ];
  });
}
