import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { differentialTrials } from '../../src/attacks/differential.ts';
import { diffuse, undiffuse } from '../../src/cipher/hardened/diffuse.ts';
import {
  decryptHardened,
  encryptHardened,
  freshSecrets,
  type HardenedInput,
  type HardenedKey,
  keyContent,
  makeKeyPair,
  openImage,
  openKeys,
  packHardened,
  type Secrets,
  type Shape,
  schemes,
  sealContent,
  unpackHardened,
} from '../../src/cipher/index.ts';
import { InputError } from '../../src/shared/errors.ts';
import { stream } from '../../src/shared/random.ts';
import { bytes, discImage, grey, noiseImage } from '../attacks/_images.ts';
import { diffusePlain, encryptHardenedPlain, hkdfPlain } from '../twins/hardened.ts';

const input: HardenedInput = { map: 'lorenz', params: [10, 28, 2.667], metadata: '2023-03-04T05:06:07' };
const logistic: HardenedInput = { map: 'logistic', params: [3.95], metadata: null };
/** Known secrets: bytes 0..31 and 32..63. */
const fixed: Secrets = {
  key: Uint8Array.from({ length: 32 }, (_, i) => i),
  nonce: Uint8Array.from({ length: 32 }, (_, i) => 32 + i),
};

describe('known answers', () => {
  test("the twin's HKDF is RFC 5869's, appendix A.1", () => {
    const info = Buffer.from('f0f1f2f3f4f5f6f7f8f9', 'hex');
    const okm = hkdfPlain(Buffer.alloc(22, 0x0b), Buffer.from('000102030405060708090a0b0c', 'hex'), info, 42);
    expect(okm.toString('hex')).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
  });

  const shapes: [HardenedInput, Shape][] = [
    [input, grey(1, 1)],
    [input, { width: 37, height: 20, channels: 3, depth: 8 }],
    [logistic, { width: 16, height: 50, channels: 1, depth: 16 }],
    [
      { ...logistic, metadata: 'Jürgen "J." \\ 2023' },
      { width: 5, height: 7, channels: 4, depth: 16 },
    ],
  ];
  test.each(shapes)('equals its plain twin: %o %o', async (of, shape) => {
    const plain = noiseImage(shape, stream(1, 'hardened'));
    const { cipher, key } = encryptHardened(plain, of, fixed);
    const twin = await encryptHardenedPlain(plain, of, fixed);
    expect(bytes(cipher.data).equals(twin.bytes)).toBe(true);
    expect(Buffer.from(key.tag).equals(twin.tag)).toBe(true);
  });

  test('version 1 stays what it is', () => {
    const { cipher, key } = encryptHardened(discImage(grey(64, 48), 1), input, fixed);
    const digest = createHash('sha256').update(cipher.data).update(key.tag).digest('hex');
    expect(digest).toBe('dfba8fb4dbc22329118007aa6d55a7e728fa347a36c133eba6dc9b79dfc19e63');
  });
});

describe('round trips', () => {
  const random = stream(2, 'hardened round trips');
  const cases = Array.from({ length: 20 }, (_, i) => ({
    width: 1 + random.int(70),
    height: 1 + random.int(70),
    channels: 1 + random.int(4),
    depth: (i % 2 ? 8 : 16) as 8 | 16,
    of: i % 3 ? input : logistic,
  }));
  test.each(cases)('$width x $height x $channels, $depth bit', ({ of, ...shape }) => {
    const plain = noiseImage(shape, random);
    const { cipher, key } = encryptHardened(plain, of);
    const back = decryptHardened(cipher, unpackHardened(packHardened(key, cipher)).key);
    expect({ ...back, data: null }).toEqual({ ...plain, data: null });
    expect(bytes(back.data).equals(bytes(plain.data))).toBe(true);
  });

  test.each([8, 16] as const)('diffusion alone, %i bit, equals its twin and inverts', (depth) => {
    const { data } = noiseImage({ width: 31, height: 9, channels: 1, depth }, random);
    const seeds = [-123456789, 987654321] as const;
    const work = data.slice();
    diffuse(work, seeds, depth);
    expect([...work]).toEqual(diffusePlain([...data], seeds, depth));
    undiffuse(work, seeds, depth);
    expect(bytes(work).equals(bytes(data))).toBe(true);
  });
});

