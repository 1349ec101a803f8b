/** `train`: a network learns to tell chaotic parameters from metadata images. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type TrainConfig, trainConfig, trainDefaults } from '../src/models/config.ts';
import { engineNames } from '../src/models/engine/names.ts';
import { InputError, messageOf } from '../src/shared/errors.ts';
import { say } from '../src/shared/progress.ts';
import type { Command } from './_command.ts';

interface Options {
  experiment?: string | undefined;
  engine: (typeof engineNames)[number];
  out?: string | undefined;
  [option: string]: unknown;
}

const describeDefault = (key: keyof TrainConfig): string => `[default: ${trainDefaults[key]}]`;

const command: Command<Options> = {
  command: 'train [experiment]',
  describe: 'train a network from metadata images to chaotic parameters',
  builder: (yargs) =>
    yargs
      .positional('experiment', {
        type: 'string',
        describe: 'an experiment file that sets any of the options below',
      })
      .option('net', { type: 'string', describe: `resnet18 or mobilenetv2 ${describeDefault('net')}` })
      .option('map', { type: 'string', describe: `lorenz or logistic ${describeDefault('map')}` })
      .option('encoder', { type: 'string', describe: `text, fields or bits ${describeDefault('encoder')}` })
      .option('target', { type: 'string', describe: `calendar, hash or random ${describeDefault('target')}` })
      .option('size', {
        type: 'number',
        describe: `side of the metadata image, drawn at this size ${describeDefault('size')}`,
      })
      .option('pairs', { type: 'number', describe: `training pairs ${describeDefault('pairs')}` })
      .option('val-pairs', { type: 'number', describe: `validation pairs ${describeDefault('valPairs')}` })
      .option('epochs', { type: 'number', describe: `passes over the pairs ${describeDefault('epochs')}` })
      .option('batch', { type: 'number', describe: `images a step ${describeDefault('batch')}` })
      .option('lr', { type: 'number', describe: `peak learning rate ${describeDefault('lr')}` })
      .option('warmup', {
        type: 'number',
        describe: `share of steps that warm up ${describeDefault('warmup')}`,
      })
      .option('seed', {
        type: 'number',
        describe: `seed of dates, weights, order and dropout ${describeDefault('seed')}`,
      })
      .option('init', {
        type: 'string',
        describe: "weights to start from, a .safetensors file under torchvision's names",
      })
      .option('max-seconds', {
        type: 'number',
        describe: 'stop after so many seconds of training [default: none]',
      })
      .option('engine', { choices: engineNames, default: 'auto' as const, describe: 'what computes' })
      .option('out', { type: 'string', describe: 'run folder [default: results/runs/<run id>]' }) as never,
  run: async (options) => {
    const {
      net,
      map,
      encoder,
      target,
      size,
      pairs,
      valPairs,
      epochs,
      batch,
      lr,
      warmup,
      seed,
      init,
      maxSeconds,
    } = options;
    const flags = {
      net,
      map,
      encoder,
      target,
      size,
      pairs,
      valPairs,
      epochs,
      batch,
      lr,
      warmup,
      seed,
      init,
      maxSeconds,
    };
    const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
    const config = trainConfig({ ...(await experimentOf(options.experiment)), ...given });
    const { openEngine } = await import('../src/models/engine/index.ts');
    const { train, trainRunPath } = await import('../src/run/train.ts');
    const engine = await openEngine(options.engine);
    say(`engine: ${engine.why}`);
    say(`config: ${JSON.stringify(config)}`);
    const result = await train(config, engine, options.out ?? trainRunPath(config, engine));
    const next = `npm run encrypt -- IMAGE --map ${config.map} --net ${config.net} --model ${result.run} --recipient PUBLIC.pem`;
    const last = result.epochs.at(-1)!;
    const summary = `validation loss ${last.valLoss.toPrecision(4)}, R2 ${last.valR2.map((v) => v.toFixed(4)).join(' ')}`;
    return { json: { ...result, config }, text: `${summary}\nrun: ${result.run}\nnext: ${next}` };
  },
};

/** The default export of an experiment file. @throws InputError if it does not load */
async function experimentOf(path: string | undefined): Promise<Partial<TrainConfig>> {
  if (path === undefined) return {};
  try {
    const module = (await import(pathToFileURL(resolve(path)).href)) as { default?: Partial<TrainConfig> };
    if (typeof module.default === 'object') return module.default;
  } catch (error) {
    throw new InputError(
      `cannot load experiment ${path}: ${messageOf(error)}; see experiments/ for examples`,
    );
  }
  throw new InputError(`experiment ${path} has no default export; see experiments/ for examples`);
}

export default command;
