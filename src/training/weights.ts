/** Weights between this toolkit and others: files in, and trained networks out. */
import { basename, join } from 'node:path';
import { openEngine } from '../engine/engine.ts';
import type { Loss } from '../executors/executor.ts';
import { importLines, importWeights } from '../models/import.ts';
import { layersModelFiles } from '../models/layers-model.ts';
import type { Network } from '../models/network.ts';
import { buildNetwork } from '../models/networks.ts';
import type { Tensors } from '../models/parameters.ts';
import { encodeSafetensors } from '../models/safetensors.ts';
import { type Fit, toTorch } from '../models/weights.ts';
import { makeFolder, makeFolderOf, writeWhole } from '../shared/files.ts';
import { refuseExisting } from '../shared/user-files.ts';
import { writeTogether } from '../shared/write-together.ts';
import { loadWeights, trainedFile } from './checkpoint.ts';
import { isPictures, outputsOf, type TrainConfig } from './config.ts';
import { pictureFacts } from './pictures/lesson.ts';
import { readTraining } from './trained.ts';

export interface ImportRequest {
  readonly file: string;
  readonly net: string;
  readonly map: TrainConfig['map'];
  /** Where the tensors that fit are written, under torchvision's names; by default nowhere. */
  readonly out?: string | undefined;
  readonly force: boolean;
}

export interface ImportReport extends Omit<Fit, 'tensors'> {
  readonly taken: number;
  readonly lines: readonly string[];
}

/** Tells how a file fits a network, and brings it into torchvision's names. */
export async function importFile(request: ImportRequest): Promise<ImportReport> {
  const { file, net, map, out, force } = request;
  if (out !== undefined) refuseExisting([out], force);
  const network = buildNetwork(net, outputsOf({ map }));
  const fit = await importWeights(file, network);
  if (out !== undefined) await writeTorch(out, network, fit.tensors, { source: basename(file), net });
  const { missing, reshaped, extra } = fit;
  return { taken: fit.tensors.size, missing, reshaped, extra, lines: importLines(fit) };
}

export const exportFormats = ['safetensors', 'tfjs'] as const;

export interface ExportRequest {
  /** A run folder or id. */
  readonly run: string;
  /** The file; for `tfjs` the folder. */
  readonly out: string;
  readonly format: (typeof exportFormats)[number];
  readonly force: boolean;
}

/** @returns the files written */
export async function exportRun({ run: given, out, format, force }: ExportRequest): Promise<string[]> {
  const { run, config } = await readTraining(given);
  const { outputs, activation, about } = await aboutOf(run, config);
  const { size } = config;
  const network = buildNetwork(config.net, outputs);
  const files = format === 'tfjs' ? ['weights.bin', 'model.json'].map((name) => join(out, name)) : [out];
  refuseExisting(files, force);
  const tensors = await loadWeights(trainedFile(run), network);
  if (format === 'safetensors') await writeTorch(out, network, tensors, { ...about, size: String(size) });
  else await writeLayersModel(out, network, tensors, { size, activation, about });
  return files;
}

/** The number of outputs, and what a file says of the network. */
async function aboutOf(run: string, config: TrainConfig) {
  const { net, map, encoder, target, size } = config;
  if (!isPictures(config)) {
    const about = { run: basename(run), net, map, encoder, target, size };
    return { outputs: outputsOf(config), activation: 'sigmoid' as const, about };
  }
  const { task, outputs, scales, normal, resize } = await pictureFacts(run);
  const facts = JSON.stringify({ outputs, scales, normal, resize });
  const about = { run: basename(run), net, size, task, pictures: facts };
  const activation = task === 'classify' ? ('softmax' as const) : ('linear' as const);
  return { outputs: outputs.length, activation, about };
}

async function writeTorch(
  out: string,
  network: Network,
  tensors: Tensors,
  about: Readonly<Record<string, string>>,
): Promise<void> {
  await makeFolderOf(out);
  await writeWhole(out, encodeSafetensors(toTorch(network, tensors), { format: 'pt', ...about }));
}

/** Nothing is computed, so any TensorFlow.js will do. */
async function writeLayersModel(
  out: string,
  network: Network,
  tensors: Tensors,
  { size, activation, about }: { size: number; activation: Loss; about: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { tf } = await openEngine();
  const { json, weights } = await layersModelFiles(tf, network, tensors, size, about, activation);
  await makeFolder(out);
  await writeTogether([
    { path: join(out, 'weights.bin'), data: weights }, // model.json last: it never stands without its weights
    { path: join(out, 'model.json'), data: json },
  ]);
}
