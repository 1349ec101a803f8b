/** Ciphers to try `judge` on, each of a few lines: those that must be found broken, and sound ones that must not be accused. */
import { createHmac, randomBytes } from 'node:crypto';
import type { BlackBoxCipher } from '../../src/judge/black-box/cipher.ts';
import type { Raster } from '../../src/shared/types.ts';
import {
  add,
  type Bytes,
  base64,
  bitsPermuted,
  blockwise,
  bytesIn,
  chained,
  ctr,
  dna,
  formed,
  framed,
  gcm,
  keystream,
  lcg,
  like,
  map,
  mix,
  narrow,
  nonceRow,
  openKey,
  order,
  permuted,
  rowsAndColumns,
  samples,
  sboxChain,
  sboxes,
  seeded,
  sha,
  thirds,
  tripled,
  twoRounds,
  unadd,
  unbase64,
  unchained,
  unframed,
  unmix,
  unpermuted,
  wide,
  wideBlock,
  withSum,
  xored,
} from './_toy-parts.ts';

/** Must be found broken, and by one of these attacks. */
export const brokenToys: Readonly<Record<string, readonly [cipher: BlackBoxCipher, by: string]>> = {
  'xor with a keystream': [
    samples(
      'xor',
      (d, k) => xored(d, k),
      (d, k) => xored(d, k),
    ),
    'chosen-plaintext',
  ],
  'addition of an LCG': [
    samples('lcg', (d, k) => ((stream) => map(d, (v, i) => v + stream[i]!))(lcg(k, d.length))),
    'chosen-plaintext',
  ],
  'permutation only': [
    samples(
      'permutation',
      (d, k) => permuted(d, order(k, d.length)),
      (d, k) => unpermuted(d, order(k, d.length)),
    ),
    'chosen-plaintext',
  ],
  'permutation and xor': [
    samples('permutation, xor', (d, k) => xored(permuted(d, order(k, d.length)), k)),
    'chosen-plaintext',
  ],
  'permutation, two rounds of feedback': [samples('feedback', ...twoRounds(add, unadd)), 'affine-prediction'],
  'xor and addition mixed, two rounds': [samples('mixed', ...twoRounds(mix, unmix)), 'affine-prediction'],
  'xor and addition mixed, one round': [
    samples(
      'mixed once',
      (d, k) => chained(d, k, 'a', mix),
      (d, k) => unchained(d, k, 'a', unmix),
    ),
    'equal-parts',
  ],
  'rows and columns': [samples('rows and columns', rowsAndColumns), 'affine-prediction'],
  'DNA coding': [samples('DNA', dna), 'equal-parts'],
  'S-box by place': [samples('S-boxes', sboxes), 'codebook'],
  'S-box chain, one round': [sboxChain(1), 'equal-parts'],
  'S-box chain, two rounds': [sboxChain(2), 'saturation'],
  'bits permuted': [samples('bits', bitsPermuted), 'affine-prediction'],
  'AES-CTR with a fixed nonce': [
    samples(
      'CTR',
      (d, k) => ctr(d, k, Buffer.alloc(16)),
      (d, k) => ctr(d, k, Buffer.alloc(16)),
    ),
    'key-reuse',
  ],
  'AES-ECB': [
    samples(
      'ECB',
      (d, k) => blockwise('aes-256-ecb', d, k),
      (d, k) => blockwise('aes-256-ecb', d, k, true),
    ),
    'repetition',
  ],
  'AES-CBC with a fixed IV': [
    samples(
      'CBC',
      (d, k) => blockwise('aes-256-cbc', d, k),
      (d, k) => blockwise('aes-256-cbc', d, k, true),
    ),
    'equal-parts',
  ],
  'the key beside the picture': [openKey, 'any-key'],
  'ignores the key': [
    samples('no key', (d) => wideBlock([0, 1, 0, 1])(d, Buffer.alloc(32), {} as Raster)),
    'any-key',
  ],
  'the first two bytes of the key': [
    samples('seed of 16 bits', (d, k, like) => wideBlock([0, 1, 0, 1])(d, k.subarray(0, 2), like)),
    'short-key',
  ],
  '12 bits of key': [samples('12 bits', seeded(12)), 'few-keys'],
  'keystream by the sum': [samples('sum', withSum), 'equal-parts'],
  'upper half of the bits only': [
    samples('half', (d, k) => {
      const r = ctr(new Uint8Array(d.length), k, randomBytes(16));
      return map(d, (v, i) => v ^ (r[i]! & 0xf0));
    }),
    'visible',
  ],
  'nonce of 8 bits': [nonceRow('8 bits', () => sha(randomBytes(1)).subarray(0, 16)), 'repeated-nonce'],
  'fixed keystream, random border': [
    { name: 'row', encrypt: async (p, k) => framed(like(p, xored(bytesIn(p), k)), () => randomBytes(1)[0]!) },
    'chosen-plaintext',
  ],
  'one random byte in every sample': [
    samples('byte', (d, k) => {
      const r = randomBytes(1)[0]!;
      return map(xored(d, k), (v) => v ^ r);
    }),
    'key-reuse',
  ],
};

const sivOf = (p: Bytes, k: Bytes): Bytes => createHmac('sha256', k).update(p).digest().subarray(0, 16);

/** Must come out as "holds". */
export const soundToys: Readonly<Record<string, BlackBoxCipher>> = {
  'AES-256-GCM': gcm(),
  'AES-CTR, nonce in a row': nonceRow('row', () => randomBytes(16)),
  'AES-CTR, nonce in a row of zeros': nonceRow('zeros', () => randomBytes(16), 'zero'),
  'deterministic SIV': nonceRow('SIV', sivOf),
  'deterministic SIV, row of zeros': nonceRow('SIV zeros', sivOf, 'zero'),
  'wide block, deterministic': samples('wide', wideBlock([0, 1, 2, 3]), wideBlock([3, 2, 1, 0])),
  'a black border': formed('border', gcm(), (r) => framed(r), unframed),
  'grey stored as RGB': formed('RGB', gcm(), tripled, thirds),
  'wide block stored as RGB': formed(
    'RGB',
    samples('wide', wideBlock([0, 1, 2, 3]), wideBlock([3, 2, 1, 0])),
    tripled,
    thirds,
  ),
  'base64 in a picture': formed('base64', gcm(), base64, unbase64),
  'SIV as base64': formed(
    'base64',
    samples('wide', wideBlock([0, 1, 2, 3]), wideBlock([3, 2, 1, 0])),
    base64,
    unbase64,
  ),
  '16-bit samples': formed('16 bits', gcm(), wide, narrow),
  'half of the key': samples(
    '16 bytes',
    (d, k) => wideBlock([0, 1, 2, 3])(d, k.subarray(0, 16), {} as Raster),
    (d, k) => wideBlock([3, 2, 1, 0])(d, k.subarray(0, 16), {} as Raster),
  ),
};

/** Must come out as "inexact". */
export const inexactToys: Readonly<Record<string, BlackBoxCipher>> = {
  'two bits lost': gcm((p) => map(p, (v) => v & 0xfc), 'lossy'),
  'all pictures alike': samples('constant', (d, k) => keystream(k, 'constant', d.length)),
};
