/** Dense convolution: Conv2D, and the two gradients TensorFlow has for it. */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import type { Conv } from '../../../models/network.ts';
import { frame, place, unframe } from './window.ts';

/** y = conv(x, weight), [n, side, side, in] -> [n, side', side', out]. */
export function convolve(g: GraphWriter, x: Node, layer: Conv, side: number, weight: Node) {
  const placed = place(layer, side);
  const framed = frame(g, x, placed);
  return { placed, framed, y: g.op('Conv2D', [framed, weight], placed.attributes) };
}

/** The same with its gradient on the tape. The network's input needs none, which saves the costliest one. */
export function conv(g: GraphWriter, x: Node, layer: Conv, side: number, isInput: boolean): Node {
  const shape = [layer.size, layer.size, layer.in, layer.out];
  const weight = g.cast(g.variable(`${layer.name}.weight`, shape).value, g.typeOf(x));
  const { placed, framed, y } = convolve(g, x, layer, side, weight);
  return g.record(y, (dy) => {
    const dw = g.op('Conv2DBackpropFilter', [framed, g.ints(...shape), dy], placed.attributes);
    if (isInput) return [[weight, dw]];
    const dx = g.like(dy, 'Conv2DBackpropInput', [g.shapeOf(framed), weight, dy], placed.attributes);
    return [
      [weight, dw],
      [x, unframe(g, dx, x, placed)],
    ];
  });
}
