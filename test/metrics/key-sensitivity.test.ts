/** Two neighbouring keys of the paper's scheme: with a burn-in the ciphers are as independent, without one they are not. */
import { expect, test } from 'vitest';
import { neighbour } from '../../src/attacks/key-sensitivity.ts';
import { deriveKeys, encryptRaster, presets } from '../../src/cipher/index.ts';
import { keySensitivity } from '../../src/metrics/index.ts';
import { stream } from '../../src/shared/random.ts';
import { noise, picture } from './_images.ts';

const plain = picture(64, 64, 1, 8);
const cipherOf = (r: number, preset: 'paper' | 'sound') =>
  encryptRaster(plain, deriveKeys('logistic', [r], plain, presets[preset]));
const compared = (preset: 'paper' | 'sound') =>
  keySensitivity(cipherOf(3.95, preset), cipherOf(neighbour(3.95, 1), preset));

test('preset sound: a key one unit in the last place away gives an independent cipher', () => {
  for (const { z } of Object.values(compared('sound'))) expect(Math.abs(z!)).toBeLessThan(4);
});

test('preset paper: the orbits have not parted in the first samples', () => {
  const { npcr, avalanche } = compared('paper');
  expect(npcr.value).toBeLessThan(99.5);
  expect(npcr.z).toBeLessThan(-4);
  expect(avalanche.z).toBeLessThan(-3);
});

test('one cipher twice, and two shapes', () => {
  const cipher = noise(20, 20, 1, 8, stream(1, 'key sensitivity'));
  expect(Object.values(keySensitivity(cipher, cipher)).map(({ value }) => value)).toEqual([0, 0, 0]);
  expect(() => keySensitivity(cipher, plain)).toThrow(/expected the shape/);
});
