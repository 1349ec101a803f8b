/** Numbers, bytes and JSON in key files, exactly. */
import { InputError, printable } from './errors.ts';

/** The bytes behind a typed array, not copied. */
export const bytesOf = (array: Int32Array | Uint8Array | Uint16Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Of UTF-8; bytes that are none become U+FFFD. */
export const textOfBytes = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** One byte for each character up to U+00FF. */
export const latin1Bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

export const latin1Of = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** Several arrays of bytes, one behind the other. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Two hex digits for each byte. */
export const hexDigits = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The float64 as 16 hex digits, most significant first. */
export function hexOf(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/**
 * Decimal and hex must agree to the bit: a receiver with a careless number parser notices.
 * @throws InputError if they do not
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
    const value: unknown = JSON.parse(textOfBytes(bytes));
    if (isObject(value)) return value;
  } catch {
    // falls through to the one message
  }
  throw new InputError('the key file expected a JSON object, got something else; ask for the key file again');
}
