/**
 * A table of targets, a row a picture: numbers for a regression, classes for a classification. Every cell that is used
 * is checked, as people edit tables.
 */
import { createHash } from 'node:crypto';
import Papa from 'papaparse';
import { excerptOf, InputError } from '../../shared/errors.ts';
import { readInput } from '../../shared/files.ts';

export const tasks = ['regress', 'classify'] as const;
export type Task = (typeof tasks)[number];

/** Which columns mean what. */
export interface ColumnChoice {
  readonly task: Task;
  /** Names of the target columns with commas between; left out: all columns of numbers, or the one that is left. */
  readonly columns?: string | undefined;
  readonly patient?: string | undefined;
  /** The column that names the pictures; left out: the one that names most. */
  readonly file?: string | undefined;
}

export interface Table {
  readonly path: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** @throws InputError for a file that cannot be read, or is no table with named columns and rows as long as its head */
export async function readTable(path: string): Promise<Table> {
  const bytes = await readInput(path, 'targets');
  const { data } = Papa.parse<string[]>(bytes.toString('utf8').replace(/^\uFEFF/, ''), {
    skipEmptyLines: 'greedy',
  });
  const [head, ...rows] = data.map((cells) => cells.map((cell) => cell.trim()));
  if (head === undefined || rows.length === 0)
    throw new InputError(
      `${path}: expected a head of column names and a row for each picture, got ${data.length} row${data.length === 1 ? '' : 's'} in all`,
    );
  const unnamed = head.indexOf('');
  if (unnamed >= 0)
    throw new InputError(`${path}: column ${unnamed + 1} has no name; name it in the first row`);
  const twice = head.find((name, i) => head.indexOf(name) < i);
  if (twice !== undefined)
    throw new InputError(`${path}: two columns have the name "${excerptOf(twice)}"; rename one of them`);
  const short = rows.findIndex((cells) => cells.length !== head.length);
  if (short >= 0)
    throw new InputError(
      `${path}: row ${short + 2} expected ${head.length} cells, got ${rows[short]!.length}; correct the row`,
    );
  return { path, sha256: createHash('sha256').update(bytes).digest('hex'), header: head, rows };
}

/** The place of a named column. @param flag the option that names it */
export function columnAt({ header, path }: Table, name: string, flag: string): number {
  const at = header.indexOf(name);
  if (at >= 0) return at;
  const known = header.slice(0, 20).map(excerptOf).join(', ');
  throw new InputError(
    `${flag} expected a column of ${path}, got "${excerptOf(name)}"; it has ${known}${header.length > 20 ? ', ...' : ''}`,
  );
}

/** Targets of all rows of a table. */
export interface Targets {
  /** Names of the network's outputs: columns, or classes. */
  readonly outputs: readonly string[];
  /** [rows][outputs]; one 1 among 0 for a class. */
  readonly values: readonly (readonly number[])[];
  /** Names of the columns. */
  readonly columns: readonly string[];
}

/**
 * @param used places of the file and patient columns
 * @param rowsUsed places of the rows that count
 * @throws InputError for a column that is not there, a cell that holds no number, and a target with one value only
 */
export function targetsIn(
  table: Table,
  choice: ColumnChoice,
  used: readonly number[],
  rowsUsed: readonly number[],
): Targets {
  const places =
    choice.columns === undefined ? defaultColumns(table, choice.task, used) : namedColumns(table, choice);
  const both = places.find((place) => used.includes(place));
  if (both !== undefined)
    throw new InputError(
      `--columns expected targets, got "${table.header[both]}", the column of the ${both === used[0] ? 'files' : 'patients'}; leave it out`,
    );
  if (choice.task === 'classify' && places.length === 1) return classesIn(table, places[0]!, rowsUsed);
  const columns = places.map((place) => table.header[place]!);
  const values = rowsUsed.map((row) => places.map((place) => numberIn(table, row, place)));
  if (choice.task === 'classify') checkOneHot(table, columns, values, rowsUsed);
  for (const [k, name] of columns.entries())
    if (values.length > 0 && values.every((row) => row[k] === values[0]![k]))
      throw new InputError(
        `${table.path}: column "${excerptOf(name)}" has one value, ${values[0]![k]}, in all rows; leave it out with --columns`,
      );
  return { outputs: columns, values, columns };
}

function namedColumns(table: Table, { columns = '' }: ColumnChoice): number[] {
  // A name may hold commas itself.
  const names = table.header.includes(columns) ? [columns] : columns.split(',').map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new InputError(`--columns has "${excerptOf(twice)}" twice; leave one out`);
  return names.map((name) => columnAt(table, name, '--columns'));
}

/** Of a regression all columns with at least half numbers. Of a classification the only column. */
function defaultColumns(table: Table, task: Task, used: readonly number[]): number[] {
  const free = [...table.header.keys()].filter((place) => !used.includes(place));
  const names = free.map((place) => excerptOf(table.header[place]!)).join(', ') || 'none';
  if (task === 'classify') {
    if (free.length === 1) return free;
    throw new InputError(
      `${table.path}: expected one column of classes, got ${names}; choose with --columns: one, or several of 0 and 1`,
    );
  }
  const numeric = free.filter((place) => {
    const cells = table.rows.map((row) => row[place]!).filter((cell) => cell !== '');
    return cells.length > 0 && 2 * cells.filter(isNumber).length >= cells.length;
  });
  if (numeric.length > 0) return numeric;
  throw new InputError(
    `${table.path}: expected a column of numbers beside those of files and patients, got ${names}; classes need --task classify`,
  );
}

const isNumber = (cell: string): boolean => cell !== '' && Number.isFinite(Number(cell));

function numberIn({ rows, header, path }: Table, row: number, place: number): number {
  const cell = rows[row]![place]!;
  if (isNumber(cell)) return Number(cell);
  throw new InputError(
    `${path}: row ${row + 2}, column "${excerptOf(header[place]!)}" expected a number, got ${cell === '' ? 'nothing' : `"${excerptOf(cell)}"`}; ` +
      'correct it, remove the row, or choose other --columns',
  );
}

const mostClasses = 1000;

/** Classes in the order of their names; numbers in theirs. */
function classesIn({ rows, header, path }: Table, place: number, rowsUsed: readonly number[]): Targets {
  const name = header[place]!;
  const cells = rowsUsed.map((row) => rows[row]![place]!);
  const empty = cells.indexOf('');
  const where = `${path}: column "${excerptOf(name)}"`;
  if (empty >= 0)
    throw new InputError(
      `${where} has no class in row ${rowsUsed[empty]! + 2}; fill it in, or remove the row`,
    );
  const names = [...new Set(cells)];
  const outputs = names.every(isNumber) ? names.sort((a, b) => Number(a) - Number(b)) : names.sort();
  if (outputs.length < 2 || outputs.length > mostClasses)
    throw new InputError(
      `${where} expected 2 to ${mostClasses} classes, got ${outputs.length}; choose another with --columns${outputs.length > 2 ? ', or --task regress' : ''}`,
    );
  const at = new Map(outputs.map((output, k) => [output, k]));
  const values = cells.map((cell) => outputs.map((_, k) => (k === at.get(cell) ? 1 : 0)));
  return { outputs, values, columns: [name] };
}

function checkOneHot(
  { path }: Table,
  columns: readonly string[],
  values: readonly (readonly number[])[],
  rowsUsed: readonly number[],
): void {
  const wrong = values.findIndex(
    (row) =>
      row.some((value) => value !== 0 && value !== 1) || row.filter((value) => value === 1).length !== 1,
  );
  if (wrong >= 0)
    throw new InputError(
      `${path}: row ${rowsUsed[wrong]! + 2} expected a 1 in one of ${columns.map(excerptOf).join(', ')} and 0 in the others, got ${values[wrong]!.join(', ')}; ` +
        'one picture has one class here; give one column of class names with --columns, or --task regress',
    );
}
