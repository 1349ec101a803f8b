/**
 * PyTorch's padding, the same on each side and with the rest at the end left out, as the mirrored graph
 * (`../mirror.ts`) sees it: the end comes first. Nearly always that is TensorFlow's SAME; else rows and columns
 * are added or cut off by an operation of their own (the attribute EXPLICIT costs 20-45 %).
 */

import type { GraphWriter, Node } from '../../../engine/graph-writer.ts';
import { type Attributes, attribute } from '../../../engine/proto.ts';
import { type Window, windows } from '../../../models/network.ts';

export interface Placed {
  readonly attributes: Attributes;
  /** Rows and columns to add before and after the input; negative: to cut off. */
  readonly before: number;
  readonly after: number;
}

/** Where a window's places lie on a mirrored input of `side` x `side`. */
export function place(window: Window, side: number): Placed {
  const { size, stride, pad } = window;
  const count = windows(window, side);
  const before = (count - 1) * stride + size - side - pad;
  const same = count === Math.ceil(side / stride) && before >= 0 && before === Math.floor((before + pad) / 2);
  const attributes = {
    strides: attribute.ints([1, stride, stride, 1]),
    padding: attribute.string(same ? 'SAME' : 'VALID'),
    data_format: attribute.string('NHWC'),
  };
  return same ? { attributes, before: 0, after: 0 } : { attributes, before, after: pad };
}

const int32 = attribute.type('int32');

/** x [n, h, w, c] with rows and columns of `value` added, or cut off. */
export function frame(g: GraphWriter, x: Node, { before, after }: Placed, value = 0): Node {
  const cut = before < 0 ? crop(g, x, -before) : x;
  return before > 0 || after > 0 ? pad(g, cut, Math.max(before, 0), after, value) : cut;
}

/** The gradient of `frame`, in the shape of x: zero where x was cut off. */
export function unframe(g: GraphWriter, dy: Node, x: Node, { before, after }: Placed): Node {
  if (before < 0) return pad(g, after > 0 ? crop(g, dy, 0, after) : dy, -before, 0, 0);
  if (before === 0 && after === 0) return dy;
  return g.op('Slice', [dy, g.ints(0, before, before, 0), g.shapeOf(x)], { Index: int32 });
}

function pad(g: GraphWriter, x: Node, before: number, after: number, value: number): Node {
  const rows = Int32Array.of(0, 0, before, after, before, after, 0, 0);
  const filling = g.cast(g.constant(value), g.typeOf(x));
  return g.op('PadV2', [x, g.constant(rows, [4, 2]), filling], { Tpaddings: int32 });
}

/** Without the first `before` and the last `after` rows and columns. */
function crop(g: GraphWriter, x: Node, before: number, after = 0): Node {
  const size = g.node('Sub', [g.shapeOf(x), g.ints(0, before + after, before + after, 0)], { T: int32 });
  return g.op('Slice', [x, g.ints(0, before, before, 0), size], { Index: int32 });
}
