import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MapName } from '../../src/chaos/maps.ts';
import {
  baselineParams,
  checkParams,
  decryptRaster,
  deriveKeys,
  encryptImage,
  encryptRaster,
  type Keys,
  type PaperOptions,
  parametersFromSigmoid,
  presets,
  type Shape,
} from '../../src/cipher/index.ts';
import { permutation, stream } from '../../src/shared/random.ts';
import type { Raster } from '../../src/shared/types.ts';
import { deriveKeysPlain, encryptPlain, sortIndexPlain } from '../twins/paper-scheme.ts';
import vectors from '../vectors/paper-scheme.json' with { type: 'json' };

type Case = (typeof vectors.cases)[number];
const maps: MapName[] = ['logistic', 'lorenz'];

const bytes = (a: Int32Array | Uint8Array | Uint16Array) => Buffer.from(a.buffer, a.byteOffset, a.byteLength);
const sha = (a: Parameters<typeof bytes>[0]) => createHash('sha256').update(bytes(a)).digest('hex');

/** The plain image of the vectors: the upper bits of k * 2654435761 mod 2^32. */
function formulaImage(shape: Shape): Raster {
  const n = shape.width * shape.height * shape.channels;
  const data = shape.depth === 8 ? new Uint8Array(n) : new Uint16Array(n);
  for (let k = 0; k < n; k++) data[k] = Math.imul(k, 2654435761) >>> (32 - shape.depth);
  return { ...shape, data };
}

function optionsOf(c: Case): PaperOptions {
  const base = presets[c.preset as keyof typeof presets];
  const { integrator, orbits, ...rest } = ('options' in c ? c.options : {}) as unknown as Record<
    string,
    string
  >;
  return {
    ...base,
    ...rest,
    lorenz: { ...base.lorenz, ...(integrator && { integrator }) },
    logistic: { ...base.logistic, ...(orbits && { orbits }) },
  } as PaperOptions;
}

const title = (c: Case) =>
  `${c.map} ${c.preset} ${c.width}x${c.height}x${c.channels} ${c.depth} bit ${JSON.stringify('options' in c ? c.options : {})}`;

describe('equals the independent Python program', () => {
  test.each(vectors.cases.map((c) => [title(c), c] as const))('%s', (_, c) => {
    const plain = formulaImage({ ...c, depth: c.depth as 8 | 16 });
    const keys = deriveKeys(c.map as MapName, c.params, plain, optionsOf(c));
    const cipher = encryptRaster(plain, keys);
    expect([...keys.zKey.subarray(0, 8)]).toEqual(c.first.zKey);
    expect([...keys.xIndex.subarray(0, 8)]).toEqual(c.first.xIndex);
    expect({
      xIndex: sha(keys.xIndex),
      yIndex: sha(keys.yIndex),
      zKey: sha(keys.zKey),
      cipher: sha(cipher.data),
    }).toEqual(c.sha256);
    expect(bytes(decryptRaster(cipher, keys).data).equals(bytes(plain.data))).toBe(true);
  });

  test('the vectors permute: at least one has both orders shuffled and W != H', () => {
    const shuffled = vectors.cases.filter((c) => c.width >= 128 && c.height >= 128 && c.width !== c.height);
    expect(shuffled.length).toBeGreaterThan(10);
  });

  test.each(vectors.sigmoids)('parameters from sigmoid $sigmoid of $map', ({ map, sigmoid, params }) => {
    expect(parametersFromSigmoid(map as MapName, Float32Array.from(sigmoid))).toEqual(params);
  });
});

