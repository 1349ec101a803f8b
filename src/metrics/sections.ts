/** All metrics of `medchaos metrics`, in sections that can be chosen alone. */

import { InputError } from '../shared/errors.ts';
import { channelsAlike, entryOf, onePlane, pairOf } from './_measure.ts';
import { bitPlaneFamily } from './bit-planes.ts';
import { correlationOfChannel1 } from './correlation.ts';
import { differentialFamily } from './differential.ts';
import { entropyOfChannels } from './entropy.ts';
import { glcmFeatures } from './glcm.ts';
import { metrics } from './metrics.ts';
import { sampledCorrelations } from './random-pairs.ts';
import {
  defaultSettings,
  type Entry,
  type Family,
  type Images,
  measureNames,
  type Settings,
} from './types.ts';

interface Section {
  readonly title: string;
  /** Metrics by id, and families. */
  readonly of: readonly (string | Family)[];
}

const ownSection = (id: string): Section => ({ title: metrics[id]!.title ?? metrics[id]!.label, of: [id] });

const grouped: Readonly<Record<string, Section>> = {
  paper: {
    title: "the paper's eight, of plain against cipher and of the cipher",
    of: [...measureNames, correlationOfChannel1],
  },
  residual: ownSection('residual'),
  entropy: { title: 'Shannon entropy of each channel of the cipher', of: [entropyOfChannels] },
  'local-entropy': {
    title: 'Shannon entropy of 30 blocks of 1936 samples, by seed',
    of: ['local_entropy'],
  },
  histogram: {
    title: 'histogram of the cipher, against a flat one',
    of: ['chi2_cipher', 'histogram_variance'],
  },
  ssim: ownSection('ssim'),
  mae: ownSection('mae'),
  glcm: { title: 'grey-level co-occurrence of the cipher, 256 levels, distance 1', of: [glcmFeatures] },
  'bit-planes': { title: 'bit planes of the cipher, 0 the least significant', of: [bitPlaneFamily] },
  'random-pairs': {
    title: 'correlation of adjacent pairs of the cipher, drawn by seed',
    of: [sampledCorrelations],
  },
  differential: {
    title: 'two ciphers, of plain images a pixel apart or of neighbouring keys',
    of: [differentialFamily],
  },
};

const inGroups = new Set(Object.values(grouped).flatMap(({ of }) => of));
const others = Object.keys(metrics).filter((id) => !inGroups.has(id));

/** In the order in which they are printed; a metric that no group lists has a section of its own. */
export const sections: Readonly<Record<string, Section>> = {
  ...grouped,
  ...Object.fromEntries(others.map((id) => [id, ownSection(id)])),
};

export const sectionNames: readonly string[] = Object.keys(sections);

/** A row with its verdict. */
export interface Verdict extends Entry {
  readonly section: string;
  /** ideal: p at least the level; off: below it; none: no expectation. */
  readonly verdict: 'ideal' | 'off' | 'none';
}

export interface MetricsResult {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: 8 | 16;
  readonly samples: number;
  /** Every picture has the same samples in all its channels: grey, stored as RGB, and measured as one plane. */
  readonly equalChannels: boolean;
  readonly level: number;
  readonly seed: number;
  readonly measures: readonly Verdict[];
  /** Sections that this image is too small or too deep for. */
  readonly notMeasured: readonly { readonly section: string; readonly why: string }[];
  /** Measures that have a verdict, how many an ideal cipher fails on average, and how many failed. */
  readonly judged: number;
  readonly expectedOff: number;
  readonly off: number;
  readonly smallestP: number | null;
}

export interface MetricsOptions extends Partial<Settings> {
  /** Sections; all if left out, `differential` only where there is a second cipher image. */
  readonly only?: readonly string[];
}

/**
 * Measures all or the chosen sections of a cipher image. A section that the image is too small for is left out
 * with the reason; chosen by name it is an error.
 * @throws InputError if shapes differ, for a level outside (0, 0.5], an unknown section, or as above
 */
export function measureEverything(images: Images, options: MetricsOptions = {}): MetricsResult {
  const { only, ...given } = options;
  const settings = { ...defaultSettings, ...given };
  const { level, seed, pairs } = settings;
  const equalChannels = channelsAlike(images);
  const pair = pairOf(equalChannels ? onePlane(images) : images);
  checkLevel(level);
  const measures: Verdict[] = [];
  const notMeasured: { section: string; why: string }[] = [];
  for (const section of chosenSections(only, images))
    try {
      const entries = sections[section]!.of.flatMap((member) =>
        typeof member === 'string' ? entryOf(metrics[member]!, pair, settings) : member(pair, settings),
      );
      measures.push(...entries.map((entry) => judge(section, entry, level)));
    } catch (error) {
      const asked = only !== undefined || (section === 'random-pairs' && pairs !== undefined);
      if (asked || !(error instanceof InputError)) throw error;
      notMeasured.push({ section, why: error.message });
    }
  const { width, height, channels, depth, data } = pair.cipher;
  const shape = { width, height, channels, depth, samples: data.length, equalChannels };
  return { ...shape, level, seed, measures, notMeasured, ...countsOf(measures, level) };
}

function checkLevel(level: number): void {
  if (level > 0 && level <= 0.5) return;
  throw new InputError(`"level" expected a number above 0 and at most 0.5, got ${level}; take 0.01 or 0.05`);
}

function chosenSections(only: readonly string[] | undefined, { second }: Images): readonly string[] {
  if (!only) return sectionNames.filter((name) => second || name !== 'differential');
  const unknown = only.filter((name) => !sectionNames.includes(name));
  if (only.length === 0 || unknown.length > 0)
    throw new InputError(
      `"only" expected sections of ${sectionNames.join(', ')}, got "${unknown.join(', ')}"; correct the names`,
    );
  return sectionNames.filter((name) => only.includes(name));
}

function judge(section: string, entry: Entry, level: number): Verdict {
  const infinite = entry.value === Number.POSITIVE_INFINITY ? { note: 'infinite: the images are equal' } : {};
  const verdict = entry.p === null ? 'none' : entry.p >= level ? 'ideal' : 'off';
  return { section, ...entry, ...infinite, verdict };
}

/** Of measures that move together the first; those without a p count nowhere. */
function countedOnce(measures: readonly Verdict[]): Verdict[] {
  const first = new Map<string, Verdict>();
  for (const measure of measures.filter(({ p }) => p !== null)) {
    const key = measure.follows ?? measure.name;
    first.set(key, first.get(key) ?? measure);
  }
  return [...first.values()];
}

function countsOf(measures: readonly Verdict[], level: number) {
  const counted = countedOnce(measures);
  const ps = counted.map(({ p }) => p!);
  return {
    judged: ps.length,
    expectedOff: ps.length * level,
    off: counted.filter(({ verdict }) => verdict === 'off').length,
    smallestP: ps.length > 0 ? Math.min(...ps) : null,
  };
}
