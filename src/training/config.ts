/** All that decides a training run, in one object. Defaults < experiment file < command line. */
import { checkedEncoder, type EncoderName, encoderNames } from '../data/pairs/encode.ts';
import { type TargetName, targetNames, targetSize } from '../data/pairs/target.ts';
import { type Precision, precisions } from '../executors/executor.ts';
import { type NetworkName, networkNames } from '../models/networks.ts';
import { type OptimizerConfig, optimizerDefaults, optimizerNames } from '../models/optimizer.ts';
import { InputError } from '../shared/errors.ts';
import type { MapName } from '../shared/types.ts';
import { type ScheduleName, scheduleNames } from './schedule.ts';

export const dateSources = ['fixed', 'fresh'] as const;
export type DateSource = (typeof dateSources)[number];

export interface TrainConfig extends OptimizerConfig {
  readonly net: NetworkName;
  readonly map: MapName;
  /** How a date becomes a picture. */
  readonly encoder: EncoderName;
  /** What the network tells from it: a target, or several with commas between, of which each date has one. */
  readonly target: string;
  /** Side of the metadata image; drawn at this size, never resized. */
  readonly size: number;
  /** Training pairs, each seen once an epoch. */
  readonly pairs: number;
  /** `fixed`: the same pairs each epoch. `fresh`: new ones, so that no picture is seen twice. */
  readonly dates: DateSource;
  readonly valPairs: number;
  /**
   * Manifest that the command `pairs` wrote: its dates are trained on, its splits hold, and how many they are takes
   * the place of `pairs` and `valPairs`. null: seeded synthetic dates.
   */
  readonly manifest: string | null;
  /**
   * What the metadata images show beside the date, as the manifest says it: `modality`, `patient`, or both with a comma.
   * Left out: the date alone.
   */
  readonly extra?: string;
  readonly epochs: number;
  readonly batch: number;
  /** Peak learning rate, reached after a linear warm-up. */
  readonly lr: number;
  /** Share of the schedule's steps that warm up. */
  readonly warmup: number;
  /** From the peak along a cosine to 0, or constant. */
  readonly schedule: ScheduleName;
  /** The schedule's length; null is `epochs`. With it, 2 epochs and later 4 are the same as 4 at once. */
  readonly decayEpochs: number | null;
  /** Stop after so many epochs without a lower validation loss, and keep the best checkpoint; null never. */
  readonly patience: number | null;
  /** Rate in place of the network's own (MobileNetV2: 0.2), from 0 up to 0.9. Left out: its own. */
  readonly dropout?: number;
  /** `mixed`: bfloat16 activations, on graphics cards. Left out: float32. */
  readonly precision?: Precision;
  readonly seed: number;
  /** Weights to start from (.safetensors under torchvision's names), or null. */
  readonly init: string | null;
  /** Stop after so many seconds of training; null trains all epochs. */
  readonly maxSeconds: number | null;
}

/** An estimated half hour (MobileNetV2) to hour (ResNet-18) on two cores, at 26 and 14 images/s. */
export const trainDefaults: TrainConfig = {
  net: 'resnet18',
  map: 'lorenz',
  encoder: 'text',
  target: 'calendar',
  size: 224,
  pairs: 8192,
  dates: 'fixed',
  valPairs: 256,
  manifest: null,
  epochs: 6,
  batch: 32,
  lr: 1e-3,
  warmup: 0.05,
  schedule: 'cosine',
  decayEpochs: null,
  patience: null,
  ...optimizerDefaults,
  seed: 1,
  init: null,
  maxSeconds: null,
};

export const outputsOf = (config: Pick<TrainConfig, 'map'>): number => targetSize[config.map];

/** The names in `target`. One given twice is drawn twice as often. */
export const targetsOf = (config: Pick<TrainConfig, 'target'>): TargetName[] =>
  config.target.split(',') as TargetName[];

type Check = (value: unknown) => boolean;
const within =
  (low: number, high: number): Check =>
  (v) =>
    typeof v === 'number' && v >= low && v <= high;
const integer =
  (low: number, high: number): Check =>
  (v) =>
    Number.isInteger(v) && within(low, high)(v);
const oneOf =
  (names: readonly string[]): Check =>
  (v) =>
    names.includes(v as string);
const listOf =
  (names: readonly string[]): Check =>
  (v) =>
    typeof v === 'string' && v.split(',').every(oneOf(names));
const orNull =
  (check: Check): Check =>
  (v) =>
    v === null || check(v);

