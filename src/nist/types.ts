/** Input, options and result of the tests. */

/** The 15 tests, in the document's order. */
export const testNames = [
  'frequency',
  'block-frequency',
  'runs',
  'longest-run',
  'rank',
  'dft',
  'non-overlapping',
  'overlapping',
  'universal',
  'linear-complexity',
  'serial',
  'approximate-entropy',
  'cusum',
  'random-excursions',
  'random-excursions-variant',
] as const;
export type TestName = (typeof testNames)[number];

/** One p-value. `name`: the template, state or direction; '' if the test has one p-value. */
export interface SubTest {
  readonly name: string;
  readonly p: number;
}

export interface TestResult {
  readonly test: TestName;
  readonly subTests: readonly SubTest[];
  /** Statistics and counts behind the p-values, named as in SP 800-22 rev 1a where it names them. */
  readonly statistics: Readonly<Record<string, number | readonly number[]>>;
}

/** Parameters of the tests. The defaults are those of NIST's program. */
export interface NistOptions {
  /** M of the block frequency test, bits, >= 2. */
  readonly blockFrequencyM: number;
  /** m of the two template tests, 2..16. */
  readonly templateM: number;
  /** N, the number of blocks of the non-overlapping template test. */
  readonly templateBlocks: number;
  /** M of the overlapping template test, bits. */
  readonly overlappingM: number;
  /** m of the approximate entropy test, 1..20. */
  readonly approximateEntropyM: number;
  /** m of the serial test, 3..24. */
  readonly serialM: number;
  /** M of the linear complexity test, bits, 500..5000. */
  readonly linearComplexityM: number;
  /**
   * Takes the class probabilities of NIST's program 2.1.2 in place of the exact ones: longest run (4 or 9 decimals),
   * overlapping templates (an approximation, off by up to 0.015), linear complexity (0.01047 for 1/96); and its laws in
   * place of the exact ones: rank, the constant 4 of the DFT, approximate entropy, P_T over equal tenths.
   */
  readonly reference: boolean;
  /**
   * Computes p-values below the document's minimum lengths too, where they are rough; its own examples need it. The
   * excursion tests still need 500 cycles.
   */
  readonly allowShort: boolean;
  /** Lifts the 500 cycles too, for the document's examples of ten bits; no option of the command. */
  readonly fewCycles: boolean;
}

export const nistDefaults: NistOptions = {
  blockFrequencyM: 128,
  templateM: 9,
  templateBlocks: 8,
  overlappingM: 1032,
  approximateEntropyM: 10,
  serialM: 16,
  linearComplexityM: 500,
  reference: false,
  allowShort: false,
  fewCycles: false,
};
