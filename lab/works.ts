/** All that the worker computes, by name, from the public sub-paths and the rooms behind `judge --pairs` and `review`. */
import { type AttackName, attacks, partyOf, searchParameters } from '../src/attacks/index.ts';
import { type MapName, type PaperMap, paperMaps } from '../src/chaos/index.ts';
import {
  checkParams,
  encryptImage,
  type PresetName,
  paper,
  parameterNames,
  parameterRanges,
  parametersFromSigmoid,
  presets,
} from '../src/cipher/index.ts';
import { mriPhantom } from '../src/data/images/phantoms/mri.ts';
import { measureEverything } from '../src/metrics/index.ts';
import { review } from '../src/review/review.ts';
import { readReviewTable } from '../src/review/table.ts';
import { memoParts } from '../src/review/text.ts';
import { InputError } from '../src/shared/errors.ts';
import type { MapParams, Raster } from '../src/shared/types.ts';
import { judgePictures } from './judge-pictures.ts';

export interface Settings {
  readonly map: MapName;
  readonly params: MapParams;
  readonly preset: PresetName;
}

interface AttackRequest {
  readonly name: AttackName;
  readonly plain: Raster;
  readonly settings: Settings;
}

type Encryption = Omit<AttackRequest, 'name'>;
type Progress = (share: number, note: string) => void;

const seed = 1;
const level = 0.01;

function encrypt({ plain, settings }: Encryption) {
  const { map, params, preset } = settings;
  const warnings = checkParams(map, params);
  const { cipher } = encryptImage(map, params, plain, presets[preset]);
  return { cipher, warnings, metrics: measureEverything({ plain, cipher }, { seed, level }) };
}

async function attack({ name, plain, settings }: AttackRequest) {
  const party = partyOf(paper, settings);
  const others = [otherThan(plain, 1), otherThan(plain, 2)] as const;
  return attacks[name]({ party, plain, others, seed, trials: 20 });
}

/** Another picture of the shape, which the attacker knows: the picture turned round, or shifted. */
function otherThan(plain: Raster, k: number): Raster {
  const data = plain.data.slice();
  if (k === 1) data.reverse();
  else
    for (let at = 0; at < data.length; at++) data[at] = plain.data[(at + (data.length >> 1)) % data.length]!;
  return { ...plain, data };
}

/** The search sees the cipher picture alone, made with the parameters of a network that lie nearest to the sliders'. */
async function search({ plain, settings: { map, params: given, preset } }: Encryption, progress: Progress) {
  const searched = paperMaps.find((name) => name === map);
  if (!searched)
    throw new InputError(`the search knows the paper's maps, ${paperMaps.join(' and ')}; choose one of them`);
  const params = nearestOfNetwork(searched, given);
  const options = presets[preset];
  const { cipher } = encryptImage(map, params, plain, options);
  const onProgress = (share: number, note: string): void =>
    progress(share, `${counted(searched, share)}${note}`);
  return {
    cipher,
    params,
    ...(await searchParameters(cipher, searched, { options, threads: 1, onProgress })),
  };
}

/** Float32 outputs of a sigmoid from 2^-24 to the last below 1. */
const outputs = 24 * 2 ** 23;

const counted = (map: PaperMap, share: number): string =>
  map === 'logistic'
    ? `${Math.round(share * outputs).toLocaleString('en')} of ${outputs.toLocaleString('en')} parameters, `
    : '';

/** @throws InputError for parameters that no network gives */
function nearestOfNetwork(map: PaperMap, params: MapParams): number[] {
  const shares = parameterRanges[map].map(([low, high], at) => (params[at]! - low) / (high - low));
  const out = shares.findIndex((share) => !(share >= 0 && share <= 1));
  if (out >= 0)
    throw new InputError(
      `the search covers what a network can give: ${parameterNames[map][out]} from ${parameterRanges[map][out]!.join(' to ')}; move the slider there`,
    );
  return parametersFromSigmoid(map, Float32Array.from(shares));
}

const reviewTable = ({ text, name }: { text: string; name: string }) =>
  memoParts(review(readReviewTable(text, name), level));

const phantom = ({ side }: { side: number }): Raster => mriPhantom(side, side, 7);

export const works = { encrypt, attack, search, review: reviewTable, pairs: judgePictures, phantom };
