/**
 * The original path of a file inside its key file, whose header anybody can read and so must not have it: a field `name`
 * of JSON, a further array `name` (UTF-8) of an .npz. Key files without one are as they always were.
 */
import { InputError } from '../shared/errors.ts';
import { parseObject } from './exact.ts';
import { readNpy, writeNpy } from './keyfile/npy.ts';
import { readZip, writeZip } from './keyfile/zip.ts';

const isJson = (payload: Uint8Array): boolean => payload[0] === 0x7b;

/** The key file with the name. */
export function withOriginalName(payload: Uint8Array, name: string): Uint8Array {
  if (isJson(payload)) return Buffer.from(`${JSON.stringify({ ...parseObject(payload), name }, null, 2)}\n`);
  const data = Buffer.from(name);
  const member = writeNpy({ descr: '|u1', shape: [data.length], data });
  return writeZip({ ...Object.fromEntries(readZip(payload)), 'name.npy': member });
}

/** null where there is none. @throws InputError for a damaged key file */
export function originalName(payload: Uint8Array): string | null {
  if (isJson(payload)) {
    const { name } = parseObject(payload);
    return typeof name === 'string' ? name : null;
  }
  const member = readZip(payload).get('name.npy');
  if (!member) return null;
  const { descr, shape, data } = readNpy(member, 'name');
  if (descr === '|u1' && shape.length === 1) return Buffer.from(data).toString('utf8');
  throw new InputError(
    `"name" expected |u1 of one dimension, got ${descr} of shape (${shape.join(', ')}); ask for the key file again`,
  );
}
