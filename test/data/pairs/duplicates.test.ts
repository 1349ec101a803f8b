/** Groups of images that share a patient or are copies. */
import { describe, expect, test } from 'vitest';
import { encodePng, toRgb } from '../../../src/data/images/image.ts';
import { bytesKey, Groups, pixelKey } from '../../../src/data/pairs/duplicates.ts';
import { stream } from '../../../src/shared/random.ts';
import { noise } from '../images/_images.ts';

function joinGroups(keys: readonly (readonly string[])[]): string[] {
  const groups = new Groups();
  for (const own of keys) groups.add(own as [string]);
  return keys.map((_, i) => groups.nameOf(i));
}

/** The slow way: merge any two groups that share a key until nothing changes. */
function joinPlain(keys: readonly (readonly string[])[]): string[] {
  const group = keys.map((_, i) => i);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < keys.length; i++)
      for (let j = 0; j < keys.length; j++)
        if (group[j]! < group[i]! && keys[i]!.some((key) => keys[j]!.includes(key))) {
          group[i] = group[j]!;
          changed = true;
        }
  }
  return group.map((i) => keys[i]![0]!);
}

describe('Groups', () => {
  test('known answers', () => {
    expect(joinGroups([])).toEqual([]);
    expect(joinGroups([['a'], ['b'], ['a']])).toEqual(['a', 'b', 'a']);
    // The third is a patient of the first and a copy of the second.
    expect(
      joinGroups([
        ['p1', 'x'],
        ['p2', 'y'],
        ['p1', 'y'],
        ['p3', 'z'],
      ]),
    ).toEqual(['p1', 'p1', 'p1', 'p3']);
  });
  test('agrees with the plain way', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = stream(seed, 'groups');
      const keys = Array.from({ length: 30 }, (_, i) => [
        `own${i}`,
        `p${random.int(25)}`,
        `x${random.int(25)}`,
      ]);
      expect(joinGroups(keys)).toEqual(joinPlain(keys));
    }
  });
  test('a chain of 200,000 is one group', () => {
    const keys = Array.from({ length: 200_000 }, (_, i) => [`${i}`, `${i + 1}`]);
    expect(new Set(joinGroups(keys.reverse())).size).toBe(1);
  });
});

describe('keys', () => {
  const grey = noise(5, 4, 1, 8, 1);
  test('equal pixels, other bytes', async () => {
    const [a, b] = [await encodePng(grey), await encodePng(toRgb(grey))];
    expect(bytesKey(a)).not.toBe(bytesKey(b));
    expect(await pixelKey(a, 'a')).toBe(await pixelKey(b, 'b'));
  });
  test('colours count, alpha does not', async () => {
    const rgba = noise(5, 4, 4, 8, 2);
    const other = { ...rgba, data: rgba.data.map((value, i) => (i % 4 === 3 ? 255 - value : value)) };
    const red = { ...rgba, data: rgba.data.map((value, i) => (i === 8 ? 255 - value : value)) };
    const [a, b, c, d] = await Promise.all(
      [rgba, other, red, toRgb(rgba)].map(async (raster) => pixelKey(await encodePng(raster), 'x')),
    );
    expect([b === a, c === a, d === a]).toEqual([true, false, true]);
  });
  test('equal samples in another shape, or one sample changed', async () => {
    const first = await pixelKey(await encodePng(grey), 'a');
    expect(await pixelKey(await encodePng({ ...grey, width: 4, height: 5 }), 'b')).not.toBe(first);
    const other = grey.data.slice();
    other[7]! ^= 1;
    expect(await pixelKey(await encodePng({ ...grey, data: other }), 'c')).not.toBe(first);
  });
  test('what cannot be decoded has none', async () => {
    await expect(pixelKey(Buffer.from('x'), 'x')).rejects.toThrow(/another kind/);
    const damaged = await encodePng(grey);
    damaged[45]! ^= 1;
    await expect(pixelKey(damaged, 'x')).rejects.toThrow(/damaged/);
  });
});
