/** Every peer: exact on any shape, key-dependent, and as its equations say on images small enough to do by hand. */
import { describe, expect, test } from 'vitest';
import { chenMap, lasmOrbit, lyapunovSpectrum, unifiedMap } from '../../../src/chaos/index.ts';
import { asPublished, type PeerName, peerNames, schemes } from '../../../src/cipher/index.ts';
import { addBases, rules } from '../../../src/cipher/peers/_dna.ts';
import { blocksOf, keyFraction, keyInteger, shuffledBy } from '../../../src/cipher/peers/_plane.ts';
import { arnoldMatrix } from '../../../src/cipher/peers/arnold-dna-cbc.ts';
import { type CatParameters, catMatrix } from '../../../src/cipher/peers/cat-map-3d.ts';
import { memristorMap, nairMap } from '../../../src/cipher/peers/memristor-3d.ts';
import { differential } from '../../../src/metrics/index.ts';
import { InputError } from '../../../src/shared/errors.ts';
import { stream } from '../../../src/shared/random.ts';
import type { Raster } from '../../../src/shared/types.ts';
import { bytes, discImage, grey, noiseImage } from '../../attacks/_images.ts';

const keyOf = (seed: number): Uint8Array => {
  const random = stream(seed, 'peer key');
  return Uint8Array.from({ length: 32 }, () => random.int(256));
};
const key = keyOf(1);
const shape = (width: number, height: number, channels = 1, depth: 8 | 16 = 8) =>
  ({ width, height, channels, depth }) as const;
const pixel = (value: number): Raster => ({ ...shape(1, 1), data: Uint8Array.of(value) });
const one = (name: PeerName, value: number): number =>
  schemes[name].encrypt(pixel(value), key).cipher.data[0]!;
const isStandard = (name: PeerName): boolean => schemes[name].standing === 'standard';
const chaotic = peerNames().filter((name) => !isStandard(name) && !schemes[name].fresh);

describe.each(peerNames())('%s', (name) => {
  const peer = schemes[name];
  test.each(
    [
      shape(1, 1),
      shape(1, 37),
      shape(37, 1),
      shape(2, 2),
      shape(33, 17),
      shape(16, 40, 3),
      shape(5, 7, 4),
      shape(19, 23, 1, 16),
      shape(8, 9, 3, 16),
    ].filter(({ channels }) => peer.channels.includes(channels)),
  )('%o comes back bit for bit', (of) => {
    const plain = noiseImage(of, stream(1, name));
    const before = plain.data.slice();
    const sealed = peer.encrypt(plain, key);
    const { width, height, channels, depth } = sealed.cipher;
    expect({ width, height, channels, depth }).toEqual(of);
    expect(bytes(peer.decrypt(sealed.cipher, sealed.key).data).equals(bytes(before))).toBe(true);
    expect(bytes(plain.data).equals(bytes(before))).toBe(true); // neither call changes what it is given
  });
  test('20 keys and images', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const plain = noiseImage(shape(12 + seed, 11), stream(seed, name));
      const sealed = peer.encrypt(plain, keyOf(seed));
      expect(bytes(peer.decrypt(sealed.cipher, sealed.key).data).equals(bytes(plain.data))).toBe(true);
    }
  });
  test('a cipher under another key is another one, and looks like noise beside it', () => {
    const plain = discImage(grey(64, 64), 1);
    const [a, b] = [keyOf(2), keyOf(3)].map((k) => peer.encrypt(plain, k).cipher);
    expect(differential(a!, b!).npcr.value!).toBeGreaterThan(98.5);
  });
  test('a short key is refused', () => {
    expect(() => peer.encrypt(pixel(1), key.subarray(1))).toThrow(/"key" expected 32 bytes, got 31/);
    expect(() => peer.encrypt(pixel(1), key.subarray(1))).toThrow(InputError);
  });
  test('channels that it does not take are refused', () => {
    for (const channels of [1, 2, 3, 4].filter((c) => !peer.channels.includes(c)))
      expect(() => peer.encrypt(noiseImage(shape(4, 4, channels), stream(1, name)), key)).toThrow(
        /expected a picture of 1 channel, got \d; convert it to grey/,
      );
  });
});