describe('equals its plain twin', () => {
  const variants: [string, Partial<PaperOptions>][] = [
    ['one plane for all channels', { colour: 'plane' }],
    ['start first', { firstValue: 'start', burnIn: 3 }],
    ['descending', { order: 'descending' }],
    [
      'logistic in one orbit, start first',
      { firstValue: 'start', logistic: { ...presets.sound.logistic, orbits: 'one' } },
    ],
    ['Runge-Kutta', { lorenz: { ...presets.sound.lorenz, integrator: 'rk4' } }],
    ['float32 orbits', { precision: 'float32' }],
    [
      'float32, Runge-Kutta',
      { precision: 'float32', lorenz: { ...presets.sound.lorenz, integrator: 'rk4' } },
    ],
    [
      'the fraction as quantiser',
      {
        quantiser: 'fraction',
        logistic: presets.paper.logistic,
        lorenz: { ...presets.paper.lorenz, multipliers: { 8: 3.7, 16: 3.7 } },
      },
    ],
    ['more burn-in than a block', { burnIn: 9001 }],
    ['as preset', {}],
  ];
  const cases = variants.flatMap(([name, options]) => maps.map((map) => [name, map, options] as const));
  test.each(cases)('%s, %s', (_, map, change) => {
    const plain = formulaImage({ width: 83, height: 61, channels: 3, depth: 8 });
    const options = { ...presets.sound, ...change };
    const keys = deriveKeys(map, baselineParams[map], plain, options);
    const twin = deriveKeysPlain(map, baselineParams[map], plain, options);
    expect(bytes(keys.xIndex).equals(bytes(Int32Array.from(twin.xIndex)))).toBe(true);
    expect(bytes(keys.yIndex).equals(bytes(Int32Array.from(twin.yIndex)))).toBe(true);
    expect(bytes(keys.zKey).equals(Buffer.from(twin.zKey))).toBe(true);
    const cipher = encryptRaster(plain, keys);
    expect(bytes(cipher.data).equals(Buffer.from(encryptPlain(plain, keys)))).toBe(true);
    expect(encryptImage(map, baselineParams[map], plain, options)).toEqual({ keys, cipher });
  });

  const shapes: Shape[] = [
    { width: 1, height: 1, channels: 1, depth: 8 },
    { width: 64, height: 9, channels: 1, depth: 8 },
    { width: 9, height: 31, channels: 1, depth: 16 },
    { width: 30, height: 17, channels: 4, depth: 16 },
  ];
  const fused = shapes.flatMap((shape) => maps.map((map) => [map, shape] as const));
  test.each(fused)('keys and picture in one loop, %s %o', (map, shape) => {
    const plain = formulaImage(shape);
    for (const options of Object.values(presets)) {
      const keys = deriveKeys(map, baselineParams[map], plain, options);
      const cipher = encryptRaster(plain, keys);
      expect(encryptImage(map, baselineParams[map], plain, options)).toEqual({ keys, cipher });
    }
  });

  test('equal keys keep their order in both directions', () => {
    const constant = deriveKeys(
      'logistic',
      [2],
      { width: 200, height: 1, channels: 1, depth: 8 },
      presets.sound,
    );
    expect([...constant.xIndex]).toEqual(sortIndexPlain(new Array(200).fill(0.5), 'ascending'));
    const down = { ...presets.sound, order: 'descending' as const };
    const reversed = deriveKeys('logistic', [2], { width: 200, height: 1, channels: 1, depth: 8 }, down);
    expect([...reversed.xIndex]).toEqual([...constant.xIndex]);
  });
});

describe('round trips', () => {
  const random = stream(1, 'cipher-round-trips');
  const sides = Array.from({ length: 24 }, () => ({
    width: 1 + random.int(70),
    height: 1 + random.int(70),
    channels: 1 + random.int(4),
    depth: (random.int(2) ? 8 : 16) as 8 | 16,
  }));
  test.each(sides)('any permutation and key: $width x $height x $channels, $depth bit', (shape) => {
    const plain = formulaImage(shape);
    const keys: Keys = {
      xIndex: permutation(shape.width, random),
      yIndex: permutation(shape.height, random),
      zKey: plain.data.map(() => random.int(2 ** shape.depth)),
    };
    const cipher = encryptRaster(plain, keys);
    expect(bytes(decryptRaster(cipher, keys).data).equals(bytes(plain.data))).toBe(true);
  });
});

