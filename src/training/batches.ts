/** Pairs (metadata image, target values) as batches, drawn when they are needed. */

import { type Metadata, onlyExtra, parseExtra, unknownExtra } from '../data/metadata/extra.ts';
import { syntheticDates } from '../data/pairs/dates.ts';
import { codesOf, type Drawing, drawCodes, drawingOf } from '../data/pairs/drawing.ts';
import { type TargetName, targetOf } from '../data/pairs/target.ts';
import type { Batch } from '../executors/executor.ts';
import { formatWallClock, type WallClock } from '../shared/datetime.ts';
import { permutation, stream } from '../shared/random.ts';
import { outputsOf, type TrainConfig, targetsOf } from './config.ts';

/** The dates a run trains on and is judged by: none in both. */
export interface Dates {
  readonly train: readonly Metadata[];
  readonly val: readonly Metadata[];
}

/** Seeded synthetic dates. One list is cut in two, so that no date stands in both; fresh ones of all epochs. */
export function trainingDates(config: TrainConfig): Dates {
  const { pairs, valPairs, seed, dates, epochs } = config;
  const all = syntheticDates(valPairs + pairs * (dates === 'fresh' ? epochs : 1), seed, 'train');
  return { train: all.slice(config.valPairs), val: all.slice(0, config.valPairs) };
}

export const stepsPerEpoch = ({ pairs, batch }: TrainConfig): number => Math.floor(pairs / batch);

/** Places in `Dates.train` that an epoch sees, in its order: the same whether the run was resumed or not. */
export function epochOrder({ pairs, dates, seed }: TrainConfig, epoch: number): Int32Array {
  const first = dates === 'fresh' ? epoch * pairs : 0;
  return permutation(pairs, stream(seed, 'shuffle', epoch)).map((i) => first + i);
}

/** The dates of each step's batch, whichever step a run begins at. */
export function stepDates(config: TrainConfig, { train }: Dates): (step: number) => Metadata[] {
  const perEpoch = stepsPerEpoch(config);
  let drawn: { epoch: number; order: Int32Array } = { epoch: -1, order: new Int32Array() };
  return (step) => {
    const epoch = Math.floor(step / perEpoch);
    if (epoch !== drawn.epoch) drawn = { epoch, order: epochOrder(config, epoch) };
    const at = (step % perEpoch) * config.batch;
    return Array.from(drawn.order.subarray(at, at + config.batch), (i) => train[i]!);
  };
}

/**
 * What a date is trained towards. In a mixed set each date has one target, drawn by the seed and the date, so
 * that it is the same in every epoch, and validation dates are mixed as training dates are.
 */
export function targetNameOf(config: TrainConfig, when: WallClock): TargetName {
  const names = targetsOf(config);
  if (names.length === 1) return names[0]!;
  return names[stream(config.seed, 'mixture', formatWallClock(when)).int(names.length)]!;
}

type Drawn = Pick<TrainConfig, 'size' | 'encoder' | 'extra'>;

/** How a network of this configuration sees dates. @throws as `drawingOf` */
export const inputOf = ({ size, encoder, extra }: Drawn): Drawing =>
  drawingOf(encoder, size, extra !== undefined);

/**
 * Codes of dates, [dates, cells], as a network of this configuration is asked with: of the extra metadata they show
 * those parts that the training's did, and blanks where a date has none.
 * @throws as `codesOf`
 */
export function codesFor(config: Drawn, dates: readonly Metadata[]): Int32Array {
  const names = config.extra === undefined ? null : parseExtra(config.extra);
  const shown = dates.map((date): Metadata => {
    if (names) return { ...date, extra: onlyExtra(names, date.extra ?? unknownExtra) };
    return date.extra ? { ...date, extra: undefined } : date;
  });
  return codesOf(inputOf(config), shown);
}

/** Codes and targets of some dates. */
export const codedBatch = (config: TrainConfig, dates: readonly Metadata[]): Batch<Int32Array> => ({
  x: codesFor(config, dates),
  y: wantedOf(config, dates),
  count: dates.length,
});

/**
 * Pictures [count, size, size, 3] in [0, 1] and targets [count, outputs] of some dates.
 * @param spent images of a batch that is used no more: overwritten, if it has the size
 */
export function batchOf(
  config: TrainConfig,
  dates: readonly Metadata[],
  spent: Float32Array | null = null,
): Batch<Float32Array> {
  const length = dates.length * config.size ** 2 * 3;
  const x = spent?.length === length ? spent : new Float32Array(length);
  drawCodes(inputOf(config), codesFor(config, dates), x);
  return { x, y: wantedOf(config, dates), count: dates.length };
}

/** Targets [count, outputs] of some dates. */
export function wantedOf(config: TrainConfig, dates: readonly WallClock[]): Float32Array {
  const outputs = outputsOf(config);
  const y = new Float32Array(dates.length * outputs);
  for (const [i, when] of dates.entries())
    y.set(targetOf(when, config.map, targetNameOf(config, when), config.seed), i * outputs);
  return y;
}
