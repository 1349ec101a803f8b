/** Errors in the unit interval, said in units that mean something: of the date, and of the map's parameters. */
import { parameterNames, parameterRanges } from '../cipher/parameters.ts';
import { spanSeconds } from '../data/pairs/target.ts';
import { secondsInDay } from '../shared/datetime.ts';
import { type TrainConfig, targetsOf } from './config.ts';

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
