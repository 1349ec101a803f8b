/**
 * Speed of the scheme in memory, parameters given: key generation + encryption, and decryption, for both maps,
 * beside AES-256-GCM of node:crypto on the same bytes. No image decoding, PNG or envelope.
 * Medians of alternating runs, after one run of each that warms up; time per sample shows that it grows linearly.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { baselineParams, decryptRaster, deriveKeys, encryptRaster, presets } from '../../cipher/index.ts';
import { bytesOf } from '../../cipher/keyfile.ts';
import { seconds } from '../../shared/timing.ts';
import type { MapName, Raster } from '../../shared/types.ts';

export interface EncryptRow {
  /** `encrypt 512x512x1`: key generation + encryption; `decrypt ...`: with the keys at hand. */
  readonly work: string;
  readonly map: MapName;
  readonly peer: string;
  /** Milliseconds, median. */
  readonly ours: number;
  /** Milliseconds, median. */
  readonly theirs: number;
  /** ours / theirs. */
  readonly ratio: number;
  readonly nsPerSample: number;
  readonly runs: number;
}

/** Width, height, channels: squares, then the paper's largest sample. */
const sizes: readonly [number, number, number][] = [
  [128, 128, 1],
  [256, 256, 1],
  [512, 512, 1],
  [1024, 1024, 1],
  [2048, 2048, 1],
  [2124, 2056, 3],
];

const peer = 'node:crypto AES-256-GCM';

/** About 5 s on two server cores. */
export async function benchEncrypt(): Promise<EncryptRow[]> {
  return sizes.flatMap(([width, height, channels]) => {
    const plain = noise(width, height, channels);
    return (['logistic', 'lorenz'] as const).flatMap((map) => rowsOf(plain, map));
  });
}

function noise(width: number, height: number, channels: number): Raster {
  return { width, height, channels, depth: 8, data: new Uint8Array(randomBytes(width * height * channels)) };
}

function rowsOf(plain: Raster, map: MapName): EncryptRow[] {
  const samples = plain.data.length;
  const runs = samples > 2e6 ? 5 : 31;
  const generate = () => deriveKeys(map, baselineParams[map], plain, presets.paper);
  const keys = generate();
  const cipher = encryptRaster(plain, keys);
  const sealed = aesEncrypt(bytesOf(plain.data));
  const size = `${plain.width}x${plain.height}x${plain.channels}`;
  const row = (work: string, ours: () => unknown, theirs: () => unknown): EncryptRow => {
    const [a, b] = medians(runs, ours, theirs);
    const nsPerSample = (1e6 * a) / samples;
    return { work: `${work} ${size}`, map, peer, ours: a, theirs: b, ratio: a / b, nsPerSample, runs };
  };
  return [
    row(
      'encrypt',
      () => encryptRaster(plain, generate()),
      () => aesEncrypt(bytesOf(plain.data)),
    ),
    row(
      'decrypt',
      () => decryptRaster(cipher, keys),
      () => aesDecrypt(sealed),
    ),
  ];
}

/** Median milliseconds of two jobs that take turns. */
function medians(runs: number, a: () => unknown, b: () => unknown): [number, number] {
  const times: [number[], number[]] = [[], []];
  for (let i = -1; i < runs; i++) {
    for (const [k, job] of [a, b].entries()) {
      const from = seconds();
      job();
      if (i >= 0) times[k]!.push(1000 * (seconds() - from));
    }
  }
  return [median(times[0]), median(times[1])];
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

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
