/**
 * Published rows from a CSV (RFC 4180): a header line, then one row per published row.
 *   uaci npcr mse psnr entropy   numbers as printed, trailing zeros kept (they tell the rounding); empty or - = not printed
 *   samples                      N = W H C; or width, height and channels (1 where left out); none: tests without N only
 *   sense                        plain (default) or differential, for uaci and npcr
 * Any other column names the row. 8 bits; UACI and NPCR in percent, PSNR in dB, entropy in bits.
 */
import { type PublishedRow, type Sense, senses } from '../metrics/audit.ts';
import { excerptOf, InputError } from '../shared/errors.ts';
import type { LabelledRow } from './audit-rows.ts';

const measures = ['uaci', 'npcr', 'mse', 'psnr', 'entropy'] as const;
const sizes = ['samples', 'width', 'height', 'channels'] as const;
const ours = new Set<string>([...measures, ...sizes, 'sense']);

/** Range of each measure at 8 bits. */
const largest = { uaci: 100, npcr: 100, mse: 255 ** 2, psnr: 1000, entropy: 8 } as const;
const mostSamples = 2 ** 40;

/** Every row of the CSV `text`. @throws InputError naming `path`, the line and the column */
export function readAuditCsv(text: string, path: string): LabelledRow[] {
  const [head, ...lines] = recordsOf(text.replace(/^\uFEFF/, ''), path);
  const columns = (head?.fields ?? []).map((name) => name.trim());
  checkHead(columns, path);
  if (lines.length === 0) throw new InputError(`${path} expected rows below its header, got none; add a row`);
  return lines.map((line) => rowOf(line, columns, `${path}, line ${line.line}`));
}

function checkHead(columns: readonly string[], path: string): void {
  const twice = columns.find((name, at) => columns.indexOf(name) !== at);
  if (twice !== undefined)
    throw new InputError(`${path}, line 1: column "${twice}" expected once, got it twice; rename one`);
  if (!measures.some((name) => columns.includes(name)))
    throw new InputError(
      `${path}, line 1: expected a header with at least one of ${measures.join(', ')}, got "${excerptOf(columns.join(','))}"; see: medchaos metrics audit --help`,
    );
}

interface Record_ {
  readonly line: number;
  readonly fields: string[];
}

function rowOf({ fields }: Record_, columns: readonly string[], where: string): LabelledRow {
  if (fields.length !== columns.length)
    throw new InputError(
      `${where}: expected ${columns.length} fields as in the header, got ${fields.length}; quote fields that hold commas`,
    );
  const cells = new Map(columns.map((name, at) => [name, fields[at]!.trim()]));
  const label = Object.fromEntries([...cells].filter(([name]) => !ours.has(name)));
  const [uaci, npcr, mse, psnr, entropy] = measures.map((name) => printOf(cells.get(name), name, where));
  const printed = { uaci: uaci!, npcr: npcr!, mse: mse!, psnr: psnr!, entropy: entropy! };
  return { label, printed: { ...printed, n: samplesOf(cells, where), sense: senseOf(cells, where) } };
}

const isEmpty = (cell: string | undefined): boolean => cell === undefined || ['', '-', '–'].includes(cell);

function printOf(
  cell: string | undefined,
  name: (typeof measures)[number],
  where: string,
): PublishedRow['uaci'] {
  if (isEmpty(cell)) return null;
  if (/^\d+(\.\d+)?$/.test(cell!) && Number(cell) <= largest[name] && (name !== 'mse' || Number(cell) > 0))
    return cell!;
  const remedy = 'write it as printed, without unit or exponent, or leave it empty';
  throw new InputError(
    `${where}: "${name}" expected a number in 0..${largest[name]}, got "${excerptOf(cell ?? '')}"; ${remedy}`,
  );
}

function samplesOf(cells: ReadonlyMap<string, string>, where: string): number | null {
  const [samples, width, height, channels] = sizes.map((name) => countOf(cells.get(name), name, where));
  const product = width && height ? width * height * (channels ?? 1) : null;
  if (!product && (width || height || channels))
    throw new InputError(`${where}: expected width and height together; give both, or samples`);
  if (samples && product && samples !== product)
    throw new InputError(
      `${where}: "samples" expected width * height * channels = ${product}, got ${samples}`,
    );
  return samples ?? product;
}

function countOf(cell: string | undefined, name: string, where: string): number | null {
  if (isEmpty(cell)) return null;
  const value = /^\d+$/.test(cell!) ? Number(cell) : 0;
  if (value >= 1 && value <= mostSamples) return value;
  throw new InputError(
    `${where}: "${name}" expected an integer of at least 1, got "${excerptOf(cell ?? '')}"; correct it`,
  );
}

function senseOf(cells: ReadonlyMap<string, string>, where: string): Sense {
  const cell = cells.get('sense') || 'plain';
  if (senses.includes(cell as Sense)) return cell as Sense;
  throw new InputError(
    `${where}: "sense" expected ${senses.join(' or ')}, got "${excerptOf(cell ?? '')}"; correct it`,
  );
}

/** Splits into records, quoted fields unquoted, blank lines left out; each knows the line that it starts on. */
function recordsOf(text: string, path: string): Record_[] {
  const records: Record_[] = [];
  let line = 1;
  let start = 1;
  let fields: string[] = [];
  const token = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
  while (token.lastIndex < text.length || fields.length > 0) {
    const match = token.exec(text);
    if (!match)
      throw new InputError(`${path}, line ${line}: a quote is out of place; double it inside a quoted field`);
    const [, field, end] = match as unknown as [string, string, string];
    fields.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    line += (field.match(/\n/g)?.length ?? 0) + (end === ',' || end === '' ? 0 : 1);
    if (end === ',') continue;
    if (fields.length > 1 || fields[0] !== '') records.push({ line: start, fields });
    fields = [];
    start = line;
  }
  return records;
}
