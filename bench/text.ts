/** Benchmark rows as an aligned table, the machine above it. */
import type { Environment } from '../src/engine/environment.ts';
import type { BenchResult, BenchRow } from './row.ts';

type Column = readonly [head: string, cell: (row: BenchRow) => string, align: 'left' | 'right'];

const columns: readonly Column[] = [
  ['work', ({ work }) => work, 'left'],
  ['net', ({ net }) => net ?? '', 'left'],
  ['batch', ({ batch }) => String(batch ?? ''), 'right'],
  ['ours', ({ ours }) => number(ours), 'right'],
  ['unit', ({ unit }) => unit, 'left'],
  ['limit', limitText, 'left'],
  ['ns/pixel', ({ nsPerPixel }) => number(nsPerPixel), 'right'],
  ['theirs', ({ theirs }) => number(theirs), 'right'],
  ['ratio', ({ ratio }) => number(ratio), 'right'],
  ['peer', ({ peer }) => peer ?? '', 'left'],
  ['runs', ({ runs }) => String(runs), 'right'],
];

/** Three digits, and never fewer than stand before the point. */
const number = (value: number | null): string =>
  value === null ? '' : value >= 100 ? value.toFixed(0) : value.toPrecision(3);

function limitText({ ours, limit, unit }: BenchRow): string {
  if (limit === null) return '';
  const [sign, met] = unit === 'images/s' ? ['>', ours > limit] : ['<', ours < limit];
  return `${sign} ${limit}${met ? '' : ' MISSED'}`;
}

/** Columns that no row fills are left out. */
export function benchText({ environment, load, rows }: BenchResult): string {
  const filled = columns.filter(([, cell]) => rows.some((row) => cell(row) !== ''));
  const table = [filled.map(([head]) => head), ...rows.map((row) => filled.map(([, cell]) => cell(row)))];
  const widths = filled.map((_, i) => Math.max(...table.map((cells) => cells[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, i) => (filled[i]![2] === 'right' ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [machine(environment, load), ...table.map(line)].join('\n');
}

const machine = ({ node, cpu, cores, memoryGiB, engineWhy }: Environment, load: number): string =>
  `node ${node}, ${cores} cores of ${cpu} (load ${load.toFixed(1)} before), ${memoryGiB} GiB, ` +
  `${engineWhy ?? 'no engine needed'}; medians`;
