/**
 * From file to file, in this process: a PNG is decoded, encrypted, encoded and its key file sealed, and all the way
 * back; each stage by itself, then the whole with reading and writing. Logistic map, parameters given, RSA-3072.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  baselineParams,
  decryptRaster,
  encryptImage,
  makeKeyPair,
  openKeys,
  presets,
  sealKeys,
} from '../src/cipher/index.ts';
import { encodePng, loadRaster } from '../src/data/images/image.ts';
import { fundusPhantom } from '../src/data/images/phantoms/fundus.ts';
import { mriPhantom } from '../src/data/images/phantoms/mri.ts';
import { decryptFile } from '../src/sealing/decrypt-file.ts';
import { encryptFiles } from '../src/sealing/encrypt-file.ts';
import type { Raster } from '../src/shared/types.ts';
import { type Effort, medians, sizeText } from './_measure.ts';
import { type BenchRow, row } from './row.ts';

const effort: Effort = { runs: 15, seconds: 6 };

/** Pictures that compress about as X-rays do, where noise would not. */
const pictures = (): Raster[] => [mriPhantom(512, 512, 1), fundusPhantom(2124, 2056, 1)];

export async function benchFile(plains: readonly Raster[] = pictures()): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'medchaos-bench-'));
  try {
    const pems = await makeKeyPair();
    const rows: BenchRow[] = [];
    for (const plain of plains) rows.push(...(await rowsOf(folder, plain, pems)));
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Pems = Awaited<ReturnType<typeof makeKeyPair>>;

async function rowsOf(folder: string, plain: Raster, pems: Pems): Promise<BenchRow[]> {
  const jobs = { ...(await stages(plain, pems)), ...(await wholes(folder, plain, pems)) };
  const { ms, runs } = await medians(Object.values(jobs), effort);
  return Object.keys(jobs).map((name, i) => {
    const nsPerPixel = (1e6 * ms[i]!) / (plain.width * plain.height);
    return row({ work: `${sizeText(plain)}: ${name}`, unit: 'ms', ours: ms[i]!, nsPerPixel, runs });
  });
}

type Jobs = Record<string, () => unknown>;

/** Every stage with its input at hand. */
async function stages(plain: Raster, { publicPem, privatePem }: Pems): Promise<Jobs> {
  const encrypt = () => encryptImage('logistic', baselineParams.logistic, plain, presets.paper);
  const { keys, cipher } = encrypt();
  const [plainPng, cipherPng] = [await encodePng(plain), await encodePng(cipher)];
  const seal = () => sealKeys(keys, cipher, { preset: 'paper' }, publicPem);
  const jwe = await seal();
  return {
    'decode the plain PNG': () => loadRaster(plainPng, 'plain.png', 'native'),
    'keys + encrypt': encrypt,
    'encode the cipher PNG': () => encodePng(cipher),
    'seal the key file': seal,
    'decode the cipher PNG': () => loadRaster(cipherPng, 'cipher.png', 'native'),
    'open the key file': () => openKeys(jwe, cipher, privatePem),
    decrypt: () => decryptRaster(cipher, keys),
    'encode the plain PNG': () => encodePng(plain),
  };
}

/** What the commands do, without the start of a process. */
async function wholes(folder: string, plain: Raster, { publicPem, privatePem }: Pems): Promise<Jobs> {
  const at = (name: string): string => join(folder, name);
  await writeFile(at('plain.png'), await encodePng(plain));
  await writeFile(at('public.pem'), publicPem);
  await writeFile(at('private.pem'), privatePem);
  const encrypting = {
    images: [at('plain.png')],
    out: folder,
    recipients: [at('public.pem')],
    params: baselineParams.logistic.join(','),
    net: 'resnet18',
    scheme: 'paper',
    preset: 'paper',
    channels: 'native',
    keyFormat: 'npz',
    enc: 'A128GCM',
    force: true,
  } as const;
  const [cipher, keys, privateKey] = [at('plain.cipher.png'), at('plain.keys.jwe'), at('private.pem')];
  const decrypting = { cipher, keys, privateKey, out: at('decrypted.png'), force: true };
  return {
    'encrypt, file to file': () => encryptFiles(encrypting, () => undefined),
    'decrypt, file to file': () => decryptFile(decrypting),
  };
}
