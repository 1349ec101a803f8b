/**
 * A small reproduction built in code: eight seeded pictures, ciphers that are XORed with seeded noise, real
 * measurements of them, invented times. Method `logistic` on Sample 4 is broken on purpose, and one network is
 * undertrained, so that the report has something to find.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PaperMap } from '../../src/chaos/maps.ts';
import { encodePng } from '../../src/data/images/image.ts';
import { chiSquare, chiSquareOf, histogram } from '../../src/metrics/index.ts';
import { measureCell, measureDecrypted } from '../../src/metrics/paper.ts';
import { against } from '../../src/metrics/types.ts';
import { stream } from '../../src/shared/random.ts';
import type { NetName, Raster } from '../../src/shared/types.ts';
import { networkMethods } from '../../src/tables/labels.ts';
import {
  type CellRecord,
  type ImageId,
  type ImageRecord,
  type Measured,
  type MethodId,
  methodIds,
  type PeerCell,
  type ReproductionResults,
  sampleIds,
  type TrainingRecord,
  table7Ids,
} from '../../src/tables/results.ts';

export interface Fixture {
  readonly results: ReproductionResults;
  /** Plain and cipher of every cell, by `image/method`. */
  readonly rasters: ReadonlyMap<string, { plain: Raster; cipher: Raster }>;
}

const sizes: Record<Exclude<ImageId, 'dicom'>, [number, number]> = {
  sample1: [339, 509],
  sample2: [702, 701],
  sample3: [2124, 2056],
  sample4: [581, 476],
  table7a: [256, 256],
  table7b: [256, 256],
  table7c: [256, 256],
  table7d: [512, 512],
};
const ids: (keyof typeof sizes)[] = [...sampleIds, ...table7Ids];

/** @param shrink divides the paper's sizes; Table 7's stay, since its timings are looked up by size */
export function makeFixture(shrink = 8): Fixture {
  const rasters = new Map<string, { plain: Raster; cipher: Raster }>();
  const cells: CellRecord[] = [];
  const images = ids.map((id): ImageRecord => {
    const factor = id.startsWith('table7') ? 1 : shrink;
    const plain = disc(id, ...(sizes[id].map((side) => Math.ceil(side / factor)) as [number, number]));
    for (const method of methodIds) {
      const cipher = masked(plain, id, method);
      rasters.set(`${id}/${method}`, { plain, cipher });
      cells.push(cellOf(id, method, plain, cipher));
    }
    return recordOf(id, plain);
  });
  return { results: { ...frame, images, cells, training: trainings(), timings: timings() }, rasters };
}

const frame = {
  version: 1 as const,
  command: 'npm run reproduce-tables -- --profile quick --samples "a <b> & c.png"',
  profile: 'quick',
  preset: 'paper',
  channels: 'rgb' as const,
  seed: 1,
  environment: { node: '20.20.2', cpu: 'test fixture', cores: 2, gpu: null },
};

/** A bright disc on black with a little texture. */
function disc(id: string, width: number, height: number): Raster {
  const random = stream(1, 'fixture', id);
  const data = new Uint8Array(width * height * 3);
  const [cx, cy, r] = [width / 2, height / 2, 0.45 * Math.min(width, height)];
  for (let i = 0; i < width * height; i++) {
    const far = Math.hypot((i % width) - cx, Math.floor(i / width) - cy) / r;
    const light = far > 1 ? 0 : 90 + 130 * (1 - far * far) + random.int(12);
    for (let c = 0; c < 3; c++) data[3 * i + c] = light * [1, 0.75, 0.6][c]!;
  }
  return { width, height, channels: 3, depth: 8, data };
}

function masked(plain: Raster, id: string, method: MethodId): Raster {
  const random = stream(2, 'fixture', id, method);
  const broken = id === 'sample4' && method === 'logistic';
  const data = Uint8Array.from(plain.data, (v) =>
    broken ? v ^ (random.int(256) & 31) : v ^ random.int(256),
  );
  return { ...plain, data };
}

function recordOf(id: ImageId, { width, height, channels, depth }: Raster): ImageRecord {
  const caption = `A disc drawn by the test, resized by nothing & <escaped>.`;
  const date = '2017-03-04T05:06:07';
  return {
    ...{ id, source: `${id}.png`, caption, width, height, channels, depth, date, dateSource: 'synthetic' },
    sha256: '0'.repeat(64),
  };
}

