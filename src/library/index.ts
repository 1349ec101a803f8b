/// <reference types="node" preserve="true" />
/**
 * `medchaos`: errors, seeded random numbers, the types of experiments and sweeps, pictures in and out, and `train` and
 * `report` as functions. It loads quickly: a function loads TensorFlow, Plotly or the readers of DICOM when it needs them.
 */

export type { MapName } from '../chaos/maps.ts';
export type { DeviceName, EngineName } from '../engine/names.ts';
export { InputError } from '../shared/errors.ts';
export { permutation, type Random, stream } from '../shared/random.ts';
export type { ChannelMode, Depth, MapParams, NetName, Raster } from '../shared/types.ts';
export type { Range } from '../sweep/search.ts';
export type { Sweep } from '../sweep/sweep.ts';
export type { Config, Measures, Merged, Part, Value, Work } from '../sweep/work.ts';
export type { Experiment, GivenTraining, TrainConfig } from '../training/config.ts';
export {
  encodePng,
  loadRaster,
  type ReadOptions,
  readImage,
  resizeRaster,
  toRgb,
  type WriteOptions,
  writeImage,
} from './images.ts';
export { type ReportWritten, report } from './report.ts';
export { type EpochRecord, type ParameterError, type TrainCall, type Trained, train } from './train.ts';
