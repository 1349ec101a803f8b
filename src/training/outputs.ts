/** A network's outputs as a reader understands them: parameters of the map, dates, minutes. */
import { parameterNames, parameterRanges } from '../cipher/parameters.ts';
import type { OutputResult, ScatterOf, SeenPicture } from '../report/training-page.ts';
import { mean } from '../shared/stats.ts';
import { outputsOf, type TrainConfig, targetsOf } from './config.ts';
import { type PhysicalError, physicalErrors } from './errors.ts';
import type { Predictions } from './predictions.ts';

type Learned = Pick<TrainConfig, 'map' | 'target'>;

const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** Units from the longest, in seconds; a shorter one is taken below twice its size. */
const spans = [
  ['years', 365.25 * 86_400],
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
] as const;

/** `7.6 minutes` */
function spanText({ mae, unit }: PhysicalError): string {
  const seconds = unit === 'days' ? 86_400 * mae : mae;
  const [name, size] = spans.find(([, size]) => seconds >= 2 * size) ?? ['seconds', 1];
  return `${digits(seconds / size)} ${name}`;
}

/** What an output of target `calendar` is a position in: its name, the axis of its plot, and a value on that axis. */
const calendarAxes = [
  { learned: 'position in the 50 years', unit: 'year', range: [1990, 2040], scale: 50, from: 1990 },
  { learned: 'position in the year', unit: 'day of the year', range: [0, 366], scale: 365.25, from: 0 },
  { learned: 'position in the day', unit: 'hour', range: [0, 24], scale: 24, from: 0 },
] as const;

const isCalendar = ({ target }: Learned): boolean =>
  targetsOf({ target }).every((name) => name === 'calendar');

/** Mean absolute errors of the constant predictor, the mean of the true values. */
const constantErrors = ({ wanted }: Predictions, outputs: number): number[] =>
  Array.from({ length: outputs }, (_, k) => {
    const centre = mean(wanted.map((row) => row[k]!));
    return mean(wanted.map((row) => Math.abs(row[k]! - centre)));
  });

/** @param predictions null where the run has none */
export function outputResults(
  config: Learned,
  { valR2, valMae }: { readonly valR2: readonly number[]; readonly valMae: readonly number[] },
  predictions: Predictions | null,
): OutputResult[] {
  const { parameters, date } = physicalErrors(config, valMae);
  const guess = predictions && physicalErrors(config, constantErrors(predictions, valMae.length));
  return parameters.map(({ name, mae }, k) => ({
    name,
    learned: date ? calendarAxes[k]!.learned : `target ${config.target}`,
    r2: valR2[k]!,
    error: digits(mae),
    means: date ? spanText(date[k]!) : null,
    constant: guess && (date ? spanText(guess.date![k]!) : digits(guess.parameters[k]!.mae)),
  }));
}

/** R2 of each output, and the error of the date. */
export function outcomeText(outputs: readonly OutputResult[], epoch: number): string {
  if (outputs.length === 0) return `Epoch ${epoch} has ended.`;
  const r2 = outputs.map(({ name, r2 }) => `${name} ${r2.toFixed(4)}`).join(', ');
  const means = outputs.flatMap(({ means, learned }) => (means ? [`${means} (${learned})`] : []));
  const dated = means.length > 0 ? ` It misses the date by ${means.join(', ')} on average.` : '';
  return `R2 after epoch ${epoch}: ${r2}.${dated}`;
}

/** Of target `calendar` on axes of years, days and hours; else in units of the parameters. */
export function scatterOf(config: Learned, { wanted, predicted }: Predictions): ScatterOf[] {
  const dated = isCalendar(config);
  return Array.from({ length: outputsOf(config) }, (_, k) => {
    const [low, high] = parameterRanges[config.map][k]!;
    const name = parameterNames[config.map][k]!;
    const axis = dated
      ? calendarAxes[k]!
      : { unit: name, range: [low, high] as const, scale: high - low, from: low };
    const at = (row: readonly number[]): number => Number((axis.from + row[k]! * axis.scale).toPrecision(6));
    const { unit, range } = axis;
    return { name, unit, range, truth: wanted.map(at), predicted: predicted.map(at) };
  });
}

/** True and predicted parameters of one date. */
export function pictureOutputs(
  { map }: Learned,
  { wanted, predicted }: Predictions,
  row: number,
): SeenPicture['outputs'] {
  return parameterRanges[map].map(([low, high], k) => {
    const value = (of: Predictions['wanted']): string => (low + (high - low) * of[row]![k]!).toPrecision(5);
    return [parameterNames[map][k]!, value(wanted), value(predicted)];
  });
}
