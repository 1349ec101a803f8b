/**
 * Published rows from a table: CSV (commas, semicolons or tabs) or Markdown. The header names the columns
 * (review-columns.ts); cells stand as printed, trailing zeros tell the rounding, an empty cell or a dash is not printed.
 */
import Papa from 'papaparse';
import { excerptOf, InputError } from '../shared/errors.ts';
import { isEmpty, keySpaceBits, type Mark, markOf, type Printed, plainOf, printedNumber } from './cells.ts';
import {
  type Claim,
  type Head,
  headOf,
  knownColumns,
  type Measure,
  measureColumns,
  type Setting,
} from './columns.ts';

export const senses = ['plain', 'differential'] as const;
export type Sense = (typeof senses)[number];

export interface PrintedCell {
  /** Heading as printed. */
  readonly column: string;
  readonly measure: Measure;
  /** Of one colour plane: N = W H. */
  readonly plane: boolean;
  readonly printed: Printed;
}

export interface PrintedClaim {
  readonly column: string;
  readonly claim: Claim;
  readonly text: string;
  /** Of a key space. */
  readonly bits: number | null;
}

/** Facts that the row prints about its picture; null if it prints none. */
export interface Shape {
  readonly width: number | null;
  readonly height: number | null;
  readonly pixels: number | null;
  readonly channels: number | null;
  /** W H C, where only their product is known. */
  readonly samples: number | null;
}

export interface ReviewRow {
  readonly label: Readonly<Record<string, string>>;
  readonly line: number;
  readonly cells: readonly PrintedCell[];
  readonly claims: readonly PrintedClaim[];
  readonly shape: Shape;
  readonly depth: 8 | 16 | null;
  readonly sense: Sense | null;
  /** Pairs of a correlation; null where not printed. */
  readonly pairs: number | 'all' | null;
}

export interface ReviewTable {
  readonly rows: readonly ReviewRow[];
  /** How cells were read that could be misread, a sentence each. */
  readonly notes: readonly string[];
}

export interface ReadOptions {
  /** Further columns that name the row. */
  readonly labels?: readonly string[];
}

interface Line {
  readonly line: number;
  readonly fields: readonly string[];
}
type Grid = readonly [head: Line, ...rows: Line[]];

/** Every row of the table in `text`. @throws InputError with path, line and column */
export function readReviewTable(text: string, path: string, { labels = [] }: ReadOptions = {}): ReviewTable {
  const plain = text.replace(/^\uFEFF/, '');
  const grids = isMarkdown(plain) ? markdownGrids(plain) : csvGrid(plain, path);
  const measuring = grids.map((grid) => readerOf(grid, labels, path)).filter(({ measures }) => measures);
  if (measuring.length === 0)
    throw new InputError(
      `${path}: expected a table with at least one known column, got "${excerptOf(grids[0]?.[0].fields.join(', ') ?? '')}"; known: ${knownColumns()}`,
    );
  for (const { unknown } of measuring) refuseUnknown(unknown, path);
  const rows = measuring.flatMap(({ rows }) => rows());
  if (rows.length === 0) throw new InputError(`${path}: expected rows below the header, got none; add a row`);
  return { rows, notes: [...new Set(measuring.flatMap(({ notes }) => notes))] };
}

function refuseUnknown(unknown: readonly Head[], path: string): void {
  if (unknown.length === 0) return;
  const names = unknown.map(({ name }) => `"${excerptOf(name)}"`).join(', ');
  throw new InputError(
    `${path}: unknown column${unknown.length > 1 ? 's' : ''} ${names}; known: ${knownColumns()}; rename, or name in --labels a column that is no measure`,
  );
}

const rule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const isMarkdown = (text: string): boolean =>
  text.split('\n').some((line, at, lines) => line.includes('|') && rule.test(lines[at + 1] ?? ''));

function markdownGrids(text: string): Grid[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((head, at): Grid[] => {
    if (!head.includes('|') || !rule.test(lines[at + 1] ?? '')) return [];
    const end = lines.findIndex((line, below) => below > at + 1 && !line.includes('|'));
    const body = lines.slice(at + 2, end === -1 ? undefined : end);
    const cells = (line: string, below: number): Line => ({ line: below + 1, fields: markdownFields(line) });
    return [[cells(head, at), ...body.map((line, below) => cells(line, at + 2 + below))]];
  });
}

