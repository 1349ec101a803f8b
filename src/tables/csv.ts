/** A table as tidy CSV: UTF-8, LF, shortest round-trip decimals, empty = not applicable, infinity = inf. */
import { stringify } from 'csv-stringify/sync';
import type { Table } from './tables.ts';

export const csvColumns = ['measure', 'image', 'method', 'published', 'ours', 'expected', 'sd', 'z'] as const;

/** Shortest decimals that read back as the same double; `inf`, `-inf`. */
export const csvNumber = (value: number): string =>
  Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';

/** The table's rows under a header line. */
export const toCsv = (table: Table): string =>
  stringify([...table.rows], {
    header: true,
    columns: [...csvColumns],
    record_delimiter: '\n',
    cast: { number: csvNumber },
  });
