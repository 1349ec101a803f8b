/** A published network: one folder with weights, what they need to be used, and a card. This file has its names and its config.json. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { networkNames } from '../../models/networks.ts';
import { parsed } from '../../runs/run-files.ts';
import { InputError } from '../../shared/errors.ts';
import { checked, type Of, oneOf, z } from '../../shared/schema.ts';

export const publishedFiles = {
  weights: 'model.safetensors',
  config: 'config.json',
  card: 'README.md',
  /** A picture whose outputs config.json has. */
  example: 'example.png',
  /** The network for TensorFlow.js. */
  layers: 'model.json',
  layersWeights: 'weights.bin',
} as const;

const outputSchema = z.object({
  name: z.string(),
  /** Output 0 stands for `low`, 1 for `high`. */
  low: z.number(),
  high: z.number(),
});

const schema = z.object({
  format: z.literal('medchaos-network', 'medchaos-network'),
  version: z.literal(1, '1'),
  /** The run that learned it. */
  run: z.string(),
  net: oneOf(networkNames),
  torchvision: z.string(),
  size: z.number(),
  activation: z.string(),
  outputs: z.array(outputSchema).min(1),
  example: z.object({ date: z.string(), outputs: z.array(z.number()) }),
  /** The options of the training. */
  training: z.record(z.string(), z.unknown()),
  /** Of the run: metrics.jsonl, and study.json if there is one. */
  epochs: z.array(z.record(z.string(), z.unknown())),
  study: z.record(z.string(), z.unknown()).nullable(),
  /** SHA-256 of the weights. */
  sha256: z.string(),
});
export type Published = Of<typeof schema>;

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The config.json of a published folder, unchecked; null if the folder has none of this program. */
async function configIn(folder: string): Promise<Published | null> {
  const text = await readFile(join(folder, publishedFiles.config), 'utf8').catch(() => '');
  const given = parsed<Published>(text);
  return given?.format === 'medchaos-network' ? given : null;
}

export const isPublished = async (folder: string): Promise<boolean> => (await configIn(folder)) !== null;

/**
 * The config.json and the weights of a published folder.
 * @throws InputError if it is none, or its weights are not those that were published
 */
export async function readPublished(folder: string): Promise<{ published: Published; weights: Buffer }> {
  const given = await configIn(folder);
  if (given === null)
    throw new InputError(
      `${folder} holds no published network: its config.json is missing, damaged or of another program; ` +
        'give a folder that weights publish made, or a .safetensors file',
    );
  const published = checked(schema, given, join(folder, publishedFiles.config));
  const path = join(folder, publishedFiles.weights);
  const weights = await readFile(path).catch(() => null);
  if (weights === null) throw new InputError(`${path} is missing; fetch the folder again`);
  if (sha256Of(weights) !== published.sha256)
    throw new InputError(
      `${path} is not the file that was published: its SHA-256 differs from the one in config.json; fetch the folder again`,
    );
  return { published, weights };
}
