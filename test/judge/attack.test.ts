import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { attackNames } from '../../src/attacks/index.ts';
import { encodePng, loadRaster } from '../../src/data/images/image.ts';
import { type AttackRequest, attacksNamed, runAttacks } from '../../src/judge/attack.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import { bytes, noiseImage } from '../attacks/_images.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-attack-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const request: AttackRequest = {
  names: ['chosen-plaintext'],
  schemes: ['paper', 'hardened'],
  preset: 'paper',
  size: 48,
  seed: 1,
  trials: 4,
  repeats: 1,
};

test('both schemes, with pictures and numbers on disk', async () => {
  const out = join(dir, 'out');
  const records = await runAttacks({ ...request, out });
  expect(records.map(({ scheme, success }) => [scheme, success])).toEqual([
    ['paper', true],
    ['hardened', false],
  ]);
  expect(records.every(({ seconds }) => seconds > 0)).toBe(true);
  const picture = async (name: string) => {
    const path = join(out, 'paper', 'chosen-plaintext', name);
    return loadRaster(readFileSync(path), path, 'native');
  };
  const [plain, recovered] = [await picture('plain.png'), await picture('recovered.png')];
  expect(bytes(recovered.data).equals(bytes(plain.data))).toBe(true);
  expect(readdirSync(join(out, 'hardened', 'chosen-plaintext')).sort()).toEqual(['cipher.png', 'plain.png']);
  expect(JSON.parse(readFileSync(join(out, 'attacks.json'), 'utf8'))).toMatchObject({
    map: 'lorenz',
    attacks: [
      { name: 'chosen-plaintext', success: true, rounds: 1, successRate: 1 },
      { success: false, successRate: 0 },
    ],
  });
});

describe('the page', () => {
  const out = join(dir, 'page');
  const page = () => readFileSync(join(out, 'attacks.html'), 'utf8');
  const cell = (key: string) =>
    page().match(new RegExp(`<td data-attack="${key.replace('|', '\\|')}">(.*?)</td>`, 's'))?.[1] ?? '';

  test('verdict, rate, queries and pictures, both schemes side by side, nothing from outside', async () => {
    await runAttacks({ ...request, names: ['chosen-plaintext', 'noise'], repeats: 2, out });
    expect(cell('paper|chosen-plaintext')).toMatch(/Broken.*2 of 2 rounds, 2 queries/);
    expect(cell('paper|chosen-plaintext').match(/<img src="data:image\/jpeg/g)).toHaveLength(3);
    expect(cell('hardened|chosen-plaintext')).toMatch(/Holds.*0 of 2 rounds/);
    expect(cell('hardened|noise')).toMatch(/all 6 damaged cipher images refused/);
    expect(cell('hardened|noise')).toMatch(/<figcaption>refused cipher salt and pepper/);
    expect(page()).toMatch(
      /Paper scheme: 1 of 1 attacks succeed; authentication is missing.*Hardened scheme: 0 of 1 attacks succeed; authentication is there/,
    );
    expect(page()).not.toMatch(/(src|href)="(?!data:)/);
  });
  test('a later attack into the same folder is added, one that ran again is replaced', async () => {
    await runAttacks({ ...request, names: ['noise', 'occlusion'], schemes: ['paper'], out });
    const { attacks } = JSON.parse(readFileSync(join(out, 'attacks.json'), 'utf8')) as {
      attacks: { name: string; scheme: string }[];
    };
    expect(attacks.map(({ name, scheme }) => `${scheme} ${name}`).sort()).toEqual([
      'hardened chosen-plaintext',
      'hardened noise',
      'paper chosen-plaintext',
      'paper noise',
      'paper occlusion',
    ]);
  });
});

test('rounds have keys of their own, unless the key is given', async () => {
  const sensitive = { ...request, names: ['key-sensitivity'], schemes: ['paper'], repeats: 3 } as const;
  const [drawn] = await runAttacks({ ...sensitive, map: 'logistic' });
  const [again] = await runAttacks({ ...sensitive, map: 'logistic' });
  expect({ ...drawn, seconds: 0 }).toEqual({ ...again, seconds: 0 });
  expect(drawn).toMatchObject({ rounds: 3, queries: 2 });
});

test("the user's own image, 16-bit RGB, in its own shape", async () => {
  const image = join(dir, 'own.png');
  writeFileSync(
    image,
    await encodePng(noiseImage({ width: 40, height: 30, channels: 3, depth: 16 }, stream(1, 'own'))),
  );
  const { size: _, ...own } = { ...request, image };
  const [known] = await runAttacks({ ...own, names: ['known-plaintext'], schemes: ['paper'] });
  // The known slices have equal rows in their black border, so some rows are placed by guess.
  expect(known).toMatchObject({ success: true, queries: 2 });
});

test('a float32 network gives neighbouring seconds one logistic key', async () => {
  const [reuse] = await runAttacks({ ...request, names: ['key-reuse'], schemes: ['paper'], map: 'logistic' });
  const { distinctKeysOfADay, secondsOfADay } = reuse!.details as Record<string, number>;
  expect(secondsOfADay).toBe(86_400);
  // 2023 lies at 0.66 of the span, where float32 steps by 2^-24, 94 seconds of 50 years.
  expect(distinctKeysOfADay).toBeGreaterThan(900);
  expect(distinctKeysOfADay).toBeLessThan(940);
});

describe('wrong inputs', () => {
  const table: [string, Partial<AttackRequest>, RegExp][] = [
    ['size 0', { size: 0 }, /"size" expected an integer/],
    ['half a trial', { trials: 0.5 }, /"trials" expected an integer/],
    ['no repeats', { repeats: Number.NaN }, /"repeats" expected an integer/],
    ['parameters of another map', { map: 'logistic', params: '10,28,2.667' }, /expected 1 parameter/],
    ['no number', { params: 'x' }, /"params" expected numbers/],
    ['no image', { image: join(dir, 'none.png') }, /cannot read image/],
  ];
  test.each(table)('%s', async (_, change, message) => {
    await expect(runAttacks({ ...request, ...change })).rejects.toThrow(message);
    await expect(runAttacks({ ...request, ...change })).rejects.toThrow(InputError);
  });
  test('an unknown attack lists the known', () => {
    expect(() => attacksNamed('magic')).toThrow(/chosen-plaintext.*got magic/);
    expect(attacksNamed('all')).toEqual(attackNames);
  });
});
