/**
 * Non-overlapping template matching, SP 800-22 rev 1a, section 2.7: matches W_j of an m-bit template in each of N
 * blocks of M = floor(n / N) bits, search going on behind a match; mean (M-m+1) / 2^m, variance
 * M (2^-m - (2m-1) 2^-2m), chi2 = sum (W_j - mean)^2 / variance, p = igamc(N / 2, chi2 / 2).
 * All aperiodic templates: 148 at m = 9. None overlaps itself, so skipping changes nothing and one pass that counts
 * every m-bit window serves all. N = 8. The document sets no minimum length; ours, so that the normal law holds, is
 * a mean of 10 matches in a block: 41,024 bits at m = 9.
 */
import { InputError } from '../shared/errors.ts';
import { chiSquareTail, needBits, needInteger, withDefaults } from './_check.ts';
import { aperiodicTemplates, isAperiodic, templateText } from './_templates.ts';
import type { Bits } from './bits.ts';
import type { NistOptions, SubTest, TestResult } from './types.ts';

/**
 * @param templates of 0 and 1, all of one length, which then is m; all aperiodic ones unless given
 * @throws InputError below the minimum length, or for a template that overlaps itself
 */
export function nonOverlapping(
  bits: Bits,
  options?: Partial<NistOptions>,
  templates?: readonly string[],
): TestResult {
  const checked = withDefaults(options);
  const m = templates?.[0]?.length ?? checked.templateM;
  const N = checked.templateBlocks;
  needInteger('templateM', m, 2, 16);
  needInteger('templateBlocks', N, 1, 1000);
  needBits('non-overlapping', bits, N * (10 * 2 ** m + m - 1), checked, N * m);
  const wanted = templates?.map((text) => parse(text, m)) ?? aperiodicTemplates(m);
  const matches = countWindows(bits, m, N);
  const subTests = wanted.map(
    (v): SubTest => ({ name: templateText(v, m), p: pValue(v, matches, bits.n, m) }),
  );
  return { test: 'non-overlapping', subTests, statistics: { m, M: Math.floor(bits.n / N), N } };
}

function parse(text: string, m: number): number {
  const value = Number.parseInt(text, 2);
  if (text.length !== m || !/^[01]+$/.test(text) || !isAperiodic(value, m))
    throw new InputError(
      `"templates" expected ${m} characters 0 and 1 that do not overlap themselves, got ${text}; try 000000001`,
    );
  return value;
}

/** Per block, how often each m-bit window occurs. */
function countWindows({ n, values }: Bits, m: number, N: number): Uint32Array[] {
  const M = Math.floor(n / N);
  const mask = 2 ** m - 1;
  return Array.from({ length: N }, (_, block) => {
    const counts = new Uint32Array(2 ** m);
    const end = (block + 1) * M;
    let window = 0;
    let i = block * M;
    for (; i < block * M + m - 1; i++) window = (window << 1) | values[i]!;
    for (; i < end; i++) {
      window = ((window << 1) | values[i]!) & mask;
      counts[window]!++;
    }
    return counts;
  });
}

function pValue(template: number, matches: readonly Uint32Array[], n: number, m: number): number {
  const M = Math.floor(n / matches.length);
  const mean = (M - m + 1) / 2 ** m;
  const variance = M * (2 ** -m - (2 * m - 1) * 2 ** (-2 * m));
  const squares = matches.reduce((sum, counts) => sum + (counts[template]! - mean) ** 2, 0);
  return chiSquareTail(squares / variance, matches.length);
}
