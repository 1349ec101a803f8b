/** Date brute force without a network: a stand-in gives each second its outputs. */
import { describe, expect, test } from 'vitest';
import { partyOf } from '../../src/attacks/index.ts';
import { neighbours, parameterSearch, roughness } from '../../src/attacks/parameter-search.ts';
import type { MapName } from '../../src/chaos/maps.ts';
import { parametersFromSigmoid, presets, type Scheme, schemes } from '../../src/cipher/index.ts';
import { mriPhantom } from '../../src/data/images/phantoms/mri.ts';
import { type DateAttackRequest, runDateAttack, searchDates } from '../../src/judge/attack-date.ts';
import { fromSeconds, toSeconds, type WallClock } from '../../src/shared/datetime.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import { bytes, grey, noiseImage } from './_images.ts';

const from: WallClock = { year: 2023, month: 3, day: 4, hour: 5, minute: 6, second: 7 };
const plain = mriPhantom(128, 96, 1);

/** What a trained network answers: unlike for neighbouring seconds, and off by `ulps` in another batch size. */
const answer = (map: MapName, when: WallClock, ulps = 0): Float32Array => {
  const random = stream(9, 'network', toSeconds(when));
  const values = Float32Array.from({ length: map === 'lorenz' ? 3 : 1 }, () => 0.1 + 0.8 * random.next());
  const bits = new Int32Array(values.buffer);
  return values.map((_, i) => {
    bits[i]! += i === 1 ? -ulps : ulps;
    return values[i]!;
  });
};

const secret = 137;
const cipherOf = (map: MapName, image = plain, scheme: Scheme = schemes.paper) => {
  const params = parametersFromSigmoid(map, answer(map, fromSeconds(toSeconds(from) + secret)));
  return partyOf(scheme, { map, params }).encrypt(image).cipher;
};
const searchOf = (map: MapName, cipher = cipherOf(map), ulps = 2) => ({
  cipher,
  map,
  options: presets.paper,
  from,
  span: 300,
  ulps,
  batch: 32,
});

describe.each(['lorenz', 'logistic'] as const)('%s', (map) => {
  test.each([0, 1, 2])('finds the second, with a network %i ulp off, bit for bit', async (off) => {
    const network = (dates: readonly WallClock[]) => dates.map((when) => answer(map, when, off));
    const { found, dates, keys } = await searchDates(network, searchOf(map));
    expect(found?.date).toBe('2023-03-04T05:08:24');
    expect(bytes(found!.image.data).equals(bytes(plain.data))).toBe(true);
    expect(dates).toBe(300);
    expect(keys).toBeGreaterThanOrEqual(300);
  });

  test('a network 3 ulp off is out of reach of 2', async () => {
    const network = (dates: readonly WallClock[]) => dates.map((when) => answer(map, when, 3));
    const { found } = await searchDates(network, searchOf(map));
    expect(found && bytes(found.image.data).equals(bytes(plain.data))).not.toBe(true);
  });

  test('nothing where the second is not in the span, the image is noise, or the scheme hardened', async () => {
    const network = (dates: readonly WallClock[]) => dates.map((when) => answer(map, when));
    expect((await searchDates(network, { ...searchOf(map), span: 100 })).found).toBeNull();
    const noise = cipherOf(map, noiseImage(grey(64, 64), stream(1, 'noise')));
    expect((await searchDates(network, searchOf(map, noise))).found).toBeNull();
    const hardened = cipherOf(map, plain, schemes.hardened);
    expect((await searchDates(network, searchOf(map, hardened))).found).toBeNull();
  });
});

describe('parts', () => {
  test('roughness: 1/3 of noise, 0 of a constant, less of a picture', () => {
    expect(Math.abs(roughness(noiseImage(grey(200, 200), stream(2, 'r'))) - 1 / 3)).toBeLessThan(0.01);
    expect(roughness({ ...grey(4, 4), data: new Uint8Array(16).fill(9) })).toBe(0);
    expect(roughness(plain)).toBeLessThan(0.1);
    expect(roughness({ ...grey(3, 1), data: Uint8Array.of(0, 255, 0) })).toBe(1);
  });
  test('neighbours in float32', () => {
    const near = neighbours(Float32Array.of(0.5), 1).map(([value]) => value);
    expect(near).toEqual([0.5, 0.5 + 2 ** -24, 0.5 - 2 ** -25]);
    expect(neighbours(Float32Array.of(0.5, 0.25, 0.75), 2).length).toBe(125);
    expect(neighbours(Float32Array.of(0.5, 0.25), 0).map((set) => [...set])).toEqual([[0.5, 0.25]]);
  });
  test('equal answers are tested once', () => {
    const search = parameterSearch(cipherOf('logistic'), 'logistic', presets.paper, 1);
    for (let at = 0; at < 50; at++) search.tryOutputs(at, Float32Array.of(0.5));
    expect(search.tried).toBe(3);
  });
});

describe('wrong inputs, before any network is opened', () => {
  const request: DateAttackRequest = {
    schemes: ['paper'],
    preset: 'paper',
    seed: 1,
    net: 'resnet18',
    date: '2023-03-04T13:37:42',
    span: 10,
    ulps: 1,
    batch: 4,
  };
  const table: [string, Partial<DateAttackRequest>, RegExp][] = [
    ['a date that does not exist', { date: '2023-02-30T00:00:00' }, /"date" expected/],
    ['another form of the span', { from: 'noon' }, /"date" expected/],
    ['an empty span', { span: 0 }, /"span" expected an integer from 1/],
    ['more than a year', { span: 1e9 }, /"span" expected/],
    ['too many neighbours', { ulps: 9 }, /"ulps" expected/],
    ['half a batch', { batch: 0.5 }, /"batch" expected/],
    ['no such network', { model: '/nonexistent' }, /no run folder/],
  ];
  test.each(table)('%s', async (_, change, message) => {
    await expect(runDateAttack({ ...request, ...change })).rejects.toThrow(message);
  });
  test('an image too narrow to be smooth', () => {
    const thin = noiseImage(grey(15, 40), stream(1, 'thin'));
    expect(() => parameterSearch(thin, 'logistic', presets.paper, 1)).toThrow(InputError);
  });
});
