/**
 * `medchaos review`: which published rows cannot come from an ideal cipher, without their pictures.
 * A row leaves things open; each is read in every way that a table may mean, and a row is impossible only where no
 * reading passes:
 *   channels  grey and RGB, both shown
 *   sense     UACI of two ciphers, as the literature has it, or of plain against cipher
 *   depth     8 bits, else 16
 *   pairs     a correlation over all pairs, else over 1,000 drawn ones
 *   size      64x64 where none is printed
 * The looks of the whole table are corrected by Holm (1979, Scand. J. Statist. 6:65): with m looks and R of them refused
 * a look is refused at p <= level / (m - R). A look counts with its most favourable reading.
 */
import { twoSidedQuantile } from '../metrics/index.ts';
import type { Reading, ReviewTest } from './reading.ts';
import type { ReviewRow, ReviewTable, Sense } from './table.ts';
import { testsOf } from './tests.ts';

export const grantedPairs = 1000;
const grantedSide = 64;

export interface JudgedTest extends ReviewTest {
  /** Two-sided p, corrected; null without p. */
  readonly corrected: number | null;
  /** false: refused; null: a remark without a verdict. */
  readonly passed: boolean | null;
}

export interface JudgedReading extends Reading {
  readonly verdict: 'possible' | 'impossible';
  readonly tests: readonly JudgedTest[];
  /** Readings that the row needs in order to be possible. */
  readonly only: readonly string[];
}

export interface JudgedRow extends ReviewRow {
  readonly verdict: 'possible' | 'impossible' | 'depends' | 'untested';
  readonly sentence: string;
  /** One for each number of channels that the row may have. */
  readonly readings: readonly JudgedReading[];
  /** Remarks on claims, of the first reading. */
  readonly remarks: readonly JudgedTest[];
}

export interface Review {
  readonly level: number;
  /** Looks of the table, those refused, and the p at and below which a look is refused. */
  readonly correction: {
    readonly method: 'Holm';
    readonly looks: number;
    readonly refused: number;
    readonly limit: number;
  };
  readonly rows: readonly JudgedRow[];
  readonly counts: Readonly<Record<JudgedRow['verdict'], number>>;
  readonly notes: readonly string[];
}

/** Usual readings first. */
interface Settings {
  readonly sense: Sense;
  readonly depth: 8 | 16;
  readonly pairs: 'all' | number;
}

export function review({ rows, notes }: ReviewTable, level = 0.01): Review {
  const trials = rows.map((row) => channelsOf(row).map((channels) => trialsOf(row, channels)));
  const looks = trials.reduce((sum, row) => sum + Math.max(...row.flat().map(({ looks }) => looks.size)), 0);
  const { limit, refused } = holm(trials, looks, level);
  const judged = rows.map((row, at) => judgeRow(row, trials[at]!, limit, looks - refused));
  const counts = { possible: 0, impossible: 0, depends: 0, untested: 0 };
  for (const { verdict } of judged) counts[verdict]++;
  return { level, correction: { method: 'Holm', looks, refused, limit }, rows: judged, counts, notes };
}

/** One reading of a row, with its tests. */
interface Trial {
  readonly reading: Reading;
  readonly unusual: readonly (keyof Settings)[];
  readonly tests: readonly ReviewTest[];
  /** p of each look: the least of its tests. */
  readonly looks: ReadonlyMap<string, number>;
}

function channelsOf({ shape: { channels, pixels } }: ReviewRow): readonly (number | null)[] {
  if (channels !== null) return [channels];
  return pixels === null ? [null] : [1, 3];
}

/** The readings of everything but the channels, those with the fewest unusual settings first. */
function trialsOf(row: ReviewRow, channels: number | null): Trial[] {
  const usual = settingsOf(row)[0]!;
  return settingsOf(row)
    .map((settings) => {
      const reading = { ...sizesOf(row, channels), ...settings };
      const tests = testsOf(row, reading);
      const unusual = (['sense', 'depth', 'pairs'] as const).filter((name) => settings[name] !== usual[name]);
      return { reading, unusual, tests, looks: looksOf(tests) };
    })
    .sort((a, b) => a.unusual.length - b.unusual.length);
}