const markdownFields = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((field) => field.replaceAll('\\|', '|').trim());

function csvGrid(text: string, path: string): Grid[] {
  const lines: Line[] = [];
  let [at, line] = [0, 1];
  Papa.parse<string[]>(text, {
    delimiter: delimiterOf(text),
    step: ({ data, errors, meta }) => {
      if (errors.some(({ type }) => type === 'Quotes'))
        throw new InputError(
          `${path}, line ${line}: a quote is out of place; double it inside a quoted field`,
        );
      const fields = data.map((field) => field.trim());
      const blank = text.slice(at, meta.cursor).match(/^(\s*\n)*/)![0];
      if (fields.some((field) => field !== '')) lines.push({ line: line + countOf(blank, '\n'), fields });
      line += countOf(text.slice(at, meta.cursor), '\n');
      at = meta.cursor;
    },
  });
  const [head, ...rows] = lines;
  return head ? [[head, ...rows]] : [];
}

const countOf = (text: string, part: string): number => text.split(part).length - 1;

/** The mark that the header has most of; a comma where it has none. */
function delimiterOf(text: string): string {
  const head = text.trimStart().split('\n', 1)[0]!;
  return [',', ';', '\t'].reduce((best, mark) => (countOf(head, mark) > countOf(head, best) ? mark : best));
}

const isNumeric = (cell: string): boolean => typeof printedNumber(cell, '.', true) !== 'string';

function readerOf(grid: Grid, labels: readonly string[], path: string) {
  const [head, ...lines] = grid;
  const heads = head.fields.map((name, at) => kindIn(headOf(name), at, lines, labels));
  const notes: string[] = [];
  const twice = heads.find(({ name }, at) => name && heads.findIndex((other) => other.name === name) !== at);
  if (twice)
    throw new InputError(
      `${path}, line ${head.line}: column "${excerptOf(twice.name)}" expected once, got it twice; rename one`,
    );
  return {
    unknown: heads.filter(({ kind }) => kind.kind === 'unknown'),
    measures: heads.some(({ kind }) => kind.kind === 'measure' || kind.kind === 'claim'),
    notes,
    rows: () => {
      const columns = new Columns(heads, lines, path, notes);
      return lines.map((line) => rowOf(line, columns));
    },
  };
}

/** The first column names the row where no cell of it is a number. */
function kindIn(head: Head, at: number, lines: readonly Line[], labels: readonly string[]): Head {
  const asked = labels.some((name) => name.toLowerCase() === head.name.toLowerCase());
  const names =
    at === 0 && head.kind.kind === 'unknown' && !lines.some(({ fields }) => isNumeric(fields[0] ?? ''));
  return asked || names ? { ...head, kind: { kind: 'label' } } : head;
}

/** The columns of one table: how its commas and its shares are to be read. */
class Columns {
  readonly heads: readonly Head[];
  readonly path: string;
  private readonly notes: string[];
  private readonly mark: Mark;
  private readonly factors: ReadonlyMap<string, number>;

  constructor(heads: readonly Head[], lines: readonly Line[], path: string, notes: string[]) {
    this.heads = heads;
    this.path = path;
    this.notes = notes;
    const measured = (fields: readonly string[]) =>
      fields.filter((_, at) => heads[at]?.kind.kind === 'measure').map(markOf);
    const marks = new Set(lines.flatMap(({ fields }) => measured(fields)));
    this.mark = marks.has(',') && !marks.has('.') ? ',' : marks.has('.') && !marks.has(',') ? '.' : null;
    if (marks.has(',')) notes.push('Decimal commas are read as decimal points.');
    this.factors = new Map(heads.map((head, at) => [head.name, this.factorOf(head, at, lines)]));
  }

