/** The configuration of a training run. Defaults < experiment file < command line. The options stand in options.ts. */
import { checkedEncoder } from '../data/pairs/encode.ts';
import { type TargetName, targetSize } from '../data/pairs/target.ts';
import { flatten, type Network, withDropout } from '../models/network.ts';
import { buildNetwork, type NetworkName, networkNames } from '../models/networks.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { defaultsOf, objectOf } from '../shared/option.ts';
import { checked, type Of, oneOf, z } from '../shared/schema.ts';
import { trainingOptions } from './options.ts';

const configSchema = objectOf(trainingOptions);
export type TrainConfig = Of<typeof configSchema>;
/** Values as given, of any type. */
export type GivenTraining = Readonly<Partial<Record<keyof TrainConfig, unknown>>>;

export const trainDefaults: TrainConfig = defaultsOf(trainingOptions);

export const outputsOf = (config: Pick<TrainConfig, 'map'>): number => targetSize[config.map];

/** The names in `target`. One given twice is drawn twice as often. */
export const targetsOf = (config: Pick<TrainConfig, 'target'>): TargetName[] =>
  config.target.split(',') as TargetName[];

/** Some of the options: those of an experiment file, of a profile. */
export const someTraining = configSchema.omit({ extra: true }).partial();

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
  return trainConfig({ ...common, ...nets?.[net], ...given });
}

/**
 * The defaults with the given values over them, all checked.
 * @param where start of the error: a file, a cell
 * @throws InputError for an unknown key (naming the known ones) or a wrong value
 */
export function trainConfig(given: GivenTraining, where = ''): TrainConfig {
  const values = Object.entries(given).filter(([key, value]) => !isUnset(key, value));
  const config = checked(configSchema, { ...trainDefaults, ...Object.fromEntries(values) }, where);
  try {
    checkedEncoder(config.encoder, config.size);
    checkTogether(config);
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

/** @throws InputError for a rate of dropout where the network has none */
export function networkOf(config: TrainConfig): Network {
  const network = buildNetwork(config.net, outputsOf(config));
  if (config.dropout === undefined) return network;
  if (!flatten(network.layers).some((layer) => layer.kind === 'dropout'))
    throw new InputError(`"dropout" expected no value with ${config.net}, which has none; leave it out`);
  return withDropout(network, config.dropout);
}
