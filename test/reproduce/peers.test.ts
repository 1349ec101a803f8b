/** Peers measured: what each cipher's structure must give, on pictures small enough to be quick. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKeyPair, peerNames, schemes } from '../../src/cipher/index.ts';
import { othersLike } from '../../src/judge/attack.ts';
import { expectedDifferentialUaci } from '../../src/metrics/index.ts';
import measurePeer, { peerRows } from '../../src/reproduce/peer-cell.ts';
import { timePeers } from '../../src/reproduce/peers.ts';
import type { Raster } from '../../src/shared/types.ts';
import type { PeerCell } from '../../src/tables/results.ts';
import { discImage } from '../attacks/_images.ts';

const plain = discImage({ width: 40, height: 33, channels: 3, depth: 8 }, 1);
const out = mkdtempSync(join(tmpdir(), 'medchaos-peers-'));
afterAll(() => rmSync(out, { recursive: true }));
const measure = (method: string, raster: Raster = plain) =>
  measurePeer({
    ...{
      out,
      image: 'table7a',
      method,
      plain: raster,
      others: othersLike(raster, 1),
      preset: 'paper',
      seed: 1,
    },
  });

const methods = peerRows.map(({ about }) => about.method);
const cells = new Map<string, PeerCell>();
beforeAll(async () => {
  for (const method of methods) cells.set(method, await measure(method));
});
const cell = (method: string): PeerCell => cells.get(method)!;

test('every peer is measured, by its name', () => {
  expect(methods).toEqual(['logistic', 'lorenz', 'hardened', ...peerNames().map((name) => `peer:${name}`)]);
  for (const name of peerNames())
    expect(peerRows.find(({ about }) => about.method === `peer:${name}`)!.about.name).toBe(
      schemes[name].label,
    );
});

describe.each(methods)('%s', (method) => {
  const papers = ['logistic', 'lorenz'].includes(method);
  test('decrypts exactly, and leaves pictures unless its cells have them', () => {
    expect(cell(method).decryptedMse).toBe(0);
    expect(existsSync(join(out, 'images', 'table7a', method.replace(':', '-'), 'cipher.png'))).toBe(!papers);
    expect(cell(method).measures === null).toBe(papers);
  });
  test('permutation and XOR of rows and columns fall to two images, others are not attacked', () => {
    const falls = papers || method === 'peer:ancestor';
    expect(cell(method).chosenPlaintext.recovered?.value ?? null).toBe(falls ? 100 : null);
    expect(cell(method).chosenPlaintext.queries).toBe(2);
    if (falls) expect(cell(method).knownPlaintext.recovered!.value!).toBeGreaterThan(50);
    else expect(cell(method).knownPlaintext.recovered).toBeNull();
  });
  test('three ciphers predict a fourth where all steps are affine, else as well as guessing', () => {
    // Arnold + DNA + CBC: all 24 permutations of two bits, DNA additions among them, are affine over xor.
    const affine = ['ancestor', '2d-lasm', 'cmt-icsm', 'arnold-dna-cbc'].map((name) => `peer:${name}`);
    if (papers || affine.includes(method)) expect(cell(method).predicted.value).toBe(100);
    else if (method === 'peer:memristor-3d') expect(cell(method).predicted.value!).toBeGreaterThan(20);
    else expect(cell(method).predicted.value!).toBeLessThan(3);
    const whole = [...cell(method).predictedPlanes!.entries()].filter(([, share]) => share === 100);
    expect(whole.map(([plane]) => plane)).toEqual(
      papers || affine.includes(method) ? [0, 1, 2, 3, 4, 5, 6, 7] : (lowest[method] ?? []),
    );
  });
});

/** Xor and addition mixed: carries never reach the lowest planes. */
const lowest: Readonly<Record<string, readonly number[]>> = {
  'peer:cat-map-3d': [0, 1],
  'peer:memristor-3d': [0, 1],
};

test('one changed sample: alone in the paper scheme and its ancestor, everywhere in the hardened scheme', () => {
  for (const method of ['logistic', 'lorenz', 'peer:ancestor'])
    expect(cell(method).differential.npcr.value!).toBeCloseTo(100 / plain.data.length, 12);
  const { npcr, uaci } = cell('hardened').differential;
  expect(Math.abs(npcr.z!)).toBeLessThan(5);
  expect(Math.abs(uaci.z!)).toBeLessThan(5);
  expect(npcr.sd!).toBeCloseTo((100 * Math.sqrt(255 / 256 ** 2 / plain.data.length)) / Math.sqrt(5), 10);
  const alone = expectedDifferentialUaci(plain.data.length).sd / Math.sqrt(5);
  expect(uaci.sd! / alone).toBeCloseTo(1.077, 3);
});

test('a cipher of grey pictures is measured on one channel, and its row says so', () => {
  for (const method of ['peer:cmt-icsm', 'peer:memristor-3d', 'peer:blum-goldwasser']) {
    expect(peerRows.find(({ about }) => about.method === method)!.about.grey).toBe(true);
    const { sd } = cell(method).differential.npcr;
    expect(sd! / cell('hardened').differential.npcr.sd!).toBeCloseTo(Math.sqrt(3), 10);
  }
  // Laid out as rows of W * C columns it was 92 to 97 %, on pictures of 256x256 and more.
  expect(cell('peer:cmt-icsm').differential.npcr.value!).toBeGreaterThan(99);
});

test('the same task gives the same numbers; another image another key', async () => {
  expect(await measure('peer:2d-lasm')).toEqual(cell('peer:2d-lasm'));
  const keys = new Set([...cells.values()].filter(({ keyFile }) => keyFile).map(({ keyFile }) => keyFile));
  expect(keys.size).toBe(methods.length - 2);
});

test('16 bits and one channel', async () => {
  const deep = discImage({ width: 21, height: 18, channels: 1, depth: 16 }, 2);
  const { chosenPlaintext, decryptedMse, predicted } = await measure('peer:ancestor', deep);
  expect([chosenPlaintext.recovered!.value, decryptedMse, predicted.value]).toEqual([100, 0, 100]);
  expect(predicted.expected).toBe(100 / 65536);
});

test('times of each, one record a size', async () => {
  const records = await timePeers(plain, await makeKeyPair(2048), 1);
  expect(records.map(({ method }) => method)).toEqual(methods.slice(2));
  for (const { image, encryptSeconds, decryptSeconds, repeats } of records) {
    expect([image, repeats]).toEqual(['40x33', 1]);
    expect(encryptSeconds > 0 && decryptSeconds > 0).toBe(true);
  }
});
