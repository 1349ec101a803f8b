/**
 * Convolution 3x3 at stride 1 by minimal filtering (Winograd 1980; Lavin and Gray 2016, arXiv 1509.09308): F(4, 3)
 * down the columns. Four rows of y come of six products, where the sliding kernel takes twelve:
 * y = A^T [(G w) * (B^T x)], each product a convolution 1x3 along the rows, over all channels.
 * Along one axis only: B^T x is 1.5 times as large as x. F(2x2, 3x3) along both saves little more, for 4 times x.
 * A transform of whole columns, padding and a last tile's rest included, is one small constant matrix; its
 * gradient is the transpose.
 */

import { type GraphWriter, type Node, reshape } from '../../../engine/graph-writer.ts';
import { attribute } from '../../../engine/proto.ts';
import { type Conv, type Layer, type Network, sideAfter } from '../../../models/network.ts';
import type { Tensor } from '../../../models/parameters.ts';
import { matMul } from './linear.ts';

/** Rows that a tile yields, and that it reads: one more above and below. */
const [yields, reads] = [4, 6];

type Matrix = readonly (readonly number[])[];

/** B^T, G and A of F(4, 3), by the six products: the polynomials' values at 0, 1, -1, 2, -2 and infinity. */
const inputTransform: Matrix = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const filterTransform: Matrix = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];
const outputTransform: Matrix = [
  [1, 0, 0, 0],
  [1, 1, 1, 1],
  [1, -1, 1, -1],
  [1, 2, 4, 8],
  [1, -2, 4, -8],
  [0, 0, 0, 1],
];

/** The product that counts the same in each row of y, so that a bias added to it is one of y. */
const even = 1;

/**
 * Where it is faster than Conv2D: on 2 cores (AVX-512) at batch 16 and 32, forward and backward, 1.2-1.6 times with
 * 128 channels at sides 16 and 28, 256 at 8 and 14, 512 at 7; 0.75 times with 64 at 56, 0.9 times with 256 at 4.
 * With 128 at 8, ResNet-18's only such layers at 64x64, its training gained nothing and grew in memory.
 */
export function winogradPays({ size, stride, pad, in: inputs, out }: Conv, side: number): boolean {
  const channels = Math.min(inputs, out);
  if (size !== 3 || stride !== 1 || pad !== 1) return false;
  return channels >= 128 && side >= 7 && side <= 32 && channels * side >= 2048;
}

/** Whether a network has a layer that gains by it. @param size side of the input images */
export const hasWinograd = (network: Network, size: number): boolean => anyPays(network.layers, size);

function anyPays(layers: readonly Layer[], from: number): boolean {
  let side = from;
  return layers.some((layer) => {
    const at = side;
    side = sideAfter(layer, side);
    if (layer.kind === 'residual') return anyPays(layer.main, at) || anyPays(layer.shortcut, at);
    return layer.kind === 'conv' && winogradPays(layer, at);
  });
}

/** y = conv(x, weight) + bias, [n, side, side, in] -> [n, side, side, out]. @param kernels the six of G w, [1, 3, in, out] */
export function convolveWinograd(
  g: GraphWriter,
  x: Node,
  { in: inputs, out }: Conv,
  side: number,
  kernels: readonly Node[],
  bias?: Node,
) {
  const tiles = transformed(g, x, inputColumn(side), side, inputs);
  const products = tiles.map((tile, q) => {
    const product = g.op('Conv2D', [tile, kernels[q]!], along);
    return bias && q === even ? g.op('BiasAdd', [product, bias]) : product;
  });
  return { tiles, y: gathered(g, products, outputColumn(side), side, out) };
}

/** The same without bias, with its gradient on the tape; the weight is the [3, 3, in, out] of any convolution. */
export function winograd(g: GraphWriter, x: Node, layer: Conv, side: number): Node {
  const { in: inputs, out } = layer;
  const weight = g.variable(`${layer.name}.weight`, [3, 3, inputs, out]).value;
  const taps = reshape(g, weight, [3, 3 * inputs * out]);
  const kernels = parted(g, matMul(g, filterMatrix(g), taps), [1, 3, inputs, out]);
  const { tiles, y } = convolveWinograd(g, x, layer, side, kernels);
  return g.record(y, (dy) => {
    const dProducts = transformed(g, dy, outputColumn(side), side, out);
    const dKernels = dProducts.map((d, q) => {
      const dKernel = g.op('Conv2DBackpropFilter', [tiles[q]!, g.ints(1, 3, inputs, out), d], along);
      return reshape(g, dKernel, [1, 3 * inputs * out]);
    });
    const dTaps = matMul(g, filterMatrix(g), joined(g, dKernels, 0), true);
    const dTiles = dProducts.map((d, q) =>
      g.op('Conv2DBackpropInput', [g.shapeOf(tiles[q]!), kernels[q]!, d], along),
    );
    return [
      [weight, reshape(g, dTaps, [3, 3, inputs, out])],
      [x, gathered(g, dTiles, inputColumn(side), side, inputs)],
    ];
  });
}

