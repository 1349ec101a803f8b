/**
 * The one table of training options. The flags of `train`, the type `TrainConfig`, the checks of `trainConfig`,
 * experiment files, profiles, sweeps and docs/cli.md are derived from it; a new option is one entry.
 *
 * An option without a value is `null` in the configuration if its schema is nullable, and absent if it is optional: so
 * run ids of before the option stay valid. `trainConfig` takes null for an optional one too. A work of sweeps therefore
 * has the defaults `nullDefaults(trainingOptions)`, and the check `trainConfig(values, where)`, which returns the
 * checked `TrainConfig`.
 */

import { defaultMap, mapNames } from '../chaos/maps.ts';
import { encoderNames } from '../data/pairs/encode.ts';
import { targetNames } from '../data/pairs/target.ts';
import { augmentations } from '../data/pictures/augment.ts';
import { tasks } from '../data/pictures/targets.ts';
import { precisions } from '../executors/executor.ts';
import { networkNames } from '../models/networks.ts';
import { optimizerDefaults, optimizerNames } from '../models/optimizer.ts';
import { type Options, option } from '../shared/option.ts';
import { commaList, integer, number, oneOf, z } from '../shared/schema.ts';
import { scheduleNames } from './schedule.ts';

export const dateSources = ['fixed', 'fresh'] as const;

/** Of `train --data`, which images count: those with a date of their own, or any, the others with a synthetic one. */
export const imageDates = ['own', 'any'] as const;
export type ImageDates = (typeof imageDates)[number];

/** Options that a training on pictures does not have. */
export const dateOptions = ['map', 'encoder', 'target', 'pairs', 'dates', 'valPairs', 'manifest'] as const;

/** Of a training on pictures. */
export const pictureDefaults = {
  task: 'regress',
  valFraction: 0.1,
  augment: 'crop,flip',
  maxUnreadable: 1,
} as const;

const file = (expected: string) => z.string(expected).nullable();
const epochs = integer(1, 1e5);
const pictureFile = (expected: string) => z.string(expected).optional();
/** `recordConfig` sets it; it cannot be given. */
const fromManifest = z.custom<string>(
  () => false,
  'nothing: the manifest says what its metadata images show',
);

/** Options of a training on pictures, which has `images`. Without a value they are absent: run ids of trainings on dates stay. */
export const pictureOptions = {
  images: option(pictureFile('a folder of pictures'), {
    unset: 'a training on dates',
    help: 'learn from the pixels of the pictures in this folder, towards --targets',
  }),
  targets: option(pictureFile('a .csv file'), {
    help: 'with --images: table of targets, a row a picture: its file, numbers or a class, and its patient',
  }),
  task: option(oneOf(tasks).optional(), {
    unset: 'regress',
    help: 'with --images: regress learns numbers by mean squared error, classify a class by cross-entropy',
  }),
  columns: option(z.string().optional(), {
    unset: 'all of numbers; of classify the only one',
    help: 'with --images: target columns with commas between; of classify one of classes, or several of 0 and 1',
  }),
  patient: option(z.string().optional(), {
    unset: "DICOM's patient, else each picture by itself",
    help: 'with --images: column of the patient; no patient is in two splits',
  }),
  fileColumn: option(z.string().optional(), {
    unset: 'the one that names most pictures',
    help: 'with --images: column of the paths or names of the pictures',
  }),
  valFraction: option(number(0.001, 0.49, 'a share from 0.001 to 0.49').optional(), {
    unset: String(pictureDefaults.valFraction),
    help: 'with --images: share of the patients for validation, and again for the test',
  }),
  resize: option(integer(32, 4096).optional(), {
    unset: '8/7 of --size',
    help: 'with --images: shorter side before the centre is cropped; training pictures with crop skip it',
  }),
  augment: option(commaList([...augmentations, 'none']).optional(), {
    unset: pictureDefaults.augment,
    help: `with --images: random changes of training pictures: ${augmentations.join(', ')}; or none`,
  }),
  maxUnreadable: option(number(0, 100, 'per cent from 0 to 100').optional(), {
    unset: String(pictureDefaults.maxUnreadable),
    help: 'with --images: per cent of the pictures that may be unreadable; they are listed and skipped',
  }),
} satisfies Options;

