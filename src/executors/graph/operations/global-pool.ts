/** Mean over height and width, in float32 as all behind it. Its gradient spreads dy / (h w) evenly. */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import { attribute } from '../../../engine/proto.ts';

const int32 = attribute.type('int32');

export function globalPool(g: GraphWriter, images: Node): Node {
  const x = g.cast(images, 'float');
  const keep = { Tidx: int32, keep_dims: attribute.bool(true) };
  const mean = g.op('Mean', [x, g.ints(1, 2)], keep);
  const y = g.op('Squeeze', [mean], { squeeze_dims: attribute.ints([1, 2]) });
  return g.record(y, (dy) => {
    const shape = g.shapeOf(x);
    const spread = g.op('Reshape', [dy, g.shapeOf(mean)], { Tshape: int32 });
    const even = g.op('RealDiv', [spread, area(g, shape)]);
    return [[x, g.op('BroadcastTo', [even, shape], { Tidx: int32 })]];
  });
}

/** h w of a shape [n, h, w, c], as float32. */
function area(g: GraphWriter, shape: Node): Node {
  const integers = { T: int32 };
  const sides = g.node('Slice', [shape, g.ints(1), g.ints(2)], { ...integers, Index: int32 });
  const product = g.node('Prod', [sides, g.ints(0)], {
    ...integers,
    Tidx: int32,
    keep_dims: attribute.bool(false),
  });
  return g.node('Cast', [product], { SrcT: int32, DstT: attribute.type('float') });
}
