/** `judge --pairs` in the page: the same attacks and measures, of pictures that stand in memory. */
import type { Finding } from '../src/attacks/black-box/types.ts';
import { type Break, breakOf, byStrength } from '../src/judge/judgement.ts';
import { pairAttacks } from '../src/judge/pair-attacks.ts';
import { asGrey, type Measures, measuresOf } from '../src/judge/pair-measures.ts';
import type { PicturePair } from '../src/judge/picture-pair.ts';
import { battery, bitsFromBytes, summarise } from '../src/nist/index.ts';
import { InputError, messageOf } from '../src/shared/errors.ts';
import { bytesOf, joinBytes } from '../src/shared/exact.ts';
import type { Raster } from '../src/shared/types.ts';

export interface PicturesJudged {
  readonly verdict: 'broken' | 'holds';
  readonly brokenBy: readonly Break[];
  readonly pictures: Readonly<Record<string, Raster>>;
  readonly withstood: readonly { readonly attack: string; readonly finding: string }[];
  readonly notRun: readonly { readonly attack: string; readonly why: string }[];
  readonly measures: Measures;
  /** What NIST's tests say of the bits of the cipher pictures. */
  readonly nist: string;
}

/** Bits that NIST's tests look at, as `judge` at its quick level. */
const mostBits = 1_000_000;

export function judgePictures(
  { pairs }: { pairs: readonly PicturePair[] },
  progress: (share: number, note: string) => void,
): PicturesJudged {
  const all = Object.entries(pairAttacks);
  const tried = all.map(([attack, run], k) => {
    progress(k / (all.length + 2), attack);
    return { attack, ...outcomeOf(() => run(pairs)) };
  });
  progress(all.length / (all.length + 2), 'metrics');
  const measures = measuresOf(pairs, 0.01, 1);
  progress((all.length + 1) / (all.length + 2), "NIST's tests");
  const nist = nistOf(pairs);
  const brokenBy = tried
    .flatMap(({ attack, data }) => breakOf({ name: attack, seconds: 0, pictures: [], ...(data && { data }) }))
    .sort(byStrength);
  return {
    verdict: brokenBy.length > 0 ? 'broken' : 'holds',
    brokenBy,
    pictures: tried.find(({ attack }) => attack === brokenBy[0]?.attack)?.data?.pictures ?? {},
    withstood: tried.flatMap(({ attack, data }) =>
      data && !data.broken ? [{ attack, finding: data.finding }] : [],
    ),
    notRun: tried.flatMap(({ attack, why }) => (why ? [{ attack, why }] : [])),
    measures,
    nist,
  };
}

/** @returns the finding, or the reason why the pictures do not allow it */
function outcomeOf(run: () => Finding): { readonly data?: Finding; readonly why?: string } {
  try {
    return { data: run() };
  } catch (error) {
    if (error instanceof InputError) return { why: messageOf(error) };
    throw error;
  }
}

function nistOf(pairs: readonly PicturePair[]): string {
  try {
    const bytes = joinBytes(pairs.map(({ cipher }) => bigEndian(asGrey(cipher))));
    const bits = Math.min(mostBits, 8 * bytes.length);
    const { verdict, outside } = summarise([battery(bitsFromBytes(bytes, 0, bits))], 0.01, { bits });
    const counts = `${outside.count} p-values outside their interval, random bits have ${outside.expected.toFixed(1)}`;
    if (verdict === 'none') return `${bits.toLocaleString('en')} bits are too few`;
    return `${bits.toLocaleString('en')} bits are ${verdict === 'consistent' ? 'consistent with' : 'NOT'} random bits (${counts})`;
  } catch (error) {
    return messageOf(error);
  }
}

/** The samples' bytes, the most significant first. */
function bigEndian({ data, depth }: Raster): Uint8Array {
  if (depth === 8) return bytesOf(data);
  const bytes = new DataView(new ArrayBuffer(2 * data.length));
  data.forEach((value, at) => {
    bytes.setUint16(2 * at, value);
  });
  return new Uint8Array(bytes.buffer);
}
