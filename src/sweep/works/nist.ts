/**
 * A range of the sequences that `medchaos nist` would test, of a file or of one key's z_key. Each cell keeps its
 * p-values, a line a sequence, and goes on after a kill with the next one; merged they give the summary that one
 * process would: proportions with their intervals, P_T over all sequences, corrected verdict.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MapName, mapNames } from '../../chaos/maps.ts';
import { presets } from '../../cipher/paper.ts';
import { type Format, formats } from '../../judge/bit-text.ts';
import { sequenceTask, testsNamed } from '../../judge/nist.ts';
import { fileInput, keystreamInput, type NistInput } from '../../judge/nist-input.ts';
import analyse from '../../judge/nist-sequence.ts';
import type { SequenceReport } from '../../nist/battery.ts';
import { summarise } from '../../nist/summary.ts';
import { type TestName, testNames } from '../../nist/types.ts';
import { parseParams } from '../../sealing/encrypt-file.ts';
import { InputError } from '../../shared/errors.ts';
import { appendLine, writeWhole } from '../../shared/files.ts';
import { progressBar } from '../../shared/progress.ts';
import { checked, integer, oneOf, z } from '../../shared/schema.ts';
import type { Depth } from '../../shared/types.ts';
import { describeNist } from '../../tables/nist-text.ts';
import { checkShard, rangeOf, type Sharded } from '../shard.ts';
import { asWork, type Measures, type Merged, type Part } from '../work.ts';

export interface NistConfig extends Sharded {
  /** null: the keystream of `map`. */
  readonly file: string | null;
  readonly format: Format;
  readonly map: MapName;
  /** `10,28,2.667`; null: the paper's baseline. */
  readonly params: string | null;
  readonly preset: 'paper' | 'sound';
  readonly depth: Depth;
  /** Of a sequence. */
  readonly bits: number;
  /** Of all parts together. */
  readonly sequences: number;
  /** Names with commas between; null: all 15. */
  readonly tests: string | null;
  readonly alpha: number;
  readonly reference: boolean;
  readonly allowShort: boolean;
  readonly seed: number;
}

const defaults: NistConfig = {
  file: null,
  format: 'auto',
  map: 'lorenz',
  params: null,
  preset: 'paper',
  depth: 8,
  bits: 1_000_000,
  sequences: 1000,
  tests: null,
  alpha: 0.01,
  reference: false,
  allowShort: false,
  shard: 0,
  shards: 1,
  seed: 1,
};

const schema = z.looseObject({
  format: oneOf(formats),
  map: oneOf(mapNames),
  preset: oneOf(Object.keys(presets)),
  depth: z.literal([8, 16]),
  bits: integer(1, 1e9),
  sequences: integer(1, 1e9),
});

/** @throws InputError naming the first value that is wrong */
function check(config: NistConfig): void {
  checkShard(config);
  checked(schema, config);
  if (!(config.alpha > 0 && config.alpha < 0.5))
    throw new InputError(`"alpha" expected a number above 0 and below 0.5, got ${config.alpha}`);
  if (config.params !== null) parseParams(String(config.params));
  chosenTests(config);
}

const chosenTests = ({ tests }: NistConfig): readonly TestName[] =>
  tests === null ? testNames : testsNamed(String(tests), refuseTest);

const refuseTest = (name: string): never => {
  throw new InputError(`"tests" expected ${testNames.join(', ')}, got ${name}`);
};

async function run(config: NistConfig, folder: string): Promise<Measures> {
  const { bits, alpha, reference, allowShort } = config;
  const { first, count } = rangeOf(config.sequences, config);
  const { bytes, from } = await bitsOf(config, first * bits, count * bits);
  const reports = await reportsIn(folder);
  const bar = progressBar('nist', count);
  for (let k = reports.length; k < count; k++) {
    const at = from + k * bits;
    const report = withoutStatistics(
      analyse(sequenceTask(bytes, at, bits, { reference, allowShort }, chosenTests(config))),
    );
    await appendLine(logOf(folder), JSON.stringify(report));
    reports.push(report);
    bar.update(k + 1);
  }
  bar.stop();
  const { subTests, verdict, notApplicable } = summarise(reports, alpha, { bits, reference });
  if (count > 0 && verdict === 'none') throw new InputError(notApplicable[0]!.reason);
  const looks = subTests.reduce((sum, { m }) => sum + m, 0);
  const passed = subTests.reduce((sum, one) => sum + one.passed, 0);
  return { sequences: count, p_values: looks, passed: looks === 0 ? null : passed / looks };
}

/** The input's bytes from at or before bit `first` on; the bits begin at bit `from` of them. */
async function bitsOf(
  config: NistConfig,
  first: number,
  bits: number,
): Promise<NistInput & { from: number }> {
  if (config.file !== null) {
    const input = await fileInput(String(config.file), config.format);
    const wanted = config.sequences * config.bits;
    if (wanted > input.bits)
      throw new InputError(
        `${config.sequences} times ${config.bits} bits are ${wanted}, ${config.file} has ${input.bits}; ` +
          'give a longer file, or smaller "bits" or "sequences"',
      );
    return { ...input, from: first };
  }
  const { map, preset, depth } = config;
  const params = config.params === null ? undefined : parseParams(String(config.params));
  const skipped = Math.floor(first / depth);
  const from = first - skipped * depth;
  return { ...keystreamInput({ map, params, preset, depth }, from + bits, skipped), from };
}

const logOf = (folder: string): string => join(folder, 'sequences.jsonl');

/** p-values only: the statistics of 188 sub-tests would double the files. */
const withoutStatistics = (report: SequenceReport): SequenceReport =>
  report.map((outcome) => ('subTests' in outcome ? { ...outcome, statistics: {} } : outcome));

/** Those that were done before a kill; half a line at the end is cut off. */
async function reportsIn(folder: string): Promise<SequenceReport[]> {
  const text = await readFile(logOf(folder), 'utf8').catch(() => '');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole.length < text.length) await writeWhole(logOf(folder), whole);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as SequenceReport);
}

async function merge(parts: readonly Part<NistConfig>[]): Promise<Merged> {
  const done = parts.filter(({ state }) => state === 'done');
  const reports: SequenceReport[] = [];
  for (const { folder } of done) for (const report of await reportsIn(folder)) reports.push(report);
  if (reports.length === 0) return { json: { sequences: 0, summary: null }, text: 'No sequence is done.' };
  const { file, map, params, preset, bits, alpha, reference } = done[0]!.config;
  const source =
    file ?? `z_key of the ${map} map, parameters ${params ?? 'of the baseline'}, preset ${preset}`;
  const summary = summarise(reports, alpha, { bits, reference });
  const result = { source, bits, sequences: reports.length, unusedBits: 0, summary };
  return { json: result, text: `\`\`\`text\n${describeNist(result)}\n\`\`\`` };
}

export default asWork<NistConfig>({ defaults, check, run, merge });
