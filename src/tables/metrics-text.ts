/** The measures of one cipher image as an object and as a table of text: the command `metrics`. */
import { checkPair } from '../metrics/index.ts';
import {
  type Entry,
  type Images,
  pText,
  type SectionName,
  type Settings,
  sectionNames,
  sections,
} from '../metrics/sections.ts';
import { InputError } from '../shared/errors.ts';
import { columns, meanSd } from './format.ts';

export interface Verdict extends Entry {
  readonly section: SectionName;
  /** ideal: p at least the level; off: below it; none: no expectation. */
  readonly verdict: 'ideal' | 'off' | 'none';
}

export interface MetricsResult {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: 8 | 16;
  readonly samples: number;
  readonly level: number;
  readonly seed: number;
  readonly measures: readonly Verdict[];
  /** Sections that this image is too small or too deep for. */
  readonly notMeasured: readonly { readonly section: SectionName; readonly why: string }[];
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
 * All sections, or those asked for, of a cipher image. A section that the image is too small for is left out
 * with the reason; asked for by name it is an error.
 * @throws InputError if shapes differ, for a level outside (0, 0.5], an unknown section, or as above
 */
export function measureEverything(images: Images, options: MetricsOptions = {}): MetricsResult {
  const { level = 0.01, seed = 1, pairs, only } = options;
  checkImages(images);
  checkLevel(level);
  const settings = { level, seed, ...(pairs === undefined ? {} : { pairs }) };
  const measures: Verdict[] = [];
  const notMeasured: { section: SectionName; why: string }[] = [];
  for (const section of chosenSections(only, images))
    try {
      const entries = sections[section].measure(images, settings);
      measures.push(...entries.map((entry) => judge(section, entry, level)));
    } catch (error) {
      const asked = only !== undefined || (section === 'random-pairs' && pairs !== undefined);
      if (asked || !(error instanceof InputError)) throw error;
      notMeasured.push({ section, why: error.message });
    }
  const { width, height, channels, depth, data } = images.cipher;
  const shape = { width, height, channels, depth, samples: data.length };
  return { ...shape, level, seed, measures, notMeasured, ...countsOf(measures, level) };
}

function checkImages({ plain, cipher, second }: Images): void {
  checkPair(plain, cipher);
  if (second) checkPair(cipher, second, 'cipher', 'second cipher');
}

function checkLevel(level: number): void {
  if (level > 0 && level <= 0.5) return;
  throw new InputError(`"level" expected a number above 0 and at most 0.5, got ${level}; take 0.01 or 0.05`);
}

function chosenSections(only: readonly string[] | undefined, { second }: Images): SectionName[] {
  if (!only) return sectionNames.filter((name) => second || name !== 'differential');
  const known = new Set<string>(sectionNames);
  const unknown = only.filter((name) => !known.has(name));
  if (only.length === 0 || unknown.length > 0)
    throw new InputError(
      `"only" expected sections of ${sectionNames.join(', ')}, got "${unknown.join(', ')}"; correct the names`,
    );
  return sectionNames.filter((name) => only.includes(name));
}

function judge(section: SectionName, entry: Entry, level: number): Verdict {
  const infinite = entry.value === Number.POSITIVE_INFINITY ? { note: 'infinite: the images are equal' } : {};
  const verdict = entry.p === null ? 'none' : entry.p >= level ? 'ideal' : 'off';
  return { section, ...entry, ...infinite, verdict };
}

function countsOf(measures: readonly Verdict[], level: number) {
  const ps = measures.flatMap(({ p }) => (p === null ? [] : [p]));
  return {
    judged: ps.length,
    expectedOff: ps.length * level,
    off: measures.filter(({ verdict }) => verdict === 'off').length,
    smallestP: ps.length > 0 ? Math.min(...ps) : null,
  };
}

const words = { ideal: 'as an ideal cipher', off: 'NOT as an ideal cipher', none: '-' } as const;

/** A table of value, expectation, z, p and verdict, in sections. */
export function describeCell(result: MetricsResult): string {
  const { width, height, channels, depth, samples, level, measures, notMeasured } = result;
  const heads = ['measure', 'value', 'ideal mean ± sd', 'z', 'p', `verdict (two-sided ${level})`];
  const [head, ...lines] = columns([heads, ...measures.map(cells)]);
  return [
    `${width}x${height}, ${channels} channels of ${depth} bits: ${samples} samples`,
    head!,
    ...measures.flatMap((measure, at) => [
      ...(measure.section === measures[at - 1]?.section ? [] : titleOf(measure.section)),
      lines[at]!,
      ...(measure.remark ? [`    ${measure.remark}`] : []),
    ]),
    '',
    ...notMeasured.map(({ section, why }) => `not measured: ${section}: ${why}`),
    manyTests(result),
    'UACI, MSE and PSNR of plain against cipher describe the picture; passing does not show security.',
  ].join('\n');
}

const titleOf = (section: SectionName): string[] => ['', `${section}: ${sections[section].title}`];

const cells = (m: Verdict): string[] => [
  m.name,
  m.value === null ? 'none' : `${readable(m.value)}${m.unit && ` ${m.unit}`}`,
  m.expected === null ? '-' : ideal(m.expected, m.sd!),
  m.z === null ? '-' : m.z.toFixed(2),
  m.p === null ? '-' : pText(m.p),
  m.note ?? words[m.verdict],
];

/** Fixed decimals while they show the sd: that of the GLCM's energy is 1e-10 for large images. */
const ideal = (mean: number, sd: number): string =>
  sd > 0 && sd < 1e-7 ? `${mean.toPrecision(7)} ± ${sd.toExponential(1)}` : meanSd(mean, sd, 4);

const readable = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(9))) : 'infinite';

/** The caveat of many tests at once; the mean holds however the measures hang together. */
function manyTests({ judged, off, expectedOff, level, smallestP }: MetricsResult): string {
  if (smallestP === null) return 'No measure here has an expectation.';
  const mean = Number(expectedOff.toPrecision(2));
  return `${off} of ${judged} measures lie outside; an ideal cipher fails ${mean} of ${judged} on average at level ${level}. Smallest p ${pText(smallestP)}; over all (Bonferroni) ${pText(level / judged)} would be needed.`;
}
