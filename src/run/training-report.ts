/** The page of a training run, RUN/report.html, from what its folder holds. */
import { join } from 'node:path';
import { parameterNames } from '../cipher/parameters.ts';
import type { EpochRecord } from '../models/fit.ts';
import { runConfig } from '../models/predict.ts';
import { curvesFigure, renderTrainingPage } from '../report/training-page.ts';
import { InputError } from '../shared/errors.ts';
import { writeWhole } from '../shared/files.ts';
import { readMetrics, readRunJson } from './run-folder.ts';
import type { Study } from './study/index.ts';
import { studyLines } from './study/text.ts';

/**
 * @param run folder of a training run
 * @returns path of the page
 * @throws InputError if the folder holds no training, or one without a finished epoch
 */
export async function writeTrainingReport(run: string): Promise<string> {
  const config = await runConfig(run);
  const points = await readMetrics<EpochRecord>(run);
  if (!points[0]?.valR2 || !config.net)
    throw new InputError(`${run} holds no finished epoch of a training; train it first: npm run train`);
  const title = `${config.map} + ${config.net}, target ${config.target}`;
  const study = await readRunJson<Study>(run, 'study.json').catch(() => null);
  const page = renderTrainingPage({
    title: `Training of ${title}`,
    figure: curvesFigure(`Learning curves: ${title}`, points, parameterNames[config.map]),
    findings: study ? studyLines(study) : [],
    config: { ...config },
    environment: await readRunJson<Record<string, unknown>>(run, 'env.json'),
    next: nextCommands(run, config),
  });
  const path = join(run, 'report.html');
  await writeWhole(path, page);
  return path;
}

/** What a trained network is for. */
export const nextCommands = (run: string, { map, net }: { map: string; net: string }): string[] => [
  `npm run encrypt -- IMAGE --scheme paper --map ${map} --net ${net} --model ${run} --recipient PUBLIC.pem`,
  'tensorboard --logdir results/runs',
];
