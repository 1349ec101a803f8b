/**
 * The manifest of pairs, `pairs.csv`: its columns, and how a training reads it. Nothing in it is taken on trust,
 * as people edit tables: every row is checked, and that no date and no group is in two splits.
 */
import { createHash } from 'node:crypto';
import Papa from 'papaparse';
import { parseWallClock, toSeconds, type WallClock } from '../../shared/datetime.ts';
import { InputError, messageOf } from '../../shared/errors.ts';
import { readInput } from '../../shared/files.ts';
import { type ExtraName, isExtra, parseExtra } from '../metadata/extra.ts';
import { type SplitName, splitNames } from './split.ts';

/** Columns before target_1 ..., but for `extraColumn`. */
export const manifestColumns = [
  'id',
  'file',
  'set',
  'date',
  'date_source',
  'group',
  'split',
  'modality',
  'patient',
] as const;

/**
 * Stands behind them where the metadata images show more than the date, and says in each row what:
 * `modality`, `patient`, or `modality,patient`.
 */
export const extraColumn = 'extra';

export interface ManifestRow {
  readonly when: WallClock;
  readonly split: SplitName;
  /** As in `Pair`; empty: not known. */
  readonly modality: string;
  readonly patient: string;
  /** Values in the unit interval: 1 for logistic, 3 for lorenz. */
  readonly targets: readonly number[];
}

export interface Manifest {
  readonly path: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly bytes: Buffer;
  readonly rows: readonly ManifestRow[];
  /** Extra fields of the metadata images of all rows; null: the date alone. */
  readonly extra: readonly ExtraName[] | null;
}

/**
 * Reads a manifest.
 * @throws InputError if the file cannot be read, is no table of pairs, has a row that is none, or a date or a group
 * that stands in two splits, or an extra unlike that of the others; the row is named
 */
export async function readManifest(path: string): Promise<Manifest> {
  const bytes = await readInput(path, 'manifest');
  const rows: ManifestRow[] = [];
  let parser: Parser | null = null;
  Papa.parse<string[]>(bytes.toString('utf8'), {
    skipEmptyLines: true,
    step: ({ data }) => {
      if (parser === null) parser = parserOf(data, path);
      else rows.push(parser.row(data, rows.length + 2));
    },
  });
  if (rows.length === 0) throw wrong(path, 'expected a table of pairs, got none');
  const extra = parser!.extra();
  return { path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes, rows, extra };
}

const wrong = (path: string, what: string): InputError =>
  new InputError(`${path}: ${what}; write it again with: medchaos pairs`);

interface Parser {
  /** @param at the row's number, counted from 1 with the header */
  row(cells: readonly string[], at: number): ManifestRow;
  /** Of the rows so far. */
  extra(): readonly ExtraName[] | null;
}

function parserOf(header: readonly string[], path: string): Parser {
  const targets = header.flatMap((name, i) => (/^target_\d+$/.test(name) ? [i] : []));
  const place = Object.fromEntries(manifestColumns.map((name) => [name, header.indexOf(name)]));
  const missing = manifestColumns.filter((name) => place[name]! < 0);
  if (targets.length === 0 || missing.length > 0)
    throw wrong(path, `expected a table of pairs, got one without ${missing[0] ?? 'target_1'}`);
  const splitOf = new Map<string, string>();
  const extraAt = header.indexOf(extraColumn);
  let shown: string | undefined;
  const row = (cells: readonly string[], at: number): ManifestRow => {
    const cell = (name: (typeof manifestColumns)[number]): string => cells[place[name]!] ?? '';
    const refuse = (what: string): never => {
      throw wrong(path, `row ${at} ${what}`);
    };
    if (cells.length !== header.length) refuse(`expected ${header.length} cells, got ${cells.length}`);
    const split = splitNames.find((name) => name === cell('split')) ?? refuse(`has split "${cell('split')}"`);
    const when = dateIn(cell('date'), refuse);
    const values = targets.map((i) => Number(cells[i] || 'none'));
    if (!values.every((value) => value >= 0 && value <= 1)) refuse('expected targets from 0 to 1');
    for (const key of [`date ${toSeconds(when)}`, `group ${cell('group')}`]) {
      const other = splitOf.get(key) ?? split;
      if (other !== split) refuse(`is in ${split}, and its ${key.split(' ')[0]} in ${other} too`);
      splitOf.set(key, split);
    }
    const identity = { modality: cell('modality'), patient: cell('patient') };
    if (extraAt >= 0) {
      if (cells[extraAt] !== (shown ?? cells[extraAt]))
        refuse(`has extra "${cells[extraAt]}", others "${shown}"`);
      shown = cells[extraAt]!;
      if (extraIn(shown, refuse) && !isExtra(identity))
        refuse('has a modality or patient that cannot be drawn');
    }
    return { when, split, ...identity, targets: values };
  };
  return { row, extra: () => (shown === undefined ? null : parseExtra(shown)) };
}

function extraIn(text: string, refuse: (what: string) => never): readonly ExtraName[] {
  try {
    return parseExtra(text);
  } catch (error) {
    return refuse(messageOf(error));
  }
}

function dateIn(text: string, refuse: (what: string) => never): WallClock {
  try {
    return parseWallClock(text);
  } catch (error) {
    return refuse(`is no pair: ${messageOf(error)}`);
  }
}