describe('fresh for each image', () => {
  const plain = discImage(grey(32, 32), 1);
  test('one image twice: unrelated ciphers, keys and nonces', () => {
    const [a, b] = [encryptHardened(plain, input), encryptHardened(plain, input)];
    expect(bytes(a.cipher.data).equals(bytes(b.cipher.data))).toBe(false);
    expect(Buffer.from(a.key.key).equals(b.key.key)).toBe(false);
    expect(Buffer.from(a.key.nonce).equals(b.key.nonce)).toBe(false);
    expect(() => decryptHardened(a.cipher, b.key)).toThrow(InputError);
  });
  test('256 bits each', () =>
    expect(freshSecrets()).toMatchObject({ key: { length: 32 }, nonce: { length: 32 } }));
});

describe('one changed bit changes the whole image under one key and nonce', () => {
  const cases: [string, HardenedInput, Shape][] = [
    ['lorenz, grey', input, grey(64, 64)],
    ['logistic, grey', logistic, grey(64, 64)],
    ['logistic in its window of period 3', { ...logistic, params: [3.83] }, grey(64, 64)],
    ['lorenz at rest', { ...input, params: [10, 10, 2.667] }, grey(64, 64)],
    ['RGB', input, { width: 40, height: 36, channels: 3, depth: 8 }],
    ['16 bit', logistic, { width: 64, height: 64, channels: 1, depth: 16 }],
  ];
  test.each(cases)('%s: 200 trials', (_, of, shape) => {
    const plain = discImage(shape, 3);
    const encrypt = (image: typeof plain) => encryptHardened(image, of, fixed).cipher;
    const found = differentialTrials(encrypt, plain, 200, stream(4, 'differential'));
    // The mean within 3.9 standard errors, far inside the 95 % interval of one trial; of 200 trials 95 % pass +- 1.5.
    const [npcrHalf, uaciHalf] = [found.npcrInterval, found.uaciInterval].map(
      ([low, high]) => (high - low) / 2,
    );
    expect(Math.abs(found.npcr - mid(found.npcrInterval))).toBeLessThan((2 * npcrHalf!) / Math.sqrt(200));
    expect(Math.abs(found.uaci - mid(found.uaciInterval))).toBeLessThan((2 * uaciHalf!) / Math.sqrt(200));
    expect(found.uaciPassed).toBeGreaterThan(0.9);
    expect(found.npcrPassed).toBeGreaterThan(0.9);
  });
});

const mid = ([low, high]: readonly [number, number]): number => (low + high) / 2;

describe('authenticated: every part of the key is', () => {
  const plain = discImage(grey(24, 20), 1);
  const { cipher, key } = encryptHardened(plain, input);
  const flip = (value: Uint8Array) => value.map((byte, i) => (i === 5 ? byte ^ 1 : byte));
  const changes: [string, Partial<HardenedKey>][] = [
    ['key', { key: flip(key.key) }],
    ['nonce', { nonce: flip(key.nonce) }],
    ['tag', { tag: flip(key.tag) }],
    ['a short tag', { tag: key.tag.subarray(0, 4) }],
    ['one ulp of a parameter', { params: [10, 28.000000000000004, 2.667] }],
    ['map', { map: 'logistic', params: [3.95] }],
    ['metadata, by a second', { metadata: '2023-03-04T05:06:08' }],
    ['no metadata', { metadata: null }],
  ];
  test('unchanged it opens', () => expect(decryptHardened(cipher, key)).toEqual(plain));
  test.each(changes)('%s', (_, change) => {
    expect(() => decryptHardened(cipher, { ...key, ...change })).toThrow(/does not decrypt/);
  });
  test('another shape of the same samples', () => {
    const turned = { ...cipher, width: 20, height: 24 };
    expect(() => decryptHardened(turned, key)).toThrow(/does not decrypt/);
  });
});

