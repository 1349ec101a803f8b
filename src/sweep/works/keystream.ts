/**
 * A keystream, one map with one quantiser, through SP 800-22; or, without a quantiser, what the map's orbit is worth:
 * Lyapunov exponents, 0-1 test, permutation entropy, cycles in finite precision. `nist --study` is a sweep of this work.
 */

import { mapCycle } from '../../chaos/cycle.ts';
import { defaultParams, exact, mapOrbit } from '../../chaos/map.ts';
import { mapNamed } from '../../chaos/maps.ts';
import { permutationEntropy } from '../../chaos/permutation-entropy.ts';
import { precisionNames } from '../../chaos/precision.ts';
import { lyapunovSpectrum } from '../../chaos/spectrum.ts';
import { zeroOneTest } from '../../chaos/zero-one.ts';
import { quantiserNamed } from '../../cipher/quantise.ts';
import type { Sequence } from '../../cipher/sequences.ts';
import { battery } from '../../nist/battery.ts';
import { bitsFromBytes } from '../../nist/bits.ts';
import { summarise } from '../../nist/summary.ts';
import { runFile } from '../../runs/run-files.ts';
import { InputError, messageOf } from '../../shared/errors.ts';
import { writeJson } from '../../shared/files.ts';
import { stream } from '../../shared/random.ts';
import type { CycleFound, KeystreamResult, MapResult, StudySize } from '../../tables/keystream-text.ts';
import { asWork, type Measures } from '../work.ts';

/** A cell of the study. */
export interface KeystreamConfig extends StudySize {
  readonly map: string;
  /** null: the diagnostics of the map's own orbit. */
  readonly quantiser: string | null;
  readonly seed: number;
}

/** The full study takes hours on two cores: 70 keystreams of 55 million bits, 0.5 to 1 s a million. */
export const sizes = {
  full: { bits: 1_000_000, sequences: 55, steps: 1_000_000, values: 2000, starts: 10, limit: 10_000_000 },
  quick: { bits: 100_000, sequences: 10, steps: 100_000, values: 1000, starts: 10, limit: 300_000 },
} satisfies Record<string, StudySize>;

const least: StudySize = { bits: 1000, sequences: 1, steps: 1000, values: 100, starts: 1, limit: 1 };

/** @throws InputError naming the first count that is too small */
export function checkSize(size: StudySize): void {
  for (const [name, low] of Object.entries(least)) {
    const value = size[name as keyof StudySize];
    if (!(Number.isSafeInteger(value) && value >= low))
      throw new InputError(`"${name}" of the study expected an integer of at least ${low}, got ${value}`);
  }
}

/** Steps before a keystream or a diagnosis begins. */
const burnIn = 10_000;

function check(config: KeystreamConfig): void {
  mapNamed(config.map);
  if (config.quantiser !== null) quantiserNamed(config.quantiser);
  checkSize(config);
}

async function run(config: KeystreamConfig, folder: string): Promise<Measures> {
  const result = config.quantiser === null ? diagnose(config) : testKeystream(config, config.quantiser);
  await writeJson(runFile(folder, 'keystream'), result);
  return measuresOf(result);
}

/** The figures of a result, as the tables of a sweep show them. */
export function measuresOf(result: MapResult | KeystreamResult): Measures {
  if ('zeroOne' in result) {
    const { lyapunov, zeroOne, permutationEntropy } = result;
    return { lyapunov: lyapunov[0] ?? null, zero_one: zeroOne, permutation_entropy: permutationEntropy };
  }
  const { passed = null, outside = null, verdict } = result;
  return { passed, outside, rejected: verdict === 'none' ? null : Number(verdict === 'rejected') };
}

function diagnose({ map: name, seed, ...size }: KeystreamConfig): MapResult {
  const map = mapNamed(name);
  const params = defaultParams(map);
  const series = (n: number): Float64Array => mapOrbit(map, n, { stride: map.stride, burnIn });
  return {
    map: name,
    params,
    lyapunov: lyapunovSpectrum(map, params, size.steps, burnIn),
    zeroOne: zeroOneTest(series(size.values), stream(seed, '0-1 test', name)),
    permutationEntropy: permutationEntropy(series(size.steps / 2)),
    cycles: precisionNames.map((precision) => {
      const found = startsOf(name, size, seed).map((start) =>
        mapCycle(map, params, start, precision, size.limit),
      );
      return cyclesFound(
        precision,
        found.map(({ length }) => length),
        size.limit,
      );
    }),
  };
}

/** Seeded points of the attractor, so that each lies in its basin. */
function startsOf(name: string, { starts }: StudySize, seed: number): number[][] {
  const map = mapNamed(name);
  const random = stream(seed, 'starts', name);
  const next = map.step(defaultParams(map), exact);
  const state = Float64Array.from(map.start);
  return Array.from({ length: starts }, () => {
    for (let k = 1000 + random.int(1000); k > 0; k--) next(state);
    return [...state];
  });
}

function cyclesFound(
  precision: CycleFound['precision'],
  lengths: readonly (number | null)[],
  limit: number,
): CycleFound {
  const found = lengths.filter((length) => length !== null).sort((a, b) => a - b);
  return {
    precision,
    starts: lengths.length,
    found: found.length,
    fixedPoints: found.filter((length) => length === 1).length,
    shortest: found[0] ?? null,
    median: found.length * 2 > lengths.length ? found[Math.floor((lengths.length - 1) / 2)]! : null,
    limit,
  };
}

/** Names of the multiple-testing corrections. */
const corrected = { pValues: 'smallest p', proportions: 'proportions', uniformity: 'P_T' } as const;
const correctedNames = Object.keys(corrected) as (keyof typeof corrected)[];

function testKeystream({ map: name, ...size }: KeystreamConfig, quantiser: string): KeystreamResult {
  const named = { map: name, quantiser };
  try {
    const map = mapNamed(name);
    const state = Float64Array.from(map.start);
    const step = map.step(defaultParams(map), exact);
    for (let k = 0; k < burnIn; k++) step(state);
    const next: Sequence = (out) => {
      for (let i = 0; i < out.length; i++) {
        step(state);
        out[i] = state[map.output]!;
      }
    };
    const fill = quantiserNamed(quantiser);
    const range = map.domain[map.output]!;
    const reports = Array.from({ length: size.sequences }, () =>
      battery(bitsFromBytes(fill(next, Math.ceil(size.bits / 8), range), 0, size.bits)),
    );
    const { subTests, verdict, outside, corrections } = summarise(reports, 0.01, { bits: size.bits });
    const failed = subTests.filter(({ inside }) => !inside).map(({ test }) => test);
    const all = subTests.reduce((sum, { m }) => sum + m, 0);
    return {
      ...named,
      verdict,
      outside: outside.count,
      expectedOutside: outside.expected,
      subTests: subTests.length,
      passed: subTests.reduce((sum, one) => sum + one.passed, 0) / all,
      failedTests: [...new Set(failed)],
      rejectedBy: correctedNames.filter((name) => corrections[name]?.rejected).map((name) => corrected[name]),
    };
  } catch (error) {
    return { ...named, verdict: 'none', error: messageOf(error) };
  }
}

const defaults: KeystreamConfig = { map: 'logistic', quantiser: null, ...sizes.quick, seed: 1 };

export default asWork<KeystreamConfig>({ defaults, check, run });
