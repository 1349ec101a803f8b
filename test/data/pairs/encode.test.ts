import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  codeLetters,
  type Extra,
  extraNames,
  onlyExtra,
  parseExtra,
} from '../../../src/data/metadata/extra.ts';
import { syntheticDates } from '../../../src/data/pairs/dates.ts';
import {
  drawBatch,
  drawMetadataImage,
  type EncoderName,
  encoderNames,
  readMetadataImage,
} from '../../../src/data/pairs/encode.ts';
import { glyphRuns } from '../../../src/data/pairs/font.ts';
import { fromSeconds, parseWallClock, toSeconds } from '../../../src/shared/datetime.ts';
import { stream } from '../../../src/shared/random.ts';

const when = parseWallClock('2023-02-28T14:05:09');

/** Columns x0..x1 of rows y0..y1, `#` where the red sample is not 0. */
function ascii(image: Uint8Array, size: number, [x0, x1]: number[], [y0, y1]: number[]): string[] {
  const ink = (x: number, y: number): string => (image[(y * size + x) * 3] ? '#' : '.');
  return Array.from({ length: y1! - y0! }, (_, y) =>
    Array.from({ length: x1! - x0! }, (_, x) => ink(x0! + x, y0! + y)).join(''),
  );
}

test('the text 2023-02-28 / 14:05:09 at 64 pixels', () => {
  const image = drawMetadataImage(when, 64, 'text');
  expect(ascii(image, 64, [0, 64], [20, 43])).toEqual([
    '...###...###...###...###.........###...###.........###...###....',
    '..#...#.#...#.#...#.#...#.......#...#.#...#.......#...#.#...#...',
    '......#.#...#.....#.....#.......#...#.....#...........#.#...#...',
    '......#.#..##.....#.....#.......#..##.....#...........#.#...#...',
    '.....#..#.#.#....#....##..#####.#.#.#....#..#####....#...###....',
    '....#...##..#...#.......#.......##..#...#...........#...#...#...',
    '...#....#...#..#........#.......#...#..#...........#....#...#...',
    '..#.....#...#.#.....#...#.......#...#.#...........#.....#...#...',
    '..#####..###..#####..###.........###..#####.......#####..###....',
    ...Array(5).fill('.'.repeat(64)),
    '..........#......#.........###..#####........###...###..........',
    '.........##.....##........#...#.#...........#...#.#...#.........',
    '........#.#.....##....#...#...#.#.......#...#...#.#...#.........',
    '..........#....#.#....#...#..##.####....#...#..##.#...#.........',
    '..........#....#.#........#.#.#.....#.......#.#.#..####.........',
    '..........#...#..#........##..#.....#.......##..#.....#.........',
    '..........#...#####...#...#...#.....#...#...#...#.....#.........',
    '..........#......#....#...#...#.#...#...#...#...#....#..........',
    '........#####....#.........###...###.........###...##...........',
  ]);
  const inside = ascii(image, 64, [0, 64], [20, 43]).join('');
  const all = ascii(image, 64, [0, 64], [0, 64]).join('');
  expect(all.replaceAll('.', '').length).toBe(inside.replaceAll('.', '').length);
});

test('at 224 pixels it is the same three times as large', () => {
  const small = drawMetadataImage(when, 60, 'text');
  const large = drawMetadataImage(when, 180, 'text');
  const every = (n: number): string[] =>
    ascii(large, 180, [0, 180], [0, 180])
      .filter((_, y) => y % 3 === n)
      .map((row) => [...row].filter((_, x) => x % 3 === n).join(''));
  const inked = (rows: string[]): string[] =>
    rows.map((row) => row.trim()).filter((row) => row.includes('#'));
  // Centring may differ by a pixel, so compare the rows with ink without their margins.
  const bare = (rows: string[]): string[] => inked(rows).map((row) => row.replace(/^\.+|\.+$/g, ''));
  expect(bare(every(1))).toEqual(bare(ascii(small, 60, [0, 60], [0, 60])));
});

test('fields: a column each; 1990 has century 19, the last second is white', () => {
  const image = drawMetadataImage(parseWallClock('1990-12-31T23:59:59'), 14, 'fields');
  const at = (column: number, row: number): number => image[(row * 14 + column * 2) * 3]!;
  for (const row of [0, 6, 13])
    expect([0, 1, 2, 3, 4, 5, 6].map((column) => at(column, row))).toEqual([
      Math.round((255 * 19) / 99),
      232,
      255,
      255,
      255,
      255,
      255,
    ]);
});