/** The six kernels [1, 3, in, out] of G w, for a weight [3, 3, in, out] that stays as it is. */
export function winogradKernels({ shape, data }: Tensor): Tensor[] {
  const row = data.length / 3;
  return filterTransform.map(([top, middle, bottom]) => {
    const kernel = new Float32Array(row);
    for (let i = 0; i < row; i++)
      kernel[i] = top! * data[i]! + middle! * data[i + row]! + bottom! * data[i + 2 * row]!;
    return { shape: [1, ...shape.slice(1)], data: kernel };
  });
}

const along = {
  strides: attribute.ints([1, 1, 1, 1]),
  padding: attribute.string('SAME'),
  data_format: attribute.string('NHWC'),
};
const int32 = attribute.type('int32');
const type = attribute.type('float');

const tilesOf = (side: number): number => Math.ceil(side / yields);
const inputColumn = (side: number): Float32Array => overColumn(inputTransform, side, 1);
const outputColumn = (side: number): Float32Array => overColumn(outputTransform, side, 0);

/** A transform of all tiles of a column, [6, tiles, side]. @param above rows that a tile reads before those it yields */
function overColumn(matrix: Matrix, side: number, above: number): Float32Array {
  const tiles = tilesOf(side);
  const column = new Float32Array(reads * tiles * side);
  matrix.forEach((taps, q) => {
    for (let tile = 0; tile < tiles; tile++)
      taps.forEach((tap, k) => {
        const row = tile * yields + k - above;
        if (row >= 0 && row < side) column[(q * tiles + tile) * side + row] = tap;
      });
  });
  return column;
}

const filterMatrix = (g: GraphWriter): Node =>
  g.constant(Float32Array.from(filterTransform.flat()), [reads, 3]);

/** [n, side, side, channels] -> six of [n, tiles, side, channels]. */
function transformed(g: GraphWriter, x: Node, column: Float32Array, side: number, channels: number): Node[] {
  const tiles = tilesOf(side);
  const matrix = g.constant(column, [reads, 1, tiles, side]);
  const rows = reshape(g, x, [1, -1, side, side * channels]);
  return parted(g, batchMatMul(g, matrix, rows, false), [-1, tiles, side, channels]);
}

/** The transpose of `transformed`: six of [n, tiles, side, channels] -> [n, side, side, channels]. */
function gathered(
  g: GraphWriter,
  parts: readonly Node[],
  column: Float32Array,
  side: number,
  channels: number,
): Node {
  const tiles = tilesOf(side);
  const rows = parts.map((part) => reshape(g, part, [-1, tiles, side * channels]));
  const matrix = g.constant(column, [1, reads * tiles, side]);
  return reshape(g, batchMatMul(g, matrix, joined(g, rows, 1), true), [-1, side, side, channels]);
}

function batchMatMul(g: GraphWriter, a: Node, b: Node, transposeA: boolean): Node {
  return g.op('BatchMatMulV2', [a, b], {
    adj_x: attribute.bool(transposeA),
    adj_y: attribute.bool(false),
  });
}

/** The six parts of x along its first axis, where TensorFlow copies nothing, in another shape. */
function parted(g: GraphWriter, x: Node, shape: readonly number[]): Node[] {
  const split = g.node('Split', [axis(g, 0), x], { T: type, num_split: attribute.int(reads) });
  return Array.from({ length: reads }, (_, q) => reshape(g, `${split}:${q}`, shape));
}

const joined = (g: GraphWriter, parts: readonly Node[], at: number): Node =>
  g.node('ConcatV2', [...parts, axis(g, at)], { T: type, N: attribute.int(parts.length), Tidx: int32 });

const axis = (g: GraphWriter, index: number): Node => g.constant(Int32Array.of(index), []);
