/**
 * The eight pictures of the reproduced tables, brought to fixed sizes: four samples at the paper's sizes, and
 * four for Table 7, whose sizes the paper does not print (three of 256 x 256, one of 512 x 512). A data folder with
 * DICOM files adds one of them, as stored.
 *
 * Each stands for one of the four data sets. It comes, in this order, from the user's own files, from a data
 * folder, from the shipped samples (NIH, pneumonia), or from a generated phantom (DRIVE, brain MRI).
 */
import { basename, join } from 'node:path';
import { type DatasetId, readLock } from '../data/datasets/lock.ts';
import { checkFolder, datasetImages } from '../data/datasets/presence.ts';
import { loadRaster, resizeRaster, toRgb } from '../data/images/image.ts';
import { fundusPhantom } from '../data/images/phantoms/fundus.ts';
import { mriPhantom } from '../data/images/phantoms/mri.ts';
import { readDateTime } from '../data/metadata/metadata.ts';
import { syntheticDates } from '../data/pairs/dates.ts';
import type { WallClock } from '../shared/datetime.ts';
import { InputError } from '../shared/errors.ts';
import { readInput } from '../shared/files.ts';
import { besidePackage } from '../shared/package.ts';
import type { ChannelMode, Raster } from '../shared/types.ts';
import {
  datedFirst,
  dateNote,
  type PaperSampleId,
  type SampleId,
  type SampleImage,
  sha256,
  synthetic,
} from './_sample.ts';
import { dicomSample } from './dicom-sample.ts';

export type { SampleId, SampleImage } from './_sample.ts';

/** One picture to fill: which data set it stands for, and the how-manieth of that set it is. */
interface Slot {
  readonly id: PaperSampleId;
  readonly set: DatasetId;
  readonly nth: 0 | 1;
  readonly width: number;
  readonly height: number;
}

const slots: readonly Slot[] = [
  { id: 'sample1', set: 'nih', nth: 0, width: 339, height: 509 },
  { id: 'sample2', set: 'drive', nth: 0, width: 702, height: 701 },
  { id: 'sample3', set: 'pneumonia', nth: 0, width: 2124, height: 2056 },
  { id: 'sample4', set: 'brain-mri', nth: 0, width: 581, height: 476 },
  { id: 'table7a', set: 'nih', nth: 1, width: 256, height: 256 },
  { id: 'table7b', set: 'pneumonia', nth: 1, width: 256, height: 256 },
  { id: 'table7c', set: 'brain-mri', nth: 1, width: 256, height: 256 },
  { id: 'table7d', set: 'drive', nth: 1, width: 512, height: 512 },
];

const shipped: Partial<Record<DatasetId, readonly [string, string]>> = {
  nih: ['00001368_000.png', '00008980_000.png'],
  pneumonia: ['NORMAL2-IM-1437-0001.jpeg', 'NORMAL2-IM-1436-0001.jpeg'],
};

const titles: Partial<Record<DatasetId, string>> = {
  nih: 'chest X-ray, NIH ChestX-ray14',
  drive: 'fundus photograph, DRIVE',
  pneumonia: 'paediatric chest X-ray, Kermany et al. 2018 (CC BY 4.0)',
  'brain-mri': 'brain MRI, Nickparvar 2021',
};
const titleOf = (set: DatasetId): string => titles[set] ?? set;

export interface SampleOptions {
  /** Folder with `nih`, `drive`, `pneumonia`, `brain-mri`, `dicom`, each of which may be missing. */
  readonly data?: string;
  /** 1 to 8 image files, which fill sample1..4, table7a..d in this order. */
  readonly files?: readonly string[];
  readonly channels: ChannelMode;
  /** Of phantoms and synthetic dates. */
  readonly seed: number;
  /** Factor on the sides of the eight, for quick tests; 1. */
  readonly scale?: number;
  /** Only these. */
  readonly only?: readonly SampleId[];
}

/**
 * Loads and resizes the eight pictures, and adds the DICOM one; equal options give equal pictures.
 * @throws InputError for a missing folder, an unreadable file, more than eight files, or a wrong scale
 */
