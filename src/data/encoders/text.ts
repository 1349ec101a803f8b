/**
 * `text`: white on black, centred lines `YYYY-MM-DD` and `HH:MM:SS` in the built-in font, enlarged by the whole number
 * floor(size / 60); 64 pixels give 1, 224 give 3. With extra metadata four lines of eight characters follow, closer
 * together: the modality, and the patient hash in capitals, blank where nothing is known. Size >= 60.
 */
import { formatWallClock } from '../datetime.ts';
import { codeLength, codeLetters, type Metadata } from '../extra.ts';
import { cellWidth, glyphHeight, glyphRuns, glyphWidth } from '../font.ts';
import type { Encoder, LevelAt, Paint } from './_encoder.ts';

/** Ten characters of six pixels, the longest of the lines. Six lines take one pixel less. */
const textWidth = 10 * cellWidth;
/** Characters of a line below the date. */
const half = 8;

/** Lines, in which `0` stands for a digit, `X` for a letter of a modality, `F` for one of a hash; rows between them. */
interface Layout {
  readonly forms: readonly string[];
  readonly leading: number;
}

const dateForms = ['0000-00-00', '00:00:00'];
const ofDate: Layout = { forms: dateForms, leading: 5 };
const withAll: Layout = {
  forms: [...dateForms, ...['X', 'X', 'F', 'F'].map((letter) => letter.repeat(half))],
  leading: 1,
};

const layoutOf = (withExtra: boolean): Layout => (withExtra ? withAll : ofDate);

/** Where a line begins, and how large a pixel of the font is. */
function placeOf({ forms, leading }: Layout, line: number, size: number) {
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

function draw(metadata: Metadata, size: number, paint: Paint): void {
  const layout = layoutOf(metadata.extra !== undefined);
  linesOf(metadata).forEach((text, line) => {
    const { left, top, scale } = placeOf(layout, line, size);
    for (let i = 0; i < text.length; i++)
      for (const [row, column, length] of glyphRuns(text[i]!))
        paint(left + scale * (i * cellWidth + column), top + scale * row, scale * length, scale, 255);
  });
}

function read(size: number, levelAt: LevelAt, withExtra: boolean): Metadata {
  const layout = layoutOf(withExtra);
  const lines = layout.forms.map((_, line) => readLine(layout, line, size, levelAt));
  const [year, month, day] = lines[0]!.split('-').map(Number) as [number, number, number];
  const [hour, minute, second] = lines[1]!.split(':').map(Number) as [number, number, number];
  const when = { year, month, day, hour, minute, second };
  if (!withExtra) return when;
  const modality = `${lines[2]}${lines[3]}`.trimEnd();
  return { ...when, extra: { modality, patient: `${lines[4]}${lines[5]}`.trimEnd().toLowerCase() } };
}

function readLine(layout: Layout, line: number, size: number, levelAt: LevelAt): string {
  const { left, top, scale } = placeOf(layout, line, size);
  return [...layout.forms[line]!]
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

export const text: Encoder = { least: textWidth, leastWithExtra: textWidth, draw, read };