describe.each(peerNames().filter(isStandard))('%s', (name) => {
  const peer = schemes[name];
  const plain = noiseImage(grey(9, 8), stream(1, 'plain'));
  const sealed = peer.encrypt(plain, key);
  test('a fresh nonce each time', () => {
    expect(peer.encrypt(plain, key).cipher).not.toEqual(sealed.cipher);
  });
  const { cipher, key: right } = sealed;
  const changed = { ...cipher, data: cipher.data.with(3, 0 ^ (cipher.data[3]! ^ 1)) };
  const extra = right.extra.with(20, right.extra[20]! ^ 1);
  test.each([
    ['another key', cipher, { ...right, secret: keyOf(2) }],
    ['a changed sample', changed, right],
    ['another shape', { ...cipher, width: 8, height: 9 }, right],
    ['a changed tag', cipher, { ...right, extra }],
    ['no tag', cipher, { ...right, extra: new Uint8Array(0) }],
  ] as const)('%s is refused', (_, wrong, by) => {
    expect(() => peer.decrypt(wrong as Raster, by)).toThrow(InputError);
  });
});

test.each(chaotic)('%s: one key, one image, one cipher', (name) => {
  const plain = discImage(grey(20, 20), 1);
  expect(schemes[name].encrypt(plain, key)).toEqual(schemes[name].encrypt(plain, key));
});

const reconstructions = peerNames().filter((name) => schemes[name].reference && name !== 'cat-map-3d');

describe.each(reconstructions)('%s', (name) => {
  const peer = schemes[name];
  test('says that it is a reconstruction, of which reference, and what it leaves out or chooses', () => {
    expect(peer.standing).toBe('reconstruction');
    expect(`[${peer.reference!.slice(3)}]`).toBe(/\[\d+\]/.exec(peer.label)![0]);
    expect(peer.source).toMatch(/chosen/);
  });
  test('the bytes behind the secret are part of the key', () => {
    const plain = discImage(grey(20, 20), 1);
    const { cipher, key: right } = peer.encrypt(plain, key);
    if (name === 'memristor-3d') return expect(right.extra).toHaveLength(0);
    expect(() => peer.decrypt(cipher, { secret: key, extra: new Uint8Array(3) })).toThrow(InputError);
    const extra = right.extra.map((byte) => byte ^ 255);
    const opened = peer.decrypt(cipher, { secret: key, extra });
    expect(differential(opened, plain).npcr.value!).toBeGreaterThan(95);
  });
});

test.each(['unified-dna', 'lts-tss-dna'] as const)('%s: the key comes from the picture', (name) => {
  const plain = discImage(grey(64, 64), 1);
  const other = { ...plain, data: plain.data.with(7, plain.data[7]! ^ 1) } as Raster;
  const [a, b] = [plain, other].map((image) => schemes[name].encrypt(image, key).cipher);
  expect(differential(a!, b!).npcr.value!).toBeGreaterThan(98.5);
});

test('the 3D map and the memristor of [32] have two positive exponents each, as chosen', () => {
  const [first, second, third] = lyapunovSpectrum(nairMap, undefined, 100_000);
  expect([first! > 0.06, second! > 0.03, third! < 0]).toEqual([true, true, true]);
  expect(first!).toBeCloseTo(nairMap.exponent, 2);
  const memristor = lyapunovSpectrum(memristorMap, undefined, 100_000);
  expect(memristor[0]!).toBeCloseTo(memristorMap.exponent, 1);
  expect(memristor[1]!).toBeGreaterThan(0.05);
});

test('the unified system is Lorenz at 0, Chen at 1, and chaotic between', () => {
  const lorenz = lyapunovSpectrum(unifiedMap, [0], 100_000);
  expect(lorenz[0]!).toBeGreaterThan(0.7);
  expect(lorenz.reduce((a, b) => a + b)).toBeCloseTo(-41 / 3, 1); // the trace: -(sigma + 1 + beta)
  const state = Float64Array.of(1, 2, 3);
  unifiedMap.step([1], (v) => v)(state);
  const chen = Float64Array.of(1, 2, 3);
  chenMap.step([35, 3, 28], (v) => v)(chen);
  expect(state).toEqual(chen);
});

