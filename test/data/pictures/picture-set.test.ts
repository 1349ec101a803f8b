/** Pictures with their targets: which count, in which split, and what is refused. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type PictureOptions, readPictureSet } from '../../../src/data/pictures/picture-set.ts';
import { makePictures, writeTargets } from '../../training/pictures/_pictures.ts';

const root = mkdtempSync(join(tmpdir(), 'medchaos-picture-set-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const images = join(root, 'images');
const rows = await makePictures(images, 24, 16);
const targets = writeTargets(join(root, 'targets.csv'), rows);

const read = (changes: Partial<PictureOptions> = {}) =>
  readPictureSet({
    images,
    targets,
    task: 'regress',
    valFraction: 0.25,
    maxUnreadable: 1,
    seed: 1,
    folder: null,
    ...changes,
  });

let tables = 0;
/** A table of these lines. */
function table(...lines: string[]): string {
  const path = join(root, `table-${++tables}.csv`);
  writeFileSync(path, lines.join('\n'));
  return path;
}
const all = (line: (row: (typeof rows)[number], i: number) => string): string[] => rows.map(line);

describe('the targets', () => {
  test('by default all columns of numbers beside the patient', async () => {
    const set = await read({ patient: 'patient' });
    expect(set.outputs).toEqual(['age', 'scaled']);
    expect(set.unused).toEqual(['kind']);
    expect(set.pictures.map(({ values }) => values[0])).toEqual(rows.map(({ age }) => age));
  });

  test('chosen columns, in their order', async () => {
    expect((await read({ columns: 'scaled,age' })).outputs).toEqual(['scaled', 'age']);
  });

  test('a class column becomes one-hot, its names sorted', async () => {
    const set = await read({ task: 'classify', columns: 'kind' });
    expect(set.outputs).toEqual(['across', 'along']);
    expect(set.pictures.map(({ values }) => values)).toEqual(
      rows.map(({ kind }) => (kind === 'across' ? [1, 0] : [0, 1])),
    );
  });

  test('several columns of 0 and 1 are classes as they are', async () => {
    const path = table(
      'file,a,b',
      ...all(({ file, kind }) => `${file},${kind === 'across' ? '1,0' : '0,1'}`),
    );
    expect((await read({ targets: path, task: 'classify', columns: 'a,b' })).outputs).toEqual(['a', 'b']);
  });
});

describe('names of pictures', () => {
  test.each<[string, (file: string) => string]>([
    ['paths', (file) => `./${file}`],
    ['paths with another folder before them', (file) => `C:\\data\\${file}`],
    ['names without extension', (file) => file.replace(/\.\w+$/, '')],
  ])('%s', async (_, nameOf) => {
    const path = table('n,name', ...all(({ file, age }) => `${age},${nameOf(file)}`));
    expect((await read({ targets: path })).pictures.map(({ file }) => file)).toEqual(
      rows.map(({ file }) => file),
    );
  });

  test('semicolons, a byte order mark and empty lines are no hindrance', async () => {
    const path = table('\uFEFFfile;age', ...all(({ file, age }) => `${file};${age}\n`));
    expect((await read({ targets: path })).outputs).toEqual(['age']);
  });

  test('rows without a picture and pictures without a row are counted', async () => {
    const path = table('file,age', 'gone.png,3', ...all(({ file, age }) => `${file},${age}`).slice(1));
    expect((await read({ targets: path })).counts).toMatchObject({
      rowsWithoutPicture: 1,
      picturesWithoutRow: 1,
    });
  });
});

describe('splits', () => {
  test('no patient is in two', async () => {
    const { pictures, counts } = await read({ patient: 'patient' });
    const splitsOf = new Map<string, Set<string>>();
    for (const [i, { split }] of pictures.entries()) {
      const { patient } = rows[i]!;
      splitsOf.set(patient, (splitsOf.get(patient) ?? new Set()).add(split));
    }
    expect([...splitsOf.values()].every(({ size }) => size === 1)).toBe(true);
    expect(counts).toMatchObject({ train: 12, val: 6, test: 6, groups: 12 });
  });

  test('no copy is in two, whoever its patient is', async () => {
    const folder = join(root, 'copies');
    mkdirSync(folder);
    for (const { file } of rows)
      for (const copy of ['a', 'b']) copyFileSync(join(images, file), join(folder, `${copy}-${file}`));
    const lines = all(({ file, age }, i) => `a-${file},${age},p${i}\nb-${file},${age},q${i}`);
    const path = table('file,age,who', ...lines);
    const { pictures } = await read({ images: folder, targets: path, patient: 'who' });
    for (let i = 0; i < pictures.length; i += 2) expect(pictures[i]!.split).toBe(pictures[i + 1]!.split);
  });

  test('are the same again, and others by another seed', async () => {
    const splits = async (seed: number) => (await read({ seed })).pictures.map(({ split }) => split);
    expect(await splits(1)).toEqual(await splits(1));
    expect(await splits(2)).not.toEqual(await splits(1));
  });
});

