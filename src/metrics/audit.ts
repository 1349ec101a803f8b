/**
 * Tests of one published row without its images (8 bits).
 *   residual  UACI against MSE (src/metrics/residual.ts), sd 7.48336/sqrt(N)
 *   entropy   against the entropy of N uniform bytes
 *   npcr      against the binomial, two-sided
 *   uaci      in the differential sense only, where it replaces the residual, whose MSE is of another pair of images
 *   psnr      against 20 log10(255 / sqrt(MSE)): equal but for rounding; the only test that needs no N
 * The printed rounding is granted in full: z is the smallest that any value rounding to the print could have.
 */
import { expectedDifferentialUaci } from './differential.ts';
import { expectedEntropy } from './entropy.ts';
import { expectedNpcr } from './npcr.ts';
import { psnrOf } from './psnr.ts';
import { residual } from './residual.ts';

/** A printed number as its string, so that its half unit is known; null where nothing is printed. */
export interface PublishedRow {
  readonly uaci: string | null;
  readonly npcr: string | null;
  readonly mse: string | null;
  readonly psnr: string | null;
  readonly entropy: string | null;
  /** Samples compared, W * H * C; null where no size is published. */
  readonly n: number | null;
  /** UACI and NPCR of plain against cipher (the default), or of two ciphers whose plain images differ in a pixel. */
  readonly sense?: Sense;
}

export const senses = ['plain', 'differential'] as const;
export type Sense = (typeof senses)[number];

export const auditTests = ['residual', 'entropy', 'npcr', 'uaci', 'psnr'] as const;
export type AuditTest = (typeof auditTests)[number];

export interface AuditResult {
  readonly test: AuditTest;
  /** The printed value (residual: derived from it) and the expected one. */
  readonly value: number;
  readonly expected: number;
  /** Standard deviation; null for `psnr`, which has no chance in it. */
  readonly sd: number | null;
  /** Distance beyond the rounding, in sd; for `psnr` in dB. */
  readonly excess: number;
  /** |z| <= 3; for `psnr`: within rounding. */
  readonly passed: boolean;
}

/** Half a unit of the last printed decimal. */
const halfUnit = (printed: string): number => 0.5 * 10 ** -(printed.split('.')[1] ?? '').length;

/** All tests that a row's printed numbers allow. */
export function auditRow(row: PublishedRow): AuditResult[] {
  const { psnr, mse, n } = row;
  const chance = n === null ? [] : chanceTests(row, n);
  return [...chance, psnr && mse ? psnrTest(psnr, mse) : null].filter((result) => result !== null);
}

function chanceTests({ uaci, npcr, mse, entropy, sense }: PublishedRow, n: number): (AuditResult | null)[] {
  const differential = sense === 'differential';
  return [
    uaci && mse && !differential ? residualTest(uaci, mse, n) : null,
    entropy ? chanceTest('entropy', entropy, expectedEntropy(n, 8)) : null,
    npcr ? chanceTest('npcr', npcr, expectedNpcr(n, 8)) : null,
    uaci && differential ? chanceTest('uaci', uaci, expectedDifferentialUaci(n)) : null,
  ];
}

function residualTest(uaci: string, mse: string, n: number): AuditResult {
  const { value, sd } = residual(Number(uaci), Number(mse), n);
  return judge('residual', value!, 0, sd!, halfUnit(uaci) + halfUnit(mse) / 652.8);
}

const chanceTest = (test: AuditTest, printed: string, ideal: { mean: number; sd: number }): AuditResult =>
  judge(test, Number(printed), ideal.mean, ideal.sd, halfUnit(printed));

function judge(test: AuditTest, value: number, expected: number, sd: number, rounding: number): AuditResult {
  const beyond = Math.max(0, Math.abs(value - expected) - rounding) / sd;
  const excess = beyond === 0 ? 0 : Math.sign(value - expected) * beyond;
  return { test, value, expected, sd, excess, passed: beyond <= 3 };
}

function psnrTest(psnr: string, mse: string): AuditResult {
  const value = Number(psnr);
  const expected = psnrOf(Number(mse), 8);
  const granted = halfUnit(psnr) + (10 / Math.LN10) * (halfUnit(mse) / Number(mse));
  const excess = Math.max(0, Math.abs(value - expected) - granted);
  return {
    test: 'psnr',
    value,
    expected,
    sd: null,
    excess: Math.sign(value - expected) * excess,
    passed: excess < 1e-9,
  };
}
