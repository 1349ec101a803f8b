/** `judge` on ciphers of known worth: none that is broken may hold, and no sound one may be accused. */
import { describe, expect, test } from 'vitest';
import { judge } from '../../src/judge/judge.ts';
import { brokenToys, inexactToys, soundToys } from './_toys.ts';

const quick = { statistics: false } as const;
const slow = 300_000;

describe.each(Object.entries(brokenToys))('%s', (_, [cipher, by]) => {
  test(`is broken by ${by}`, { timeout: slow }, async () => {
    const { verdict, brokenBy } = await judge(cipher, quick);
    expect(brokenBy.map(({ attack }) => attack)).toContain(by);
    expect(verdict).toBe('broken');
  });
});

describe.each(Object.entries(soundToys))('%s', (_, cipher) => {
  test('holds', { timeout: slow }, async () => {
    const { verdict, exact, brokenBy } = await judge(cipher, quick);
    expect(brokenBy.map(({ attack, finding }) => `${attack}: ${finding}`)).toEqual([]);
    expect([verdict, exact]).toEqual(['holds', true]);
  });
});

describe.each(Object.entries(inexactToys))('%s', (_, cipher) => {
  test('is inexact', { timeout: slow }, async () => {
    const { verdict, exact } = await judge(cipher, quick);
    expect([verdict, exact]).toEqual(['inexact', false]);
  });
});

test('what a cipher keeps besides is named once, as a property', { timeout: slow }, async () => {
  const { properties, deterministic } = await judge(soundToys['half of the key']!, quick);
  expect(deterministic).toBe(true);
  expect(properties).toMatchObject({
    authenticated: false,
    errorPropagation: expect.closeTo(0.99, 1),
    keyBits: 256,
    effectiveKeyBits: 128,
    ignoredKeyBits: 128,
    dependsOnPicture: true,
    sameShape: true,
    expansion: 1,
  });
  const { properties: sealed } = await judge(soundToys['AES-256-GCM']!, quick);
  expect(sealed).toMatchObject({ authenticated: true, errorPropagation: null });
});
