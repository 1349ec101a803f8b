/**
 * MAT-files of level 5 (MathWorks, MAT-File Format, R2023a, chapter 1), as `save -v6` and `save -v7` write them: data
 * elements of type, length and bytes, a matrix being an element of elements; from -v7 on deflated. The file's one array of
 * numbers counts: structs, cells, texts and single numbers beside it are skipped.
 */
import { inflateSync } from 'node:zlib';
import { InputError, messageOf } from '../../shared/errors.ts';
import { mostDecoded } from '../../shared/size-limit.ts';
import { type NumberArray, type NumberType, rowOrder, unreadType, valuesOf } from './number-array.ts';
import { damaged } from './unread.ts';

interface Element {
  readonly type: number;
  readonly data: Buffer;
}

interface Matrix {
  readonly name: string;
  readonly className: string;
  readonly shape: readonly number[];
  readonly logical: boolean;
  readonly complex: boolean;
  readonly real: Element | undefined;
}

/** Types of stored numbers. */
const types: Readonly<Record<number, NumberType>> = {
  1: 'i1',
  2: 'u1',
  3: 'i2',
  4: 'u2',
  5: 'i4',
  6: 'u4',
  7: 'f4',
  9: 'f8',
  12: 'i8',
  13: 'u8',
};
const matrixType = 14;
const deflatedType = 15;

/** Classes of arrays, from 1 on; those from `double` on are numbers. */
const classes =
  'cell struct object char sparse double single int8 uint8 int16 uint16 int32 uint32 int64 uint64'.split(' ');
const firstNumberClass = classes.indexOf('double');

export function decodeMat(bytes: Buffer, name: string): NumberArray {
  const little = bytes.toString('latin1', 126, 128) === 'IM';
  const limit = mostDecoded(bytes.length);
  const matrices = [...elementsOf(bytes.subarray(128), little, name)]
    .map((element) => (element.type === deflatedType ? inflated(element, little, limit, name) : element))
    .filter(({ type }) => type === matrixType)
    .map(({ data }) => matrixOf(data, little, name));
  const { className, shape, logical, complex, real } = theArray(matrices, name);
  if (complex) throw unreadType(name, 'complex numbers');
  const type = real && types[real.type];
  if (!type) throw unreadType(name, className);
  const values = valuesOf(real.data, type, little);
  if (values.length !== shape.reduce((product, side) => product * side, 1))
    throw damaged(name, 'MAT', `${values.length} numbers for ${shape.join(' x ')}`);
  return { shape, values: rowOrder(withClass(values, className), shape), logical };
}

/** Numbers are stored in the narrowest type; a class of 16 bits stays one. */
const withClass = (values: ReturnType<typeof valuesOf>, className: string) =>
  className === 'uint16' ? Uint16Array.from(values) : values;

function theArray(matrices: readonly Matrix[], name: string): Matrix {
  const arrays = matrices.filter(
    ({ className, shape }) =>
      classes.indexOf(className) >= firstNumberClass &&
      shape.reduce((product, side) => product * side, 1) > 1,
  );
  if (arrays.length === 1) return arrays[0]!;
  const got =
    (arrays.length > 0 ? arrays : matrices).map((m) => `${m.name} (${m.className})`).join(', ') || 'nothing';
  throw new InputError(`${name}: expected one array of numbers, got ${got}; save the array by itself`);
}

function inflated({ data }: Element, little: boolean, limit: number, name: string): Element {
  try {
    const inner = inflateSync(data, { maxOutputLength: limit });
    const [element] = elementsOf(inner, little, name);
    return element ?? { type: 0, data: inner };
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw damaged(name, 'MAT', messageOf(error));
  }
}

function matrixOf(data: Buffer, little: boolean, name: string): Matrix {
  const [flags, dimensions, label, real] = elementsOf(data, little, name);
  if (!flags || !dimensions || !label || flags.data.length < 4)
    return { name: 'an object', className: 'object', shape: [], logical: false, complex: false, real };
  const bits = little ? flags.data.readUInt32LE(0) : flags.data.readUInt32BE(0);
  return {
    name: label.data.toString('latin1') || 'unnamed',
    className: classes[(bits & 0xff) - 1] ?? 'object',
    shape: [...valuesOf(dimensions.data, 'i4', little)],
    logical: (bits & 0x200) !== 0,
    complex: (bits & 0x800) !== 0,
    real,
  };
}

/** Elements in file order. A short one has its length in the upper half of its type, and up to 4 bytes behind. */
function* elementsOf(bytes: Buffer, little: boolean, name: string): Generator<Element> {
  const word = (at: number): number => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  for (let at = 0; at + 8 <= bytes.length; ) {
    const tag = word(at);
    const short = tag >>> 16;
    const length = short || word(at + 4);
    const start = at + (short ? 4 : 8);
    if (start + length > bytes.length) throw damaged(name, 'MAT', 'it ends too soon');
    const type = short ? tag & 0xffff : tag;
    yield { type, data: bytes.subarray(start, start + length) };
    at = short ? at + 8 : type === deflatedType ? start + length : start + 8 * Math.ceil(length / 8);
  }
}
