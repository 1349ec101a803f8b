/** NumPy's .npy, versions 1 to 3, either order of bytes and of axes (numpy.lib.format). */
import { isNumberType, type NumberArray, rowOrder, unreadType, valuesOf } from './number-array.ts';
import { damaged } from './unread.ts';

export function decodeNpy(bytes: Buffer, name: string): NumberArray {
  const wide = bytes[6]! >= 2; // version 1 has 2 bytes of header length
  const start = wide ? 12 : 10;
  if (bytes.length < start) throw damaged(name, 'NPY', 'it ends too soon');
  const end = start + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const header = bytes.toString('latin1', start, Math.min(end, start + 4096));
  const descr = /'descr':\s*(?:'([^']*)'|(\[))/.exec(header);
  const shape = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
  if (!descr || !header.includes("'shape'")) throw damaged(name, 'NPY', 'its header is none');
  const [order, type] = [descr[1]?.[0], descr[1]?.slice(1) ?? ''];
  const logical = type === 'b1';
  const known = logical ? 'u1' : type;
  if (!isNumberType(known)) throw unreadType(name, descr[1] ?? 'records');
  const length = Number(known[1]) * shape.reduce((product, side) => product * side, 1);
  const body = bytes.subarray(end, end + length);
  if (body.length < length) throw damaged(name, 'NPY', 'it ends too soon');
  const values = valuesOf(body, known, order !== '>');
  const byColumns = /'fortran_order':\s*True/.test(header);
  return { shape, values: byColumns ? rowOrder(values, shape) : values, logical };
}
