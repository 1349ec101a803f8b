/** `nist`: SP 800-22 on M sequences, spread over the cores, and what they say together. */
import type { SequenceReport } from '../nist/battery.ts';
import { departures } from '../nist/block-lengths.ts';
import { type Summary, summarise } from '../nist/summary.ts';
import { type NistOptions, nistDefaults, type TestName, testNames } from '../nist/types.ts';
import { InputError } from '../shared/errors.ts';
import { inWorkers } from '../shared/workers.ts';
import type { Cut, NistInput } from './nist-input.ts';
import analyse, { type SequenceTask } from './nist-sequence.ts';

export interface NistRequest {
  readonly options?: Partial<NistOptions>;
  readonly tests?: readonly TestName[];
  /** Level of a single test and of the verdict; 0.01 unless given. */
  readonly alpha?: number;
  readonly threads?: number;
}

export interface NistRun {
  readonly source: string;
  readonly bits: number;
  readonly sequences: number;
  readonly unusedBits: number;
  readonly options: NistOptions;
  /** Block lengths that do not follow the advice of SP 800-22, a sentence each. */
  readonly advice: readonly string[];
  readonly summary: Summary;
  readonly perSequence: readonly SequenceJson[];
}

/** One sequence: its p-values by `test` or `test/name`, the statistics behind them, and why a test has none. */
export interface SequenceJson {
  readonly sequence: number;
  readonly pValues: Readonly<Record<string, number>>;
  readonly statistics: Readonly<Record<string, object>>;
  readonly notApplicable: Readonly<Record<string, string>>;
}

/**
 * @param onDone called with the number of sequences done
 * @throws InputError if the input is constant, or no chosen test can run on sequences of this length
 */
export async function testSequences(
  input: NistInput,
  cut: Cut,
  { options = {}, tests = testNames, alpha = 0.01, threads }: NistRequest = {},
  onDone?: (done: number) => void,
): Promise<NistRun> {
  if (!(alpha > 0 && alpha < 0.5))
    throw new InputError(`"alpha" expected a number above 0 and below 0.5, got ${alpha}; 0.01 is usual`);
  refuseConstant(input);
  const reports = await reportsOf(tasksOf(input, cut, options, tests), threads, onDone);
  const summary = summarise(reports, alpha, { bits: cut.n, reference: options.reference ?? false });
  if (summary.verdict === 'none') throw new InputError(summary.notApplicable.map(({ reason }) => reason)[0]!);
  return {
    source: input.source,
    bits: cut.n,
    sequences: cut.sequences,
    unusedBits: cut.unused,
    options: { ...nistDefaults, ...options },
    advice: departures(cut.n, { ...nistDefaults, ...options }, tests),
    summary,
    perSequence: reports.map(jsonOf),
  };
}

/** Each task gets a copy of its own bytes, so that a thread is sent no more than it needs. */
function tasksOf(
  { bytes }: NistInput,
  { n, sequences }: Cut,
  options: Partial<NistOptions>,
  tests: readonly TestName[],
): SequenceTask[] {
  return Array.from({ length: sequences }, (_, k) => sequenceTask(bytes, k * n, n, options, tests));
}

/**
 * Tests by name, in the order of the document.
 * @param list names with commas between
 * @param refuse throws for a name that is none
 */
export function testsNamed(list: string, refuse: (unknown: string) => never): TestName[] {
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !testNames.includes(name as TestName));
  if (unknown !== undefined) refuse(unknown);
  return testNames.filter((name) => names.includes(name));
}

/** The `n` bits of `bytes` from bit `from` on. */
export function sequenceTask(
  bytes: Uint8Array,
  from: number,
  n: number,
  options: Partial<NistOptions>,
  tests: readonly TestName[],
): SequenceTask {
  const first = Math.floor(from / 8);
  const part = Uint8Array.from(bytes.subarray(first, Math.ceil((from + n) / 8)));
  return { bytes: part, from: from - 8 * first, n, options, tests };
}

async function reportsOf(
  tasks: readonly SequenceTask[],
  threads?: number,
  onDone?: (done: number) => void,
): Promise<SequenceReport[]> {
  if (tasks.length > 1 && threads !== 1)
    return inWorkers(new URL('./nist-sequence.ts', import.meta.url), tasks, threads, onDone);
  return tasks.map((task, k) => {
    const report = analyse(task);
    onDone?.(k + 1);
    return report;
  });
}

/** A constant input fails without a test; single constant sequences among others do get their p = 0. */
function refuseConstant({ source, bytes, bits }: NistInput): void {
  const whole = bytes.subarray(0, Math.floor(bits / 8));
  const rest = bits % 8 === 0 ? [] : [bytes[whole.length]! >>> (8 - (bits % 8))];
  for (const [digit, byte] of [
    [0, 0],
    [1, 255],
  ] as const) {
    if (whole.every((value) => value === byte) && rest.every((value) => value === byte >>> (8 - (bits % 8))))
      throw new InputError(
        `${source}: expected bits of both values, got ${bits} times ${digit}; a constant input needs no test`,
      );
  }
}

function jsonOf(report: SequenceReport, sequence: number): SequenceJson {
  const pValues: Record<string, number> = {};
  const statistics: Record<string, object> = {};
  const notApplicable: Record<string, string> = {};
  for (const outcome of report) {
    if ('notApplicable' in outcome) notApplicable[outcome.test] = outcome.notApplicable;
    else {
      statistics[outcome.test] = outcome.statistics;
      for (const { name, p } of outcome.subTests)
        pValues[name ? `${outcome.test}/${name}` : outcome.test] = p;
    }
  }
  return { sequence, pValues, statistics, notApplicable };
}
