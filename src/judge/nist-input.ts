/**
 * Where the bits of `nist` come from: a file of raw bytes, of characters 0 and 1, an image whose samples are taken in
 * raster order, or the paper's z_key made on the fly. Bytes and samples give their most significant bit first.
 */
import { baselineParams, checkParams, type PresetName, presets } from '../cipher/paper.ts';
import { quantise } from '../cipher/quantise.ts';
import { drop, sequencesOf } from '../cipher/sequences.ts';
import { InputError } from '../shared/errors.ts';
import { readInput } from '../shared/files.ts';
import type { Depth, MapName, MapParams } from '../shared/types.ts';

export const formats = ['auto', 'raw', 'ascii', 'image'] as const;
export type Format = (typeof formats)[number];

export interface NistInput {
  /** What it is, for the reader: `cipher.png: 512x512, 1 channel, 8 bit`. */
  readonly source: string;
  readonly bytes: Uint8Array;
  /** Bits in use; the last byte may be filled up with zeros. */
  readonly bits: number;
}

/**
 * @param format `auto`: an image where the first bytes say so (PNG, JPEG, TIFF, GIF, WebP), characters where there is
 *   nothing but 0, 1 and white space, else raw bytes
 * @throws InputError for an unreadable or empty file, or one that is not of the format
 */
export async function fileInput(path: string, format: Format = 'auto'): Promise<NistInput> {
  const bytes = await readInput(path);
  if (bytes.length === 0)
    throw new InputError(`${path} expected at least 1 bit, got an empty file; check the file`);
  const kind = format === 'auto' ? recognise(bytes) : format;
  if (kind === 'image') return imageInput(path, bytes);
  if (kind === 'ascii') return asciiInput(path, bytes);
  return { source: `${path}: raw bytes`, bytes, bits: 8 * bytes.length };
}

/** First bytes of PNG, JPEG, both orders of TIFF, GIF and WebP in hexadecimal. */
const imageStart = /^(89504e470d0a1a0a|ffd8ff|49492a00|4d4d002a|47494638|52494646.{8}57454250)/;

function recognise(bytes: Buffer): Exclude<Format, 'auto'> {
  if (imageStart.test(bytes.toString('hex', 0, 12))) return 'image';
  return firstOddByte(bytes) < 0 ? 'ascii' : 'raw';
}

/** Whether a byte is the character 0 or 1. */
const isDigit = (byte: number): boolean => byte === 0x30 || byte === 0x31;
const isSpace = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

const firstOddByte = (bytes: Buffer): number => bytes.findIndex((byte) => !isDigit(byte) && !isSpace(byte));

function asciiInput(path: string, text: Buffer): NistInput {
  const odd = firstOddByte(text);
  if (odd >= 0)
    throw new InputError(
      `${path} expected characters 0 and 1, got byte 0x${text[odd]!.toString(16).padStart(2, '0')} ` +
        `at place ${odd}; use --format raw for other files`,
    );
  const digits = text.filter(isDigit);
  if (digits.length === 0)
    throw new InputError(`${path} expected at least 1 bit, got white space only; check the file`);
  const bytes = new Uint8Array(Math.ceil(digits.length / 8));
  digits.forEach((digit, i) => {
    bytes[i >>> 3]! |= (digit & 1) << (7 - (i & 7));
  });
  return { source: `${path}: characters 0 and 1`, bytes, bits: digits.length };
}

async function imageInput(path: string, file: Buffer): Promise<NistInput> {
  const { loadRaster } = await import('../data/images/image.ts');
  const { width, height, channels, depth, data } = await loadRaster(file, path, 'native');
  const source = `${path}: image ${width}x${height}, ${channels} channel${channels > 1 ? 's' : ''}, ${depth} bit`;
  return { source, bytes: bigEndian(data), bits: data.length * depth };
}

/** Samples as bytes, the upper byte of 16 bits first. */
function bigEndian(samples: Uint8Array | Uint16Array): Uint8Array {
  if (samples instanceof Uint8Array) return samples;
  const bytes = new Uint8Array(2 * samples.length);
  samples.forEach((sample, i) => {
    bytes[2 * i] = sample >>> 8;
    bytes[2 * i + 1] = sample & 255;
  });
  return bytes;
}

export interface KeystreamChoice {
  readonly map: MapName;
  /** The fixed parameters of the paper's baseline unless given. */
  readonly params?: MapParams;
  readonly preset: PresetName;
  readonly depth: Depth;
}

/**
 * `bits` bits of z_key of one key, which an image of so many samples would be xored with; the samples before `from` are
 * left out. Both presets have an orbit of its own for z_key, so that no image's shape matters.
 * @throws InputError if a parameter is out of range or the orbit diverges
 */
export function keystreamInput(choice: KeystreamChoice, bits: number, from = 0): NistInput {
  const { map, preset, depth } = choice;
  const params = choice.params ?? baselineParams[map];
  const options = presets[preset];
  const samples = Math.ceil(bits / depth);
  checkParams(map, params);
  if (samples >= 2 ** 31)
    throw new InputError(
      `a keystream expected fewer than 2^31 samples, got ${samples}; give fewer --sequences, or test it in parts ` +
        '(experiments/nist-lorenz.ts)',
    );
  const { z } = sequencesOf(map, params, options);
  drop(z, from);
  const { multipliers } = options[map];
  const zKey = quantise(z, samples, depth, multipliers[depth], options.quantiser);
  const source = `z_key of the ${map} map, parameters ${params.join(', ')}, preset ${preset}, ${depth} bit`;
  return { source, bytes: bigEndian(zKey), bits };
}

/** How an input is cut: `sequences` times `n` bits from its beginning. */
export interface Cut {
  readonly n: number;
  readonly sequences: number;
  readonly unused: number;
}

/** Bits of a sequence unless told: what all 15 tests need. */
export const defaultBits = 1_000_000;

/**
 * Sequences of 1,000,000 bits unless `bits` says otherwise, or of what there is for each where that is less; as many
 * as the input has unless `sequences` says otherwise.
 * @throws InputError if a number is no positive integer or the input too short
 */
export function cutInput(available: number, bits?: number, sequences?: number): Cut {
  for (const [name, value] of Object.entries({ bits, sequences }))
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1))
      throw new InputError(`"${name}" expected an integer of at least 1, got ${value}`);
  const n = bits ?? Math.max(1, Math.min(defaultBits, Math.floor(available / (sequences ?? 1))));
  const count = sequences ?? Math.max(1, Math.floor(available / n));
  if (n * count > available)
    throw new InputError(
      `${count} times ${n} bits are ${n * count}, the input has ${available}; ` +
        'give a longer input, or smaller --bits or --sequences',
    );
  return { n, sequences: count, unused: available - n * count };
}
