/** Depthwise convolution: DepthwiseConv2dNative and its two gradients. */
import type { Depthwise } from '../../network.ts';
import type { GraphWriter, Node } from '../writer.ts';
import { windowOf } from './conv.ts';
import { pad, unpad } from './pad.ts';

const op = 'DepthwiseConv2dNative';

/** y[..., c] = conv(x[..., c], weight[:, :, c, 0]). */
export function convolveDepthwise(g: GraphWriter, x: Node, layer: Depthwise, weight: Node) {
  const { width, attributes } = windowOf(layer);
  const padded = pad(g, x, width);
  return { padded, y: g.float(op, [padded, weight], attributes) };
}

/** The same with its gradient on the tape. */
export function depthwise(g: GraphWriter, x: Node, layer: Depthwise): Node {
  const { width, attributes } = windowOf(layer);
  const shape = [layer.size, layer.size, layer.channels, 1];
  const weight = g.variable(`${layer.name}.weight`, shape).value;
  const { padded, y } = convolveDepthwise(g, x, layer, weight);
  return g.record(y, (dy) => {
    const dw = g.float(`${op}BackpropFilter`, [padded, g.ints(...shape), dy], attributes);
    const dx = g.float(`${op}BackpropInput`, [g.shapeOf(padded), weight, dy], attributes);
    return [
      [weight, dw],
      [x, unpad(g, dx, x, width)],
    ];
  });
}
