/** The keystream study made small: what it finds, that it resumes, and what it refuses. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import nist from '../../scripts/nist.ts';
import { quantiserNamed } from '../../src/cipher/quantise.ts';
import { InputError } from '../../src/shared/errors.ts';
import type { StudyResult } from '../../src/tables/keystream-text.ts';

const dir = await mkdtemp(join(tmpdir(), 'medchaos-keystream-'));
afterAll(() => rm(dir, { recursive: true }));

const small = { study: true, quick: true, bits: 10_000, sequences: 3, starts: 2, cycleLimit: 5000, seed: 1 };
/** The folder of a cell, by its configuration. */
function cellOf(out: string, map: string, quantiser: string | null): string {
  const names = readdirSync(out).filter((name) => name.startsWith('keystream-'));
  return names
    .map((name) => join(out, name))
    .find((folder) => {
      const { config } = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
      return config.map === map && config.quantiser === quantiser;
    })!;
}

const run = (options: object) => nist.run({ ...small, ...options } as never);

test('a study of two maps and two quantisers, and again from its parts', async () => {
  const out = join(dir, 'a');
  const options = { out, maps: 'logistic, tent', quantisers: 'byte,1e14', threads: 2 };
  const { json, text } = await run(options);
  const { maps, keystreams } = json as StudyResult;
  expect(maps.map(({ map }) => map)).toEqual(['logistic', 'tent']);
  expect(maps[1]!.lyapunov[0]).toBeCloseTo(Math.log(1.99), 8);
  expect(maps.every(({ zeroOne }) => zeroOne > 0.9)).toBe(true);
  const single = maps[0]!.cycles.find(({ precision }) => precision === 'fixed16')!;
  expect(single.found).toBe(2);
  expect(keystreams.map(({ map, quantiser, verdict }) => [map, quantiser, verdict])).toEqual([
    ['logistic', 'byte', 'rejected'],
    ['logistic', '1e14', 'consistent'],
    ['tent', 'byte', 'rejected'],
    ['tent', '1e14', 'consistent'],
  ]);
  expect(text).toMatch(/^logistic +byte +NOT random +\d+\/\d+ /m);

  // A kill left one part out, and a finished part is not made again.
  await rm(join(cellOf(out, 'tent', 'byte'), 'status.json'));
  const kept = join(cellOf(out, 'logistic', null), 'keystream.json');
  await writeFile(kept, (await readFile(kept, 'utf8')).replace(/"zeroOne": [\d.]+/, '"zeroOne": 0.5'));
  const again = (await run(options)).json as StudyResult;
  expect(again.maps[0]!.zeroOne).toBe(0.5);
  expect(again.keystreams).toEqual(keystreams);
  expect(existsSync(join(out, 'keystream.json'))).toBe(true);
  await expect(run({ ...options, seed: 2 })).rejects.toThrow(/another size or seed; choose another --out/);
  expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain('map logistic, quantiser 1e14');
}, 120_000);

test('parts of an older study, which was no sweep, are taken as they are', async () => {
  const out = join(dir, 'older');
  await mkdir(join(out, 'parts'), { recursive: true });
  const part = (name: string, value: object) => writeFile(join(out, 'parts', name), JSON.stringify(value));
  const found = {
    map: 'logistic',
    params: [4],
    lyapunov: [0.7],
    zeroOne: 0.25,
    permutationEntropy: 1,
    cycles: [],
  };
  await part('logistic-map.json', found);
  await part('logistic-byte.json', {
    map: 'logistic',
    quantiser: 'byte',
    verdict: 'none',
    error: 'made before',
  });
  const { json } = await run({ out, maps: 'logistic', quantisers: 'byte', threads: 1 });
  expect((json as StudyResult).maps).toEqual([found]);
  expect((json as StudyResult).keystreams).toMatchObject([{ error: 'made before' }]);
});

test('quantisers by hand', () => {
  const values = [0.1, 0.6, 0.999, 0.25, 0.75, 0, 1, 0.5];
  const bytes = (name: string, n: number, list = values) => [
    ...quantiserNamed(name)((out) => out.set(list.slice(0, out.length)), n, [0, 1]),
  ];
  expect(bytes('byte', 8)).toEqual([25, 153, 255, 64, 192, 0, 255, 128]);
  expect(bytes('threshold', 1)).toEqual([0b01101010]);
  expect(bytes('1e5', 2, [0.12345678, -0.00257])).toEqual([12345 % 256, 257 % 256]);
  expect(bytes('fraction', 1, [0.000005])).toEqual([128]);
  expect(bytes('mantissa', 3, [1, 1 + 2 ** -52, 1 + 2 ** -44])).toEqual([0, 1, 0]);
});

test.each([
  ['a file as well', { file: 'x.png' }, /a file does not go with --study; leave one of them out/],
  ['another map', { map: 'lorenz' }, /--map does not go with --study/],
  ['options of a test', { allowShort: true }, /--allow-short does not go with --study/],
  ['options of a keystream', { preset: 'sound' }, /--preset does not go with --study/],
  ['an unknown map', { maps: 'arnold' }, /"map" expected one of logistic, .*"arnold"/],
  ['an unknown quantiser', { quantisers: 'toString' }, /"quantiser" expected one of threshold, /],
  ['no starts', { starts: 0 }, /"starts" of the study expected an integer of at least 1, got 0/],
  ['its options alone', { study: false }, /--quick belongs to --study; give both or neither/],
])('refuses %s', async (_, options, message) => {
  const work = run({ out: join(dir, 'b'), ...options });
  await expect(work).rejects.toThrow(InputError);
  await expect(work).rejects.toThrow(message);
});
