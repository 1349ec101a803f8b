/** Max pooling. The padding is the lowest float, so it is right for negative inputs too. */
import type { MaxPool } from '../../network.ts';
import { attribute } from '../proto.ts';
import type { GraphWriter, Node } from '../writer.ts';
import { pad, unpad } from './pad.ts';

const lowest = -3.4028234663852886e38;

export function maxPool(g: GraphWriter, x: Node, layer: MaxPool): Node {
  const attributes = {
    ksize: attribute.ints([1, layer.size, layer.size, 1]),
    strides: attribute.ints([1, layer.stride, layer.stride, 1]),
    padding: attribute.string('VALID'),
    data_format: attribute.string('NHWC'),
  };
  const padded = pad(g, x, layer.pad, lowest);
  const y = g.float('MaxPool', [padded], attributes);
  return g.record(y, (dy) => {
    const dx = g.float('MaxPoolGrad', [padded, y, dy], attributes);
    return [[x, unpad(g, dx, x, layer.pad)]];
  });
}
