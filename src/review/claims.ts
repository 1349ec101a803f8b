/** Tests of times, and remarks on claims: key spaces, NIST's tests. */
import type { Printed } from './cells.ts';
import type { Measure } from './columns.ts';
import { outside, type Reading, type ReviewTest } from './reading.ts';
import type { PrintedCell, PrintedClaim } from './table.ts';

/** Bytes a second that no memory reads and writes. */
const impossibleSpeed = 1e11;

export function ofTime(cell: PrintedCell, { samples, depth, unsized }: Reading): ReviewTest[] {
  const { value, half } = cell.printed;
  if (value + half <= 0) return [outside(cell, 'a time is above 0')];
  if (unsized) return [];
  const speed = (samples * depth) / 8 / (value + half);
  if (speed > impossibleSpeed) return [outside(cell, 'more than 100 GB/s')];
  const bytes = (samples * depth) / 8 / value;
  const shown = `${(bytes / 1e6).toPrecision(2)} MB/s`;
  return [{ ...claimTest(cell, 'Speed, beside 1,000 MB/s or more of AES-256-GCM on one core', null), shown }];
}

const claimTest = (
  {
    column,
    ...rest
  }: {
    readonly column: string;
    readonly measure?: Measure;
    readonly claim?: string;
    readonly printed?: Printed;
  },
  remark: string,
  holds: boolean | null,
): ReviewTest => ({
  test: rest.measure ?? rest.claim ?? column,
  kind: 'claim',
  columns: [column],
  look: column,
  value: rest.printed?.value ?? null,
  expected: null,
  sd: null,
  excess: null,
  p: null,
  holds,
  remark,
});

const weakKeys = 'Key spaces below 128 bits, the least of NIST SP 800-57 beyond 2030';

const derivedKeys =
  'Key spaces of more bits than the picture has: they count a derived key; no more keys exist than secrets to derive them from';

const boundedKeys = 'Key spaces are upper bounds; the bits of the secret that is drawn bound them too';

export function ofKeySpace(
  { bits, ...claim }: PrintedClaim,
  { samples, depth, unsized }: Reading,
): ReviewTest {
  const of = (remark: string, holds: boolean | null): ReviewTest => ({
    ...claimTest(claim, remark, holds),
    value: bits,
    shown: `${Number(bits!.toPrecision(6))} bits`,
  });
  if (bits! < 128) return of(weakKeys, false);
  return !unsized && bits! > samples * depth ? of(derivedKeys, false) : of(boundedKeys, null);
}

/** SP 800-22, sections 2.8 to 2.15 and 4.2.2. */
const bitsForAll = 1_000_000;

const sequencesForUniformity = 55;

export function ofNist({ text, ...claim }: PrintedClaim, { samples, depth, unsized }: Reading): ReviewTest {
  const bits = samples * depth;
  const of = (remark: string, holds: boolean | null, shown = `"${text}"`): ReviewTest => ({
    ...claimTest(claim, remark, holds),
    shown,
  });
  if (/fail|reject|not|no\b|^[✗x]$/i.test(text)) return of('NIST SP 800-22: states a failure', false);
  const p = /^0?[.,]\d+$|^[01]$/.test(text) ? Number(text.replace(',', '.')) : null;
  if (p !== null && p < 0.01) return of('NIST SP 800-22: p below the level 0.01', false);
  if (unsized || bits >= bitsForAll * sequencesForUniformity) return of(nistShows, null);
  if (bits >= bitsForAll)
    return of(`${nistShows}; the uniformity of p-values needs 55 sequences`, null, `"${text}", ${bits} bits`);
  return of(
    'NIST SP 800-22: 4 of the 15 tests need 1,000,000 bits, more than the picture has',
    false,
    `"${text}", ${bits} bits`,
  );
}

const nistShows =
  'NIST SP 800-22: passing shows no security; an ideal generator passes all 188 p-values at 0.01 in 15 % of sequences';