describe('unreadable pictures', () => {
  const folder = join(root, 'damaged');
  mkdirSync(folder);
  for (const [i, { file }] of rows.entries())
    if (i === 3) writeFileSync(join(folder, file), 'no picture');
    else copyFileSync(join(images, file), join(folder, file));

  test('are listed and skipped under the limit', async () => {
    const { unreadable, counts, pictures } = await read({ images: folder, maxUnreadable: 5 });
    expect(unreadable).toEqual([{ file: rows[3]!.file, reason: expect.stringContaining(rows[3]!.file) }]);
    expect(counts.unreadable).toBe(1);
    expect(pictures).toHaveLength(23);
  });

  test('are refused above it', async () => {
    await expect(read({ images: folder })).rejects.toThrow(
      /1 of 24 pictures cannot be read, more than 1 %: p003.jpg.*raise --max-unreadable/,
    );
  });
});

const regular = all(({ file, age }) => `${file},${age}`);
test.each<[string, () => Partial<PictureOptions>, RegExp]>([
  ['no such folder', () => ({ images: join(root, 'none') }), /cannot read data folder .*check --images/],
  ['no such table', () => ({ targets: join(root, 'none.csv') }), /cannot read targets .*none.csv/],
  ['an empty table', () => ({ targets: table('') }), /expected a head of column names/],
  [
    'a column without a name',
    () => ({ targets: table('file,,age', 'p000.png,1,2') }),
    /column 2 has no name/,
  ],
  [
    'two columns of a name',
    () => ({ targets: table('file,age,age', 'p000.png,1,2') }),
    /two columns have the name "age"/,
  ],
  [
    'a short row',
    () => ({ targets: table('file,age', ...regular, 'p000.png') }),
    /row 26 expected 2 cells, got 1/,
  ],
  [
    'a row without a name',
    () => ({ targets: table('file,age', ...regular, ',5') }),
    /row 26 names no picture/,
  ],
  [
    'a picture twice',
    () => ({ targets: table('file,age', ...regular, 'p003,5') }),
    /rows 5 and 26 name the same picture, p003.jpg/,
  ],
  [
    'text for a number',
    () => ({ targets: table('file,age', 'p000.png,old', ...regular.slice(1)) }),
    /row 2, column "age" expected a number, got "old"/,
  ],
  [
    'nothing for a number',
    () => ({ targets: table('file,age', 'p000.png,', ...regular.slice(1)) }),
    /row 2, column "age" expected a number, got nothing/,
  ],
  [
    'NaN',
    () => ({ targets: table('file,age', 'p000.png,NaN', ...regular.slice(1)) }),
    /row 2, column "age" expected a number, got "NaN"/,
  ],
  [
    'infinity',
    () => ({ targets: table('file,age', 'p000.png,Infinity', ...regular.slice(1)) }),
    /expected a number, got "Infinity"/,
  ],
  [
    'only text',
    () => ({ targets: table('file,age', ...all(({ file, kind }) => `${file},${kind}`)) }),
    /expected a column of numbers.*--task classify/,
  ],
  [
    'one value',
    () => ({ targets: table('file,age', ...all(({ file }) => `${file},5`)) }),
    /column "age" has one value, 5/,
  ],
  [
    'no such column',
    () => ({ columns: 'age,weight' }),
    /--columns expected a column of .*, got "weight"; it has file, patient/,
  ],
  ['a column twice', () => ({ columns: 'age,age' }), /--columns has "age" twice/],
  ['the column of files as a target', () => ({ columns: 'file' }), /--columns expected targets, got "file"/],
  ['no such patient column', () => ({ patient: 'who' }), /--patient expected a column of/],
  [
    'no such file column',
    () => ({ fileColumn: 'x', file: 'x' }) as Partial<PictureOptions>,
    /--file-column expected a column of/,
  ],
  [
    'a row without a patient',
    () => ({
      targets: table('file,age,who', ...all(({ file, age }, i) => `${file},${age},${i || ''}`)),
      patient: 'who',
    }),
    /row 2 has no patient/,
  ],
  [
    'no row with a picture',
    () => ({ targets: table('file,age', 'x.png,1', 'y.png,2') }),
    /no row names a picture in/,
  ],
  [
    'several columns of classes',
    () => ({ task: 'classify' }),
    /expected one column of classes, got patient, age, scaled, kind/,
  ],
  [
    'one class',
    () => ({ targets: table('file,kind', ...all(({ file }) => `${file},a`)), task: 'classify' }),
    /expected 2 to 1000 classes, got 1/,
  ],
  [
    'no class',
    () => ({
      targets: table('file,kind', ...all(({ file, kind }, i) => `${file},${i === 4 ? '' : kind}`)),
      task: 'classify',
    }),
    /column "kind" has no class in row 6/,
  ],
  [
    'two classes at once',
    () => ({
      targets: table('file,a,b', ...all(({ file }, i) => `${file},1,${i % 2}`)),
      task: 'classify',
      columns: 'a,b',
    }),
    /row 3 expected a 1 in one of a, b and 0 in the others/,
  ],
  ['an empty split', () => ({ valFraction: 0.01 }), /expected at least 2 pictures in split val, got 0/],
])('%s is refused in one sentence', async (_, changes, message) => {
  await expect(read(changes())).rejects.toThrow(message);
});

test('a name that two pictures have', async () => {
  const folder = join(root, 'twins');
  for (const part of ['a', 'b']) {
    mkdirSync(join(folder, part), { recursive: true });
    copyFileSync(join(images, rows[0]!.file), join(folder, part, 'x.png'));
  }
  await expect(read({ images: folder, targets: table('file,age', 'x.png,1') })).rejects.toThrow(
    /row 2 names "x.png", as several pictures in .* are called: a\/x.png, b\/x.png; give their paths/,
  );
});