function cellOf(image: ImageId, method: MethodId, plain: Raster, cipher: Raster): CellRecord {
  const decrypted = measureDecrypted(plain, plain);
  const pixels = plain.width * plain.height;
  const network = networkMethods.includes(method);
  return {
    ...{ image, method, date: '2017-03-04T05:06:07', dateSource: 'synthetic', preset: 'paper', channels: 3 },
    parameters: method.startsWith('lorenz') ? [10, 28, 2.667] : [3.95],
    seconds: {
      metadata: network ? 0.0004 : 0,
      inference: network ? (method.endsWith('18') ? 0.021 : 0.009) : 0,
      keyGeneration: 1.1e-8 * pixels,
      encryption: 0.6e-8 * pixels,
      envelope: 0.001 + 1e-9 * pixels,
      decryption: 0.5e-8 * pixels,
    },
    measures: measureCell(plain, cipher),
    decryptedMse: decrypted.mse,
    decryptedPsnr: decrypted.psnr,
    chi2Plain: chiSquareOf(histogram(plain)),
    chi2Cipher: chiSquare(cipher),
  };
}

const timings = (): ReproductionResults['timings'] =>
  ['256x256', '512x512'].flatMap((image, at) =>
    methodIds.map((method, i) => {
      const encryptSeconds = (at + 1) * 0.01 + i * 0.001;
      return { image, method, encryptSeconds, decryptSeconds: encryptSeconds / 3, repeats: 5 };
    }),
  );

const trainings = (): TrainingRecord[] =>
  networkMethods.map((id, k) => {
    const [map, net] = id.split('+') as [PaperMap, NetName];
    const epochs = [1, 2, 3, 4, 5, 6].map((epoch) => {
      const loss = (0.08 + 0.01 * k) / epoch;
      return {
        epoch,
        trainLoss: loss,
        valLoss: 1.2 * loss,
        valMae: map === 'lorenz' ? [loss, 0.1, loss] : [loss],
      };
    });
    const run = `fixture-${k}`;
    return { run, map, net, engine: 'cpu', undertrained: k === 1, imagesSeen: 6000, seconds: 31, epochs };
  });

/** One sample changed, and attacks, as an ideal cipher or the paper's scheme would fare. */
function fares(plain: Raster, broken: boolean): Omit<PeerCell, 'image' | 'method' | 'keyFile' | 'measures'> {
  const n = plain.data.length;
  const value = (ideal: number, own: number): Measured =>
    against(broken ? own : ideal + 0.001, { mean: ideal, sd: 0.01 });
  const recovered = broken ? value(100 / 256, 100) : null;
  return {
    decryptedMse: 0,
    differential: { trials: 5, npcr: value(99.609375, 100 / n), uaci: value(33.4635, 100 / n / 255) },
    chosenPlaintext: { queries: 2, recovered },
    knownPlaintext: { queries: 2, recovered },
    predicted: value(100 / 256, 100),
    predictedPlanes: new Array<number>(8).fill(broken ? 100 : 50),
  };
}

/** The same run with the hardened scheme, one peer and two methods of the paper measured beside. */
export function withPeers({ results, rasters }: Fixture): ReproductionResults {
  const ciphers = [
    { method: 'hardened', name: 'Hardened scheme', source: 'ours' },
    { method: 'peer:test', name: 'Test & peer', source: 'a <source>, 2026' },
  ];
  const cells = table7Ids.flatMap((image) =>
    ['logistic', 'lorenz', 'hardened', 'peer:test'].map((method): PeerCell => {
      const papers = methodIds.includes(method as MethodId);
      const { plain, cipher } = rasters.get(`${image}/${papers ? method : 'lorenz'}`)!;
      const measures = papers ? null : measureCell(plain, cipher);
      return { image, method, keyFile: papers ? '' : '00', measures, ...fares(plain, papers) };
    }),
  );
  const timed = ['256x256', '512x512'].flatMap((image) =>
    ciphers.map(({ method }) => {
      return { image, method, encryptSeconds: 0.004, decryptSeconds: 0.003, repeats: 3 };
    }),
  );
  const attacked = { attack: 'chosen-plaintext', queries: 2, recovered: 100 };
  return {
    ...results,
    cells: results.cells.map((c) => (c.method === methodIds[0] ? { ...c, attacked } : c)),
    timings: [...results.timings, ...timed],
    peers: { ciphers, cells },
  };
}

/** Writes the pictures where a run has them. */
export async function writePictures(out: string, { rasters }: Fixture): Promise<void> {
  for (const [key, { plain, cipher }] of rasters) {
    if (!key.endsWith('logistic+resnet18')) continue; // the method that the report shows
    const folder = join(out, 'images', key);
    await mkdir(folder, { recursive: true });
    for (const [name, raster] of Object.entries({ plain, cipher, decrypted: plain, attacked: plain }))
      await writeFile(join(folder, `${name}.png`), await encodePng(raster));
  }
}
