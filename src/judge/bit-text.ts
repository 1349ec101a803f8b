/**
 * Bits written as text: characters 0 and 1, or hexadecimal digits with or without 0x, with white space, commas,
 * semicolons, quotes and brackets between them, in UTF-8 or UTF-16, with a byte order mark or without. Texts may have more
 * characters than a string of JavaScript (2^29): all is done on bytes.
 */
import { isUtf8 } from 'node:buffer';
import { InputError } from '../shared/errors.ts';

export const formats = ['auto', 'raw', 'ascii', 'hex', 'image'] as const;
export type Format = (typeof formats)[number];

export interface TextBits {
  readonly kind: 'ascii' | 'hex';
  readonly bytes: Uint8Array;
  /** Bits in use; the last byte may be filled up with zeros. */
  readonly bits: number;
}

/** A text in UTF-8 without its byte order mark; null for a file that is no text. */
export function textOf(file: Buffer): Buffer | null {
  const text = withoutMark(file);
  return isUtf8(text) && !text.some((byte) => byte === 0x7f || (byte < 0x20 && !isSpace(byte))) ? text : null;
}

const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

function withoutMark(file: Buffer): Buffer {
  const mark = file.toString('hex', 0, 3);
  if (mark === 'efbbbf') return file.subarray(3);
  if (file.length % 2 === 1 || !/^(fffe|feff)/.test(mark)) return file;
  const words = Buffer.from(file.subarray(2));
  return Buffer.from((mark.startsWith('feff') ? words.swap16() : words).toString('utf16le'));
}

const classes = { odd: 0, gap: 1, bit: 2, decimal: 3, letter: 4 } as const;
const classOf = new Uint8Array(256);
for (const [name, characters] of Object.entries({
  gap: ' \t\n\v\f\r,;\'"[](){}',
  bit: '01',
  decimal: '23456789',
  letter: 'abcdefABCDEF',
}))
  for (const character of characters)
    classOf[character.charCodeAt(0)] = classes[name as keyof typeof classes];

/**
 * @param format `auto`: 0 and 1, or hexadecimal digits where a letter or 0x shows them
 * @throws InputError for any other text
 */
export function bitsOfText(text: Uint8Array, path: string, format: 'auto' | 'ascii' | 'hex'): TextBits {
  const words = format === 'ascii' ? text : withoutPrefixes(text);
  const most = words.reduce((found, byte) => Math.max(found, classOf[byte]!), 0);
  const limit = format === 'ascii' ? classes.bit : classes.letter;
  const odd = words.findIndex((byte) => classOf[byte] === classes.odd || classOf[byte]! > limit);
  if (odd >= 0) throw oddCharacter(path, words, odd, format);
  if (most <= classes.gap)
    throw new InputError(`${path} expected at least 1 bit, got white space only; check the file`);
  const prefixed = words !== text;
  if (format !== 'hex' && most === classes.bit && !prefixed) return fromDigits(words, 'ascii');
  if (format === 'auto' && most === classes.decimal && !prefixed)
    throw new InputError(
      `${path} expected characters 0 and 1, got other decimal digits; give --format hex if they are hexadecimal, or --format raw for the bytes of the text`,
    );
  return fromDigits(words, 'hex');
}

/** The text with each 0x before a digit as gaps; the text itself where there is none. */
function withoutPrefixes(text: Uint8Array): Uint8Array {
  let out = text;
  for (let at = 1; at < text.length; at++) {
    const begins = at === 1 || classOf[text[at - 2]!] === classes.gap;
    if ((text[at]! | 0x20) !== 0x78 || text[at - 1] !== 0x30 || !begins) continue;
    if (out === text) out = Uint8Array.from(text);
    out.fill(0x20, at - 1, at + 1);
  }
  return out;
}

function oddCharacter(path: string, text: Uint8Array, at: number, format: string): InputError {
  const expected = { ascii: 'characters 0 and 1', hex: 'hexadecimal digits' }[format];
  return new InputError(
    `${path} expected ${expected ?? 'characters 0 and 1, or hexadecimal digits'}, ` +
      `got byte 0x${text[at]!.toString(16).padStart(2, '0')} at place ${at}; use --format raw for other files`,
  );
}

/** The digits, 1 or 4 bits each. */
function fromDigits(text: Uint8Array, kind: TextBits['kind']): TextBits {
  const size = kind === 'hex' ? 4 : 1;
  const digits = text.filter((byte) => classOf[byte] !== classes.gap);
  const bytes = new Uint8Array(Math.ceil((digits.length * size) / 8));
  digits.forEach((digit, i) => {
    const value = digit <= 0x39 ? digit - 0x30 : (digit | 0x20) - 0x57;
    bytes[(i * size) >>> 3]! |= value << (8 - size - ((i * size) & 7));
  });
  return { kind, bytes, bits: digits.length * size };
}

/** Numbers 0 and 1 as bits. */
export function packedBits(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i++) bytes[i >>> 3]! |= values[i]! << (7 - (i & 7));
  return bytes;
}
