/** Attacks counted: tests of one property are one fault. */
import { expect, test } from 'vitest';
import { attackNames, propertyOf } from '../../src/attacks/index.ts';
import { tallies, tallyOf, tallyText } from '../../src/report/attack-tally.ts';

const records = (success: (name: string) => boolean, scheme = 'paper') =>
  attackNames.map((name) => ({ name, scheme, success: success(name), property: propertyOf(name) }));

test('five attacks and two properties', () => {
  const tally = tallyOf(
    records((name) => name !== 'weak-keys' && name !== 'key-sensitivity'),
    'paper',
  );
  expect(tally).toMatchObject({
    ...{ attacks: 5, broken: 4 },
    properties: ['authentication', 'diffusion'],
    missing: ['authentication', 'diffusion'],
  });
  expect(tallyText(tally)).toBe('4 of 5 attacks succeed; authentication and diffusion are missing');
});

test('nothing broken, nothing missing', () => {
  const tally = tallyOf(
    records(() => false, 'hardened'),
    'hardened',
  );
  expect(tallyText(tally)).toBe('0 of 5 attacks succeed; authentication and diffusion are there');
});

test('one property alone, and each scheme by itself', () => {
  const noise = records((name) => name === 'noise').filter(({ property }) => property === 'authentication');
  expect(tallyText(tallyOf(noise, 'paper'))).toBe('authentication is missing');
  const both = tallies([...records(() => true), ...records(() => false, 'hardened')]);
  expect(both.map(({ scheme, broken }) => [scheme, broken])).toEqual([
    ['paper', 5],
    ['hardened', 0],
  ]);
});

test('records of before count as attacks', () => {
  expect(tallyOf([{ name: 'noise', scheme: 'paper', success: true }], 'paper').attacks).toBe(1);
});
