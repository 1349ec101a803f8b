/**
 * One image with one method, the whole way: parameters, keys, cipher, envelope, and back through the files
 * that were written. Each stage is timed by itself.
 */
import { join } from 'node:path';
import {
  decryptRaster,
  deriveKeys,
  encryptRaster,
  openKeys,
  type PresetName,
  presets,
  sealKeys,
} from '../cipher/index.ts';
import { encodePng, loadRaster } from '../data/images/image.ts';
import { chiSquare, measureCell, measureDecrypted } from '../metrics/index.ts';
import { formatWallClock } from '../shared/datetime.ts';
import { makeFolder, readInput, writeWhole } from '../shared/files.ts';
import { timeRounds } from '../shared/time-rounds.ts';
import { seconds } from '../shared/timing.ts';
import type { CellRecord, TimingRecord } from '../tables/results.ts';
import type { DateNetwork } from '../training/trained.ts';
import { type Method, parametersFor } from './parameter-source.ts';
import type { SampleImage } from './samples.ts';

export interface CellInput {
  readonly sample: SampleImage;
  /** The plain image as PNG, made once for all methods. */
  readonly plainPng: Buffer;
  readonly method: Method;
  readonly predictor: DateNetwork | null;
  readonly preset: PresetName;
  readonly publicPem: string;
  readonly privatePem: string;
}

/** The stages of `encrypt`, in memory. */
async function encryptTimed({ sample, method, predictor, preset, publicPem }: CellInput) {
  const { parameters, metadata, inference } = await parametersFor(method, sample.when, predictor);
  const t0 = seconds();
  const keys = deriveKeys(method.map, parameters, sample.raster, presets[preset]);
  const t1 = seconds();
  const cipher = encryptRaster(sample.raster, keys);
  const t2 = seconds();
  const jwe = await sealKeys(keys, cipher, { preset }, publicPem);
  const t3 = seconds();
  const times = { metadata, inference, keyGeneration: t1 - t0, encryption: t2 - t1, envelope: t3 - t2 };
  return { parameters, cipher, jwe, times };
}

/** Encrypts, writes OUT/images/<image>/<method>/ and OUT/keys/, decrypts the written files, measures. */
export async function runCell(out: string, input: CellInput): Promise<CellRecord> {
  const { sample, method, preset } = input;
  const { parameters, cipher, jwe, times } = await encryptTimed(input);
  const images = await makeFolder(join(out, 'images', sample.id, method.id));
  const keyFile = join(await makeFolder(join(out, 'keys', sample.id)), `${method.id}.jwe`);
  await writeWhole(join(images, 'plain.png'), input.plainPng);
  await writeWhole(join(images, 'cipher.png'), await encodePng(cipher));
  await writeWhole(keyFile, jwe);
  const { decrypted, decryption } = await decryptWritten(images, keyFile, input.privatePem);
  await writeWhole(join(images, 'decrypted.png'), await encodePng(decrypted));
  const back = measureDecrypted(sample.raster, decrypted);
  return {
    image: sample.id,
    method: method.id,
    date: formatWallClock(sample.when),
    dateSource: sample.dateSource,
    parameters,
    preset,
    channels: sample.raster.channels,
    seconds: { ...times, decryption },
    measures: measureCell(sample.raster, cipher),
    decryptedMse: back.mse,
    decryptedPsnr: back.psnr,
    chi2Plain: chiSquare(sample.raster).value,
    chi2Cipher: chiSquare(cipher),
  };
}

/** As a receiver does: cipher.png, the key file and the private key are all it has. */
async function decryptWritten(images: string, keyFile: string, privatePem: string) {
  const path = join(images, 'cipher.png');
  const cipher = await loadRaster(await readInput(path), path, 'native');
  const jwe = (await readInput(keyFile)).toString('latin1');
  const { keys } = await openKeys(jwe, cipher, privatePem);
  const started = seconds();
  const decrypted = decryptRaster(cipher, keys);
  return { decrypted, decryption: seconds() - started };
}

/**
 * Table 2: the whole of encryption (metadata image to sealed key file) and of decryption (opening the key
 * file to plain image), in memory, medians over `repeats` after one run that is not counted.
 */
export async function timeMethod(input: CellInput, repeats: number): Promise<TimingRecord> {
  const { width, height } = input.sample.raster;
  const round = async () => {
    const { cipher, jwe } = await encryptTimed(input);
    return async () => decryptRaster(cipher, (await openKeys(jwe, cipher, input.privatePem)).keys);
  };
  return { image: `${width}x${height}`, method: input.method.id, ...(await timeRounds(round, repeats)) };
}
