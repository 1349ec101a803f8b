import { describe, expect, test } from 'vitest';
import { keysFromPairs, partyOf } from '../../src/attacks/index.ts';
import { knownPlaintext } from '../../src/attacks/known-plaintext.ts';
import { decryptRaster, encryptRaster, type Keys, type Shape, schemes } from '../../src/cipher/index.ts';
import { mriPhantom } from '../../src/data/images/phantoms/mri.ts';
import { stream } from '../../src/shared/random.ts';
import type { Raster } from '../../src/shared/types.ts';
import { bytes, discImage, grey, noiseImage, randomKeys, sameKeys } from './_images.ts';

const pairsOf = (keys: Keys, ...plains: Raster[]) =>
  plains.map((plain) => ({ plain, cipher: encryptRaster(plain, keys) }));

describe('two images whose rows and columns differ give the key, bit for bit', () => {
  const shapes: Shape[] = [
    grey(64, 64),
    { width: 37, height: 90, channels: 3, depth: 8 },
    { width: 50, height: 20, channels: 1, depth: 16 },
  ];
  test.each(shapes)('$width x $height x $channels, $depth bit', (of) => {
    const random = stream(2, 'known');
    const keys = randomKeys(of, random);
    const found = keysFromPairs(pairsOf(keys, noiseImage(of, random), noiseImage(of, random)));
    expect(found && sameKeys(found.keys, keys)).toBe(true);
    expect(found).toMatchObject({ equalRows: 0, equalColumns: 0 });
  });
});

describe('equal rows cannot be told apart', () => {
  const of = grey(80, 80);
  const random = stream(5, 'equal');
  const keys = randomKeys(of, random);
  const discs = [discImage(of, 1), discImage(of, 2)] as const;
  const found = keysFromPairs(pairsOf(keys, ...discs));

  test('and it says how many: the black border but one, on both axes', () => {
    const black = (image: Raster) => {
      const rows = Array.from({ length: 80 }, (_, i) => image.data.subarray(80 * i, 80 * (i + 1)));
      return rows.filter((row) => row.every((sample) => sample === 0)).length;
    };
    expect(found?.equalRows).toBe(black(discs[0]) - 1);
    expect(found?.equalRows).toBeGreaterThan(15);
    expect(found?.equalColumns).toBeGreaterThan(15);
  });
  test('an image with the same border decrypts exactly all the same', () => {
    const third = discImage(of, 3);
    const recovered = decryptRaster(encryptRaster(third, keys), found!.keys);
    expect(bytes(recovered.data).equals(bytes(third.data))).toBe(true);
  });
  test('one without it does not', () => {
    const third = noiseImage(of, random);
    const recovered = decryptRaster(encryptRaster(third, keys), found!.keys);
    expect(bytes(recovered.data).equals(bytes(third.data))).toBe(false);
  });
  test('a third pair tells the rest', () => {
    const more = keysFromPairs(pairsOf(keys, ...discs, noiseImage(of, random)));
    expect(more && sameKeys(more.keys, keys)).toBe(true);
  });
});

describe('no key', () => {
  const of = grey(30, 30);
  const random = stream(6, 'none');
  const [first, second] = [noiseImage(of, random), noiseImage(of, random)];
  test('from pairs under two keys', () => {
    const one = pairsOf(randomKeys(of, random), first);
    const two = pairsOf(randomKeys(of, random), second);
    expect(keysFromPairs([...one, ...two])).toBeNull();
  });
  test('from fewer than two pairs', () => {
    expect(keysFromPairs(pairsOf(randomKeys(of, random), first))).toBeNull();
    expect(keysFromPairs([])).toBeNull();
  });
});

test('brain slices under the real scheme: an unseen one comes back', () => {
  const [plain, a, b] = [1, 2, 3].map((seed) => mriPhantom(256, 256, seed)) as [Raster, Raster, Raster];
  const party = partyOf(schemes.paper, { map: 'lorenz', params: [10, 28, 2.667] });
  const outcome = knownPlaintext({ party, plain, others: [a, b], seed: 1, trials: 1 });
  expect(outcome).toMatchObject({ success: true, queries: 2, details: { recoveredShare: 1 } });
});