function settingsOf(row: ReviewRow): Settings[] {
  const has = (name: string): boolean => row.cells.some(({ measure }) => measure.startsWith(name));
  const senses: readonly Sense[] = row.sense
    ? [row.sense]
    : has('uaci')
      ? ['differential', 'plain']
      : ['differential'];
  const depths: readonly (8 | 16)[] = row.depth ? [row.depth] : has('local_entropy') ? [8] : [8, 16];
  const pairs =
    row.pairs !== null ? [row.pairs] : has('corr') ? (['all', grantedPairs] as const) : (['all'] as const);
  return senses.flatMap((sense) =>
    depths.flatMap((depth) => pairs.map((drawn) => ({ sense, depth, pairs: drawn }))),
  );
}

function sizesOf({ shape }: ReviewRow, channels: number | null): Omit<Reading, keyof Settings> {
  const { width, height } = shape;
  const unsized = shape.pixels === null && shape.samples === null;
  const samples = unsized ? grantedSide ** 2 : (shape.samples ?? shape.pixels! * channels!);
  const pixels = shape.pixels ?? samples / (channels ?? (unsized ? 1 : 3));
  return { channels, width, height, unsized, samples, pixels: Math.max(1, Math.floor(pixels)) };
}

function looksOf(tests: readonly ReviewTest[]): Map<string, number> {
  const looks = new Map<string, number>();
  for (const { look, p } of tests) if (p !== null) looks.set(look, Math.min(p, looks.get(look) ?? 1));
  return looks;
}

const refusedIn = ({ looks }: Trial, limit: number): number =>
  [...looks.values()].filter((p) => p <= limit).length;
const brokenIn = ({ tests }: Trial): number =>
  tests.filter(({ kind, holds }) => kind === 'arithmetic' && !holds).length;

/** The reading with the fewest refusals; of equals the most usual. */
const best = (trials: readonly Trial[], limit: number): Trial =>
  trials.reduce((found, trial) => {
    const gain = refusedIn(found, limit) + brokenIn(found) - refusedIn(trial, limit) - brokenIn(trial);
    return gain > 0 ? trial : found;
  });

/** The limit of the last step: refusals free looks, until none comes. */
function holm(rows: readonly (readonly Trial[][])[], looks: number, level: number) {
  let refused = 0;
  for (;;) {
    const limit = level / Math.max(1, looks - refused);
    const now = rows.reduce(
      (sum, row) => sum + Math.min(...row.map((trials) => refusedIn(best(trials, limit), limit))),
      0,
    );
    if (now <= refused) return { limit, refused };
    refused = now;
  }
}

function judgeRow(row: ReviewRow, trials: readonly Trial[][], limit: number, left: number): JudgedRow {
  const readings = trials.map((ofChannels) => judgeReading(row, best(ofChannels, limit), limit, left));
  const remarks = readings[0]!.tests.filter(({ kind }) => kind === 'claim');
  const tested = readings.some(({ tests }) => tests.some(({ kind }) => kind !== 'claim'));
  const passing = readings.filter(({ verdict }) => verdict === 'possible');
  const verdict = !tested
    ? 'untested'
    : passing.length === 0
      ? 'impossible'
      : passing.length < readings.length || passing.some(({ only }) => only.length > 0)
        ? 'depends'
        : 'possible';
  return { ...row, verdict, sentence: sentenceOf(readings, tested), readings, remarks };
}

function judgeReading(
  row: ReviewRow,
  { reading, unusual, tests }: Trial,
  limit: number,
  left: number,
): JudgedReading {
  const judged = tests.map((test): JudgedTest => ({ ...test, ...passedOf(test, limit, left) }));
  const failed = judged.some(({ kind, passed }) => kind !== 'claim' && passed === false);
  const proven = tests.some(({ test }) => test === 'residual');
  const texts: Record<keyof Settings, () => string[]> = {
    depth: () => ['at 16 bits'],
    pairs: () => [fewPairs(row, limit)],
    sense: () => (proven ? [] : ['where UACI compares plain and cipher']),
  };
  const only = unusual.flatMap((name) => texts[name]());
  return { ...reading, verdict: failed ? 'impossible' : 'possible', tests: judged, only: failed ? [] : only };
}

