/** The keystream study as two tables of text: the maps, and each with each quantiser. */
import { columns } from './format.ts';

const verdicts = { consistent: 'consistent', rejected: 'NOT random', none: 'none' } as const;

export function describeStudy({ out, size, maps, keystreams }: StudyResult): string {
  const precisions = maps[0]!.cycles.map(({ precision }) => `cycle ${precision}`);
  const mapRows = maps.map((m) => [
    m.map,
    m.params.join(', '),
    m.lyapunov.map((value) => value.toFixed(3)).join(' '),
    m.zeroOne.toFixed(3),
    m.permutationEntropy.toFixed(3),
    ...m.cycles.map(cycleText),
  ]);
  const streamRows = keystreams.map((k) => [
    k.map,
    k.quantiser,
    verdicts[k.verdict],
    k.subTests === undefined ? '-' : `${k.outside}/${k.subTests} (${k.expectedOutside!.toFixed(1)})`,
    k.passed === undefined ? '-' : k.passed.toFixed(4),
    k.rejectedBy?.join(', ') || '-',
    k.error ?? (k.failedTests!.join(' ') || '-'),
  ]);
  return [
    ...columns([['map', 'parameters', 'Lyapunov', '0-1 K', 'perm. entropy', ...precisions], ...mapRows]),
    'cycle: median steps over the starts, and how many fall to a fixed point.',
    '',
    `${size.sequences} sequences of ${size.bits.toLocaleString('en')} bits each`,
    ...columns([
      ['map', 'quantiser', 'verdict at 0.01', 'outside (ideal)', 'p >= 0.01', 'rejected by', 'tests outside'],
      ...streamRows,
    ]),
    `each verdict is at 0.01 for one keystream: of ${keystreams.length} ideal ones ${(0.01 * keystreams.length).toFixed(2)} would be called not random.`,
    'Passing SP 800-22 does not show security: who has the parameters has the keystream.',
    `study: ${out}`,
  ].join('\n');
}

function cycleText({ median, limit, fixedPoints, starts }: CycleFound): string {
  const length = median === null ? `> ${limit.toLocaleString('en')}` : median.toLocaleString('en');
  return fixedPoints > 0 ? `${length} (${fixedPoints}/${starts} fixed)` : length;
}

/** Question and results of the keystream study (src/sweep/keystream-study.ts), for its page and its JSON. */

export interface StudySize {
  /** Bits a sequence, and sequences a keystream, which follow one another on one orbit. */
  readonly bits: number;
  readonly sequences: number;
  /** Steps of the Lyapunov exponents; half as many values of the permutation entropy. */
  readonly steps: number;
  /** Values of the 0-1 test. */
  readonly values: number;
  /** Starts whose cycles are sought, and the most steps for each. */
  readonly starts: number;
  readonly limit: number;
}

/** Cycles that orbits of one number format end in. */
export interface CycleFound {
  /** Number format, as in src/chaos/precision.ts. */
  readonly precision: string;
  readonly starts: number;
  /** Starts whose cycle was found within `limit` steps, and those that end in a fixed point. */
  readonly found: number;
  readonly fixedPoints: number;
  readonly shortest: number | null;
  /** null where half of the starts or more go on beyond the limit. */
  readonly median: number | null;
  readonly limit: number;
}

export interface MapResult {
  readonly map: string;
  readonly params: readonly number[];
  /** Largest first, in the map's own time. */
  readonly lyapunov: readonly number[];
  /** K of the 0-1 test: 1 chaos, 0 regular. */
  readonly zeroOne: number;
  /** Of order 5, normalised. */
  readonly permutationEntropy: number;
  readonly cycles: readonly CycleFound[];
}

export interface KeystreamResult {
  readonly map: string;
  readonly quantiser: string;
  readonly verdict: 'consistent' | 'rejected' | 'none';
  /** Sub-tests outside their accepted proportion, and as many as ideal data put there. */
  readonly outside?: number;
  readonly expectedOutside?: number;
  readonly subTests?: number;
  /** Share of all p-values at or above 0.01; ideal 0.99. */
  readonly passed?: number;
  readonly failedTests?: readonly string[];
  /** The test that rejected it, of the summary's three (src/nist/summary.ts). */
  readonly rejectedBy?: readonly string[];
  /** Why there is no verdict. */
  readonly error?: string;
}

export interface StudyResult {
  readonly out: string;
  readonly seed: number;
  readonly size: StudySize;
  readonly maps: readonly MapResult[];
  readonly keystreams: readonly KeystreamResult[];
}