describe('key file and envelope', () => {
  const plain = discImage(grey(30, 20), 1);
  const { cipher, key } = encryptHardened(plain, input);
  const file = Buffer.from(packHardened(key, cipher)).toString();

  test('through the envelope and back, date included', async () => {
    const { publicPem, privatePem } = await makeKeyPair(2048);
    const content = keyContent(schemes.hardened, key, cipher);
    const jwe = String(await sealContent(schemes.hardened, content, [publicPem]));
    const opened = await openImage(jwe, cipher, privatePem);
    expect(opened).toMatchObject({ plain, metadata: input.metadata, header: { scheme: 'hardened' } });
    const header = Buffer.from(jwe.split('.')[0]!, 'base64url').toString();
    expect(header).toMatch(/"enc":"A256GCM"/);
    expect(header).not.toMatch(/2023/); // the date is readable to the receiver only
    await expect(openKeys(jwe, cipher, privatePem)).rejects.toThrow(/expected scheme paper, got hardened/);
    const other = encryptHardened(plain, input);
    await expect(openImage(jwe, other.cipher, privatePem)).rejects.toThrow(/made for another cipher image/);
  });

  const wrong: [string, string | RegExp, string, RegExp][] = [
    ['format', 'hardened 1', 'hardened 9', /expected medchaos hardened 1/],
    ['map', '"lorenz"', '"arnold"', /expected medchaos hardened 1/],
    ['metadata', /"metadata": "[^"]*"/, '"metadata": 5', /expected medchaos hardened 1/],
    ['key of odd digits', /"key": "../, '"key": "', /"key" expected 32 bytes/],
    ['nonce not hex', /"nonce": "../, '"nonce": "zz', /"nonce" expected 32 bytes/],
    ['tag of capitals', /"tag": "../, '"tag": "AB', /"tag" expected 16 bytes/],
    ['parameters that disagree', '2.667', '2.668', /decimal and hex/],
    ['a hostile width', '"width": 30', '"width": 1e300', /image expected sides/],
    ['a negative height', '"height": 20', '"height": -20', /image expected sides/],
    ['no shape', /"shape": \{[^}]*\}/, '"shape": null', /image expected sides/],
    ['a cut', /"map"[\s\S]*/, '', /JSON object/],
  ];
  test.each(wrong)('%s', (_, from, to, message) => {
    const bad = file.replace(from, to);
    expect(bad).not.toBe(file);
    expect(() => unpackHardened(Buffer.from(bad))).toThrow(InputError);
    expect(() => unpackHardened(Buffer.from(bad))).toThrow(message);
  });
});

describe('wrong inputs', () => {
  const plain = discImage(grey(8, 8), 1);
  test.each([
    ['r out of range', { ...logistic, params: [4.5] }, /"r" expected/],
    ['too few parameters', { ...input, params: [10] }, /expected 3 parameters/],
    ['an orbit that diverges', { ...input, params: [10, 9000, 2.667] }, /diverges/],
  ] as [string, HardenedInput, RegExp][])('%s', (_, of, message) => {
    expect(() => encryptHardened(plain, of)).toThrow(message);
  });
  test('secrets of another length', () => {
    expect(() => encryptHardened(plain, input, { ...fixed, key: new Uint8Array(16) })).toThrow(
      /"key" expected 32/,
    );
  });
  test('a raster whose samples do not fit', () => {
    expect(() => encryptHardened({ ...plain, width: 9 }, input)).toThrow(/raster expected/);
  });
});
