/** Parameters from one cipher picture alone, in ranges small enough for a test. */
import { describe, expect, test } from 'vitest';
import { addValue, virtualCounts } from '../../src/attacks/parameters/evidence.ts';
import tryChunk from '../../src/attacks/parameters/logistic-chunk.ts';
import { sigmoidOutputs } from '../../src/attacks/parameters/logistic-search.ts';
import { searchParameters } from '../../src/attacks/parameters/search.ts';
import type { SearchOptions, SearchState } from '../../src/attacks/parameters/types.ts';
import type { PaperMap } from '../../src/chaos/maps.ts';
import { encryptImage, parameterRanges, parametersFromSigmoid, presets } from '../../src/cipher/index.ts';
import { fundusPhantom } from '../../src/data/images/phantoms/fundus.ts';
import { mriPhantom } from '../../src/data/images/phantoms/mri.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import type { Raster } from '../../src/shared/types.ts';
import { pairScorePlain, treeBitsPlain } from '../twins/parameter-search.ts';
import { bytes, noiseImage } from './_images.ts';

const slice = mriPhantom(96, 80, 3);
const pictures: Readonly<Record<string, Raster>> = {
  grey: slice,
  '16 bits': { ...slice, depth: 16, data: Uint16Array.from(slice.data, (value) => 200 * value) },
  'grey as RGB': {
    ...slice,
    channels: 3,
    data: Uint8Array.from({ length: 3 * slice.data.length }, (_, i) => slice.data[Math.floor(i / 3)]!),
  },
  colour: fundusPhantom(96, 80, 4),
};

const outputs = Float32Array.of(0.91, 0.41, 0.27);
const secret = (map: PaperMap) =>
  parametersFromSigmoid(map, map === 'logistic' ? outputs.slice(0, 1) : outputs);
const around = (value: number, [low, high]: readonly [number, number]) =>
  [value - 0.004 * (high - low), value + 0.006 * (high - low)] as const;

/** Everything near the secret. */
function near(map: PaperMap, preset: 'paper' | 'sound' = 'paper'): SearchOptions {
  const options = presets[preset];
  if (map === 'lorenz')
    return {
      options,
      threads: 1,
      ranges: secret(map).map((value, i) => around(value, parameterRanges.lorenz[i]!)),
      passes: [{ certain: 6, keep: 2000 }],
    };
  return { options, threads: 1, outputs: { first: bitsOf(outputs[0]!) - 3000, count: 5001 } };
}
const bitsOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]!;

const same = (a: Raster, b: Raster): boolean => bytes(a.data).equals(bytes(b.data));

describe.each([
  ['logistic', 'paper'],
  ['logistic', 'sound'],
] as const)('%s, preset %s', (map, preset) => {
  test.each(Object.entries(pictures))('%s', async (_, plain) => {
    const { cipher } = encryptImage(map, secret(map), plain, presets[preset]);
    const { found } = await searchParameters(cipher, map, near(map, preset));
    expect(found?.params).toEqual(secret(map));
    expect(found?.exact).toBe(true);
    expect(same(found!.image, plain)).toBe(true);
  });
});

describe('lorenz', { timeout: 120_000 }, () => {
  const { cipher } = encryptImage('lorenz', secret('lorenz'), slice, presets.paper);

  test('with the black picture known', async () => {
    const black = { ...slice, data: new Uint8Array(slice.data.length) };
    const { cipher: shown } = encryptImage('lorenz', secret('lorenz'), black, presets.paper);
    const { found } = await searchParameters(shown, 'lorenz', { ...near('lorenz'), plain: black });
    expect(found?.params).toEqual(secret('lorenz'));
  });

  test.each(['grey', 'colour'])('%s', async (name) => {
    const plain = pictures[name]!;
    const { cipher } = encryptImage('lorenz', secret('lorenz'), plain, presets.paper);
    const { found } = await searchParameters(cipher, 'lorenz', near('lorenz'));
    expect(found?.params).toEqual(secret('lorenz'));
    expect(found?.exact).toBe(true);
    expect(same(found!.image, plain)).toBe(true);
  });

  test('goes on from a state, and ends at the same parameters', async () => {
    const states: SearchState[] = [];
    await searchParameters(cipher, 'lorenz', {
      ...near('lorenz'),
      onState: async (state) => void states.push(JSON.parse(JSON.stringify(state))),
    });
    const { found } = await searchParameters(cipher, 'lorenz', { ...near('lorenz'), saved: states[20]! });
    expect(found?.params).toEqual(secret('lorenz'));
  });

  test('after a burn-in the search is refused, and says why', async () => {
    const sound = { ...near('lorenz'), options: presets.sound };
    await expect(async () => searchParameters(cipher, 'lorenz', sound)).rejects.toThrow(
      /burn-in of 0, got 1000/,
    );
  });
});

