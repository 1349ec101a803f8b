/** Errors of a network: on dates that no training saw, and in units of the date and of the map's parameters. */

import { parameterNames, parameterRanges } from '../cipher/parameters.ts';
import { spanSeconds } from '../data/pairs/target.ts';
import { secondsInDay } from '../shared/datetime.ts';
import { mean } from '../shared/stats.ts';
import { type TrainConfig, targetsOf } from './config.ts';

/** Of one output of the network, beside the best constant predictor: the mean of the targets. In the unit interval. */
export interface HeldOut {
  /** `sigma`. */
  readonly name: string;
  readonly rmse: number;
  readonly mae: number;
  /** Root mean squared error of the constant predictor: the targets' standard deviation. */
  readonly constantRmse: number;
  /** 1 - rmse^2 / constantRmse^2: 1 is perfect, 0 the constant predictor. */
  readonly r2: number;
  /** Standard deviation of the outputs over that of the targets: near 0 the network says the same to every date. */
  readonly spread: number;
}

/**
 * @param predicted rows of outputs, a row a date
 * @param wanted their targets
 * @param names of the outputs
 */
export function heldOut(
  predicted: readonly ArrayLike<number>[],
  wanted: readonly ArrayLike<number>[],
  names: readonly string[],
): HeldOut[] {
  return names.map((name, k) => {
    const said = predicted.map((row) => row[k]!);
    const truth = wanted.map((row) => row[k]!);
    const errors = truth.map((value, i) => said[i]! - value);
    const mse = mean(errors.map((e) => e * e));
    const [variance, variety] = [varianceOf(truth), varianceOf(said)];
    return {
      name,
      rmse: Math.sqrt(mse),
      mae: mean(errors.map(Math.abs)),
      constantRmse: Math.sqrt(variance),
      r2: 1 - mse / variance,
      spread: Math.sqrt(variety / variance),
    };
  });
}

function varianceOf(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((v) => (v - centre) ** 2));
}

/** Days of a mean year of the calendar span, 1990-2039. */
const meanYear = spanSeconds / secondsInDay / 50;

/** What the outputs of target `calendar` are positions in: the span, the year, the day. */
const calendarUnits = [
  { name: 'positionInSpan', unit: 'days', scale: spanSeconds / secondsInDay },
  { name: 'positionInYear', unit: 'days', scale: meanYear },
  { name: 'positionInDay', unit: 'seconds', scale: secondsInDay },
];

export interface PhysicalError {
  /** `sigma`, or `positionInDay`. */
  readonly name: string;
  readonly mae: number;
  /** `days`, `seconds`; a map's parameters have none. */
  readonly unit: string | null;
}

/**
 * Mean absolute errors of a network's outputs as errors of the parameters that they become, and for target
 * `calendar` (alone) as errors of the date.
 * @param mae in the unit interval, a value an output
 */
export function physicalErrors(
  { map, target }: Pick<TrainConfig, 'map' | 'target'>,
  mae: readonly number[],
): { parameters: PhysicalError[]; date: PhysicalError[] | null } {
  const parameters = parameterRanges[map].map(([lo, hi], k) => ({
    name: parameterNames[map][k]!,
    mae: mae[k]! * (hi - lo),
    unit: null,
  }));
  const dated = targetsOf({ target }).every((name) => name === 'calendar');
  const date = mae.map((value, k) => {
    const { name, unit, scale } = calendarUnits[k]!;
    return { name, mae: value * scale, unit };
  });
  return { parameters, date: dated ? date : null };
}

const longer: Readonly<Record<string, string>> = {
  positionInSpan: 'in the 50 years',
  positionInYear: 'in the year',
  positionInDay: 'in the day',
};

/** `16.2 minutes in the day`. */
export function formatDateError({ name, rmse, unit }: { name: string; rmse: number; unit: string }): string {
  const [value, of] = unit === 'seconds' && rmse >= 60 ? [rmse / 60, 'minutes'] : [rmse, unit];
  return `${Number(value.toPrecision(3))} ${of} ${longer[name] ?? name}`;
}
