/** One part of the keystream study, as worker threads call it; each leaves its result in a file of its own. */

import { mapCycle } from '../../chaos/cycle.ts';
import { defaultParams, exact, mapOrbit } from '../../chaos/map.ts';
import { mapNamed } from '../../chaos/maps.ts';
import { permutationEntropy } from '../../chaos/permutation-entropy.ts';
import { precisionNames } from '../../chaos/precision.ts';
import { lyapunovSpectrum } from '../../chaos/spectrum.ts';
import { zeroOneTest } from '../../chaos/zero-one.ts';
import { quantiserNamed } from '../../cipher/quantisers.ts';
import type { Sequence } from '../../cipher/sequences.ts';
import { battery } from '../../nist/battery.ts';
import { bitsFromBytes } from '../../nist/bits.ts';
import { summarise } from '../../nist/summary.ts';
import { messageOf } from '../../shared/errors.ts';
import { writeJson } from '../../shared/files.ts';
import { stream } from '../../shared/random.ts';
import type { CycleFound, KeystreamResult, MapResult, StudySize } from '../../tables/keystream-results.ts';

export interface StudyTask {
  readonly map: string;
  /** null: the map's own diagnostics. */
  readonly quantiser: string | null;
  readonly size: StudySize;
  readonly seed: number;
  readonly file: string;
}

/** Steps before a keystream or a diagnosis begins. */
const burnIn = 10_000;

export default async function study(task: StudyTask): Promise<MapResult | KeystreamResult> {
  const result = task.quantiser === null ? diagnose(task) : testKeystream(task, task.quantiser);
  await writeJson(task.file, result);
  return result;
}

function diagnose({ map: name, size, seed }: StudyTask): MapResult {
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

/** The corrected looks of a summary, in words. */
const looks = { pValues: 'smallest p', proportions: 'proportions', uniformity: 'P_T' } as const;
const lookNames = Object.keys(looks) as (keyof typeof looks)[];

function testKeystream({ map: name, size }: StudyTask, quantiser: string): KeystreamResult {
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
    const { subTests, verdict, outside, corrections } = summarise(reports);
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
      rejectedBy: lookNames.filter((look) => corrections[look]?.rejected).map((look) => looks[look]),
    };
  } catch (error) {
    return { ...named, verdict: 'none', error: messageOf(error) };
  }
}
