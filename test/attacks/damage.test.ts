/** Attacks that change the cipher image or the key file: noise, occlusion, tampering. */
import { describe, expect, test } from 'vitest';
import { partyOf } from '../../src/attacks/index.ts';
import { gaussianNoise, noise, saltAndPepper } from '../../src/attacks/noise.ts';
import { occlude, occlusion } from '../../src/attacks/occlusion.ts';
import { flipByteBit, flipSampleBit, tampering } from '../../src/attacks/tampering.ts';
import type { AttackInput } from '../../src/attacks/types.ts';
import { schemes } from '../../src/cipher/index.ts';
import { mse, npcr } from '../../src/metrics/index.ts';
import { stream } from '../../src/shared/random.ts';
import { discImage, grey } from './_images.ts';

const plain = discImage(grey(100, 80), 1);
const party = partyOf(schemes.paper, { map: 'lorenz', params: [10, 28, 2.667] });
const input: AttackInput = { party, plain, others: [plain, plain], seed: 1, trials: 10 };
const bent = { ...plain, data: plain.data.map(() => 100) };

describe('the damages are what they say', () => {
  test('salt and pepper on a fifth of the samples, half black, half white', () => {
    const { data } = saltAndPepper(bent, 0.2, 1);
    const share = (value: number) => data.filter((sample) => sample === value).length / data.length;
    expect(Math.abs(share(0) - 0.1)).toBeLessThan(0.015);
    expect(Math.abs(share(255) - 0.1)).toBeLessThan(0.015);
    expect(share(100)).toBeCloseTo(1 - share(0) - share(255), 12);
  });
  test('Gaussian noise of 5 % has a mean square of (0.05 * 255)^2', () => {
    expect(mse(bent, gaussianNoise(bent, 0.05, 1))).toBeGreaterThan(0.9 * (0.05 * 255) ** 2);
    expect(mse(bent, gaussianNoise(bent, 0.05, 1))).toBeLessThan(1.1 * (0.05 * 255) ** 2);
  });
  test('noise stays in range at 16 bits', () => {
    const wide = { ...plain, depth: 16 as const, data: Uint16Array.from(plain.data, () => 65_530) };
    const { data } = gaussianNoise(wide, 0.01, 1);
    expect(Math.max(...data)).toBe(65_535);
    expect(Math.min(...data)).toBeGreaterThan(60_000); // nothing has wrapped around
  });
  test('occlusion takes a quarter out of the middle', () => {
    const { data } = occlude(bent, 0.25);
    expect(data.filter((sample) => sample === 0).length).toBe(50 * 40);
    expect(data[40 * 100 + 50]).toBe(0);
    expect(data[0]).toBe(100);
  });
  test('a flip changes one bit', () => {
    expect(npcr(plain, flipSampleBit(plain, stream(1, 'flip')))).toBeCloseTo(100 / 8000, 12);
    const flipped = flipByteBit(new Uint8Array(50), stream(2, 'flip'));
    expect(Math.log2(flipped.reduce((sum, byte) => sum + byte, 0)) % 1).toBe(0);
  });
});

describe('the paper scheme decrypts whatever comes', () => {
  test('noise: as many samples are wrong as were hit, and nobody is told', () => {
    const { success, queries, details, pictures } = noise(input);
    expect({ success, queries }).toEqual({ success: true, queries: 6 });
    expect((details.reports as { noticed: boolean }[]).every(({ noticed }) => !noticed)).toBe(true);
    const share = npcr(plain, pictures!['salt-and-pepper-5-percent']!);
    expect(Math.abs(share - 5)).toBeLessThan(1);
  });
  test('occlusion: half the image lost leaves half of it', () => {
    const { success, pictures } = occlusion(input);
    expect(success).toBe(true);
    expect(npcr(plain, pictures!['50.0-percent-lost']!)).toBeLessThan(51);
  });
  test('tampering: unnoticed in the cipher image with a bare key file, noticed under the envelope', async () => {
    const { success, details } = await tampering(input);
    const reports = details.reports as { part: string; noticed: number; altered: number }[];
    const by = Object.fromEntries(reports.map(({ part, ...counts }) => [part, counts]));
    expect(success).toBe(true);
    expect(by['cipher image, bare key file']).toMatchObject({ noticed: 0, altered: 10 });
    expect(by['cipher image, sealed key file']).toMatchObject({ noticed: 10 });
    expect(by['sealed key file']).toMatchObject({ noticed: 10 });
    expect(by['bare key file']).toMatchObject({ altered: 0 });
  });
});
