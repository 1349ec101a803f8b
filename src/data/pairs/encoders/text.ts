/**
 * `text`: white on black, centred lines `YYYY-MM-DD` and `HH:MM:SS` in the built-in font, enlarged by the whole number
 * floor(size / 60); 64 pixels give 1, 224 give 3. With extra metadata four lines of eight characters follow, closer
 * together: the modality, and the patient hash in capitals, blank where nothing is known. Size >= 60. A character is a cell.
 */
import { formatWallClock } from '../../../shared/datetime.ts';
import { codeLength, codeLetters, type Metadata } from '../../metadata/extra.ts';
import { cellWidth, fontLetters, glyphHeight, glyphRuns, glyphWidth } from '../font.ts';
import type { Encoder, Layout, LevelAt } from './_encoder.ts';

/** Ten characters of six pixels, the longest of the lines. Six lines take one pixel less. */
const textWidth = 10 * cellWidth;
/** Characters of a line below the date. */
const half = 8;

/** Lines, in which `0` stands for a digit, `X` for a letter of a modality, `F` for one of a hash; rows between them. */
interface Lines {
  readonly forms: readonly string[];
  readonly leading: number;
}

const dateForms = ['0000-00-00', '00:00:00'];
const ofDate: Lines = { forms: dateForms, leading: 5 };
const withAll: Lines = {
  forms: [...dateForms, ...['X', 'X', 'F', 'F'].map((letter) => letter.repeat(half))],
  leading: 1,
};

const formOf = (withExtra: boolean): Lines => (withExtra ? withAll : ofDate);

/** Where a line begins, and how large a pixel of the font is. */
function placeOf({ forms, leading }: Lines, line: number, size: number) {
  const scale = Math.floor(size / textWidth);
  const height = forms.length * (glyphHeight + leading) - leading;
  const top = Math.floor((size - scale * height) / 2);
  const left = Math.floor((size - scale * (forms[line]!.length * cellWidth - 1)) / 2);
  return { left, top: top + line * scale * (glyphHeight + leading), scale };
}

function linesOf(metadata: Metadata): string[] {
  const { extra } = metadata;
  const date = formatWallClock(metadata).split('T');
  if (!extra) return date;
  const halves = [extra.modality, extra.patient.toUpperCase()].map((text) => text.padEnd(codeLength));
  return [...date, ...halves.flatMap((text) => [text.slice(0, half), text.slice(half)])];
}

const codes = (metadata: Metadata): number[] =>
  [...linesOf(metadata).join('')].map((letter) => fontLetters.indexOf(letter));

/** Samples of a character, in rows of a cell: the glyph and the gap behind it, which is black. */
const samples = glyphHeight * cellWidth;
const black = glyphWidth;

const glyphs = [...fontLetters].map((letter) => {
  const levels = new Uint8Array(samples);
  for (const [row, column, length] of glyphRuns(letter))
    levels.fill(255, row * cellWidth + column, row * cellWidth + column + length);
  return levels;
});

function layout(size: number, withExtra: boolean): Layout {
  const lines = formOf(withExtra);
  const blank = lines.forms.length * glyphHeight; // the row after those of all lines
  const rows = new Int32Array((blank + 1) * size).fill(black);
  const rowAt = new Int32Array(size).fill(blank);
  let first = 0;
  for (const [line, form] of lines.forms.entries()) {
    const { left, top, scale } = placeOf(lines, line, size);
    for (let row = 0; row < glyphHeight; row++) {
      const at = line * glyphHeight + row;
      rowAt.fill(at, top + scale * row, top + scale * (row + 1));
      rows.set(rowOf(form.length, row, first, scale), at * size + left);
    }
    first += form.length;
  }
  return { cells: first, rows, rowAt };
}

/** One row of a line of characters, without the gap behind the last. @param first cell of the line */
function rowOf(characters: number, row: number, first: number, scale: number): Int32Array {
  const wide = characters * cellWidth - 1;
  return Int32Array.from({ length: scale * wide }, (_, x) => {
    const column = Math.floor(x / scale);
    const cell = first + Math.floor(column / cellWidth);
    return cell * samples + row * cellWidth + (column % cellWidth);
  });
}

function read(size: number, levelAt: LevelAt, withExtra: boolean): Metadata {
  const form = formOf(withExtra);
  const lines = form.forms.map((_, line) => readLine(form, line, size, levelAt));
  const [year, month, day] = lines[0]!.split('-').map(Number) as [number, number, number];
  const [hour, minute, second] = lines[1]!.split(':').map(Number) as [number, number, number];
  const when = { year, month, day, hour, minute, second };
  if (!withExtra) return when;
  const modality = `${lines[2]}${lines[3]}`.trimEnd();
  return { ...when, extra: { modality, patient: `${lines[4]}${lines[5]}`.trimEnd().toLowerCase() } };
}

function readLine(lines: Lines, line: number, size: number, levelAt: LevelAt): string {
  const { left, top, scale } = placeOf(lines, line, size);
  return [...lines.forms[line]!]
    .map((kind, i) => {
      const letters = alphabets[kind];
      if (!letters) return kind;
      const at = (column: number, row: number): number =>
        levelAt(left + scale * (i * cellWidth + column), top + scale * row);
      return nearest(letters, at);
    })
    .join('');
}

/** A letter and its places of ink. */
type Letter = readonly [letter: string, ink: ReadonlySet<number>];

const alphabet = (letters: string): Letter[] =>
  [...letters].map((letter) => {
    const places = glyphRuns(letter).flatMap(([row, column, length]) =>
      Array.from({ length }, (_, i) => row * glyphWidth + column + i),
    );
    return [letter, new Set(places)];
  });

const alphabets: Readonly<Record<string, readonly Letter[]>> = {
  '0': alphabet('0123456789'),
  X: alphabet(codeLetters),
  F: alphabet(' 0123456789ABCDEF'),
};

/** The letter that differs in the fewest pixels of the font. */
function nearest(letters: readonly Letter[], levelAt: LevelAt): string {
  const misses = letters.map(([, ink]) => {
    let differing = 0;
    for (let row = 0; row < glyphHeight; row++)
      for (let column = 0; column < glyphWidth; column++)
        if (levelAt(column, row) > 127 !== ink.has(row * glyphWidth + column)) differing++;
    return differing;
  });
  return letters[misses.indexOf(Math.min(...misses))]![0];
}

export const text: Encoder = {
  least: textWidth,
  leastWithExtra: textWidth,
  glyphs,
  layout,
  codes,
  read,
};