  /** A printed number in our unit. @throws InputError naming line and column */
  number(cell: string, head: Head, line: number): Printed {
    const { measure } = head.kind as { measure: Measure };
    const printed = printedNumber(cell, this.mark, measureColumns[measure].large);
    if (typeof printed === 'string')
      throw new InputError(
        `${this.path}, line ${line}: "${excerptOf(head.name)}" expected a number, got "${excerptOf(cell)}"; ${printed}, or leave it empty`,
      );
    const factor = this.factors.get(head.name) ?? 1;
    return { text: printed.text, value: printed.value * factor, half: printed.half * factor };
  }

  /** Milliseconds in seconds, shares in percent. A whole column has one scale. */
  private factorOf(head: Head, at: number, lines: readonly Line[]): number {
    if (head.kind.kind !== 'measure') return 1;
    if (/^(ms|milli)/.test(head.unit)) return 1e-3;
    if (/^(µ|μ|us)/.test(head.unit)) return 1e-6;
    const { scale } = measureColumns[head.kind.measure];
    if (!scale) return 1;
    const { from, factor } = scale;
    const values = lines
      .map(({ fields, line }) => ({
        line,
        cell: fields[at] ?? '',
        printed: printedNumber(fields[at] ?? '', this.mark),
      }))
      .filter(({ printed }) => typeof printed !== 'string') as {
      line: number;
      cell: string;
      printed: Printed;
    }[];
    const scaled = values.filter(({ printed: { value } }) => value >= from[0] && value <= from[1]);
    const first = scaled[0];
    if (!first) return 1;
    if (
      scaled.length < values.length ||
      scaled.some(({ cell }) => cell.includes('%')) ||
      (factor > 1 && /%|percent/.test(head.unit))
    )
      throw new InputError(
        `${this.path}, line ${first.line}: "${excerptOf(head.name)}" expected one unit, got "${excerptOf(first.cell)}" ${scaled.length < values.length ? 'beside values in another' : 'in percent'}; print every value in percent`,
      );
    this.notes.push(
      factor > 1
        ? `"${head.name}" is read as a share and shown in percent (${first.printed.text} is ${Number((first.printed.value * factor).toPrecision(9))} %).`
        : `"${head.name}" is read as percent.`,
    );
    return factor;
  }
}

function rowOf({ line, fields }: Line, columns: Columns): ReviewRow {
  const { heads, path } = columns;
  const where = `${path}, line ${line}`;
  if (fields.length !== heads.length)
    throw new InputError(
      `${where}: expected ${heads.length} fields as in the header, got ${fields.length}; quote a field that holds a comma, or put ; between fields where commas are decimal`,
    );
  const filled = heads.map((head, at) => ({ head, cell: fields[at]! })).filter(({ cell }) => !isEmpty(cell));
  const settings = new Map(
    filled.flatMap(({ head: { kind }, cell }) =>
      kind.kind === 'setting' ? [[kind.setting, plainOf(cell)] as const] : [],
    ),
  );
  return {
    label: Object.fromEntries(
      heads.flatMap(({ name, kind }, at) =>
        kind.kind === 'label' ? [[name || 'row', plainOf(fields[at]!)]] : [],
      ),
    ),
    line,
    cells: filled.flatMap(({ head, cell }) =>
      head.kind.kind === 'measure'
        ? [
            {
              column: head.name,
              measure: head.kind.measure,
              plane: head.kind.plane,
              printed: columns.number(cell, head, line),
            },
          ]
        : [],
    ),
    claims: filled.flatMap(({ head, cell }) =>
      head.kind.kind === 'claim' ? [claimOf(head, head.kind.claim, cell, where)] : [],
    ),
    shape: shapeOf(settings, where),
    ...settingsOf(settings, where),
  };
}

function claimOf({ name }: Head, claim: Claim, cell: string, where: string): PrintedClaim {
  const bits = claim === 'key_space' ? keySpaceBits(cell) : null;
  if (claim === 'key_space' && bits === null)
    throw new InputError(
      `${where}: "${excerptOf(name)}" expected a key space such as 2^256, 10^77 or 256 bits, got "${excerptOf(cell)}"; correct it, or leave it empty`,
    );
  return { column: name, claim, text: plainOf(cell), bits };
}

