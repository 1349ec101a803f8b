/**
 * PyTorch's padding, the same on each side. TensorFlow's SAME pads so at stride 1; at a stride it pads less
 * at the top and left, so there it is an explicit Pad and VALID (the attribute EXPLICIT costs 20-45 %).
 */
import { attribute } from '../proto.ts';
import type { GraphWriter, Node } from '../writer.ts';

const paddings = (g: GraphWriter, pad: number): Node =>
  g.constant(Int32Array.of(0, 0, pad, pad, pad, pad, 0, 0), [4, 2]);

const int32 = attribute.type('int32');

/** x [n, h, w, c] with `pad` rows and columns of `value` around it. */
export function pad(g: GraphWriter, x: Node, width: number, value = 0): Node {
  if (width === 0) return x;
  return g.float('PadV2', [x, paddings(g, width), g.constant(value)], { Tpaddings: int32 });
}

/** The gradient of `pad`: the middle of dy, in the shape of x. */
export function unpad(g: GraphWriter, dy: Node, x: Node, width: number): Node {
  if (width === 0) return dy;
  return g.float('Slice', [dy, g.ints(0, width, width, 0), g.shapeOf(x)], { Index: int32 });
}