test.each(['logistic', 'lorenz'] as const)(
  '%s: noise gives nothing, and how far the search came',
  async (map) => {
    const noise = noiseImage(slice, stream(5, 'noise'));
    const { found, reached } = await searchParameters(noise, map, near(map));
    expect(found).toBe(null);
    expect(reached).toMatch(map === 'logistic' ? /10,002 parameters tried/ : /cells of parameters looked at/);
  },
);

test('a logistic search goes on from its state', async () => {
  const { cipher } = encryptImage('logistic', secret('logistic'), slice, presets.paper);
  const saved: SearchState = { logistic: { pass: 0, done: 5001, best: [] } };
  const { tried } = await searchParameters(cipher, 'logistic', { ...near('logistic'), saved });
  expect(tried).toBe(2 * 5001); // the first pass found nothing, so the second runs
});

test.each(['logistic', 'lorenz'] as const)('%s: a picture of too few samples is refused', async (map) => {
  await expect(async () => searchParameters(mriPhantom(12, 12, 1), map, near(map))).rejects.toThrow(
    InputError,
  );
});

describe('the keystream shown by a picture of one value', () => {
  test.each([
    ['of a person', [3.95]],
    ['in the window of period 3', [3.83]],
    ['of many digits', [3.9512345678901]],
    ['at the end of the range', [4]],
    ['of a network', secret('logistic')],
  ])('logistic, r %s', async (_, params) => {
    for (const depth of [8, 16] as const) {
      const data = depth === 8 ? new Uint8Array(3 * 60 * 40).fill(9) : new Uint16Array(3 * 60 * 40);
      const plain: Raster = { width: 60, height: 40, channels: 3, depth, data };
      const { cipher } = encryptImage('logistic', params, plain, presets.paper);
      const { found, tried } = await searchParameters(cipher, 'logistic', { options: presets.paper, plain });
      expect(found).toMatchObject({ params, exact: true });
      expect(tried).toBeLessThan(1000);
    }
  });
  test('another map gives no r', async () => {
    const plain: Raster = { ...slice, data: new Uint8Array(slice.data.length) };
    const { cipher } = encryptImage('lorenz', secret('lorenz'), plain, presets.paper);
    const { found } = await searchParameters(cipher, 'logistic', { options: presets.paper, plain });
    expect(found).toBe(null);
  });
});

test.each([
  ['logistic', [3.95]],
  ['lorenz', [10, 28, 2.667]],
] as const)('%s: parameters that people choose', { timeout: 60_000 }, async (map, params) => {
  const { cipher } = encryptImage(map, params, slice, presets.paper);
  const ranges = params.map((value, i) => around(value, parameterRanges[map][i]!));
  const search = { ...near(map), ranges, passes: [{ certain: 6, keep: 1000 }] };
  const { found } = await searchParameters(
    cipher,
    map,
    map === 'logistic' ? { options: presets.paper, threads: 1 } : search,
  );
  expect(found).toMatchObject({ params, exact: true });
});

test('a network can give 201,326,592 logistic parameters', () => {
  const { first, count } = sigmoidOutputs;
  expect(new Float32Array(Uint32Array.of(first, first + count).buffer)).toEqual(Float32Array.of(2 ** -24, 1));
  expect(count).toBe(201_326_592);
});

describe('as the plain twins say', () => {
  test.each(['paper', 'sound'] as const)('pairs, preset %s', (preset) => {
    const { cipher } = encryptImage('logistic', secret('logistic'), slice, presets[preset]);
    const samples = cipher.data.subarray(0, 256) as Uint8Array;
    const multiplier = presets[preset].logistic.multipliers[8];
    const scored = tryChunk({
      first: bitsOf(outputs[0]!) - 6,
      count: 13,
      range: [3.57, 4],
      samples,
      start: 0.03,
      burnIn: presets[preset].burnIn,
      multiplier,
      shift: 0,
      hurdles: [
        [32, 0],
        [256, 0],
      ],
    });
    expect(scored.length).toBeGreaterThanOrEqual(13);
    for (const { r, score } of scored)
      expect(score).toBeCloseTo(pairScorePlain(r, 0.03, presets[preset].burnIn, multiplier, samples), 9);
  });

  test('bits of evidence', () => {
    const random = stream(8, 'tree');
    const values = Array.from({ length: 60 }, () => random.int(4) ** 2 * 20);
    const counts = new Uint16Array(512);
    const bits = values.reduce((sum, value) => sum + addValue(counts, 0, value, 8, 8), 0);
    expect(bits).toBeCloseTo(treeBitsPlain(values, 8, virtualCounts), 9);
  });
});
