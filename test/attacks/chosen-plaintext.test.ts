import { describe, expect, test } from 'vitest';
import { gridOf, match } from '../../src/attacks/_match.ts';
import { chosenPlaintext } from '../../src/attacks/chosen-plaintext.ts';
import { leastImages } from '../../src/attacks/distinguishing.ts';
import { oracleOf, partyOf, recoverKeys } from '../../src/attacks/index.ts';
import { encryptRaster, type Shape, schemes } from '../../src/cipher/index.ts';
import { stream } from '../../src/shared/random.ts';
import { matchPlain } from '../twins/match.ts';
import { discImage, grey, noiseImage, randomKeys, sameKeys } from './_images.ts';

const shape = (width: number, height: number, channels: number, depth: 8 | 16): Shape => ({
  width,
  height,
  channels,
  depth,
});

describe('the fewest chosen images', () => {
  // One more than these: the black image, which returns the keystream.
  test.each([
    [shape(1, 1, 1, 8), 0],
    [shape(256, 1, 1, 8), 1],
    [shape(257, 1, 1, 8), 2],
    [shape(1, 256, 1, 8), 1],
    [shape(1, 257, 1, 8), 2],
    [shape(1, 65537, 1, 8), 3],
    [shape(1, 65536, 1, 16), 1],
    [shape(1, 65537, 2, 8), 2],
    [shape(1, 65537, 3, 8), 1],
    [shape(2, 32896, 1, 8), 1], // 256 * 257 / 2 pairs
    [shape(2, 32897, 1, 8), 2],
    [shape(16, 16, 1, 8), 1],
    [shape(16, 100_000, 1, 8), 1],
    [shape(100_000, 16, 1, 8), 1],
    [shape(2124, 2056, 3, 8), 1],
  ])('%o: %i', (of, images) => expect(leastImages(of)).toBe(images));
});

describe('recovers any permutations and any keystream, bit for bit', () => {
  test.each([
    [shape(1, 1, 1, 8), 1],
    [shape(300, 1, 1, 8), 3],
    [shape(1, 300, 1, 8), 3],
    [shape(256, 1, 1, 8), 2],
    [shape(2056, 2, 1, 8), 2],
    [shape(2, 2056, 1, 8), 2],
    [shape(3, 3, 1, 8), 2],
    [shape(16, 16, 1, 8), 2],
    [shape(16, 999, 1, 8), 2],
    [shape(61, 40, 3, 8), 2],
    [shape(20, 33, 4, 8), 2],
    [shape(131, 20, 1, 16), 2],
    [shape(50, 70, 2, 16), 2],
    [shape(512, 512, 1, 8), 2],
  ])('%o with %i queries', (of, queries) => {
    const keys = randomKeys(of, stream(7, 'keys', of.width));
    const oracle = oracleOf(of, (plain) => encryptRaster(plain, keys));
    const found = recoverKeys(oracle, 3);
    expect(found && sameKeys(found, keys)).toBe(true);
    expect(oracle.queries).toBe(queries);
  });

  test.each(['logistic', 'lorenz'] as const)('an image under the real %s scheme', (map) => {
    const plain = discImage(shape(150, 90, 3, 8), 1);
    const party = partyOf(schemes.paper, { map, params: map === 'logistic' ? [3.95] : [10, 28, 2.667] });
    const outcome = chosenPlaintext({ party, plain, others: [plain, plain], seed: 1, trials: 1 });
    expect(outcome).toMatchObject({ success: true, queries: 2, details: { recoveredShare: 1 } });
    expect(outcome.pictures?.recovered).toEqual(plain);
  });
});

describe('knows when it has failed', () => {
  const of = grey(20, 20);
  const plainKeys = randomKeys(of, stream(1, 'keys'));
  test('an oracle whose keystream changes', () => {
    let query = 0;
    const oracle = oracleOf(of, (plain) =>
      encryptRaster(plain, { ...plainKeys, zKey: randomKeys(of, stream(query++, 'z')).zKey }),
    );
    expect(recoverKeys(oracle)).toBeNull();
  });
  test('an oracle that feeds samples on', () => {
    const oracle = oracleOf(of, (plain) => {
      const cipher = encryptRaster(plain, plainKeys);
      for (let k = 1; k < cipher.data.length; k++) cipher.data[k]! ^= cipher.data[k - 1]!;
      return cipher;
    });
    expect(recoverKeys(oracle)).toBeNull();
  });
});

test('matching equals its plain twin', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const random = stream(seed, 'match');
    const before = noiseImage(shape(16 + random.int(40), 16 + random.int(40), 1, 8), random);
    const keys = { ...randomKeys(before, random), zKey: before.data.map(() => 0) };
    const grids = [gridOf([before]), gridOf([encryptRaster(before, keys)])] as const;
    const found = match(...grids)!;
    const twin = matchPlain(...grids);
    expect([...found.yIndex]).toEqual(twin.yIndex);
    expect([...found.xIndex]).toEqual(twin.xIndex);
    expect(twin.yIndex).toEqual([...keys.yIndex]);
  }
});
