/** The configuration of a training run. Defaults < experiment file < command line. The options stand in options.ts. */
import { checkedEncoder } from '../data/pairs/encode.ts';
import { type TargetName, targetSize } from '../data/pairs/target.ts';
import type { Task } from '../data/pictures/targets.ts';
import { flatten, type Network, withDropout } from '../models/network.ts';
import { buildNetwork, type NetworkName, networkNames } from '../models/networks.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { defaultsOf, flagOf, objectOf } from '../shared/option.ts';
import { checked, type Of, oneOf, z } from '../shared/schema.ts';
import { dateOptions, pictureDefaults, pictureOptions, trainingOptions } from './options.ts';

const configSchema = objectOf(trainingOptions);
export type TrainConfig = Of<typeof configSchema>;
/** Values as given, of any type. */
export type GivenTraining = Readonly<Partial<Record<keyof TrainConfig, unknown>>>;

export const trainDefaults: TrainConfig = defaultsOf(trainingOptions);

export const outputsOf = (config: Pick<TrainConfig, 'map'>): number => targetSize[config.map];

/** The names in `target`. One given twice is drawn twice as often. */
export const targetsOf = (config: Pick<TrainConfig, 'target'>): TargetName[] =>
  config.target.split(',') as TargetName[];

/** A training on pictures: the options of dates mean nothing to it. */
export interface PictureConfig extends TrainConfig {
  readonly images: string;
  readonly targets: string;
  readonly task: Task;
  readonly valFraction: number;
  readonly resize: number;
  readonly augment: string;
  readonly maxUnreadable: number;
}

export const isPictures = (config: TrainConfig): config is PictureConfig => config.images !== undefined;

/** What is said and saved of a configuration: of a training on pictures without the options of dates, but their counts. */
export const savedOf = (config: TrainConfig): Readonly<Record<string, unknown>> =>
  isPictures(config) ? Object.fromEntries(Object.entries(config).filter(([key]) => !isOfDates(key))) : config;

const isOfDates = (key: string): boolean =>
  !['pairs', 'valPairs'].includes(key) && (dateOptions as readonly string[]).includes(key);

/** Some of the options: those of an experiment file, of a profile. */
const someTraining = configSchema.omit({ extra: true }).partial();
export const someDateTraining = someTraining.omit(
  Object.fromEntries(Object.keys(pictureOptions).map((key) => [key, true])) as Record<
    keyof typeof pictureOptions,
    true
  >,
);

/** The default export of an experiment file for `train`. */
export const experimentSchema = someTraining.extend({
  /** What differs for a network. */
  nets: z.partialRecord(oneOf(networkNames), someTraining).optional(),
});
export type Experiment = Of<typeof experimentSchema>;

/**
 * Defaults < experiment < its part for the network < command line.
 * @param given on the command line
 * @param where name of the experiment's file
 * @throws InputError as `trainConfig`
 */
export function experimentConfig(experiment: Experiment, given: GivenTraining, where = ''): TrainConfig {
  const { nets, ...common } = checked(experimentSchema, experiment, where);
  const net = (given.net ?? common.net ?? trainDefaults.net) as NetworkName;
  const all: GivenTraining = { ...common, ...nets?.[net], ...given };
  refuseMixture(all);
  return trainConfig(all);
}

/** @throws InputError for an option of dates beside pictures, or of pictures without them */
function refuseMixture(given: GivenTraining): void {
  const present = (key: string): boolean => (given[key as keyof GivenTraining] ?? null) !== null;
  if (present('images')) {
    const odd = dateOptions.find(present);
    if (odd !== undefined)
      throw new InputError(
        `--${flagOf(odd)} expected no value beside --images, whose pictures are not drawn from dates; leave it out`,
      );
    if (!present('targets'))
      throw new InputError(
        '--images expected --targets FILE.csv beside it, the numbers or classes to learn; give both',
      );
    return;
  }
  const odd = Object.keys(pictureOptions).find(present);
  if (odd !== undefined)
    throw new InputError(`--${flagOf(odd)} belongs to --images, a folder of pictures; give both or neither`);
}

/**
 * The defaults with the given values over them, all checked.
 * @param where start of the error: a file, a cell
 * @throws InputError for an unknown key (naming the known ones) or a wrong value
 */
export function trainConfig(given: GivenTraining, where = ''): TrainConfig {
  const values = Object.entries(given).filter(([key, value]) => !isUnset(key, value));
  const asked = checked(configSchema, { ...trainDefaults, ...Object.fromEntries(values) }, where);
  const config = isPictures(asked) ? withPictureDefaults(asked) : asked;
  try {
    if (isPictures(config)) checkPictures(config);
    else if (config.targets !== undefined)
      throw new InputError(
        `"targets" expected no value without "images", got ${config.targets}; give the folder of the pictures`,
      );
    else checkDates(config);
    checkSchedule(config);
  } catch (error) {
    throw where === '' ? error : new InputError(`${where}: ${messageOf(error)}`);
  }
  return config;
}

/** A precision of float32 is left out of the configuration, so that the ids of older runs stay valid. */
const isUnset = (key: string, value: unknown): boolean =>
  value === undefined ||
  (value === null && !(key in trainDefaults) && key in trainingOptions) ||
  (key === 'precision' && value === 'float32');

const withPictureDefaults = (config: TrainConfig): TrainConfig => ({
  ...pictureDefaults,
  resize: Math.round((config.size * 8) / 7), // torchvision's 256 for 224
  ...config,
});

function checkPictures({ targets, size, resize }: PictureConfig): void {
  if (targets === undefined)
    throw new InputError('"targets" expected a .csv file beside "images", got nothing');
  if (resize < size)
    throw new InputError(`"resize" expected at least the size ${size}, got ${resize}; leave it out`);
}

function checkDates(config: TrainConfig): void {
  const { encoder, size, pairs, batch, epochs, dates, valPairs, manifest } = config;
  checkedEncoder(encoder, size);
  if (pairs < batch && manifest === null)
    throw new InputError(`"pairs" expected at least one batch of ${batch}, got ${pairs}`);
  if (dates === 'fresh' && manifest !== null)
    throw new InputError('"dates" expected fixed beside a manifest, which holds all there are, got fresh');
  if (dates === 'fresh' && pairs * epochs + valPairs > 1e7)
    throw new InputError(
      `"pairs" expected at most 10000000 fresh ones in all epochs, got ${pairs} in each of ${epochs}; use --dates fixed`,
    );
}

function checkSchedule({ schedule, epochs, decayEpochs }: TrainConfig): void {
  if (schedule === 'cosine' && decayEpochs !== null && decayEpochs < epochs)
    throw new InputError(
      `"decayEpochs" expected at least the ${epochs} epochs, got ${decayEpochs}: the learning rate would be 0 for the rest; use --schedule constant, or fewer --epochs`,
    );
}

/**
 * @param outputs of a training on pictures those of its table
 * @throws InputError for a rate of dropout where the network has none
 */
export function networkOf(config: TrainConfig, outputs = outputsOf(config)): Network {
  const network = buildNetwork(config.net, outputs);
  if (config.dropout === undefined) return network;
  if (!flatten(network.layers).some((layer) => layer.kind === 'dropout'))
    throw new InputError(`"dropout" expected no value with ${config.net}, which has none; leave it out`);
  return withDropout(network, config.dropout);
}
