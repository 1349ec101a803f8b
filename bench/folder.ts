/**
 * `encrypt DIR`: a folder of 1024x1024 grey pictures, each with a date of its own from which a network at the paper's
 * input size predicts its parameters; read, decoded, encrypted (hardened), encoded, sealed and written by all cores.
 * Weights are initial ones, read from a file: trained ones take as long. Threads start and the network is opened anew in
 * every run, and that counts.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKeyPair } from '../src/cipher/index.ts';
import { mriPhantom } from '../src/data/images/phantoms/mri.ts';
import { chunk, encodePng } from '../src/data/images/png.ts';
import type { Engine } from '../src/engine/engine.ts';
import { networks, paperNetworks } from '../src/models/networks.ts';
import { initialTensors } from '../src/models/parameters.ts';
import { encodeSafetensors } from '../src/models/safetensors.ts';
import { toTorch } from '../src/models/weights.ts';
import type { OpenNetwork } from '../src/sealing/encrypt-file.ts';
import { encryptFolder } from '../src/sealing/folder/encrypt.ts';
import { median } from '../src/shared/stats.ts';
import { seconds } from '../src/shared/timing.ts';
import type { NetName } from '../src/shared/types.ts';
import { loadWeights } from '../src/training/checkpoint.ts';
import { trainConfig } from '../src/training/config.ts';
import { dateNetwork } from '../src/training/trained.ts';
import { type BenchRow, row } from './row.ts';

const side = 1024;
const input = 224;

/** What the folder is to be faster than on 2 cores, images/s. */
const promised = 20;

export async function benchFolder(engine: Engine, images = 160, runs = 3): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'medchaos-bench-folder-'));
  try {
    await writePictures(folder, images);
    const rows: BenchRow[] = [];
    for (const net of paperNetworks) rows.push(await rowOf(engine, net, folder, images, runs));
    return rows;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Slices that differ, each stamped with its own minute. */
async function writePictures(folder: string, images: number): Promise<void> {
  const { publicPem } = await makeKeyPair();
  await writeFile(join(folder, 'public.pem'), publicPem);
  const plain = mriPhantom(side, side, 1);
  for (let i = 0; i < images; i++) {
    plain.data[0] = i; // no two the same
    plain.data[1] = i >> 8;
    const png = await encodePng(plain);
    const time = chunk('tIME', Uint8Array.of(2020 >> 8, 2020 & 255, 3, 1 + (i % 28), 7, i % 60, 21));
    const stamped = Buffer.concat([png.subarray(0, 33), time, png.subarray(33)]);
    await writeFile(join(folder, `${String(i).padStart(4, '0')}.png`), stamped);
  }
}

async function rowOf(
  engine: Engine,
  net: NetName,
  folder: string,
  images: number,
  runs: number,
): Promise<BenchRow> {
  const rates: number[] = [];
  const weights = await writeWeights(folder, net);
  for (let i = 0; i < runs; i++) {
    const from = seconds();
    const { failed } = await encryptFolder(
      requestOf(folder, net),
      () => undefined,
      networkOf(engine, net, weights),
    );
    if (failed.length > 0) throw new Error(`${failed[0]!.file}: ${failed[0]!.reason}`);
    rates.push(images / (seconds() - from));
  }
  const work = `encrypt a folder of ${images} ${side}x${side}x1, network at ${input}x${input}`;
  return row({ work, net, batch: 1, unit: 'images/s', ours: median(rates), limit: promised, runs });
}

const requestOf = (folder: string, net: NetName) =>
  ({
    folder,
    out: join(folder, 'out'),
    recipients: [join(folder, 'public.pem')],
    map: 'lorenz',
    net,
    channels: 'native',
    force: true,
  }) as const;

async function writeWeights(folder: string, net: NetName): Promise<string> {
  const network = networks[net](3);
  const path = join(folder, `${net}.safetensors`);
  await writeFile(path, encodeSafetensors(toTorch(network, initialTensors(network, 1))));
  return path;
}

const networkOf =
  (engine: Engine, net: NetName, weights: string): OpenNetwork =>
  async () => {
    const tensors = await loadWeights(weights, networks[net](3));
    return { run: 'initial weights', ...dateNetwork(engine, trainConfig({ net, size: input }), tensors) };
  };
