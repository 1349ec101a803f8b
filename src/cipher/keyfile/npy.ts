/**
 * NumPy's .npy, version 1.0, C order (numpy.lib.format): magic, a Python dict padded with spaces to a
 * multiple of 64 bytes, the data. Typed arrays are taken as little-endian, as on every platform of Node
 * that TensorFlow.js knows.
 */
import { InputError } from '../../shared/errors.ts';
import { joinBytes, latin1Bytes, latin1Of } from '../../shared/exact.ts';

/** An array as it stands in a .npy file. */
export interface Npy {
  /** `<i4`, `|u1` or `<u2`. */
  readonly descr: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const magic = latin1Bytes('\x93NUMPY\x01\x00');
const itemSizes: Readonly<Record<string, number>> = { '<i4': 4, '|u1': 1, '<u2': 2 };

export function writeNpy({ descr, shape, data }: Npy): Uint8Array {
  const sides = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sides}), }`;
  const length = 64 * Math.ceil((magic.length + 2 + text.length + 1) / 64);
  const header = latin1Bytes(`${text.padEnd(length - magic.length - 3)}\n`);
  return joinBytes([magic, Uint8Array.of(header.length & 255, header.length >> 8), header, data]);
}

const dict = /^\{'descr': '([^']{1,8})', 'fortran_order': (True|False), 'shape': \(([\d, ]{0,60})\), ?\}\s*$/;

/**
 * @param name of the array, for errors
 * @throws InputError unless this is a whole .npy 1.0 in C order, of one of the three types
 */
export function readNpy(bytes: Uint8Array, name: string): Npy {
  const wrong = (got: string): InputError =>
    new InputError(`"${name}" expected a .npy 1.0 array in C order, got ${got}; ask for the key file again`);
  if (bytes.length < magic.length + 2 || magic.some((byte, at) => bytes[at] !== byte))
    throw wrong('other bytes');
  const start = magic.length + 2 + bytes[magic.length]! + 256 * bytes[magic.length + 1]!;
  const found = dict.exec(latin1Of(bytes.subarray(magic.length + 2, start)));
  if (!found || start > bytes.length) throw wrong('a damaged header');
  const [, descr, fortran, sides] = found as unknown as [string, string, string, string];
  const size = itemSizes[descr];
  if (fortran === 'True' || !size) throw wrong(fortran === 'True' ? 'Fortran order' : `type ${descr}`);
  const shape = sides
    .split(',')
    .filter((side) => side.trim() !== '')
    .map(Number);
  const data = bytes.subarray(start);
  if (shape.reduce((n, side) => n * side, size) !== data.length)
    throw wrong(`${data.length} bytes for shape (${shape.join(', ')}) of ${descr}`);
  return { descr, shape, data };
}