test('bits: the 40 blocks spell the seconds', () => {
  const image = drawMetadataImage(when, 40, 'bits');
  let seconds = 0;
  for (let i = 0; i < 40; i++) {
    const [x, y] = [(i % 8) * 5, Math.floor(i / 8) * 8];
    seconds = seconds * 2 + (image[(y * 40 + x) * 3] === 255 ? 1 : 0);
  }
  expect(seconds).toBe(toSeconds(when));
});

describe.each(encoderNames)('%s', (encoder) => {
  const dates = [...syntheticDates(500, 1, 'encode'), ...neighbours()];

  test('different seconds give different images', () => {
    const seen = new Set(
      dates.map((date) => Buffer.from(drawMetadataImage(date, 60, encoder)).toString('latin1')),
    );
    expect(seen.size).toBe(dates.length);
  });

  test.each([60, 61, 64, 100, 224])('three equal channels, deterministic, at %i', (size) => {
    const image = drawMetadataImage(when, size, encoder);
    expect(image.length).toBe(size * size * 3);
    expect(image.every((value, i) => value === image[i - (i % 3)])).toBe(true);
    expect(Buffer.from(image).equals(Buffer.from(drawMetadataImage(when, size, encoder)))).toBe(true);
  });

  test('drawBatch is drawMetadataImage over 255, and overwrites', () => {
    const size = 64;
    const out = new Float32Array(3 * size * size * 3 + 5).fill(0.5);
    drawBatch(dates.slice(0, 3), size, encoder, out);
    dates.slice(0, 3).forEach((date, i) => {
      const wanted = Float32Array.from(drawMetadataImage(date, size, encoder), (value) => value / 255);
      const got = out.slice(i * wanted.length, (i + 1) * wanted.length);
      expect(Buffer.from(got.buffer).equals(Buffer.from(wanted.buffer))).toBe(true);
    });
    expect(Array.from(out.slice(-5))).toEqual(Array(5).fill(0.5));
  });

  test.each([60, 64, 101, 224])('the date is read back exactly, at %i', (size) => {
    const many = [...syntheticDates(120, size, 'decode'), ...anyYear(120, size), ...neighbours()];
    for (const date of many)
      expect(readMetadataImage(drawMetadataImage(date, size, encoder), size, encoder)).toEqual(date);
  });

  test('a picture that is changed, of another encoder or of another size is none', () => {
    const image = drawMetadataImage(when, 64, encoder);
    const others = encoderNames.filter((name) => name !== encoder);
    for (const at of [0, 1, 6000, image.length - 1]) {
      const changed = image.slice();
      changed[at]! ^= 1;
      expect(() => readMetadataImage(changed, 64, encoder)).toThrow(/expected a metadata image of encoder/);
    }
    for (const other of others)
      expect(() => readMetadataImage(image, 64, other)).toThrow(/got another picture/);
    expect(() => readMetadataImage(image, 65, encoder)).toThrow(/65x65x3, got another picture/);
    expect(() => readMetadataImage(new Uint8Array(64 * 64 * 3).fill(128), 64, encoder)).toThrow(
      /another picture/,
    );
  });

  test('an `out` too short is refused', () => {
    expect(() => drawBatch([when], 64, encoder, new Float32Array(10))).toThrow(/"out" expected 12288/);
  });
});

/** Of networks that were trained on them: a date alone keeps its picture, whatever is added to the encoders. */
test.each<[EncoderName, number, string]>([
  ['text', 64, 'f68270678a130e434fe2d512d39f3fcd373e5983413113371ecf166444d422d3'],
  ['text', 224, '251df6b6fa04ead7ac96fabb09cbb99e54b15acda86004b14c5385b48a1ed9a4'],
  ['fields', 64, '7286aaba42d0ce22058a758c7ca5b8678daddbad111c39bdab2a1ce5f123a0cd'],
  ['fields', 224, '98ff8d51972f5d617fb4b72587ceb480597d521cbd67c5926e985b4e781ca30a'],
  ['bits', 64, 'e2ffffe3eb10407f1602868d563723297137d7fb4e41b255a0a4d38e38884e5d'],
  ['bits', 224, '35c536abb565c0dd6faa56884ec3f93f65b3156084ddae057c2118ee1f93c028'],
])('the pictures of 50 dates in %s at %i are the same as ever', (encoder, size, wanted) => {
  const hash = createHash('sha256');
  for (const date of syntheticDates(50, 1, 'pinned')) hash.update(drawMetadataImage(date, size, encoder));
  expect(hash.digest('hex')).toBe(wanted);
});

