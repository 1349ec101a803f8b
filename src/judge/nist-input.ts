/**
 * Where the bits of `nist` come from: a file of raw bytes, a text of bits, the samples of an image or array in row order,
 * or the paper's z_key made on the fly. Bytes and samples give their most significant bit first.
 */

import type { MapName } from '../chaos/maps.ts';
import { multipliersOf } from '../cipher/options.ts';
import { baselineParams, checkParams, type PresetName, presets } from '../cipher/paper.ts';
import { quantise } from '../cipher/quantise.ts';
import { drop, sequencesOf } from '../cipher/sequences.ts';
import type { NumberArray } from '../data/images/number-array.ts';
import { kindOf, kinds } from '../data/images/sniff.ts';
import { InputError } from '../shared/errors.ts';
import { readInput } from '../shared/files.ts';
import { shownName } from '../shared/standard-streams.ts';

import type { Depth, MapParams } from '../shared/types.ts';
import { bitsOfText, type Format, packedBits, textOf } from './bit-text.ts';

export interface NistInput {
  /** Description for the reader: `cipher.png: 512x512, 1 channel, 8 bit`. */
  readonly source: string;
  readonly bytes: Uint8Array;
  /** Bits in use; the last byte may be filled up with zeros. */
  readonly bits: number;
}

/**
 * @param format `auto`: samples of a file whose kind src/data/images/sniff.ts knows; bits of a text of 0 and 1 or of
 *   hexadecimal digits; else raw bytes
 * @throws InputError for an unreadable or empty file, one that is not of the format, a kind that is not read, other texts
 */
export async function fileInput(given: string, format: Format = 'auto'): Promise<NistInput> {
  const bytes = await readInput(given);
  const path = shownName(given);
  if (bytes.length === 0)
    throw new InputError(`${path} expected at least 1 bit, got an empty file; check the file`);
  if (format === 'raw') return rawInput(path, bytes);
  if (format === 'image') return samplesInput(path, bytes);
  const text = textOf(bytes);
  if (format === 'ascii' || format === 'hex') return textInput(path, text ?? bytes, format);
  const kind = kindOf(bytes);
  if (kind && kinds[kind].read === null)
    throw new InputError(
      `${path}: a file of kind ${kind} is not read; convert it to PNG or NPY, or give --format raw to test all its bytes`,
    );
  if (kind) return samplesInput(path, bytes);
  return text === null ? rawInput(path, bytes) : textInput(path, text, 'auto');
}

const rawInput = (path: string, bytes: Buffer): NistInput => ({
  source: `${path}: raw bytes`,
  bytes,
  bits: 8 * bytes.length,
});

function textInput(path: string, text: Buffer, format: 'auto' | 'ascii' | 'hex'): NistInput {
  const { kind, bytes, bits } = bitsOfText(text, path, format);
  return { source: `${path}: ${kind === 'hex' ? 'hexadecimal digits' : 'characters 0 and 1'}`, bytes, bits };
}

async function samplesInput(path: string, file: Buffer): Promise<NistInput> {
  const { frameRasters, lossyNote, numberArray } = await import('../data/images/image.ts');
  const array = numberArray(file, path);
  if (array) return arrayInput(path, array);
  const frames = await frameRasters(file, path);
  const { width, height, channels, depth } = frames[0]!;
  const count = frames.length > 1 ? `${frames.length} frames of ` : '';
  const source = `${path}: image ${count}${width}x${height}, ${channels} channel${channels > 1 ? 's' : ''}, ${depth} bit`;
  const bytes = Buffer.concat(frames.map(({ data }) => bigEndian(data)));
  const note = lossyNote(file, path);
  return { source: note ? `${source}; ${note}` : source, bytes, bits: 8 * bytes.length };
}

/** Truth values and numbers that are all 0 or 1 give a bit each, others 8 or 16. */
async function arrayInput(path: string, array: NumberArray): Promise<NistInput> {
  const { areBits, samplesOf } = await import('../data/images/number-array.ts');
  const shape = array.shape.join('x');
  if (array.logical || areBits(array)) {
    const bits = array.values.length;
    return {
      source: `${path}: array ${shape} of values 0 and 1, a bit each`,
      bytes: packedBits(array.values),
      bits,
    };
  }
  const bytes = bigEndian(samplesOf(array, path));
  const depth = (8 * bytes.length) / array.values.length;
  return { source: `${path}: array ${shape}, ${depth} bit`, bytes, bits: 8 * bytes.length };
}

/** Samples as bytes, the upper byte of 16 bits first. */
export function bigEndian(samples: Uint8Array | Uint16Array): Uint8Array {
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
  const multipliers = multipliersOf(options, map);
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

/** Default length of a sequence: all 15 tests can run on it. */
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
