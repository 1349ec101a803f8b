/** Parts of toy ciphers: keystreams, permutations, chains, modes of AES, borders. */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import type { BlackBoxCipher, Sealed } from '../../src/judge/black-box/cipher.ts';
import type { Raster } from '../../src/shared/types.ts';

export type Bytes = Uint8Array;
type Change = (data: Bytes, key: Bytes, raster: Raster) => Bytes;

export const sha = (...parts: (Bytes | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** n bytes that follow from key and label. */
export const keystream = (key: Bytes, label: string, n: number): Bytes =>
  createCipheriv('aes-256-ctr', sha(key, label), Buffer.alloc(16)).update(Buffer.alloc(n));

export function order(key: Bytes, n: number, label = 'order'): Int32Array {
  const draws = new DataView(Uint8Array.from(keystream(key, label, 4 * n)).buffer);
  return Int32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => draws.getUint32(4 * a) - draws.getUint32(4 * b) || a - b,
  );
}

function sbox(key: Bytes, label = 'sbox'): Bytes {
  return Uint8Array.from(order(key, 256, label));
}
const inverseOf = (table: Bytes): Bytes => {
  const inverse = new Uint8Array(256);
  for (const [v, c] of table.entries()) inverse[c] = v;
  return inverse;
};

export const bytesIn = ({ data }: Raster): Bytes => Uint8Array.from(data);
export const like = (raster: Raster, data: Bytes): Raster => ({ ...raster, data });

/** A cipher that changes samples and keeps the shape. */
export const samples = (name: string, encrypt: Change, decrypt?: Change): BlackBoxCipher => ({
  name,
  encrypt: (plain, key) => like(plain, encrypt(bytesIn(plain), key, plain)),
  ...(decrypt && {
    decrypt: (cipher: Raster, key: Bytes) => like(cipher, decrypt(bytesIn(cipher), key, cipher)),
  }),
});

export const map = (data: Bytes, change: (value: number, i: number) => number): Bytes =>
  Uint8Array.from(data, change);
export const permuted = (data: Bytes, places: Int32Array): Bytes => Uint8Array.from(places, (i) => data[i]!);
export function unpermuted(data: Bytes, places: Int32Array): Bytes {
  const out = new Uint8Array(data.length);
  for (const [j, i] of places.entries()) out[i] = data[j]!;
  return out;
}
export const xored = (data: Bytes, key: Bytes, label = 'stream'): Bytes => {
  const stream = keystream(key, label, data.length);
  return map(data, (v, i) => v ^ stream[i]!);
};

type Step = (value: number, k: number, before: number) => number;

/** out[i] = f(data[i], k[i], the cipher sample before), forwards or backwards. */
function chain(data: Bytes, key: Bytes, label: string, f: Step, back: boolean, cipher: 'out' | 'in'): Bytes {
  const stream = keystream(key, label, data.length);
  const out = new Uint8Array(data.length);
  let before = stream[0]! ^ 0x5a;
  for (let t = 0; t < data.length; t++) {
    const i = back ? data.length - 1 - t : t;
    out[i] = f(data[i]!, stream[i]!, before);
    before = cipher === 'out' ? out[i]! : data[i]!;
  }
  return out;
}
export const chained = (data: Bytes, key: Bytes, label: string, f: Step, back = false): Bytes =>
  chain(data, key, label, f, back, 'out');
export const unchained = (data: Bytes, key: Bytes, label: string, f: Step, back = false): Bytes =>
  chain(data, key, label, f, back, 'in');
export const add = (p: number, k: number, c: number): number => p + k + c;
export const unadd = (c: number, k: number, b: number): number => c - k - b;
export const mix = (p: number, k: number, c: number): number => ((p + k) & 255) ^ c;
export const unmix = (c: number, k: number, b: number): number => (c ^ b) - k;

export function blockwise(
  mode: 'aes-256-ecb' | 'aes-256-cbc',
  data: Bytes,
  key: Bytes,
  decrypt = false,
): Bytes {
  const iv = mode === 'aes-256-ecb' ? null : Buffer.alloc(16, 7);
  const cipher = (decrypt ? createDecipheriv : createCipheriv)(mode, sha(key), iv);
  cipher.setAutoPadding(false);
  return Uint8Array.from(Buffer.concat([cipher.update(data), cipher.final()]));
}

export const twoRounds = (f: typeof add, un: typeof unadd): [Change, Change] => [
  (d, k) => chained(chained(permuted(d, order(k, d.length)), k, 'a', f), k, 'b', f, true),
  (d, k) => unpermuted(unchained(unchained(d, k, 'b', un, true), k, 'a', un), order(k, d.length)),
];

/** DNA coding: two bits a base, a rule for each place, xor and addition of bases, decoding by another rule. */
const rules = [
  [0, 1, 2, 3],
  [0, 2, 1, 3],
  [1, 0, 3, 2],
  [2, 0, 3, 1],
  [1, 3, 0, 2],
  [2, 3, 0, 1],
  [3, 1, 2, 0],
  [3, 2, 1, 0],
] as const;
export const dna: Change = (d, k) => {
  const [r, q, s] = ['r', 'q', 's'].map((label) => keystream(k, label, d.length)) as [Bytes, Bytes, Bytes];
  let before = 0;
  return map(permuted(d, order(k, d.length)), (value, i) => {
    let out = 0;
    for (let b = 0; b < 8; b += 2) {
      const base =
        rules[r[i]! & 7]![(value >> b) & 3]! + rules[r[i]! & 7]![(s[i]! >> b) & 3]! + ((before >> b) & 3);
      out |= rules[q[i]! & 7]!.indexOf((base & 3) as 0) << b;
    }
    before = out;
    return out;
  });
};

export const rowsAndColumns: Change = (d, k, { width, height }) => {
  const out = xored(d, k);
  for (let i = 1; i < height; i++)
    for (let j = 0; j < width; j++) out[i * width + j]! += out[(i - 1) * width + j]!;
  for (let i = 0; i < height; i++)
    for (let j = 1; j < width; j++) out[i * width + j]! ^= out[i * width + j - 1]!;
  return out;
};

export function lcg(key: Bytes, n: number): Bytes {
  let x = Buffer.from(sha(key)).readUInt32LE(0);
  return Uint8Array.from({ length: n }, () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return x >>> 24;
  });
}

