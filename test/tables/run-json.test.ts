/** run.json: what JSON cannot say comes back, and what is no run is refused. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAttacks } from '../../src/report/write.ts';
import { InputError } from '../../src/shared/errors.ts';
import { parseResults } from '../../src/tables/run-json.ts';
import { makeFixture } from '../report/fixture.ts';

const { results } = makeFixture(16);
const again = (value: unknown) => parseResults(JSON.stringify(value), 'run.json');

test('infinite PSNRs and all else come back', () => {
  expect(again(results)).toEqual(results);
  expect(again(results).cells[0]!.decryptedPsnr).toBe(Number.POSITIVE_INFINITY);
});

test('a cipher that equals its plain image keeps its infinite PSNR', () => {
  const cell = results.cells[0]!;
  const mse = { value: 0, expected: 1, sd: 1, z: -1 };
  const psnr = { value: Number.POSITIVE_INFINITY, expected: 1, sd: 1, z: Number.POSITIVE_INFINITY };
  const equal = { ...results, cells: [{ ...cell, measures: { ...cell.measures, mse, psnr } }] };
  expect(again(equal).cells[0]!.measures.psnr).toEqual(psnr);
});

test('an undefined correlation stays undefined', () => {
  const cell = results.cells[0]!;
  const corr_h = { value: null, expected: null, sd: null, z: null, note: 'no horizontal pair in 1x3' };
  const narrow = { ...results, cells: [{ ...cell, measures: { ...cell.measures, corr_h } }] };
  expect(again(narrow).cells[0]!.measures.corr_h).toEqual(corr_h);
});

test.each([
  ['{', /run.json expected JSON/],
  ['null', /expected results of version 1/],
  ['{"version":2}', /version 1, got 2/],
  ['{"version":1,"images":[]}', /run.json is damaged: "command" expected a text, got nothing; run again/],
])('%s is refused', (text, message) => {
  expect(() => parseResults(text, 'run.json')).toThrow(message);
  expect(() => parseResults(text, 'run.json')).toThrow(InputError);
});

test.each(['{"attacks": [', '{"attacks": 3}'])(
  'damaged attacks.json is said with the remedy: %s',
  async (text) => {
    const out = mkdtempSync(join(tmpdir(), 'medchaos-attacks-'));
    mkdirSync(join(out, 'attacks'));
    writeFileSync(join(out, 'attacks', 'attacks.json'), text);
    await expect(readAttacks(out)).rejects.toThrow(
      /attacks\.json is damaged; make it again: medchaos attack all/,
    );
  },
);
