/** Numbers, bytes and JSON in key files, exactly. */
import { InputError, printable } from '../shared/errors.ts';

/** The bytes behind a typed array, not copied. */
export const bytesOf = (array: Int32Array | Uint8Array | Uint16Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** The float64 as 16 hex digits, most significant first. */
export function hexOf(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
}

/**
 * Decimal and hex must agree to the bit: a receiver with a careless number parser notices.
 * @throws InputError where they do not
 */
export function exactParameters(decimal: unknown, hex: unknown): number[] {
  const agree =
    Array.isArray(decimal) &&
    Array.isArray(hex) &&
    decimal.length === hex.length &&
    decimal.every((value, i) => typeof value === 'number' && hexOf(value) === hex[i]);
  if (agree) return decimal as number[];
  throw new InputError(
    'the key file expected parameters whose decimal and hex forms agree, got others; ask for the key file again',
  );
}

/** Not null, and no array. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A value of a file, for messages. It may be of any type, and hostile: `{"toString": 1}` is no text. */
export const shown = (value: unknown): string =>
  printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'), 40);

/** @throws InputError unless the bytes are a JSON object */
export function parseObject(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    // falls through to the one message
  }
  throw new InputError('the key file expected a JSON object, got something else; ask for the key file again');
}