export const sboxes: Change = (d, k) => {
  const tables = Array.from({ length: 16 }, (_, t) => sbox(k, `table ${t}`));
  const which = keystream(k, 'which', d.length);
  return map(d, (v, i) => tables[which[i]! & 15]![v]!);
};

export function bitsPermuted(d: Bytes, k: Bytes): Bytes {
  const places = order(k, 8 * d.length);
  const out = new Uint8Array(d.length);
  for (const [j, i] of places.entries()) out[j >> 3]! |= ((d[i >> 3]! >> (i & 7)) & 1) << (j & 7);
  return xored(out, k);
}

export const withSum: Change = (d, k) => xored(d, k, `sum ${d.reduce((sum, v) => sum + v, 0)}`);

/** Fresh nonce and tag beside the picture. */
export function gcm(change: (plain: Bytes) => Bytes = (p) => p, name = 'AES-256-GCM'): BlackBoxCipher {
  return {
    name,
    encrypt(plain, key): Sealed {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sha(key), nonce);
      const data = Uint8Array.from(Buffer.concat([cipher.update(change(bytesIn(plain))), cipher.final()]));
      return { image: like(plain, data), extra: Buffer.concat([nonce, cipher.getAuthTag()]) };
    },
    decrypt(image, key, extra) {
      const decipher = createDecipheriv('aes-256-gcm', sha(key), extra.subarray(0, 12)).setAuthTag(
        extra.subarray(12),
      );
      return like(image, Uint8Array.from(Buffer.concat([decipher.update(bytesIn(image)), decipher.final()])));
    },
  };
}

/** The key of each picture stands beside it, and decryption asks for no other. */
export const openKey: BlackBoxCipher = {
  name: 'the key beside the picture',
  encrypt(plain): Sealed {
    const own = randomBytes(32);
    return { image: like(plain, xored(bytesIn(plain), own)), extra: own };
  },
  decrypt: (image, _, extra) => like(image, xored(bytesIn(image), Buffer.from(extra))),
};

export const ctr = (data: Bytes, key: Bytes, iv: Bytes): Bytes =>
  Uint8Array.from(createCipheriv('aes-256-ctr', sha(key), iv).update(data));

/** AES-CTR whose nonce stands in a row of its own above the picture; `made` gives the 16 bytes. */
export const nonceRow = (
  name: string,
  made: (plain: Bytes, key: Bytes) => Bytes,
  fill: 'random' | 'zero' = 'random',
): BlackBoxCipher => ({
  name,
  encrypt(plain, key) {
    const row = plain.width * plain.channels;
    const iv = made(bytesIn(plain), key);
    const rest =
      fill === 'zero' ? Buffer.alloc(row - 16) : ctr(new Uint8Array(row - 16), key, sha(iv).subarray(0, 16));
    const data = Uint8Array.from(Buffer.concat([iv, rest, ctr(bytesIn(plain), key, iv)]));
    return { ...plain, height: plain.height + 1, data };
  },
  decrypt(cipher, key) {
    const all = bytesIn(cipher);
    const row = cipher.width * cipher.channels;
    return { ...cipher, height: cipher.height - 1, data: ctr(all.subarray(row), key, all.subarray(0, 16)) };
  },
});