const rules: Record<keyof TrainConfig, [Check, string]> = {
  net: [oneOf(networkNames), networkNames.join(' or ')],
  map: [oneOf(Object.keys(targetSize)), Object.keys(targetSize).join(' or ')],
  encoder: [oneOf(encoderNames), encoderNames.join(', ')],
  target: [listOf(targetNames), `${targetNames.join(', ')}, or several with commas between`],
  size: [integer(32, 1024), 'an integer from 32 to 1024'],
  pairs: [integer(1, 1e7), 'an integer from 1 to 10000000'],
  dates: [oneOf(dateSources), dateSources.join(' or ')],
  valPairs: [integer(2, 1e6), 'an integer from 2 to 1000000'],
  manifest: [orNull((v) => typeof v === 'string'), 'the pairs.csv that the command pairs wrote'],
  extra: [(v) => v === undefined, 'nothing: the manifest says what its metadata images show'],
  epochs: [integer(1, 1e5), 'an integer from 1 to 100000'],
  batch: [integer(2, 4096), 'an integer from 2 to 4096 (batch norm needs two images)'],
  lr: [within(1e-8, 10), 'a number from 1e-8 to 10'],
  warmup: [within(0, 1), 'a share from 0 to 1'],
  schedule: [oneOf(scheduleNames), scheduleNames.join(' or ')],
  decayEpochs: [orNull(integer(1, 1e5)), 'an integer from 1 to 100000'],
  patience: [orNull(integer(1, 1e5)), 'an integer from 1 to 100000'],
  optimizer: [oneOf(optimizerNames), optimizerNames.join(', ')],
  weightDecay: [within(0, 1), 'a number from 0 to 1'],
  momentum: [within(0, 0.9999), 'a number from 0 to 0.9999'],
  clip: [orNull(within(1e-6, 1e6)), 'a norm from 0.000001 to 1000000'],
  dropout: [(v) => v === undefined || within(0, 0.9)(v), 'a rate from 0 to 0.9'],
  precision: [(v) => v === undefined || oneOf(precisions)(v), precisions.join(' or ')],
  seed: [integer(0, 2 ** 32), 'an integer from 0 to 4294967296'],
  init: [orNull((v) => typeof v === 'string'), 'a .safetensors file'],
  maxSeconds: [orNull(within(1, 1e7)), 'seconds from 1 to 10000000'],
};

/** The default export of an experiment file. */
export interface Experiment extends Partial<TrainConfig> {
  /** What differs for a network. */
  readonly nets?: Readonly<Partial<Record<NetworkName, Partial<TrainConfig>>>>;
}

/**
 * Defaults < experiment < its part for the network < command line.
 * @param given on the command line
 * @throws InputError as `trainConfig`
 */
export function experimentConfig(
  { nets, ...common }: Experiment,
  given: Partial<Record<keyof TrainConfig, unknown>>,
): TrainConfig {
  const net = (given.net ?? common.net ?? trainDefaults.net) as NetworkName;
  return trainConfig({ ...common, ...nets?.[net], ...given });
}

/**
 * The defaults with the given values over them, all checked.
 * @throws InputError for an unknown key (naming the known ones) or a wrong value
 */
export function trainConfig(given: Partial<Record<keyof TrainConfig, unknown>>): TrainConfig {
  const config: Record<string, unknown> = { ...trainDefaults };
  for (const [key, value] of Object.entries(given)) {
    // A precision of float32 is left out of the configuration, so that the ids of older runs stay valid.
    if (value === undefined || (key === 'precision' && value === 'float32')) continue;
    if (!(key in rules))
      throw new InputError(`"${key}" is no option of training; known: ${Object.keys(rules).join(', ')}`);
    config[key] = value;
  }
  for (const [key, [check, expected]] of Object.entries(rules))
    if (!check(config[key])) throw new InputError(`"${key}" expected ${expected}, got ${config[key]}`);
  const checked = config as unknown as TrainConfig;
  checkedEncoder(checked.encoder, checked.size);
  checkTogether(checked);
  return checked;
}

function checkTogether(config: TrainConfig): void {
  const { pairs, batch, schedule, epochs, decayEpochs, dates, valPairs, manifest } = config;
  if (pairs < batch && manifest === null)
    throw new InputError(`"pairs" expected at least one batch of ${batch}, got ${pairs}`);
  if (dates === 'fresh' && manifest !== null)
    throw new InputError('"dates" expected fixed beside a manifest, which holds all there are, got fresh');
  if (dates === 'fresh' && pairs * epochs + valPairs > 1e7)
    throw new InputError(
      `"pairs" expected at most 10000000 fresh ones in all epochs, got ${pairs} in each of ${epochs}; use --dates fixed`,
    );
  if (schedule === 'cosine' && decayEpochs !== null && decayEpochs < epochs)
    throw new InputError(
      `"decayEpochs" expected at least the ${epochs} epochs, got ${decayEpochs}: the learning rate would be 0 for the rest; use --schedule constant, or fewer --epochs`,
    );
}