test('Blum-Goldwasser: the bytes behind the secret are a square that no picture fixes', () => {
  const { encrypt } = schemes['blum-goldwasser'];
  const [a, b] = [encrypt(pixel(5), key), encrypt(pixel(5), key)];
  expect(a.key.extra).toHaveLength(128);
  expect(a.key.extra).not.toEqual(b.key.extra);
});

test('[14]: an S-box is a permutation; one changed sample reaches all under one nonce', () => {
  const plain = discImage(grey(64, 64), 1);
  const { cipher, key: right } = schemes['henon-sbox'].encrypt(plain, key);
  const changed = { ...cipher, data: cipher.data.with(0, cipher.data[0]! ^ 1) } as Raster;
  // Two passes back: a wrong cipher byte reaches two others, no more: encryption spreads, decryption does not.
  const wrong = schemes['henon-sbox'].decrypt(changed, right).data.filter((v, k) => v !== plain.data[k]);
  expect(wrong.length).toBeLessThanOrEqual(3);
});

test('an order shuffled by chaotic values has each place once', () => {
  const order = shuffledBy(Float64Array.of(0.99, 0.5, 0, 0.3, 0.999999));
  expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
  expect([...shuffledBy(Float64Array.of(0.7, 0.2))]).toEqual([1, 0]);
});

describe('keys and blocks by hand', () => {
  test('bits are read highest first', () => {
    const bits = Uint8Array.of(0b10110001, 0b11110000);
    expect([keyInteger(bits, 0, 4), keyInteger(bits, 6, 4), keyFraction(bits, 0, 2)]).toEqual([11, 7, 0.5]);
  });
  test.each([
    [7, 3, []],
    [8, 3, [2]],
    [100, 3, [4, 3, 2]], // 64 + 27 + 8, 1 stays
    [262144, 3, [64]],
    [3, 2, []],
    [100, 2, [10]],
    [115, 2, [10, 3, 2]], // 100 + 9 + 4, 2 stay
  ] as const)('%i samples in blocks of dimension %i: %o', (n, power, sides) => {
    expect(blocksOf(n, power)).toEqual(sides);
  });
});

describe('ancestor', () => {
  const high = noiseImage(grey(20, 30), stream(1, 'high'));
  test('the published code makes one row of all rows, so images differing elsewhere share a cipher', () => {
    const cipher = asPublished(high, key);
    const keystream = asPublished({ ...high, data: new Uint8Array(600) }, key);
    const shuffled = cipher.data.map((v, k) => v ^ keystream.data[k]!);
    for (let i = 1; i < 30; i++)
      expect(shuffled.subarray(20 * i, 20 * i + 20)).toEqual(shuffled.subarray(0, 20));
    const survivors = [...high.data.keys()].filter((k) => {
      const other = { ...high, data: high.data.with(k, high.data[k]! ^ 1) };
      return !bytes(asPublished(other as Raster, key).data).equals(bytes(cipher.data));
    });
    expect(survivors.length).toBeGreaterThan(0);
    expect(survivors.length).toBeLessThanOrEqual(20); // of 600
  });
  test('it stops at an image wider than high; the corrected variant does not', () => {
    expect(() => asPublished(noiseImage(grey(30, 20), stream(1, 'wide')), key)).toThrow(InputError);
  });
  test('the first keystream sample is the start itself', () => {
    expect(one('ancestor', 0)).toBe(Math.floor(keyFraction(key, 104) * 1e5) % 256);
  });
});

describe('3D cat map', () => {
  test.each([
    [[1, 1, 1, 1, 1, 1], 97],
    [[3, 5, 7, 11, 13, 17], 64],
    [[65535, 65521, 40000, 1, 2, 54321], 236],
  ] as const)('A of %o mod %i has determinant 1', (parameters, n) => {
    const [[a, b, c], [d, e, f], [g, h, i]] = catMatrix(parameters as CatParameters, n).map((row) =>
      row.map(BigInt),
    ) as unknown as [bigint[], bigint[], bigint[]];
    const det = a! * (e! * i! - f! * h!) - b! * (d! * i! - f! * g!) + c! * (d! * h! - e! * g!);
    const m = BigInt(n);
    expect(((det % m) + m) % m).toBe(1n);
  });
  test('all parameters 1: A as the paper prints its example', () => {
    expect(catMatrix([1, 1, 1, 1, 1, 1], 1000)).toEqual([
      [2, 1, 3],
      [3, 2, 5],
      [2, 1, 4],
    ]);
  });
  test('one sample: C = phi ^ (I + phi mod 256) ^ C(-1), twice', () => {
    const x0 = keyFraction(key, 96);
    const phi = Math.floor(4 * x0 * (1 - x0) * 1e14) % 256;
    const first = keyInteger(key, 148, 8);
    const round = (v: number): number => phi ^ ((v + phi) % 256) ^ first;
    expect([0, 77, 255].map((v) => one('cat-map-3d', v))).toEqual([0, 77, 255].map((v) => round(round(v))));
  });
});

