/** Changes of JSON files. */

// biome-ignore lint/suspicious/noExplicitAny: a parsed file whose values become of any type
export type Json = any;
export type Edit = (file: Json) => void;

export function edited(payload: Uint8Array, ...edits: readonly Edit[]): Buffer {
  const file: Json = JSON.parse(Buffer.from(payload).toString());
  for (const edit of edits) edit(file);
  return Buffer.from(`${JSON.stringify(file, null, 2)}\n`);
}

/**
 * @param path `options.starts.0`
 * @param value undefined takes the member away; a function gets the old value
 */
export function set(path: string, value: unknown): Edit {
  const parts = path.split('.');
  const last = parts.pop()!;
  return (file) => {
    const object = parts.reduce((inner, part) => inner[part], file);
    object[last] = typeof value === 'function' ? value(object[last]) : value;
  };
}

export const together =
  (...edits: readonly Edit[]): Edit =>
  (file) => {
    for (const edit of edits) edit(file);
  };

/** A parameter in both forms. */
export function setParameter(index: number, value: number): Edit {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return together(set(`parameters.${index}`, value), set(`parametersHex.${index}`, bytes.toString('hex')));
}
