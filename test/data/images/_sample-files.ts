/** BMP, Netpbm, NPY and MAT files of a raster, byte for byte. */
import { deflateSync } from 'node:zlib';
import type { Raster } from '../../../src/shared/types.ts';
import { bytesOf } from './_images.ts';

const at = ({ width, channels, data }: Raster, row: number, column: number, channel: number): number =>
  data[(row * width + column) * channels + channel]!;

export interface BmpKind {
  readonly bits: 8 | 24 | 32;
  readonly topDown?: boolean;
  /** BITMAPCOREHEADER of OS/2. */
  readonly core?: boolean;
  /** Masks in place of the usual order: red first. */
  readonly fields?: boolean;
}

export function bmp(
  raster: Raster,
  { bits, topDown = false, core = false, fields = false }: BmpKind,
): Buffer {
  const { width, height, channels } = raster;
  const header = Buffer.alloc(core ? 12 : 40);
  header.writeUInt32LE(header.length, 0);
  if (core) [width, height, 1, bits].forEach((value, i) => void header.writeUInt16LE(value, 4 + 2 * i));
  else {
    header.writeInt32LE(width, 4);
    header.writeInt32LE(topDown ? -height : height, 8);
    header.writeUInt16LE(1, 12);
    header.writeUInt16LE(bits, 14);
    header.writeUInt32LE(fields ? 3 : 0, 16);
  }
  const palette =
    bits > 8 ? [] : Array.from({ length: 256 }, (_, i) => (core ? [i, i, i] : [i, i, i, 0])).flat();
  const masks = fields ? Buffer.from('ff00000000ff00000000ff00', 'hex') : Buffer.alloc(0);
  const order = fields ? [0, 1, 2] : [2, 1, 0];
  const rows = Array.from({ length: height }, (_, row) => {
    const pixels = Array.from({ length: width }, (_, column) =>
      bits === 8
        ? [at(raster, row, column, 0)]
        : [...order.map((c) => at(raster, row, column, channels === 1 ? 0 : c)), ...(bits === 32 ? [0] : [])],
    ).flat();
    return [...pixels, ...Array((4 - (pixels.length % 4)) % 4).fill(0)];
  });
  const body = Buffer.from((topDown ? rows : rows.toReversed()).flat());
  const head = Buffer.alloc(14);
  head.write('BM');
  head.writeUInt32LE(14 + header.length + masks.length + palette.length, 10);
  head.writeUInt32LE(head.readUInt32LE(10) + body.length, 2);
  return Buffer.concat([head, header, masks, Buffer.from(palette), body]);
}

/** P2, P3, P5 or P6. */
export function pnm(raster: Raster, plain = false): Buffer {
  const { width, height, channels, depth, data } = raster;
  const format = (channels === 3 ? 3 : 2) + (plain ? 0 : 3);
  const head = `P${format}\n# made for a test\n${width} ${height}\n${2 ** depth - 1}\n`;
  const body = plain ? Buffer.from(`${[...data].join(' ')}\n`) : bigEndian(raster);
  return Buffer.concat([Buffer.from(head), body]);
}

const bigEndian = (raster: Raster): Buffer =>
  raster.depth === 16 ? Buffer.from(bytesOf(raster)).swap16() : bytesOf(raster);

/** @param body in the order and type of the header */
export function npy(descr: string, shape: readonly number[], body: Buffer, fortran = false): Buffer {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${sides}), }`;
  const header = Buffer.from(`${text.padEnd(117)}\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), length, header, body]);
}

export const npyOf = (raster: Raster): Buffer =>
  npy(raster.depth === 8 ? '|u1' : '<u2', shapeOf(raster), bytesOf(raster));

export const shapeOf = ({ width, height, channels }: Raster): number[] =>
  channels === 1 ? [height, width] : [height, width, channels];

/** The samples with the first index first. */
export function byColumns({ width, height, channels, data }: Raster): number[] {
  const out: number[] = [];
  for (let c = 0; c < channels; c++)
    for (let column = 0; column < width; column++)
      for (let row = 0; row < height; row++) out.push(data[(row * width + column) * channels + c]!);
  return out;
}

function element(type: number, data: Buffer): Buffer {
  const tag = Buffer.alloc(8);
  if (data.length <= 4 && data.length > 0 && type !== 14) {
    tag.writeUInt16LE(type, 0);
    tag.writeUInt16LE(data.length, 2);
    data.copy(tag, 4);
    return tag;
  }
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(data.length, 4);
  return Buffer.concat([tag, data, Buffer.alloc((8 - (data.length % 8)) % 8)]);
}

export const matClasses = { char: 4, double: 6, uint8: 9, uint16: 11 } as const;

/** One variable of a MAT-file of level 5; its numbers are stored as bytes or words. */
export function matVariable(
  name: string,
  className: keyof typeof matClasses,
  shape: readonly number[],
  values: readonly number[],
  flags = 0,
): Buffer {
  const dimensions = Buffer.alloc(4 * shape.length);
  shape.forEach((side, i) => void dimensions.writeInt32LE(side, 4 * i));
  const wide = values.some((value) => value > 255);
  const numbers = wide ? Buffer.from(Uint16Array.from(values).buffer) : Buffer.from(values);
  const head = Buffer.from([matClasses[className], flags, 0, 0, 0, 0, 0, 0]);
  return element(
    14,
    Buffer.concat([
      element(6, head),
      element(5, dimensions),
      element(1, Buffer.from(name)),
      element(wide ? 4 : 2, numbers),
    ]),
  );
}

export function mat(variables: readonly Buffer[], deflated = false): Buffer {
  const head = Buffer.alloc(128, ' ');
  head.write('MATLAB 5.0 MAT-file, made for a test');
  head.write('\0\x01IM', 124, 'latin1');
  const body = deflated
    ? variables.map((variable) => {
        const data = deflateSync(variable);
        const tag = Buffer.alloc(8);
        tag.writeUInt32LE(15, 0);
        tag.writeUInt32LE(data.length, 4);
        return Buffer.concat([tag, data]);
      })
    : variables;
  return Buffer.concat([head, ...body]);
}

export const matOf = (raster: Raster, className: 'double' | 'uint8' | 'uint16', deflated = false): Buffer =>
  mat([matVariable('cipher', className, shapeOf(raster), byColumns(raster))], deflated);
