/** Predicted and true outputs of validation dates, which the run's page shows. */
import type { Metadata } from '../data/metadata/extra.ts';
import { readRunJson, runFile } from '../runs/run-files.ts';
import { writeWhole } from '../shared/files.ts';
import type { Rows } from './evaluate.ts';

/** The content of RUN/predictions.json. */
export interface Predictions {
  readonly epoch: number;
  readonly dates: readonly Metadata[];
  /** A row a date, in the unit interval. */
  readonly wanted: readonly (readonly number[])[];
  readonly predicted: readonly (readonly number[])[];
}

/** More points than these hide one another. */
const mostDates = 512;

/** The first `mostDates` validation dates of an epoch. */
export async function writePredictions(
  run: string,
  epoch: number,
  dates: readonly Metadata[],
  { predicted, wanted }: Rows,
): Promise<void> {
  const outputs = wanted.length / dates.length;
  const shown = dates.slice(0, mostDates);
  const rowsOf = (values: readonly number[]): number[][] =>
    shown.map((_, i) =>
      values.slice(i * outputs, (i + 1) * outputs).map((value) => Number(value.toPrecision(7))),
    );
  const content: Predictions = { epoch, dates: shown, wanted: rowsOf(wanted), predicted: rowsOf(predicted) };
  await writeWhole(runFile(run, 'predictions'), `${JSON.stringify(content)}\n`);
}

/** null where the run has none, or damaged ones. */
export async function readPredictions(run: string, outputs: number): Promise<Predictions | null> {
  const found = await readRunJson<Predictions>(run, 'predictions').catch(() => null);
  const whole =
    Array.isArray(found?.dates) &&
    [found.wanted, found.predicted].every((rows) => isTable(rows, found.dates.length, outputs));
  return whole ? found : null;
}

const isTable = (rows: unknown, count: number, outputs: number): boolean =>
  Array.isArray(rows) &&
  rows.length === count &&
  rows.every((row) => Array.isArray(row) && row.length === outputs && row.every(Number.isFinite));
