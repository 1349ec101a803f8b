/** Which picture each row of a table names. */
import { excerptOf, InputError } from '../../shared/errors.ts';
import { isImageName } from '../pairs/survey/list.ts';
import { columnAt, type Table } from './targets.ts';

/** Rows and the pictures that they name. */
export interface Match {
  /** Place of the column that names pictures. */
  readonly column: number;
  /** Places of the rows with a picture, and its path below the folder. */
  readonly rows: readonly { readonly row: number; readonly file: string }[];
  readonly rowsWithoutPicture: number;
  readonly picturesWithoutRow: number;
}

/**
 * A row names a picture by its path below the folder, by its name, or by its name without extension.
 * @param files paths below the folder
 * @param named the column; by default the one that names most pictures
 * @throws InputError for a row without a name, two rows with one picture, a name that several pictures have, or no picture
 */
export function matchPictures(table: Table, files: readonly string[], folder: string, named?: string): Match {
  const find = finder(files);
  const column = named === undefined ? bestColumn(table, find) : columnAt(table, named, '--file-column');
  const { path, rows } = table;
  const found = new Map<string, number>();
  const matched: { row: number; file: string }[] = [];
  for (const [row, cells] of rows.entries()) {
    const name = cells[column]!;
    if (name === '')
      throw new InputError(`${path}: row ${row + 2} names no picture; fill it in, or remove the row`);
    const files = find(name);
    if (files.length > 1)
      throw new InputError(
        `${path}: row ${row + 2} names "${excerptOf(name)}", as several pictures in ${folder} are called: ${files.slice(0, 3).join(', ')}; give their paths`,
      );
    const file = files[0];
    if (file === undefined) continue;
    const before = found.get(file);
    if (before !== undefined)
      throw new InputError(
        `${path}: rows ${before + 2} and ${row + 2} name the same picture, ${file}; remove one`,
      );
    found.set(file, row);
    matched.push({ row, file });
  }
  if (matched.length === 0)
    throw new InputError(
      `${path}: no row names a picture in ${folder} (column "${excerptOf(table.header[column]!)}", row 2: "${excerptOf(rows[0]![column]!)}"); ` +
        'check --images, or name the column with --file-column',
    );
  return {
    column,
    rows: matched,
    rowsWithoutPicture: rows.length - matched.length,
    picturesWithoutRow: files.filter((file) => isImageName(file) && !found.has(file)).length,
  };
}

type Find = (name: string) => readonly string[];

const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const withoutExtension = (path: string): string => path.replace(/\.[^./]+$/, '');

/** The most exact kind of name counts. */
function finder(files: readonly string[]): Find {
  const images = files.filter(isImageName);
  const tables = [
    tableOf(files, (file) => file),
    tableOf(files, nameIn),
    tableOf(images, withoutExtension),
    tableOf(images, (file) => withoutExtension(nameIn(file))),
  ];
  return (given) => {
    const path = given.replaceAll('\\', '/').replace(/^\.\//, '');
    for (const name of [path, nameIn(path)])
      for (const table of tables) {
        const found = table.get(name);
        if (found) return found;
      }
    return [];
  };
}

function tableOf(files: readonly string[], nameOf: (file: string) => string): Map<string, string[]> {
  const table = new Map<string, string[]>();
  for (const file of files) table.set(nameOf(file), [...(table.get(nameOf(file)) ?? []), file]);
  return table;
}

function bestColumn({ header, rows }: Table, find: Find): number {
  const counts = header.map((_, column) => {
    const names = new Set(rows.map((cells) => cells[column]!));
    return [...names].filter((name) => name !== '' && find(name).length > 0).length;
  });
  return counts.indexOf(Math.max(...counts));
}
