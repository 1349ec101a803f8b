/** Options of an ablation, with defaults and checks. */
import { logisticMap } from '../../chaos/logistic.ts';
import type { MapName } from '../../chaos/maps.ts';
import { type PaperOptions, type PresetName, presets } from '../../cipher/index.ts';
import { checkOptions } from '../../cipher/options.ts';
import { InputError } from '../../shared/errors.ts';
import { checked, integer, oneOf, z } from '../../shared/schema.ts';
import { trainConfig } from '../../training/config.ts';

export const sourceNames = ['trained', 'untrained', 'exact', 'hash', 'constant'] as const;
export type SourceName = (typeof sourceNames)[number];

export interface AblationConfig {
  /** Where parameters come from; `exact` is a network without error, `hash` SHA-256 of the date, `constant` one key. */
  readonly source: SourceName;
  readonly map: MapName;
  readonly net: string;
  readonly encoder: string;
  readonly target: string;
  /** Of training, as in training/config.ts. */
  readonly size: number;
  readonly pairs: number;
  readonly valPairs: number;
  readonly epochs: number;
  readonly batch: number;
  readonly lr: number;
  /**
   * Where r lies: `paper` (3.57, 4], `high` (3.99, 4], `window-free` as `paper`, but an r whose Lyapunov exponent is
   * not positive moves up by thousandths until it is. The Lorenz system has the paper's boxes only.
   */
  readonly range: string;
  readonly preset: string;
  /** null: the preset's. */
  readonly multiplier: number | null;
  readonly quantiser: string;
  readonly integrator: string;
  readonly burnIn: number | null;
  readonly precision: string;
  readonly colour: string;
  /** Side of the test picture, RGB. */
  readonly image: number;
  /** How many dates keys are compared over: consecutive seconds, and as many random ones. */
  readonly dates: number;
  /** Sequences for NIST, one a date, and their bits. */
  readonly sequences: number;
  readonly bits: number;
  readonly seed: number;
}

const rangeNames = ['paper', 'high', 'window-free'] as const;

export const defaults: AblationConfig = {
  source: 'exact',
  map: 'logistic',
  net: 'mobilenetv2',
  encoder: 'text',
  target: 'calendar',
  size: 64,
  pairs: 1024,
  valPairs: 128,
  epochs: 1,
  batch: 32,
  lr: 1e-3,
  range: 'paper',
  preset: 'paper',
  multiplier: null,
  quantiser: 'integer',
  integrator: 'euler',
  burnIn: null,
  precision: 'float64',
  colour: 'samples',
  image: 128,
  dates: 256,
  sequences: 8,
  bits: 100_000,
  seed: 1,
};

/** The training that a cell asks for, checked. */
export const trainingOf = (c: AblationConfig) =>
  trainConfig({
    net: c.net,
    map: c.map,
    encoder: c.encoder,
    target: c.target,
    size: c.size,
    pairs: c.pairs,
    valPairs: c.valPairs,
    epochs: c.epochs,
    batch: c.batch,
    lr: c.lr,
    seed: c.seed,
  });

/** The scheme's options that a cell asks for. */
export function schemeOf(c: AblationConfig): PaperOptions {
  const preset = presets[c.preset as PresetName];
  const multiplied = c.multiplier === null ? {} : { multipliers: { 8: c.multiplier, 16: c.multiplier } };
  return {
    ...preset,
    burnIn: c.burnIn ?? preset.burnIn,
    colour: c.colour,
    precision: c.precision,
    quantiser: c.quantiser,
    logistic: { ...preset.logistic, ...multiplied },
    lorenz: { ...preset.lorenz, ...multiplied, integrator: c.integrator },
  } as PaperOptions;
}

const schema = z.looseObject({
  source: oneOf(sourceNames),
  range: oneOf(rangeNames),
  preset: oneOf(Object.keys(presets)),
  image: integer(16, 4096),
  dates: integer(2, 100_000),
  sequences: integer(1, 10_000),
  bits: integer(1000, 10_000_000),
});

/** @throws InputError naming the first value that is wrong */
export function checkAblation(config: AblationConfig): void {
  checked(schema, config);
  if (config.map !== logisticMap.name && config.range !== 'paper')
    throw new InputError(`"range" expected paper for the ${config.map} map, got ${config.range}`);
  trainingOf(config);
  checkOptions(schemeOf(config));
}
