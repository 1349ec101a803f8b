/** Dense convolution: Conv2D, and the two gradients TensorFlow has for it. */
import type { Conv } from '../../network.ts';
import { type Attributes, attribute } from '../proto.ts';
import type { GraphWriter, Node } from '../writer.ts';
import { pad, unpad } from './pad.ts';

/** How a layer is padded: by TensorFlow at stride 1, explicitly at a larger one. */
export function windowOf(layer: { size: number; stride: number; pad: number }) {
  const same = layer.stride === 1 && layer.pad * 2 === layer.size - 1;
  const attributes: Attributes = {
    strides: attribute.ints([1, layer.stride, layer.stride, 1]),
    padding: attribute.string(same ? 'SAME' : 'VALID'),
    data_format: attribute.string('NHWC'),
  };
  return { width: same ? 0 : layer.pad, attributes };
}

/** y = conv(x, weight), [n, h, w, in] -> [n, h', w', out]. */
export function convolve(g: GraphWriter, x: Node, layer: Conv, weight: Node): { padded: Node; y: Node } {
  const { width, attributes } = windowOf(layer);
  const padded = pad(g, x, width);
  return { padded, y: g.float('Conv2D', [padded, weight], attributes) };
}

/** The same with its gradient on the tape. The network's input needs none, which saves the costliest one. */
export function conv(g: GraphWriter, x: Node, layer: Conv, isInput: boolean): Node {
  const { width, attributes } = windowOf(layer);
  const shape = [layer.size, layer.size, layer.in, layer.out];
  const weight = g.variable(`${layer.name}.weight`, shape).value;
  const { padded, y } = convolve(g, x, layer, weight);
  return g.record(y, (dy) => {
    const dw = g.float('Conv2DBackpropFilter', [padded, g.ints(...shape), dy], attributes);
    if (isInput) return [[weight, dw]];
    const dx = g.float('Conv2DBackpropInput', [g.shapeOf(padded), weight, dy], attributes);
    return [
      [weight, dw],
      [x, unpad(g, dx, x, width)],
    ];
  });
}
