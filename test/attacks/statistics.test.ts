/** Attacks that measure: key reuse, differential, ciphertext only, key sensitivity, weak keys. */
import { describe, expect, test } from 'vitest';
import { gives, statisticsOf, worstOf } from '../../src/attacks/ciphertext-only.ts';
import { differential } from '../../src/attacks/differential.ts';
import { attacks, type Party, partyOf } from '../../src/attacks/index.ts';
import { collision, distinctKeys, keyReuse, keyReuseTest } from '../../src/attacks/key-reuse.ts';
import { keySensitivity, neighbour } from '../../src/attacks/key-sensitivity.ts';
import type { AttackInput } from '../../src/attacks/types.ts';
import { repetitionOf, weakKeys } from '../../src/attacks/weak-keys.ts';
import { parameterRanges, schemes } from '../../src/cipher/index.ts';
import { stream } from '../../src/shared/random.ts';
import { discImage, grey, noiseImage } from './_images.ts';

const lorenz = partyOf(schemes.paper, { map: 'lorenz', params: [10, 28, 2.667] });
const logistic = partyOf(schemes.paper, { map: 'logistic', params: [3.95] });
const input = (party: Party, side: number, trials = 8): AttackInput => {
  const of = grey(side, side);
  return { party, plain: discImage(of, 1), others: [discImage(of, 2), discImage(of, 3)], seed: 1, trials };
};

describe('key reuse', () => {
  test('two images under one key are recognised', () => {
    const { success, queries, details } = keyReuse(input(lorenz, 64));
    expect({ success, queries }).toEqual({ success: true, queries: 0 });
    expect(details).toMatchObject({ reused: true, sameImageSameCipher: true });
    expect(details.equalShare).toBeGreaterThan(0.5); // both borders are black
  });
  test('unrelated ciphers are not, in 200 tries', () => {
    const random = stream(1, 'reuse');
    const of = grey(64, 64);
    const found = Array.from({ length: 200 }, () =>
      keyReuseTest(noiseImage(of, random), noiseImage(of, random)),
    );
    expect(found.filter(({ reused }) => reused)).toEqual([]);
  });
  test('two seconds with one network output are found, and their ciphers give the key away', () => {
    const day = [[3.91], [3.92], [3.93], [3.92]];
    expect(collision(day)).toEqual([1, 3]);
    expect(collision(day.slice(0, 3))).toBeNull();
    const { details } = keyReuse({ ...input(logistic, 64), secondsOfADay: day });
    expect(details.collapsed).toEqual({ seconds: [1, 3], reused: true });
  });
  test('a collapsed network has one key for all dates', () => {
    expect(distinctKeys(Array.from({ length: 9 }, () => [3.9]))).toBe(1);
    expect(
      distinctKeys([
        [10, 28, 2.6],
        [10, 28, 2.7],
        [10, 28, 2.6],
      ]),
    ).toBe(2);
  });
});

describe('differential', () => {
  test.each([lorenz, logistic])('$input.map: one changed sample stays one: NPCR = 100/N %', (party) => {
    const { success, queries, details } = differential(input(party, 50));
    expect({ success, queries }).toEqual({ success: true, queries: 9 });
    expect(details.npcr).toBeCloseTo(100 / 2500, 12);
    expect(details.uaci).toBeCloseTo(100 / 2500 / 255, 12);
    expect(details).toMatchObject({ npcrPassed: 0, uaciPassed: 0 });
    const { difference } = differential(input(party, 50)).pictures!;
    expect(difference!.data.filter((v) => v === 255)).toHaveLength(1); // blocks of one pixel at this size
  });
});

describe('ciphertext only', () => {
  test('ideal ciphers pass, 100 of 100', () => {
    const random = stream(2, 'ideal');
    const worst = Array.from({ length: 100 }, () => worstOf(statisticsOf(noiseImage(grey(96, 64), random))));
    expect(worst.filter(gives)).toEqual([]);
  });
  test.each(['entropy', 'chi-square', 'correlation horizontal'])('a plain picture fails in %s', (name) => {
    const found = statisticsOf(discImage(grey(96, 64), 1)).find((statistic) => statistic.name === name);
    expect(gives(found!)).toBe(true);
  });
  test('the Lorenz scheme passes the statistics, which is no security: it falls to the others', async () => {
    expect((await attacks['ciphertext-only'](input(lorenz, 128))).success).toBe(false);
  });
  test('a search that finds the picture is a success, with its share', async () => {
    const plain = discImage(grey(64, 64), 1);
    const found = { params: [3.95], image: plain, roughness: 0, exact: true };
    const search = async () => ({ found, tried: 7, reached: '' });
    const { success, queries, finding, details, pictures } = await attacks['ciphertext-only']({
      ...input(logistic, 64),
      search,
    });
    expect({ success, queries }).toEqual({ success: true, queries: 0 });
    expect(finding).toBe(
      'one cipher image alone gave the parameters 3.95: 100.00 % of its samples recovered',
    );
    expect(details).toMatchObject({ recoveredShare: 1, parameters: [3.95], tried: 7 });
    expect(Object.keys(pictures!)).toEqual(['plain', 'cipher', 'recovered']);
  });
  test('a search that finds nothing says how far it came', async () => {
    const search = async () => ({ found: null, tried: 5, reached: '5 parameters tried' });
    const { success, finding } = await attacks['ciphertext-only']({ ...input(logistic, 64), search });
    expect(success).toBe(false);
    expect(finding).toMatch(/^no parameters found \(5 parameters tried\); farthest from an ideal cipher/);
  });
});

describe('key sensitivity', () => {
  test('the next double', () => {
    expect(neighbour(1, 1)).toBe(1 + 2 ** -52);
    expect(neighbour(1, -1)).toBe(1 - 2 ** -53);
    expect(neighbour(28, 3)).toBe(28 + 3 * 2 ** -48);
  });
  test('a Lorenz key one ulp off decrypts a small image wholly', () => {
    const { success, queries, details } = keySensitivity(input(lorenz, 32));
    expect({ success, queries }).toEqual({ success: true, queries: 6 });
    const { reports } = details as { reports: { npcr: number }[] };
    expect(Math.min(...reports.map(({ npcr }) => npcr))).toBe(0);
  });
  test('a logistic key after 1000 iterates of burn-in does not', () => {
    const sound = partyOf(schemes.paper, { map: 'logistic', params: [3.95], preset: 'sound' });
    expect(keySensitivity(input(sound, 64)).success).toBe(false);
  });
});

describe('weak keys', () => {
  test('logistic: the keystream of a weak key shows', () => {
    const { success, queries, details } = weakKeys(input(logistic, 128));
    expect({ success, queries }).toEqual({ success: true, queries: 2 });
    expect(details.repetition).toMatchObject({ period: 3 });
  });
  test('lorenz: no key that a network can give is weak', () => {
    const { success, queries, details, finding } = weakKeys(input(lorenz, 64));
    expect({ success, queries }).toEqual({ success: false, queries: 16 });
    expect(finding).toMatch(/the worst of 8 corners of the network's range.*no repetition found/);
    const ranges = parameterRanges.lorenz;
    for (const [i, value] of (details.weak as number[]).entries()) expect(ranges[i]).toContain(value);
  });
  test('no repetition in noise, in 50 tries', () => {
    const random = stream(3, 'repetition');
    const found = Array.from({ length: 50 }, () => repetitionOf(noiseImage(grey(64, 64), random)).z);
    expect(Math.max(...found)).toBeLessThan(5.7);
  });
});