describe('2D-LASM', () => {
  test('the map by hand: mu 0.5, x = y = 0.5', () => {
    const { x, y } = lasmOrbit(0.5, [0.5, 0.5], 1);
    expect(x[0]).toBeCloseTo(Math.sin(0.4375 * Math.PI), 14); // 0.5 * 3.5 * 0.25
    expect(y[0]).toBeCloseTo(Math.sin(Math.PI * 0.5 * (x[0]! + 3) * 0.25), 14);
    expect(lasmOrbit(0.8, [0, 0], 5).x).toEqual(new Float64Array(5));
    expect(() => lasmOrbit(1.5, [0.1, 0.1], 1)).toThrow(InputError);
  });
  test('affine over xor for one key: three ciphers give a fourth', () => {
    const [a, b, c] = [1, 2, 3].map((seed) => noiseImage(grey(24, 31), stream(seed, 'affine')));
    const xor = (...images: Raster[]) =>
      images.map(({ data }) => data).reduce((s, v) => s.map((x, k) => x ^ v[k]!));
    const [ea, eb, ec] = [a!, b!, c!].map((image) => schemes['2d-lasm'].encrypt(image, key).cipher);
    const fourth = schemes['2d-lasm'].encrypt({ ...a!, data: xor(a!, b!, c!) }, key).cipher;
    expect(xor(ea!, eb!, ec!)).toEqual(fourth.data);
  });
});

describe('CMT-ICSM', () => {
  test('one sample: P + 2 S each round', () => {
    const constant = one('cmt-icsm', 0);
    expect(constant % 2).toBe(0);
    expect(one('cmt-icsm', 200)).toBe((200 + constant) % 256);
  });
  test('affine over addition for one key', () => {
    const [a, b, c] = [1, 2, 3].map((seed) => noiseImage(grey(24, 31), stream(seed, 'affine')));
    const sum = (u: Raster, v: Raster, w: Raster) => u.data.map((x, k) => x - v.data[k]! + w.data[k]!);
    const [ea, eb, ec] = [a!, b!, c!].map((image) => schemes['cmt-icsm'].encrypt(image, key).cipher);
    const fourth = schemes['cmt-icsm'].encrypt({ ...a!, data: sum(a!, b!, c!) }, key).cipher;
    expect(sum(ea!, eb!, ec!)).toEqual(fourth.data);
  });
});

describe('Arnold + DNA + CBC', () => {
  test('each rule is a complement: 00 with 11, 01 with 10 are A-T and C-G', () => {
    expect(new Set(rules).size).toBe(8);
    for (const rule of rules)
      for (const pair of [rule[0]! + rule[3]!, rule[1]! + rule[2]!])
        expect(['AT', 'TA', 'CG', 'GC']).toContain(pair);
  });
  test('bases by hand', () => {
    expect(addBases(0b01, 0b10, 0, 0)).toBe(0b11); // C + G = T under rule 1
    expect(addBases(0b11, 0b01, 0, 0)).toBe(0b00); // T + C = A
    expect(addBases(0b01, 0b10, 0, 7)).toBe(0b00); // T, which rule 8 writes 00
  });
  test("Arnold's own matrix and its square", () => {
    expect(arnoldMatrix(1, 1, 1, 101)).toEqual([1, 1, 1, 2]);
    expect(arnoldMatrix(1, 1, 2, 101)).toEqual([2, 3, 3, 5]);
    expect(arnoldMatrix(1, 1, 3, 4)).toEqual([1, 0, 0, 1]); // the map has period 3 on 4 x 4
  });
});