describe('network outputs become parameters strictly inside their ranges', () => {
  test('saturated outputs stay inside', () => {
    expect(parametersFromSigmoid('logistic', [1])[0]).toBeLessThan(4);
    expect(parametersFromSigmoid('logistic', [0])[0]).toBeGreaterThan(3.57);
  });
  test.each([[[Number.NaN]], [[]], [[0.5, 0.5]]])('%s is refused', (s) => {
    expect(() => parametersFromSigmoid('logistic', s)).toThrow(RangeError);
  });
});

describe('wrong inputs', () => {
  const grey: Shape = { width: 4, height: 3, channels: 1, depth: 8 };
  const wrongParams: [MapName, number[], RegExp][] = [
    ['logistic', [0], /"r" expected/],
    ['logistic', [4.2], /"r" expected.*got 4.2/],
    ['logistic', [Number.NaN], /"r" expected.*got NaN/],
    ['logistic', [10, 28, 2.667], /logistic map expected 1 parameter/],
    ['lorenz', [3.95], /lorenz map expected 3 parameters/],
    ['lorenz', [10, -28, 2.667], /"rho" expected/],
    ['lorenz', [10, 28, Infinity], /"beta" expected/],
    ['arnold' as MapName, [1], /"map" expected/],
  ];
  test.each(wrongParams)('%s %s', (map, params, message) => {
    expect(() => deriveKeys(map, params, grey, presets.paper)).toThrow(message);
  });

  const wrongShapes: Partial<Shape>[] = [
    { width: 0 },
    { height: 1.5 },
    { channels: 5 },
    { depth: 12 as 8 },
    { width: 2 ** 31 },
  ];
  test.each(wrongShapes)('shape %o', (change) => {
    expect(() => deriveKeys('lorenz', [10, 28, 2.667], { ...grey, ...change }, presets.paper)).toThrow(
      /image expected sides/,
    );
  });

  const wrongOptions: [keyof PaperOptions, unknown][] = [
    ['burnIn', -1],
    ['burnIn', 1e12],
    ['order', 'up'],
    ['firstValue', undefined],
    ['starts', [0.1, 0.2]],
    ['lorenz', { ...presets.paper.lorenz, dt: 0 }],
    ['logistic', { orbits: 'three', multipliers: { 8: 1e5, 16: Infinity } }],
    ['logistic', undefined],
  ];
  test.each(wrongOptions)('option %s = %o', (name, value) => {
    const options = { ...presets.paper, [name]: value } as PaperOptions;
    expect(() => deriveKeys('lorenz', [10, 28, 2.667], grey, options)).toThrow(/option ".*" expected/);
  });

  test('an orbit that diverges', () => {
    const shape = { ...grey, width: 300 };
    expect(() => deriveKeys('lorenz', [10, 28000, 2.667], shape, presets.paper)).toThrow(/diverges/);
    const later = formulaImage({ ...grey, width: 16, height: 16 }); // not in its first 16 steps, which the indices take
    expect(() => encryptImage('lorenz', [10, 500, 2.667], later, presets.paper)).toThrow(/diverges/);
    expect(() =>
      deriveKeys('lorenz', [10, 500, 2.667], { ...later, height: 1 }, presets.paper),
    ).not.toThrow();
  });

  test('keys of another shape, and an index that is no permutation', () => {
    const plain = formulaImage(grey);
    const keys = deriveKeys('logistic', [3.95], grey, presets.paper);
    expect(() => encryptRaster(formulaImage({ ...grey, width: 3, height: 4 }), keys)).toThrow(
      /the key has 4 columns/,
    );
    expect(() => encryptRaster({ ...plain, data: plain.data.subarray(1) }, keys)).toThrow(/raster expected/);
    const twice = { ...keys, xIndex: Int32Array.of(0, 1, 1, 3) };
    expect(() => decryptRaster(plain, twice)).toThrow(/"x_index" expected every position/);
  });

  test('weak choices warn', () => {
    expect(checkParams('logistic', [3.5])[0]).toMatch(/not chaotic/);
    expect(checkParams('logistic', [3.58])).toEqual([]);
    expect(checkParams('lorenz', [10, 20, 2.667])[0]).toMatch(/fixed point/);
    expect(checkParams('lorenz', [10, 28, 2.667])).toEqual([]);
  });
});
