import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readManifest } from '../../../src/data/pairs/manifest.ts';
import { planPairs } from '../../../src/data/pairs/pairs.ts';
import { writePairs } from '../../../src/data/pairs/pairs-table.ts';
import { allOf } from '../../shared/_all.ts';

const dir = await mkdtemp(join(tmpdir(), 'medchaos-manifest-'));
afterAll(() => rm(dir, { recursive: true }));
const options = { count: 50, target: 'calendar', map: 'lorenz', seed: 1, valFraction: 0.2 } as const;
await writePairs(dir, await planPairs(options));
const path = join(dir, 'pairs.csv');
const text = await readFile(path, 'utf8');

test('with extra metadata a column says what the pictures show', async () => {
  const more = join(dir, 'more');
  const known = async function* () {
    for await (const pair of (await planPairs(options)).pairs)
      yield { ...pair, modality: 'CT', patient: '0123456789abcdef' };
  };
  await writePairs(more, { ...(await planPairs(options)), pairs: known() }, () => {}, [
    'modality',
    'patient',
  ]);
  const written = join(more, 'pairs.csv');
  const [head, first, second, ...rest] = (await readFile(written, 'utf8')).split('\n') as [
    string,
    string,
    string,
  ];
  expect(head.split(',').slice(7, 11)).toEqual(['modality', 'patient', 'extra', 'target_1']);
  const { extra, rows } = await readManifest(written);
  expect(extra).toEqual(['modality', 'patient']);
  expect(rows[49]).toMatchObject({ modality: 'CT', patient: '0123456789abcdef' });
  expect((await readManifest(path)).extra).toBe(null);
  const refused = async (changed: string, message: RegExp) => {
    await writeFile(written, [head, first, changed, ...rest].join('\n'));
    await expect(readManifest(written)).rejects.toThrow(message);
  };
  await refused(
    second.replace('"modality,patient"', 'patient'),
    /row 3 has extra "patient", others "modality,patient"/,
  );
  await refused(second.replace('"modality,patient"', 'sex'), /row 3 has extra "sex"/);
  await refused(second.replace(',CT,', ',ct,'), /row 3 has a modality or patient that cannot be drawn/);
});

test('what writePairs wrote comes back exactly', async () => {
  const wanted = await allOf((await planPairs(options)).pairs);
  const { rows, sha256, bytes } = await readManifest(path);
  expect(rows).toEqual(
    wanted.map(({ when, split, modality, patient, targets }) => ({
      when,
      split,
      modality,
      patient,
      targets,
    })),
  );
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(bytes.toString()).toBe(text);
});

describe('a table that was damaged or edited is refused, with the row', () => {
  const [head, first, second, ...rest] = text.trimEnd().split('\n') as [string, string, string, ...string[]];
  const table = (...lines: string[]): string => [...lines, ...rest].join('\n');
  const cell = (line: string, at: number, value: string): string => line.split(',').with(at, value).join(',');
  const otherSplit = (line: string): string => (line.split(',')[6] === 'test' ? 'train' : 'test');
  test.each<[string, string, RegExp]>([
    ['empty', '', /expected a table of pairs, got none/],
    ['its header alone', head, /got none; write it again with: medchaos pairs/],
    ['another table', 'a,b\n1,2\n', /expected a table of pairs, got one without id/],
    ['no targets', 'id,file,set,date,date_source,group,split,modality,patient\n', /without target_1/],
    ['a row cut off', `${text.slice(0, -30)}\n`, /row 51 expected 12 cells, got 1[01]/],
    [
      'a date that does not exist',
      table(head, cell(first, 3, '2021-02-30T00:00:00'), second),
      /row 2 is no pair: .*day 30/,
    ],
    ['an unknown split', table(head, first, cell(second, 6, 'dev')), /row 3 has split "dev"/],
    ['a target beyond 1', table(head, cell(first, 9, '1.5'), second), /row 2 expected targets from 0 to 1/],
    ['a target left out', table(head, cell(first, 11, ''), second), /row 2 expected targets/],
    [
      'a date in two splits',
      table(head, first, cell(cell(second, 3, first.split(',')[3]!), 6, otherSplit(first))),
      /row 3 is in \w+, and its date in \w+ too/,
    ],
    [
      'a group in two splits',
      table(head, first, cell(cell(second, 5, first.split(',')[5]!), 6, otherSplit(first))),
      /row 3 is in \w+, and its group in \w+ too/,
    ],
  ])('%s', async (name, content, message) => {
    const bad = join(dir, `${name}.csv`);
    await writeFile(bad, content);
    const failure = await readManifest(bad).catch((error) => error);
    expect(failure.message).toMatch(message);
    expect(failure).toMatchObject({ name: 'InputError' });
  });

  test('no such file', async () => {
    await expect(readManifest(join(dir, 'none.csv'))).rejects.toThrow(/cannot read manifest .*no such file/);
  });
});
