/** The pictures that judge measures, and NIST's tests on their bits. */
import type { Shape } from '../cipher/index.ts';
import { messageOf } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';
import { type Bench, encryptWith, photoOf, trialKey } from './laboratory.ts';
import { testSequences } from './nist.ts';
import { bigEndian, cutInput, defaultBits } from './nist-input.ts';
import { asGrey, type NamedPair } from './pair-measures.ts';

/** The pictures that are measured: the user's, or generated ones. */
export async function encryptedPairs(
  bench: Bench,
  own: readonly { readonly name: string; readonly raster: Raster }[],
  fallback: Shape,
): Promise<{ pairs: NamedPair[]; refused: string[] }> {
  const pairs: NamedPair[] = [];
  const refused: string[] = [];
  const wanted = own.length > 0 ? own : generated(bench.seed);
  for (const [k, { name, raster }] of wanted.entries())
    try {
      const { image } = await encryptWith(bench, raster, trialKey(bench.seed, 300 + k, bench.keyBytes));
      pairs.push({ name, plain: raster, cipher: image });
    } catch (error) {
      refused.push(`${name} (${raster.width}x${raster.height}x${raster.channels}): ${messageOf(error)}`);
    }
  if (pairs.length === 0) {
    const plain = photoOf(fallback, bench.seed);
    const { image } = await encryptWith(bench, plain, trialKey(bench.seed, 300, bench.keyBytes));
    pairs.push({ name: `photograph ${fallback.width}x${fallback.height}`, plain, cipher: image });
  }
  return { pairs, refused };
}

const generated = (seed: number): { name: string; raster: Raster }[] => {
  const grey = { width: 256, height: 256, channels: 1, depth: 8 as const };
  return [
    { name: 'brain slice 256x256', raster: photoOf(grey, 2 * seed + 1) },
    { name: 'fundus 256x256, grey', raster: photoOf(grey, 2 * seed) },
    { name: 'fundus 256x256, RGB', raster: photoOf({ ...grey, channels: 3 }, 2 * seed + 2) },
    { name: 'brain slice 512x512', raster: photoOf({ ...grey, width: 512, height: 512 }, 2 * seed + 3) },
    { name: 'black 256x256', raster: { ...grey, data: new Uint8Array(256 * 256) } },
  ];
};

export interface NistOutcome {
  readonly of: 'cipher' | 'keystream';
  readonly bits: number;
  readonly sequences: number;
  readonly consistent: boolean;
  readonly smallestP: number | null;
  /** Sub-tests outside their interval, and as many as random bits would have on average. */
  readonly outside: number;
  readonly expectedOutside: number;
  readonly tests: readonly {
    readonly test: string;
    readonly name: string;
    readonly smallestP: number;
    readonly passed: number;
    readonly m: number;
  }[];
  readonly notApplicable: readonly { readonly test: string; readonly reason: string }[];
}

/** @throws InputError for bits that are too few or constant */
export async function nistOf(
  of: NistOutcome['of'],
  bytes: Uint8Array,
  sequences: number,
): Promise<NistOutcome> {
  const available = 8 * bytes.length;
  const cut = cutInput(
    available,
    Math.min(defaultBits, available),
    Math.min(sequences, Math.max(1, Math.floor(available / defaultBits))),
  );
  const { summary } = await testSequences({ source: of, bytes, bits: available }, cut);
  const smallest = summary.subTests.map((one) => one.smallest);
  return {
    of,
    bits: cut.n,
    sequences: cut.sequences,
    consistent: summary.verdict === 'consistent',
    smallestP: smallest.length > 0 ? Math.min(...smallest) : null,
    outside: summary.outside.count,
    expectedOutside: summary.outside.expected,
    tests: summary.subTests.map(({ test, name, smallest: smallestP, passed, m }) => ({
      test,
      name,
      smallestP,
      passed,
      m,
    })),
    notApplicable: summary.notApplicable.map(({ test, reason }) => ({ test, reason })),
  };
}

/** Bits of cipher pictures, one behind the other. */
export const bitsOf = (pairs: readonly NamedPair[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(pairs.map(({ cipher }) => bigEndian(asGrey(cipher).data))));
