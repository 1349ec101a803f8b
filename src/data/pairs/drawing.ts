/**
 * How a metadata image is drawn from its codes: each cell of a picture shows the glyph that its code names. A table
 * says where, so that any device can draw with three look-ups: glyphs by codes, distinct rows by samples, the picture by rows.
 */

import { impossible } from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import { isExtra, type Metadata } from '../metadata/extra.ts';
import type { Encoder, Layout } from './encoders/_encoder.ts';
import { bits } from './encoders/bits.ts';
import { fields } from './encoders/fields.ts';
import { text } from './encoders/text.ts';

const encoders = { text, fields, bits } satisfies Record<string, Encoder>;

export type EncoderName = keyof typeof encoders;
export const encoderNames = Object.keys(encoders) as EncoderName[];

/** Pictures of one encoder and size, all with extra metadata or all without. */
export interface Drawing extends Layout {
  readonly size: number;
  /** Samples of a glyph. */
  readonly samples: number;
  /** Levels of all glyphs, [glyphs, samples]: 0-255, and 0-1 as a network sees them. */
  readonly levels: Uint8Array;
  readonly values: Float32Array;
  /**
   * One code a cell. @param metadata with extra metadata where the pictures show it
   * @throws InputError for a date that does not exist, or an extra that cannot be drawn
   */
  readonly codes: (metadata: Metadata) => readonly number[];
}

const opened = new Map<string, Drawing>();

/** @throws InputError for an unknown encoder, or a size that is no integer or too small */
export function drawingOf(name: EncoderName, size: number, withExtra: boolean): Drawing {
  const key = `${name} ${size} ${withExtra}`;
  const known = opened.get(key) ?? openDrawing(checkedEncoder(name, size, withExtra), size, withExtra);
  opened.set(key, known);
  return known;
}

function openDrawing({ glyphs, layout, codes }: Encoder, size: number, withExtra: boolean): Drawing {
  const samples = glyphs[0]!.length;
  const levels = new Uint8Array(glyphs.length * samples);
  for (const [i, glyph] of glyphs.entries()) levels.set(glyph, i * samples);
  // 255 / 255 is exactly 1; in between, the float32 nearest to level / 255.
  const values = Float32Array.from(levels, (level) => level / 255);
  const checked = (metadata: Metadata) => codes(checkedMetadata(metadata, withExtra));
  return { ...layout(size, withExtra), size, samples, levels, values, codes: checked };
}

/** The codes of some images, [images, cells]. @throws InputError as `Drawing.codes` */
export function codesOf({ cells, codes }: Drawing, images: readonly Metadata[]): Int32Array {
  const all = new Int32Array(images.length * cells);
  for (const [i, image] of images.entries()) all.set(codes(image), i * cells);
  return all;
}

/**
 * Draws images [images, size, size, 3] of levels 0-255 or values 0-1.
 * @param codes [images, cells]
 * @param out at least as long as the images; all of their samples are overwritten
 */
export function drawCodes(drawing: Drawing, codes: Int32Array, out: Uint8Array | Float32Array): void {
  const { cells, size } = drawing;
  for (let i = 0; i < codes.length / cells; i++)
    drawOne(drawing, codes.subarray(i * cells, (i + 1) * cells), out, i * size * size * 3);
}

function drawOne(drawing: Drawing, codes: Int32Array, out: Uint8Array | Float32Array, start: number): void {
  const { size, rowAt } = drawing;
  const shown = shownBy(drawing, codes, out instanceof Uint8Array ? drawing.levels : drawing.values);
  const drawnAt = new Map<number, number>();
  for (let y = 0; y < size; y++) {
    const at = start + y * size * 3;
    const before = drawnAt.get(rowAt[y]!);
    if (before !== undefined) out.copyWithin(at, before, before + size * 3);
    else drawRow(drawing, rowAt[y]!, shown, out, at);
    drawnAt.set(rowAt[y]!, before ?? at);
  }
}

/** Samples of the cells of one image, [cells, samples]. */
function shownBy<A extends Uint8Array | Float32Array>({ samples }: Drawing, codes: Int32Array, atlas: A): A {
  const shown = new (atlas.constructor as new (length: number) => A)(codes.length * samples);
  for (let cell = 0; cell < codes.length; cell++)
    shown.set(atlas.subarray(codes[cell]! * samples, (codes[cell]! + 1) * samples), cell * samples);
  return shown;
}

function drawRow(
  { size, rows }: Drawing,
  row: number,
  shown: Uint8Array | Float32Array,
  out: Uint8Array | Float32Array,
  at: number,
): void {
  for (let x = 0; x < size; x++) {
    const value = shown[rows[row * size + x]!]!;
    out[at + 3 * x] = value;
    out[at + 3 * x + 1] = value;
    out[at + 3 * x + 2] = value;
  }
}

function checkedMetadata(metadata: Metadata, withExtra: boolean): Metadata {
  const { extra } = metadata;
  const wrong = impossible(metadata);
  if (wrong) throw new InputError(`"metadata" expected a date that exists, got ${wrong}; correct it`);
  if ((extra !== undefined) !== withExtra)
    throw new TypeError(`"metadata" expected ${withExtra ? 'an' : 'no'} extra, as the drawing shows`);
  if (extra === undefined || isExtra(extra)) return metadata;
  throw new InputError(
    `"extra" expected a modality of at most 16 of A-Z, 0-9, _ and blanks between, and a patient hash of 16 hexadecimal digits, got "${extra.modality}" and "${extra.patient}"`,
  );
}

/** @throws InputError for an unknown encoder, or a size that is no integer or too small */
export function checkedEncoder(encoder: EncoderName, size: number, withExtra = false): Encoder {
  const found: Encoder | undefined = Object.hasOwn(encoders, encoder) ? encoders[encoder] : undefined;
  if (!found) throw new InputError(`"encoder" expected one of ${encoderNames.join(', ')}, got ${encoder}`);
  const least = withExtra ? found.leastWithExtra : found.least;
  if (!Number.isSafeInteger(size) || size < least)
    throw new InputError(
      `"size" expected an integer of at least ${least} for encoder ${encoder}${withExtra ? ' with extra metadata' : ''}, got ${size}`,
    );
  return found;
}
