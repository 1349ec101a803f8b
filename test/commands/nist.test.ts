/** `nist`: what it prints, and what it refuses. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import nist from '../../scripts/nist.ts';
import type { NistRun } from '../../src/judge/nist.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';

const dir = await mkdtemp(join(tmpdir(), 'medchaos-nist-'));
afterAll(() => rm(dir, { recursive: true }));
const random = stream(1, 'nist command');
const path = join(dir, 'noise.bin');
await writeFile(
  path,
  Uint8Array.from({ length: 250_000 }, () => random.int(256)),
);

const run = (options: object) => nist.run(options as never);

test('two million bits: all tests on both sequences', async () => {
  const { json, text } = await run({ file: path });
  const { perSequence, summary, ...rest } = json as NistRun;
  expect(rest).toMatchObject({ bits: 1_000_000, sequences: 2, unusedBits: 0 });
  for (const { pValues, notApplicable } of perSequence)
    expect(Object.keys(pValues).length).toBe(188 - ('random-excursions' in notApplicable ? 26 : 0));
  expect(summary.verdict).toBe('consistent');
  expect(text).toMatch(/noise\.bin: raw bytes: 2 sequences of 1,000,000 bits$/m);
  expect(text).toMatch(/^non-overlapping +148 +2 +from /m);
  expect(text).toMatch(
    /^Proportions and P_T mean something from 55 sequences on, here 2; one p-value is no result\.$/m,
  );
  expect(text).toMatch(/not below the Sidak limit/);
  expect(text).toMatch(/consistent with random bits\nPassing SP 800-22 does not show security\.$/);
  expect(JSON.parse(JSON.stringify(json))).toEqual(json);
});

test('a keystream with a known defect is rejected: logistic, preset paper', async () => {
  const { json, text } = await run({
    map: 'logistic',
    bits: 100_000,
    sequences: 240,
    tests: 'serial,frequency, runs',
  });
  const { summary, source } = json as NistRun;
  expect(source).toMatch(/z_key of the logistic map, parameters 3\.95, preset paper, 8 bit/);
  expect(summary.verdict).toBe('rejected');
  expect(text).toMatch(/NOT random bits/);
  expect(text).toMatch(
    /^no p-value of serial in 240 sequences, the first time because .* at least 524288 bits/m,
  );
  expect(text).toMatch(/^smallest P_T of 2: .* Sidak limit/m);
});

test('reference probabilities change what they should', async () => {
  const tests = 'longest-run,frequency';
  const p = async (reference: boolean) =>
    ((await run({ file: path, tests, reference, sequences: 1 })).json as NistRun).perSequence[0]!.pValues;
  const [exact, program] = [await p(false), await p(true)];
  expect(exact.frequency).toBe(program.frequency);
  expect(exact['longest-run']).not.toBe(program['longest-run']);
});

const wrong: [string, object, RegExp][] = [
  ['nothing to test', {}, /expected a file or --map, got neither; give one/],
  ['two inputs', { file: path, map: 'lorenz' }, /got both/],
  ['parameters without a map', { file: path, params: '3.9' }, /--params belongs to --map/],
  ['a depth without a map', { file: path, depth: 16 }, /--depth belongs to --map/],
  ['parameters that are none', { map: 'lorenz', params: '10,x,2' }, /"params" expected numbers/],
  ['too few parameters', { map: 'lorenz', params: '10' }, /expected 3 parameters/],
  [
    'an unknown test',
    { file: path, tests: 'runs,walks' },
    /--tests expected names out of frequency, .*got "walks"/,
  ],
  ['threads', { file: path, threads: 0 }, /"threads" expected an integer of at least 1, got 0/],
  [
    'too many bits',
    { file: path, bits: 3_000_000 },
    /1 times 3000000 bits are 3000000, the input has 2000000/,
  ],
  ['bits that are none', { map: 'lorenz', bits: 0.5 }, /"bits" expected an integer/],
  ['bits that are NaN', { map: 'lorenz', bits: Number.NaN }, /"bits" expected an integer/],
  ['an endless keystream', { map: 'lorenz', bits: 1e12 }, /2\^31 samples/],
];
test.each(wrong)('%s', async (_, options, message) => {
  await expect(run(options)).rejects.toThrow(InputError);
  await expect(run(options)).rejects.toThrow(message);
});
