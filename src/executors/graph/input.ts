/** Input images of a graph: drawn in the graph from codes, or fed. They are mirrored (`mirror.ts`). */
import type { Drawing } from '../../data/pairs/drawing.ts';
import { type GraphWriter, type Node, reshape } from '../../engine/graph-writer.ts';
import { attribute } from '../../engine/proto.ts';
import { type Images, type Input, isDrawing, type Normal, sideOf } from '../executor.ts';
import { mirror } from './mirror.ts';
import type { Feed } from './session.ts';

const channels = 3;

/** Writes the placeholder `x` and the images [n, size, size, 3] of it, mirrored. */
export function images(g: GraphWriter, input: Input): Node {
  if (isDrawing(input)) return drawn(g, input);
  const shape = [-1, sideOf(input), sideOf(input), channels];
  if (typeof input === 'number') return mirror(g, g.placeholder('x', shape));
  const bytes = g.placeholder('x', shape, 'uint8');
  return mirror(g, input.normal ? normalised(g, bytes, input.normal) : unitOf(g, bytes));
}

/** (level / 255 - mean) / deviation, as one product and one sum. */
function normalised(g: GraphWriter, bytes: Node, { mean, deviation }: Normal): Node {
  const levels = g.node('Cast', [bytes], { SrcT: attribute.type('uint8'), DstT: attribute.type('float') });
  const factor = g.constant(Float32Array.from(deviation, (each) => 1 / (255 * each)));
  const shift = g.constant(Float32Array.from(deviation, (each, c) => -mean[c]! / each));
  return g.op('AddV2', [g.op('Mul', [levels, factor]), shift]);
}

/** Bytes over 255, by a table: TensorFlow turns a division by a constant into a product, which rounds otherwise. */
function unitOf(g: GraphWriter, bytes: Node): Node {
  const levels = g.node('Cast', [bytes], { SrcT: attribute.type('uint8'), DstT: attribute.type('int32') });
  return gather(
    g,
    g.constant(Float32Array.from({ length: 256 }, (_, level) => level / 255)),
    levels,
    0,
    'int32',
  );
}

/** The feed of `x`. */
export function feedOf(input: Input, data: Images, count: number): Feed<Images> {
  const size = sideOf(input);
  const shape = data instanceof Int32Array ? [data.length / count] : [size, size, channels];
  return { data, shape: [count, ...shape] };
}

/**
 * Three look-ups: glyphs by codes, distinct rows by samples of these, the picture by rows. The last copies whole rows, which
 * costs as little as a copy of the picture. Both tables are turned by half a circle: the picture comes out mirrored.
 */
function drawn(g: GraphWriter, drawing: Drawing): Node {
  const { cells, samples, size } = drawing;
  const rows = drawing.rows.toReversed();
  const count = rows.length / size;
  const rowAt = drawing.rowAt.toReversed().map((row) => count - 1 - row);
  const codes = g.placeholder('x', [-1, cells], 'int32');
  const glyphs = gather(g, atlas(g, drawing), codes, 0, 'int32');
  const shown = reshape(g, glyphs, [-1, cells * samples, channels]);
  const distinct = gather(g, shown, indices(g, rows), 1, 'int64');
  const picture = gather(
    g,
    reshape(g, distinct, [-1, count, channels * size]),
    indices(g, rowAt),
    1,
    'int64',
  );
  return reshape(g, picture, [-1, size, size, channels]);
}

/** All glyphs, with three equal channels. */
function atlas(g: GraphWriter, { values, samples }: Drawing): Node {
  const data = new Float32Array(channels * values.length);
  for (const [i, value] of values.entries()) data.fill(value, channels * i, channels * (i + 1));
  return g.constant(data, [values.length / samples, channels * samples]);
}

/** As int64: constants of int32 lie in the processor's memory and are copied to a card at each step. */
const indices = (g: GraphWriter, values: Int32Array): Node => g.constant(BigInt64Array.from(values, BigInt));

const gather = (g: GraphWriter, from: Node, at: Node, axis: number, type: 'int32' | 'int64'): Node =>
  g.node('GatherV2', [from, at, g.constant(Int32Array.of(axis), [])], {
    Tparams: attribute.type('float'),
    Tindices: attribute.type(type),
    Taxis: attribute.type('int32'),
    batch_dims: attribute.int(0),
  });
