/** All that decides a training run, in one object. Defaults < experiment file < command line. */
import { checkedEncoder, type EncoderName, encoderNames } from '../data/encode.ts';
import { type TargetName, targetNames, targetSize } from '../data/target.ts';
import { InputError } from '../shared/errors.ts';
import type { MapName, NetName } from '../shared/types.ts';
import { networks } from './networks.ts';

export interface TrainConfig {
  readonly net: NetName;
  readonly map: MapName;
  /** How a date becomes a picture. */
  readonly encoder: EncoderName;
  /** What the network tells from it. */
  readonly target: TargetName;
  /** Side of the metadata image; drawn at this size, never resized. */
  readonly size: number;
  /** Training pairs, each seen once an epoch. */
  readonly pairs: number;
  readonly valPairs: number;
  readonly epochs: number;
  readonly batch: number;
  /** Peak learning rate of Adam; after a linear warm-up it falls to 0 along a cosine. */
  readonly lr: number;
  /** Share of all steps that warm up. */
  readonly warmup: number;
  readonly seed: number;
  /** Weights to start from (.safetensors under torchvision's names), or null. */
  readonly init: string | null;
  /** Stop after so many seconds of training; null trains all epochs. */
  readonly maxSeconds: number | null;
}

/** A run of 20 minutes (MobileNetV2) to 40 minutes (ResNet-18) on two cores. */
export const trainDefaults: TrainConfig = {
  net: 'resnet18',
  map: 'lorenz',
  encoder: 'text',
  target: 'calendar',
  size: 224,
  pairs: 8192,
  valPairs: 256,
  epochs: 6,
  batch: 32,
  lr: 1e-3,
  warmup: 0.05,
  seed: 1,
  init: null,
  maxSeconds: null,
};

export const outputsOf = (config: TrainConfig): number => targetSize[config.map];

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
const orNull =
  (check: Check): Check =>
  (v) =>
    v === null || check(v);

const rules: Record<keyof TrainConfig, [Check, string]> = {
  net: [oneOf(Object.keys(networks)), Object.keys(networks).join(' or ')],
  map: [oneOf(Object.keys(targetSize)), Object.keys(targetSize).join(' or ')],
  encoder: [oneOf(encoderNames), encoderNames.join(', ')],
  target: [oneOf(targetNames), targetNames.join(', ')],
  size: [integer(32, 1024), 'an integer from 32 to 1024'],
  pairs: [integer(1, 1e7), 'an integer from 1 to 10000000'],
  valPairs: [integer(1, 1e6), 'an integer from 1 to 1000000'],
  epochs: [integer(1, 1e5), 'an integer from 1 to 100000'],
  batch: [integer(2, 4096), 'an integer from 2 to 4096 (batch norm needs two images)'],
  lr: [within(1e-8, 10), 'a number from 1e-8 to 10'],
  warmup: [within(0, 1), 'a share from 0 to 1'],
  seed: [integer(0, 2 ** 32), 'an integer from 0 to 4294967296'],
  init: [orNull((v) => typeof v === 'string'), 'a .safetensors file'],
  maxSeconds: [orNull(within(1, 1e7)), 'seconds from 1 to 10000000'],
};

/**
 * The defaults with the given values over them, all checked.
 * @throws InputError for an unknown key (naming the known ones) or a wrong value
 */
export function trainConfig(given: Partial<Record<keyof TrainConfig, unknown>>): TrainConfig {
  const config: Record<string, unknown> = { ...trainDefaults };
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (!(key in rules))
      throw new InputError(`"${key}" is no option of training; known: ${Object.keys(rules).join(', ')}`);
    config[key] = value;
  }
  for (const [key, [check, expected]] of Object.entries(rules))
    if (!check(config[key])) throw new InputError(`"${key}" expected ${expected}, got ${config[key]}`);
  const checked = config as unknown as TrainConfig;
  checkedEncoder(checked.encoder, checked.size);
  if (checked.pairs < checked.batch)
    throw new InputError(`"pairs" expected at least one batch of ${checked.batch}, got ${checked.pairs}`);
  return checked;
}
