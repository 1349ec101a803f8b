/**
 * Speed of the scheme in memory, parameters given: key generation + encryption, and decryption with the keys
 * at hand, for both maps, beside AES-256-GCM of node:crypto on the same bytes; then the hardened scheme. No image
 * decoding, PNG or envelope.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type MapName, paperMaps } from '../src/chaos/maps.ts';
import {
  baselineParams,
  decryptRaster,
  encryptHardened,
  encryptImage,
  presets,
} from '../src/cipher/index.ts';
import { bytesOf } from '../src/cipher/keyfile/keyfile.ts';
import type { Raster } from '../src/shared/types.ts';
import { type Effort, medians, noise, sizeText } from './_measure.ts';
import { type BenchRow, row } from './row.ts';

/** Width, height, channels: those of Table 2, then the paper's largest sample; and the limits in ms, hardened last. */
const sizes = [
  [256, 256, 1, null, null],
  [512, 512, 1, 5, 25],
  [2124, 2056, 3, 250, null],
] as const;

const effort: Effort = { runs: 31, seconds: 2 };

export async function benchEncrypt(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [width, height, channels, limit, hardened] of sizes) {
    const plain = noise(width, height, channels);
    for (const map of paperMaps) rows.push(...(await rowsOf(plain, map, limit)));
    for (const map of paperMaps) rows.push(await hardenedRow(plain, map, hardened));
  }
  return rows;
}

async function rowsOf(plain: Raster, map: MapName, limit: number | null): Promise<BenchRow[]> {
  const bytes = Buffer.from(bytesOf(plain.data));
  const encrypt = () => encryptImage(map, baselineParams[map], plain, presets.paper);
  const { keys, cipher } = encrypt();
  const sealed = aesEncrypt(bytes);
  const jobs = [
    encrypt,
    () => aesEncrypt(bytes),
    () => decryptRaster(cipher, keys),
    () => aesDecrypt(sealed),
  ];
  const { ms, runs } = await medians(jobs, effort);
  const compare = (work: string, ours: number, theirs: number): BenchRow => {
    const nsPerPixel = (1e6 * ours) / (plain.width * plain.height);
    const peer = 'node:crypto AES-256-GCM';
    const name = `${work} ${sizeText(plain)}, ${map}`;
    return row({ work: name, unit: 'ms', ours, peer, theirs, limit, nsPerPixel, runs });
  };
  return [compare('keys + encrypt', ms[0]!, ms[1]!), compare('decrypt', ms[2]!, ms[3]!)];
}

/** Fresh secrets, HKDF, chaos, diffusion and AES-256-GCM, beside AES-256-GCM alone. */
async function hardenedRow(plain: Raster, map: MapName, limit: number | null): Promise<BenchRow> {
  const input = { map, params: baselineParams[map], metadata: '2018-05-17T14:03:22' };
  const bytes = Buffer.from(bytesOf(plain.data));
  const { ms, runs } = await medians([() => encryptHardened(plain, input), () => aesEncrypt(bytes)], effort);
  const [ours, theirs] = [ms[0]!, ms[1]!];
  const nsPerPixel = (1e6 * ours) / (plain.width * plain.height);
  const work = `hardened ${sizeText(plain)}, ${map}`;
  return row({ work, unit: 'ms', ours, peer: 'node:crypto AES-256-GCM', theirs, limit, nsPerPixel, runs });
}

interface Sealed {
  readonly key: Buffer;
  readonly nonce: Buffer;
  readonly tag: Buffer;
  readonly body: Buffer;
}

/** A fresh random key and nonce are part of the work, as key generation is of ours. */
function aesEncrypt(bytes: Buffer): Sealed {
  const [key, nonce] = [randomBytes(32), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const body = cipher.update(bytes);
  cipher.final();
  return { key, nonce, tag: cipher.getAuthTag(), body };
}

function aesDecrypt({ key, nonce, tag, body }: Sealed): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(tag);
  const bytes = decipher.update(body);
  decipher.final();
  return bytes;
}