test.each<[EncoderName, number, string]>([
  ['text', 101, 'db99accc8ff6a593d11f06d858ddda5a3068e8cfc197e6fab34e7c8acf0dffb8'],
  ['text', 225, '115668b283c255c2022ec5d4351f78c1d3789e052833d486ac9be907e7f213dd'],
  ['fields', 101, '8db0c4d10d62edeb7d1a564fd817deeb4ecffb484337de1adde5012493642b6f'],
  ['fields', 225, 'e3f6db6dda6bca038b6a932cc8c89c39db19fffdfdda776d33281ffa0b804b02'],
  ['bits', 101, 'fb0baae3e27ad8f550842840ee1456a542dd79d0eb8b177206211691596e305e'],
  ['bits', 225, 'dc0d16a5f7d559875d83aab37053dda66c424ef39b5de6999011d2b55d1a5062'],
])('the pictures of 50 dates and extras in %s at %i are the same as ever', (encoder, size, wanted) => {
  const hash = createHash('sha256');
  for (const [i, date] of syntheticDates(50, 1, 'pinned').entries())
    hash.update(drawMetadataImage({ ...date, extra: extremes[i % extremes.length]! }, size, encoder));
  expect(hash.digest('hex')).toBe(wanted);
});

describe('extra metadata', () => {
  const date = { ...when, extra: { modality: 'DX', patient: '00ff10a7bc3d4e5f' } };

  describe.each(encoderNames)('%s', (encoder) => {
    test.each([60, 64, 101, 224])('date, modality and patient are read back exactly, at %i', (size) => {
      const dates = [...anyYear(12, size), ...neighbours()];
      const random = stream(size, 'extra');
      for (const [i, one] of dates.entries()) {
        const metadata = { ...one, extra: i < extremes.length ? extremes[i]! : randomExtra(random) };
        const image = drawMetadataImage(metadata, size, encoder);
        expect(readMetadataImage(image, size, encoder, true)).toEqual(metadata);
      }
    });

    test('it fits the picture, in three equal channels; a batch is drawn the same, with and without', () => {
      const size = 64;
      const out = new Float32Array(2 * size * size * 3);
      drawBatch([date, when], size, encoder, out);
      const both = [date, when].flatMap((one) => [...drawMetadataImage(one, size, encoder)]);
      expect(out).toEqual(Float32Array.from(both, (value) => value / 255));
      const image = drawMetadataImage(date, size, encoder);
      expect(image.every((value, i) => value === image[i - (i % 3)])).toBe(true);
    });

    test('a picture with it is none without, and the other way round; a changed one is none', () => {
      const size = 64;
      const [plain, more] = [when, date].map((one) => drawMetadataImage(one, size, encoder));
      expect(() => readMetadataImage(more!, size, encoder)).toThrow(/got another picture/);
      expect(() => readMetadataImage(plain!, size, encoder, true)).toThrow(
        /64x64x3, with extra metadata, got another/,
      );
      const changed = more!.slice();
      changed[5000]! ^= 1;
      expect(() => readMetadataImage(changed, size, encoder, true)).toThrow(/got another picture/);
    });

    test.each<[string, Extra]>([
      ['small letters', { modality: 'dx', patient: '' }],
      ['17 letters', { modality: 'A'.repeat(17), patient: '' }],
      ['a blank at the end', { modality: 'DX ', patient: '' }],
      ['a short hash', { modality: 'DX', patient: '12ab' }],
      ['a hash in capitals', { modality: 'DX', patient: '00FF10A7BC3D4E5F' }],
    ])('%s cannot be drawn', (_, extra) => {
      expect(() => drawMetadataImage({ ...when, extra }, 64, encoder)).toThrow(
        /"extra" expected a modality of at most 16/,
      );
    });
  });

  test.each<[EncoderName, number]>([
    ['text', 60],
    ['fields', 32],
    ['bits', 26],
  ])('%s needs %i pixels', (encoder, least) => {
    expect(readMetadataImage(drawMetadataImage(date, least, encoder), least, encoder, true)).toEqual(date);
    expect(() => drawMetadataImage(date, least - 1, encoder)).toThrow(
      `at least ${least} for encoder ${encoder} with extra`,
    );
  });

  test('the text has six lines, at 64 pixels the date in the same size', () => {
    const rows = ascii(drawMetadataImage(date, 64, 'text'), 64, [0, 64], [0, 64]);
    const inked = rows.map((row) => row.includes('#'));
    // Six lines of 9 pixels with one between, from row 2; the fourth, modality's second half, is blank.
    expect(inked.map((ink, y) => (ink ? y : -1)).filter((y) => y >= 0)).toEqual(
      [0, 1, 2, 4, 5].flatMap((line) => Array.from({ length: 9 }, (_, row) => 2 + 10 * line + row)),
    );
    expect(rows.slice(22, 31)).toEqual([
      '........###...#...#.............................................',
      '........#..#..#...#.............................................',
      '........#...#..#.#..............................................',
      '........#...#..#.#..............................................',
      '........#...#...#...............................................',
      '........#...#..#.#..............................................',
      '........#...#..#.#..............................................',
      '........#..#..#...#.............................................',
      '........###...#...#.............................................',
    ]);
  });

  test('names are read in any order, others refused', () => {
    expect(parseExtra('patient, modality')).toEqual([...extraNames]);
    expect(onlyExtra(['patient'], date.extra)).toEqual({ modality: '', patient: date.extra.patient });
    for (const wrong of ['', 'sex', 'modality,modality', 'modality,'])
      expect(() => parseExtra(wrong)).toThrow(
        /"extra" expected modality, patient, or both with a comma, got/,
      );
  });
});

