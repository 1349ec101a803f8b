/**
 * A built-in bitmap font for dates: digits, `-`, `:`, `T` and the blank, 5 x 9 pixels in a cell of 6 x 9.
 * No system font takes part, so that a metadata image has the same pixels on every machine. Strokes are one
 * pixel wide; any two digits differ in at least 4 pixels (a test counts them).
 */

export const glyphWidth = 5;
export const glyphHeight = 9;
/** Glyph and the gap behind it. */
export const cellWidth = glyphWidth + 1;

/** Nine rows from the top, `#` is ink. */
const glyphs: Readonly<Record<string, string>> = {
  '0': '.###. #...# #...# #..## #.#.# ##..# #...# #...# .###.',
  '1': '..#.. .##.. #.#.. ..#.. ..#.. ..#.. ..#.. ..#.. #####',
  '2': '.###. #...# ....# ....# ...#. ..#.. .#... #.... #####',
  '3': '.###. #...# ....# ....# ..##. ....# ....# #...# .###.',
  '4': '...#. ..##. ..##. .#.#. .#.#. #..#. ##### ...#. ...#.',
  '5': '##### #.... #.... ####. ....# ....# ....# #...# .###.',
  '6': '..##. .#... #.... #.... ####. #...# #...# #...# .###.',
  '7': '##### ....# ....# ...#. ...#. ..#.. ..#.. .#... .#...',
  '8': '.###. #...# #...# #...# .###. #...# #...# #...# .###.',
  '9': '.###. #...# #...# #...# .#### ....# ....# ...#. .##..',
  '-': '..... ..... ..... ..... ##### ..... ..... ..... .....',
  ':': '..... ..... ..#.. ..#.. ..... ..... ..#.. ..#.. .....',
  T: '##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#.. ..#.. ..#..',
  ' ': '..... ..... ..... ..... ..... ..... ..... ..... .....',
};

/** A horizontal run of ink inside a glyph: row, first column, length. */
export type Run = readonly [row: number, column: number, length: number];

const runsOf = (rows: string): Run[] =>
  rows
    .split(' ')
    .flatMap((row, y) => [...row.matchAll(/#+/g)].map(({ index, 0: ink }): Run => [y, index, ink.length]));

const runs = new Map(Object.entries(glyphs).map(([letter, rows]) => [letter, runsOf(rows)]));

/** The runs of ink of one character. @throws RangeError for a character that the font has not */
export function glyphRuns(letter: string): readonly Run[] {
  const found = runs.get(letter);
  if (found) return found;
  throw new RangeError(`"letter" expected one of "${[...runs.keys()].join('')}", got "${letter}"`);
}