type Settings = ReadonlyMap<Setting, string>;

function shapeOf(settings: Settings, where: string): Shape {
  const sizes = sizeOf(settings.get('size'), where);
  const count = (name: Setting): number | null => countIn(settings.get(name), name, where);
  const [width, height] = [count('width') ?? sizes.width, count('height') ?? sizes.height];
  if ((width === null) !== (height === null))
    throw new InputError(`${where}: expected width and height together; give both, or size, or samples`);
  const channels = channelsOf(settings.get('channels'), where) ?? sizes.channels;
  const pixels = width !== null && height !== null ? width * height : count('pixels');
  const samples = count('samples');
  if (samples !== null && pixels !== null && samples % pixels !== 0)
    throw new InputError(
      `${where}: "samples" expected a multiple of ${pixels} pixels, got ${samples}; correct one`,
    );
  const product = pixels !== null && channels !== null ? pixels * channels : null;
  if (samples !== null && product !== null && samples !== product)
    throw new InputError(
      `${where}: "samples" expected width * height * channels = ${product}, got ${samples}; correct one`,
    );
  return {
    width,
    height,
    pixels,
    channels: channels ?? (samples !== null && pixels !== null ? samples / pixels : null),
    samples: samples ?? product,
  };
}

/** 256x256, 256 × 256 × 3. */
function sizeOf(text: string | undefined, where: string) {
  if (text === undefined) return { width: null, height: null, channels: null };
  const match = text.match(/^(\d{1,6})\s*[x×*]\s*(\d{1,6})(?:\s*[x×*]\s*(\d{1,2}))?$/i);
  const [width, height, channels] = (match ?? [])
    .slice(1)
    .map((part) => (part === undefined ? null : Number(part)));
  if (!width || !height || channels === 0)
    throw new InputError(
      `${where}: "size" expected WxH or WxHxC such as 256x256, got "${excerptOf(text)}"; correct it`,
    );
  return { width, height, channels: channels ?? null };
}

const mostSamples = 2 ** 40;

function countIn(text: string | undefined, name: Setting, where: string): number | null {
  if (text === undefined) return null;
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= mostSamples) return value;
  throw new InputError(
    `${where}: "${name}" expected an integer from 1 to 2^40, got "${excerptOf(text)}"; correct it`,
  );
}

function channelsOf(text: string | undefined, where: string): number | null {
  if (text === undefined) return null;
  if (/^(gr[ae]y(scale|[ -]?level)?|mono(chrome)?|l)$/i.test(text)) return 1;
  if (/^(rgb|colou?r)$/i.test(text)) return 3;
  if (/^[1-4]$/.test(text)) return Number(text);
  throw new InputError(
    `${where}: "channels" expected 1 to 4, grey or RGB, got "${excerptOf(text)}"; correct it`,
  );
}

function settingsOf(settings: Settings, where: string): Pick<ReviewRow, 'depth' | 'sense' | 'pairs'> {
  const [depth, sense, pairs] = [
    settings.get('depth'),
    settings.get('sense')?.toLowerCase(),
    settings.get('pairs'),
  ];
  if (depth !== undefined && !/^(8|16)(\s*-?bits?)?$/i.test(depth))
    throw new InputError(`${where}: "depth" expected 8 or 16, got "${excerptOf(depth)}"; correct it`);
  if (sense !== undefined && !senses.includes(sense as Sense))
    throw new InputError(
      `${where}: "sense" expected ${senses.join(' or ')}, got "${excerptOf(sense)}"; correct it`,
    );
  const drawn = pairs === undefined || pairs.toLowerCase() === 'all' ? null : countIn(pairs, 'pairs', where);
  if (drawn !== null && drawn < 4)
    throw new InputError(`${where}: "pairs" expected at least 4, or all, got ${drawn}; correct it`);
  return {
    depth: depth === undefined ? null : (Number.parseInt(depth, 10) as 8 | 16),
    sense: (sense as Sense | undefined) ?? null,
    pairs: pairs === undefined ? null : (drawn ?? 'all'),
  };
}