describe('wrong input', () => {
  test('a date that does not exist has no picture', () => {
    for (const wrong of [{ year: 0 }, { year: 10_000 }, { month: 13 }, { day: 29 }, { second: 60 }])
      expect(() => drawMetadataImage({ ...when, ...wrong }, 64, 'text')).toThrow(
        /"metadata" expected a date that exists, got/,
      );
  });

  test.each([
    ['text', 59, /"size" expected an integer of at least 60 for encoder text, got 59/],
    ['fields', 6, /at least 7/],
    ['bits', 7, /at least 8/],
    ['text', 64.5, /"size"/],
    ['text', Number.NaN, /"size"/],
    ['braille', 64, /"encoder" expected one of text, fields, bits, got braille/],
    ['toString', 64, /"encoder"/],
  ])('%s at %s', (encoder, size, message) =>
    expect(() => drawMetadataImage(when, size, encoder as EncoderName)).toThrow(message),
  );
});

test('any two digits differ in at least 4 pixels', () => {
  const pixels = (letter: string): Set<number> =>
    new Set(glyphRuns(letter).flatMap(([y, x, n]) => Array.from({ length: n }, (_, i) => y * 5 + x + i)));
  const digits = [...'0123456789'].map(pixels);
  for (const [i, one] of digits.entries()) {
    for (const other of digits.slice(i + 1)) {
      const differing =
        [...one].filter((p) => !other.has(p)).length + [...other].filter((p) => !one.has(p)).length;
      expect(differing).toBeGreaterThanOrEqual(4);
    }
  }
  expect(() => glyphRuns('x')).toThrow(/"letter" expected one of/);
});

test('any two letters of a modality differ', () => {
  const ink = [...codeLetters].map((letter) => glyphRuns(letter).join(';'));
  expect(new Set(ink).size).toBe(codeLetters.length);
});

/** Nothing known, one part alone, and values at both ends of their ranges. */
const extremes: Extra[] = [
  { modality: '', patient: '' },
  { modality: 'CT', patient: '' },
  { modality: '', patient: '0000000000000000' },
  { modality: '________________', patient: 'ffffffffffffffff' },
  { modality: 'A 0', patient: '0000000000000001' },
];

function randomExtra(random: ReturnType<typeof stream>): Extra {
  const letters = Array.from(
    { length: 1 + random.int(16) },
    () => codeLetters[random.int(codeLetters.length)],
  );
  const patient = Array.from({ length: 16 }, () => random.int(16).toString(16)).join('');
  return { modality: letters.join('').trim(), patient };
}

/** Seeded dates of years 1 to 9999. */
function anyYear(count: number, seed: number) {
  const random = stream(seed, 'any-year');
  const end = toSeconds(parseWallClock('9999-12-31T23:59:59')) + 1;
  return Array.from({ length: count }, () => fromSeconds(Math.floor(random.next() * end))); // above 2^32
}

/** Dates one second, day, month and year apart. */
function neighbours() {
  return [
    '2023-02-28T14:05:08',
    '2023-02-28T14:05:09',
    '2023-03-01T14:05:09',
    '2023-03-28T14:05:09',
    '2024-02-28T14:05:09',
    '0001-01-01T00:00:00',
    '9999-12-31T23:59:59',
  ].map(parseWallClock);
}