export async function loadSamples(options: SampleOptions): Promise<SampleImage[]> {
  const { data, files = [], seed, scale = 1, only } = options;
  if (files.length > slots.length)
    throw new InputError(
      `"samples" expected 1 to ${slots.length} files, got ${files.length}; leave some out`,
    );
  if (!(scale > 0 && scale <= 1)) throw new InputError(`"scale" expected a number in (0, 1], got ${scale}`);
  if (data !== undefined) await checkFolder(data);
  const dates = syntheticDates(slots.length + 1, seed, 'samples');
  const images: SampleImage[] = [];
  for (const [i, slot] of slots.entries()) {
    if (only && !only.includes(slot.id)) continue;
    const sized = { ...slot, width: scaled(slot.width, scale), height: scaled(slot.height, scale) };
    images.push(await fill(sized, files[i], dates[i]!, options));
  }
  const wanted = data !== undefined && (only?.includes('dicom') ?? true);
  const dicom = wanted ? await dicomSample(data, dates[slots.length]!) : null;
  return dicom ? [...images, dicom] : images;
}

const scaled = (side: number, scale: number): number => Math.max(1, Math.round(side * scale));

async function fill(
  slot: Slot,
  file: string | undefined,
  spareDate: WallClock,
  options: SampleOptions,
): Promise<SampleImage> {
  const path = file ?? (await fromFolder(slot, options.data));
  if (path !== undefined) return fromFile(slot, path, file ? '' : titleOf(slot.set), spareDate, options);
  const missing = options.data === undefined ? '' : `; ${options.data} holds no ${slot.set} image`;
  const name = shipped[slot.set]?.[slot.nth];
  if (name === undefined) return phantom(slot, missing, spareDate, options);
  return fromFile(slot, shippedPath(name), titleOf(slot.set), spareDate, options, missing);
}

function shippedPath(name: string): string {
  const folder = besidePackage('samples');
  if (folder !== 'samples') return join(folder, name);
  throw new InputError(
    'the sample images are not part of this installation; give image files with --samples or a folder with --data',
  );
}

/** The nth image of the set in a data folder: those with a date of their own go first. */
async function fromFolder(slot: Slot, data: string | undefined): Promise<string | undefined> {
  if (data === undefined) return undefined;
  const all = await datasetImages(data, readLock().datasets.find(({ id }) => id === slot.set)!);
  const order = await datedFirst(data, all);
  const chosen = order[Math.min(slot.nth, order.length - 1)];
  return chosen && join(data, chosen);
}

async function fromFile(
  slot: Slot,
  path: string,
  title: string,
  spareDate: WallClock,
  { channels }: SampleOptions,
  missing = '',
): Promise<SampleImage> {
  const bytes = await readInput(path, 'image');
  const stored = await loadRaster(bytes, path, 'native');
  const raster = await brought(stored, slot, channels);
  const { when, source: dateSource } = (await readDateTime(bytes)) ?? synthetic(spareDate);
  const source = basename(path);
  const name = title ? `${title}, ${source}` : source;
  const caption = `${name}, ${sizeNote(stored, raster)}${dateNote(dateSource)}${missing}`;
  return { id: slot.id, source, caption, raster, when, dateSource, sha256: sha256(bytes) };
}

function phantom(slot: Slot, missing: string, spareDate: WallClock, options: SampleOptions): SampleImage {
  const kind = slot.set === 'drive' ? 'fundus' : 'mri';
  const make = kind === 'fundus' ? fundusPhantom : mriPhantom;
  const made = make(slot.width, slot.height, options.seed + slot.nth);
  const raster = options.channels === 'rgb' ? toRgb(made) : made;
  const { when, source: dateSource } = synthetic(spareDate);
  const looks = kind === 'fundus' ? 'fundus-like picture (no retina)' : 'MRI-like picture (no brain)';
  const caption = `generated ${looks}, seed ${options.seed + slot.nth}, made at ${sizeOf(made)}, synthetic date${missing}`;
  return {
    id: slot.id,
    source: `${kind}-phantom`,
    caption,
    raster,
    when,
    dateSource,
    sha256: sha256(made.data),
  };
}

/** The slot's size and channels; alpha goes before the resize, so that it weighs nothing. */
async function brought(stored: Raster, { width, height }: Slot, channels: ChannelMode): Promise<Raster> {
  const opaque = channels === 'rgb' && stored.channels % 2 === 0 ? toRgb(stored) : stored;
  const fits = opaque.width === width && opaque.height === height;
  const resized = fits ? opaque : await resizeRaster(opaque, width, height);
  return channels === 'rgb' ? toRgb(resized) : resized;
}

const sizeOf = ({ width, height }: Raster): string => `${width}x${height}`;

const sizeNote = (stored: Raster, raster: Raster): string =>
  sizeOf(stored) === sizeOf(raster)
    ? `${sizeOf(stored)} as stored`
    : `${sizeOf(stored)} resized to ${sizeOf(raster)} by Lanczos`;
