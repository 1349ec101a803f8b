/**
 * `text`: white on black, two centred lines `YYYY-MM-DD` and `HH:MM:SS` in the built-in font, enlarged by the whole
 * number floor(size / 60); 64 pixels give 1, 224 give 3. Size >= 60.
 */
import { formatWallClock, type WallClock } from '../datetime.ts';
import { cellWidth, glyphHeight, glyphRuns, glyphWidth } from '../font.ts';
import type { Encoder, LevelAt, Paint } from './_encoder.ts';

/** Ten characters of six pixels, the longer of the two lines. */
const textWidth = 10 * cellWidth;
/** Blank rows between the two lines. */
const leading = 5;
const forms = ['0000-00-00', '00:00:00'] as const;

/** Where a line begins, and how large a pixel of the font is. */
function placeOf(line: number, size: number): { left: number; top: number; scale: number } {
  const scale = Math.floor(size / textWidth);
  const top = Math.floor((size - scale * (2 * glyphHeight + leading)) / 2);
  const left = Math.floor((size - scale * (forms[line]!.length * cellWidth - 1)) / 2);
  return { left, top: top + line * scale * (glyphHeight + leading), scale };
}

function draw(when: WallClock, size: number, paint: Paint): void {
  formatWallClock(when)
    .split('T')
    .forEach((text, line) => {
      const { left, top, scale } = placeOf(line, size);
      for (let i = 0; i < text.length; i++)
        for (const [row, column, length] of glyphRuns(text[i]!))
          paint(left + scale * (i * cellWidth + column), top + scale * row, scale * length, scale, 255);
    });
}

function read(size: number, levelAt: LevelAt): WallClock {
  const [date, time] = forms.map((form, line) => readLine(form, line, size, levelAt));
  const [year, month, day] = date!.split('-').map(Number) as [number, number, number];
  const [hour, minute, second] = time!.split(':').map(Number) as [number, number, number];
  return { year, month, day, hour, minute, second };
}

function readLine(form: string, line: number, size: number, levelAt: LevelAt): string {
  const { left, top, scale } = placeOf(line, size);
  return [...form]
    .map((letter, i) => {
      if (letter !== '0') return letter;
      return readDigit((column, row) => levelAt(left + scale * (i * cellWidth + column), top + scale * row));
    })
    .join('');
}

/** The digit that differs in the fewest pixels of the font. */
function readDigit(levelAt: LevelAt): string {
  const misses = digits.map((ink) => {
    let differing = 0;
    for (let row = 0; row < glyphHeight; row++)
      for (let column = 0; column < glyphWidth; column++)
        if (levelAt(column, row) > 127 !== ink.has(row * glyphWidth + column)) differing++;
    return differing;
  });
  return String(misses.indexOf(Math.min(...misses)));
}

/** Places of ink of each digit. */
const digits = Array.from({ length: 10 }, (_, digit) => {
  const places = glyphRuns(String(digit)).flatMap(([row, column, length]) =>
    Array.from({ length }, (_, i) => row * glyphWidth + column + i),
  );
  return new Set(places);
});

export const text: Encoder = { least: textWidth, draw, read };