/** The defaults take an estimated half hour (MobileNetV2) to hour (ResNet-18) on two cores, at 26 and 14 images/s. */
export const trainingOptions = {
  net: option(oneOf(networkNames), { default: 'resnet18', help: 'network' }),
  map: option(oneOf(mapNames), { default: defaultMap, help: 'map whose parameters the network predicts' }),
  encoder: option(oneOf(encoderNames), { default: 'text', help: 'how a date becomes a metadata image' }),
  target: option(commaList(targetNames), {
    default: 'calendar',
    help: `what the network learns of a date: ${targetNames.join(', ')}; with commas: each date has one of them, drawn`,
  }),
  size: option(integer(32, 1024), { default: 224, help: 'side of the metadata image, drawn at this size' }),
  pairs: option(integer(1, 1e7), {
    default: 8192,
    flag: 'text',
    help: 'training pairs an epoch; or a pairs.csv of the command pairs: its dates and its splits',
  }),
  dates: option(oneOf(dateSources), {
    default: 'fixed',
    help: 'fixed: the same pairs each epoch; fresh: new ones',
  }),
  valPairs: option(integer(2, 1e6), { default: 256, help: 'validation pairs' }),
  manifest: option(file('the pairs.csv that the command pairs wrote'), {
    default: null,
    flag: 'none',
    help: 'pairs.csv of the command pairs: its dates and splits replace pairs and valPairs; null: synthetic dates',
  }),
  extra: option(fromManifest.optional(), {
    flag: 'none',
    help: 'metadata that the images show beside the date: modality, patient, or both',
  }),
  epochs: option(epochs, { default: 6, help: 'passes over the pairs; more of them lengthen a run' }),
  batch: option(integer(2, 4096, 'an integer from 2 to 4096 (batch norm needs two images)'), {
    default: 32,
    help: 'images a step',
  }),
  optimizer: option(oneOf(optimizerNames), {
    default: optimizerDefaults.optimizer,
    help: "adam, adamw or sgd in PyTorch's form",
  }),
  lr: option(number(1e-8, 10), { default: 1e-3, help: 'peak learning rate' }),
  warmup: option(number(0, 1, 'a share from 0 to 1'), {
    default: 0.05,
    help: 'share of the schedule in which the rate rises to its peak',
  }),
  schedule: option(oneOf(scheduleNames), {
    default: 'cosine',
    help: 'learning rate after the warm-up: a cosine to 0, or constant',
  }),
  decayEpochs: option(epochs.nullable(), {
    default: null,
    unset: '--epochs',
    help: 'length of the schedule; with it, 2 epochs and later 4 equal 4 at once',
  }),
  weightDecay: option(number(0, 1), {
    default: optimizerDefaults.weightDecay,
    help: 'L2 for adam and sgd, decoupled for adamw',
  }),
  momentum: option(number(0, 0.9999), { default: optimizerDefaults.momentum, help: 'momentum of sgd' }),
  clip: option(number(1e-6, 1e6, 'a norm from 0.000001 to 1000000').nullable(), {
    default: optimizerDefaults.clip,
    unset: 'none',
    help: 'limit of the norm of all gradients together',
  }),
  dropout: option(number(0, 0.9, 'a rate from 0 to 0.9').optional(), {
    unset: "the network's own, 0.2 of mobilenetv2",
    help: 'dropout rate; 0 trains without',
  }),
  patience: option(epochs.nullable(), {
    default: null,
    unset: 'none',
    help: 'stop after so many epochs without a lower validation loss',
  }),
  precision: option(oneOf(precisions).optional(), {
    unset: 'float32',
    help: 'mixed: bfloat16 activations with float32 weights, on graphics cards',
  }),
  seed: option(integer(0, 2 ** 32), { default: 1, help: 'seed of dates, weights, order and dropout' }),
  init: option(file('a .safetensors file'), {
    default: null,
    unset: 'none',
    help: "weights to start from, a .safetensors file under torchvision's names",
  }),
  maxSeconds: option(number(1, 1e7, 'seconds from 1 to 10000000').nullable(), {
    default: null,
    unset: 'none',
    help: 'stop after so many seconds of training',
  }),
  ...pictureOptions,
} satisfies Options;