function passedOf({ p, holds }: ReviewTest, limit: number, left: number) {
  if (p === null) return { corrected: null, passed: holds };
  return { corrected: Math.min(1, p * Math.max(1, left)), passed: p > limit };
}

/** As many pairs as the largest correlation leaves possible. */
function fewPairs({ cells }: ReviewRow, limit: number): string {
  const sizes = cells
    .filter(({ measure }) => measure.startsWith('corr'))
    .map(({ printed: { value, half } }) => Math.max(0, Math.abs(value) - half));
  const most = Math.floor(3 + (twoSidedQuantile(limit) / Math.atanh(Math.max(...sizes))) ** 2);
  return `where its correlations are over at most ${most} drawn pairs`;
}

const nameOf = ({ channels }: Reading): string =>
  channels === 1 ? 'grey' : channels === 3 ? 'RGB' : `${channels} channels`;

/** The verdict of a row in words, with the tests that refuse it. */
function sentenceOf(readings: readonly JudgedReading[], tested: boolean): string {
  if (!tested) return 'nothing to test';
  const words = readings.map((reading) => {
    const as = readings.length > 1 ? ` as ${nameOf(reading)}` : '';
    const only = reading.only.length > 0 ? ` only ${reading.only.join(', ')}` : '';
    const why = reading.verdict === 'impossible' ? ` (${whyOf(reading.tests)})` : '';
    return { verdict: reading.verdict, text: `${reading.verdict}${as}${only}${why}` };
  });
  const [first, second] = words;
  if (!second) return first!.text;
  const alike = first!.verdict === second.verdict && readings.every(({ only }) => only.length === 0);
  if (alike && first!.verdict === 'possible') return 'possible as grey and as RGB';
  if (alike) return `impossible as grey and as RGB (${whyInBoth(readings[0]!.tests, readings[1]!.tests)})`;
  return words.map(({ text }) => text).join(', ');
}

const refusing = (tests: readonly JudgedTest[]): JudgedTest[] =>
  tests.filter(({ kind, passed }) => kind !== 'claim' && passed === false);

const whyOf = (tests: readonly JudgedTest[]): string => refusing(tests).map(reasonOf).join('; ');

/** The tests that refuse both readings; each for itself where none does. */
function whyInBoth(grey: readonly JudgedTest[], rgb: readonly JudgedTest[]): string {
  const key = ({ test, columns }: JudgedTest): string => [test, ...columns].join();
  const keys = new Set(refusing(rgb).map(key));
  const both = refusing(grey).filter((test) => keys.has(key(test)));
  return both.length > 0 ? both.map(reasonOf).join('; ') : `grey: ${whyOf(grey)}; RGB: ${whyOf(rgb)}`;
}

function reasonOf({ kind, test, columns, value, expected, sd, excess, remark }: JudgedTest): string {
  const shown = `${columns[0]} ${Number(value!.toPrecision(7))}`;
  if (kind === 'arithmetic')
    return `${shown}, but ${Number(expected!.toPrecision(6))} follows from ${columns[1]}`;
  if (kind === 'bound') return `${shown}: ${remark}`;
  const z = `z ${excess! > 0 ? '+' : ''}${excess!.toFixed(1)}`;
  return test === 'residual'
    ? `${columns.join(' against ')} ${z}`
    : `${shown}, ideal ${digits(expected!, sd!)}, ${z}`;
}

/** Mean and sd, two digits of the sd. */
function digits(mean: number, sd: number): string {
  const decimals = Math.max(0, Math.min(9, 1 - Math.floor(Math.log10(sd))));
  return `${mean.toFixed(decimals)} ± ${sd.toFixed(decimals)}`;
}
