/** A training on dates: synthetic ones, or those of a manifest. */
import { createHash } from 'node:crypto';
import { parameterNames } from '../cipher/parameters.ts';
import { type Manifest, readManifest } from '../data/pairs/manifest.ts';
import { runFile } from '../runs/run-files.ts';
import { readInput, writeWhole } from '../shared/files.ts';
import { type Dates, inputOf, stepDates, trainingDates } from './batches.ts';
import { BatchesAhead, codedBatches, drawnBatches } from './batches-ahead.ts';
import type { TrainConfig } from './config.ts';
import { physicalErrors } from './errors.ts';
import { validate } from './evaluate.ts';
import type { Lesson, Material } from './lesson.ts';
import { writePredictions } from './predictions.ts';
import { recordConfig, recordDates } from './records.ts';
import { trainingName } from './trained.ts';

/** The run's own copy of the manifest, by which it is studied and resumed wherever the first one has gone. */
export const manifestFile = (run: string): string => runFile(run, 'pairs');

/** @throws InputError if the manifest cannot be read, or is not for this training */
export async function dateLesson(given: TrainConfig): Promise<Lesson> {
  const manifest = given.manifest === null ? null : await readManifest(given.manifest);
  const config = manifest === null ? given : recordConfig(given, manifest);
  return {
    config,
    saved: { ...config, ...(manifest && { manifestSha256: manifest.sha256 }) },
    name: trainingName(config),
    title: `${config.map} + ${config.net}`,
    outputs: parameterNames[config.map],
    input: inputOf(config),
    loss: 'sigmoid',
    lines: manifest ? [countsLine(config, manifest)] : [],
    write: async (run) => {
      if (manifest) await writeWhole(manifestFile(run), manifest.bytes);
    },
    material: () => dateMaterial(config, manifest ? recordDates(manifest) : trainingDates(config)),
    errors: (mae) => physicalErrors(config, mae),
  };
}

export function dateMaterial(config: TrainConfig, dates: Dates): Material {
  const datesAt = stepDates(config, dates);
  return {
    batches: ({ drawsItself }, total, workers) =>
      drawsItself
        ? codedBatches(config, datesAt)
        : new BatchesAhead(drawnBatches(config, datesAt), total, workers),
    validate: (model) => validate(model, config, dates.val),
    keep: (run, epoch, rows) => writePredictions(run, epoch, dates.val, rows),
  };
}

/** `pairs: 164 to train, 21 to validate, 21 to test, of pairs.csv`. */
function countsLine({ pairs, valPairs }: TrainConfig, { rows, path }: Manifest): string {
  const test = rows.length - pairs - valPairs;
  return `pairs: ${pairs} to train, ${valPairs} to validate, ${test} to test, of ${path}`;
}

/** SHA-256 of a file that the user named. */
export const hashOfFile = async (path: string, what: string): Promise<string> =>
  createHash('sha256')
    .update(await readInput(path, what))
    .digest('hex');
