/** The battery on one sequence, as worker threads call it. */
import { battery, type SequenceReport } from '../nist/battery.ts';
import { bitsFromBytes } from '../nist/bits.ts';
import type { NistOptions, TestName } from '../nist/types.ts';

export interface SequenceTask {
  readonly bytes: Uint8Array;
  /** The sequence is `n` bits of `bytes` from bit `from` on. */
  readonly from: number;
  readonly n: number;
  readonly options: Partial<NistOptions>;
  readonly tests: readonly TestName[];
}

export default ({ bytes, from, n, options, tests }: SequenceTask): SequenceReport =>
  battery(bitsFromBytes(bytes, from, n), options, tests);