/** The cipher picture of another cipher in another form. */
export const formed = (
  name: string,
  inner: BlackBoxCipher,
  form: (r: Raster) => Raster,
  back: (r: Raster) => Raster,
): BlackBoxCipher => ({
  name,
  async encrypt(plain, key) {
    const answer = await inner.encrypt(plain, key);
    return 'image' in answer ? { image: form(answer.image), extra: answer.extra } : form(answer);
  },
  decrypt: (cipher, key, extra) => inner.decrypt!(back(cipher), key, extra),
});

const border = 8;
export const framed = (r: Raster, fill: () => number = () => 0): Raster => {
  const [width, height] = [r.width + 2 * border, r.height + 2 * border];
  const data = new Uint8Array(width * height * r.channels).map(fill);
  const row = r.width * r.channels;
  for (let i = 0; i < r.height; i++)
    data.set(bytesIn(r).subarray(i * row, (i + 1) * row), ((i + border) * width + border) * r.channels);
  return { ...r, width, height, data };
};
export const unframed = (r: Raster): Raster => {
  const [width, height] = [r.width - 2 * border, r.height - 2 * border];
  const row = width * r.channels;
  const data = new Uint8Array(height * row);
  for (let i = 0; i < height; i++)
    data.set(
      bytesIn(r)
        .subarray(((i + border) * r.width + border) * r.channels)
        .subarray(0, row),
      i * row,
    );
  return { ...r, width, height, data };
};

export const tripled = (r: Raster): Raster => ({
  ...r,
  channels: 3 * r.channels,
  data: Uint8Array.from({ length: 3 * r.data.length }, (_, k) => r.data[Math.floor(k / 3)]!),
});
export const thirds = (r: Raster): Raster => ({
  ...r,
  channels: r.channels / 3,
  data: Uint8Array.from({ length: r.data.length / 3 }, (_, k) => r.data[3 * k]!),
});
export const base64 = (r: Raster): Raster => {
  const text = Buffer.from(bytesIn(r)).toString('base64');
  const width = r.width * r.channels;
  const height = Math.ceil(text.length / width);
  return {
    width,
    height,
    channels: 1,
    depth: 8,
    data: Uint8Array.from(Buffer.from(text.padEnd(width * height, '='))),
  };
};
export const unbase64 = (r: Raster): Raster => {
  const data = Uint8Array.from(Buffer.from(Buffer.from(bytesIn(r)).toString('latin1'), 'base64'));
  return { width: r.width, height: data.length / r.width, channels: 1, depth: 8, data };
};
export const wide = (r: Raster): Raster => ({
  ...r,
  depth: 16,
  data: Uint16Array.from(r.data, (v) => v * 256 + 7),
});
export const narrow = (r: Raster): Raster => ({
  ...r,
  depth: 8,
  data: Uint8Array.from(r.data, (v) => v >> 8),
});

/** Luby and Rackoff: four rounds over two halves, deterministic, as long as the picture. */
export const wideBlock =
  (rounds: readonly number[]): Change =>
  (d, k) => {
    const half = d.length >> 1;
    const parts = [Uint8Array.from(d.subarray(0, half)), Uint8Array.from(d.subarray(half))] as const;
    for (const round of rounds) {
      const [from, to] = round % 2 === 0 ? [parts[0], parts[1]] : [parts[1], parts[0]];
      const mask = keystream(
        createHmac('sha256', k).update(String(round)).update(from).digest(),
        'mask',
        to.length,
      );
      for (let i = 0; i < to.length; i++) to[i]! ^= mask[i]!;
    }
    return Uint8Array.from(Buffer.concat(parts));
  };

export const sboxChain = (rounds: 1 | 2): BlackBoxCipher =>
  samples(
    `S-box chain, ${rounds} round${rounds > 1 ? 's' : ''}`,
    (d, k) => {
      const S = sbox(k);
      const f = (p: number, s: number, c: number): number => S[p ^ s ^ c]!;
      const once = chained(permuted(d, order(k, d.length)), k, 'a', f);
      return rounds === 1 ? once : chained(once, k, 'b', f, true);
    },
    (d, k) => {
      const S = inverseOf(sbox(k));
      const un = (c: number, s: number, b: number): number => S[c]! ^ s ^ b;
      const once = rounds === 1 ? d : unchained(d, k, 'b', un, true);
      return unpermuted(unchained(once, k, 'a', un), order(k, d.length));
    },
  );

/** A wide block under a key of so few bits, however long the key file is. */
export const seeded =
  (bits: number): Change =>
  (d, k) =>
    wideBlock([0, 1, 0, 1])(d, Buffer.from(String(sha(k).readUInt32LE(0) % 2 ** bits)), {} as Raster);
