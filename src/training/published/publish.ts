/** A run as a folder that is ready for a hub: weights, config, an example, a card. */
import { existsSync } from 'node:fs';
import { readdir, rmdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parameterNames, parameterRanges } from '../../cipher/parameters.ts';
import { encodePng } from '../../data/images/png.ts';
import { type Metadata, unknownExtra } from '../../data/metadata/extra.ts';
import { drawMetadataImage } from '../../data/pairs/encode.ts';
import { type Engine, openEngine } from '../../engine/engine.ts';
import { layersModelFiles } from '../../models/layers-model.ts';
import { encodeSafetensors } from '../../models/safetensors.ts';
import { toTorch } from '../../models/weights.ts';
import { readRunJson } from '../../runs/run-files.ts';
import { readMetrics, readStatus, stateText } from '../../runs/run-folder.ts';
import { formatWallClock } from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import { makeFolder } from '../../shared/files.ts';
import { writeTogether } from '../../shared/write-together.ts';
import { hasCheckpoint, loadWeights, trainedFile } from '../checkpoint.ts';
import { isPictures, networkOf, type TrainConfig } from '../config.ts';
import type { EpochRecord } from '../fit.ts';
import type { Study } from '../study/study.ts';
import { dateNetwork, readTraining, type Training } from '../trained.ts';
import { cardOf } from './card.ts';
import { isPublished, type Published, publishedFiles, sha256Of } from './format.ts';

export interface PublishRequest {
  /** A run folder or id. */
  readonly run: string;
  /** The folder to make. */
  readonly out: string;
  /** As hubs name it, `mit`. */
  readonly licence: string;
  readonly force: boolean;
}

/**
 * @returns the files written
 * @throws InputError for a run that is not finished or has no weights, or a folder that holds something
 */
export async function publish({ run: given, out, licence, force }: PublishRequest): Promise<string[]> {
  if (!/^[\w.+-]+$/.test(licence))
    throw new InputError(`"licence" expected a name such as mit or cc-by-4.0, got ${licence}`);
  const training = await publishable(given);
  await refuseFull(out, force);
  const files = await contentsOf(training, await openEngine(), licence);
  const there = existsSync(out);
  await makeFolder(out);
  try {
    await writeTogether(files.map(([name, data]) => ({ path: join(out, name), data })));
  } catch (error) {
    if (!there) await rmdir(out).catch(() => undefined);
    throw error;
  }
  return files.map(([name]) => join(out, name));
}

async function publishable(given: string): Promise<Training> {
  const training = await readTraining(given);
  const { run, config } = training;
  if (isPictures(config))
    throw new InputError(
      `${run} learned from pictures, and the card of weights publish tells of dates; give: weights export ${run} --out FILE, which says how its pictures are prepared`,
    );
  const status = await readStatus(run);
  if (status !== null && status.state !== 'done')
    throw new InputError(
      `${run} is not finished (${stateText(status)}); give its command again, which goes on where it was, then publish it`,
    );
  if (!hasCheckpoint(run))
    throw new InputError(
      `${run} holds no weights: it is no training, or they were removed; give a run of train, or a sweep's cell with --keep best`,
    );
  if (status === null)
    throw new InputError(`${run} has lost its status.json, so it may not be finished; train it again`);
  return training;
}

async function refuseFull(out: string, force: boolean): Promise<void> {
  const names: string[] = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new InputError(`${out} is no folder; give another --out`);
  });
  if (names.length > 0 && !force)
    throw new InputError(
      `${out} exists already and holds files; give another --out, or --force to replace those of a published network`,
    );
  const lost = Object.values(publishedFiles).filter((name) => names.includes(name));
  if (lost.length > 0 && !(await isPublished(out)))
    throw new InputError(
      `${out} holds no published network, and --force would replace its ${lost.join(', ')}; give another --out`,
    );
}

type File = readonly [name: string, data: string | Uint8Array];

async function contentsOf(training: Training, engine: Engine, licence: string): Promise<File[]> {
  const { run, config } = training;
  const network = networkOf(config);
  const tensors = await loadWeights(trainedFile(run), network);
  const about = { run: basename(resolve(run)), net: config.net, map: config.map, size: String(config.size) };
  const weights = encodeSafetensors(toTorch(network, tensors), { format: 'pt', ...about });
  const layers = await layersModelFiles(engine.tf, network, tensors, config.size, about);
  const epochs = await readMetrics<EpochRecord>(run);
  const study = await readRunJson<Study>(run, 'study').catch(() => null);
  const published: Published = {
    ...{ format: 'medchaos-network', version: 1, run: about.run, net: config.net, size: config.size },
    torchvision: config.net === 'mobilenetv2' ? 'mobilenet_v2' : config.net,
    activation: 'sigmoid',
    outputs: outputsOf(config),
    example: await exampleOf(engine, config, tensors),
    training: withoutPaths(config),
    epochs: epochs.map((epoch) => ({ ...epoch })),
    study: study && { ...study },
    sha256: sha256Of(weights),
  };
  return [
    [publishedFiles.weights, weights],
    [publishedFiles.layersWeights, layers.weights],
    [publishedFiles.layers, layers.json],
    [publishedFiles.example, await examplePicture(config)],
    [publishedFiles.card, cardOf({ published, epochs, study, engine: engine.why, licence })],
    [publishedFiles.config, `${JSON.stringify(published, null, 2)}\n`],
  ];
}

/** A date and the network's outputs for it, which a reader of the folder can compare. */
async function exampleOf(
  engine: Engine,
  config: TrainConfig,
  tensors: Awaited<ReturnType<typeof loadWeights>>,
): Promise<Published['example']> {
  const asked = dateNetwork(engine, config, tensors);
  try {
    const [outputs] = await asked.outputs([exampleDate(config)]);
    return { date: formatWallClock(exampleDate(config)), outputs: [...outputs!] };
  } finally {
    asked.dispose();
  }
}

const outputsOf = ({ map }: TrainConfig): Published['outputs'] =>
  parameterRanges[map].map(([low, high], i) => ({ name: parameterNames[map][i]!, low, high }));

/** Of init and manifest the names alone: a path says who trained where. */
const withoutPaths = (config: TrainConfig): Record<string, unknown> => {
  const bare = (path: string | null): string | null => path && basename(path);
  return { ...config, init: bare(config.init), manifest: bare(config.manifest) };
};

const exampleDate = ({ extra }: TrainConfig): Metadata => ({
  ...{ year: 2021, month: 3, day: 4, hour: 12, minute: 6, second: 7 },
  ...(extra !== undefined && { extra: unknownExtra }),
});

function examplePicture(config: TrainConfig): Promise<Buffer> {
  const { size } = config;
  const data = drawMetadataImage(exampleDate(config), size, config.encoder);
  return encodePng({ width: size, height: size, channels: 3, depth: 8, data });
}
