import { checkSameShape, readShape, shapeOf } from '../../src/cipher/keys.ts';
import { anyChannels, type Scheme } from '../../src/cipher/scheme.ts';
import { InputError } from '../../src/shared/errors.ts';
import { parseObject } from '../../src/shared/exact.ts';
import type { Raster } from '../../src/shared/types.ts';

/** Every sample xored with one secret byte. */
export const toy: Scheme<number> = {
  name: 'toy',
  label: 'Toy',
  source: 'this test',
  standing: 'reconstruction',
  keyedBy: 'secret',
  fresh: false,
  channels: anyChannels,
  warning: 'the toy scheme protects nothing',
  keys: ({ secret }) => secret?.[0] ?? 77,
  encrypt: (plain, key) => ({ cipher: xored(plain, key), key }),
  decrypt: xored,
  rekey: (_, { secret }) => secret![0]!,
  pack: (key, shape) => Buffer.from(JSON.stringify({ key, shape: shapeOf(shape) })),
  unpack(bytes, image) {
    const { key, shape } = parseObject(bytes);
    checkSameShape(readShape(shape), image);
    if (!Number.isInteger(key)) throw new InputError('"key" expected a byte');
    return Number(key);
  },
  keyFile: {
    contentTypes: ['application/json'],
    enc: 'A256GCM',
    header: () => ({ cty: 'application/json', preset: 'none' }),
  },
};

function xored(raster: Raster, key: number): Raster {
  return { ...raster, data: raster.data.map((value) => value ^ key) };
}
