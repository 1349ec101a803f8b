/** A training on real records: the dates of a manifest in its own splits, towards the targets that it holds. */

import type { Metadata } from '../data/metadata/extra.ts';
import { checkedEncoder } from '../data/pairs/encode.ts';
import type { Manifest, ManifestRow } from '../data/pairs/manifest.ts';
import type { SplitName } from '../data/pairs/split.ts';
import { targetOf } from '../data/pairs/target.ts';
import { InputError } from '../shared/errors.ts';
import { type Dates, targetNameOf } from './batches.ts';
import type { TrainConfig } from './config.ts';

/** Dates of all three splits. */
export interface RecordDates extends Dates {
  readonly test: readonly Metadata[];
}

/**
 * The configuration with the manifest's counts in place of `pairs` and `valPairs`, and with what its images show.
 * @throws InputError for fewer training pairs than a batch, fewer than two for validation (which R2 needs), or
 * targets that are not those of the configuration, or images too small for what they show
 */
export function recordConfig(config: TrainConfig, manifest: Manifest): TrainConfig {
  const count = (split: SplitName): number => manifest.rows.filter((row) => row.split === split).length;
  const [pairs, valPairs] = [count('train'), count('val')];
  const refuse = (what: string): never => {
    throw new InputError(`${manifest.path}: ${what}`);
  };
  if (pairs < config.batch)
    refuse(
      `expected at least one batch of ${config.batch} pairs in split train, got ${pairs}; give a smaller --batch`,
    );
  if (valPairs < 2)
    refuse(
      `expected at least 2 pairs in split val, got ${valPairs}; give pairs a greater --val-fraction or --count`,
    );
  manifest.rows.forEach((row, i) => {
    if (sameTargets(row, config)) return;
    refuse(
      `row ${i + 2} expected the targets of ${config.target} for ${config.map}, seed ${config.seed}, got others; ` +
        'give --target, --map and --seed as to the command pairs',
    );
  });
  if (manifest.extra === null) return { ...config, pairs, valPairs };
  checkedEncoder(config.encoder, config.size, true);
  return { ...config, pairs, valPairs, extra: manifest.extra.join(',') };
}

/** Exactly: the manifest's numbers are the shortest that read back as the same float64. */
function sameTargets({ when, targets }: ManifestRow, config: TrainConfig): boolean {
  const wanted = targetOf(when, config.map, targetNameOf(config, when), config.seed);
  return wanted.length === targets.length && wanted.every((value, k) => value === targets[k]);
}

/** In the order of the manifest, with what is known of each image where the images show it. */
export function recordDates({ rows, extra }: Manifest): RecordDates {
  const of = (split: SplitName): Metadata[] =>
    rows.filter((row) => row.split === split).map((row) => (extra ? metadataOf(row) : row.when));
  return { train: of('train'), val: of('val'), test: of('test') };
}

const metadataOf = ({ when, modality, patient }: ManifestRow): Metadata => ({
  ...when,
  extra: { modality, patient },
});
