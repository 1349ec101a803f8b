/**
 * An ablation of the paper's scheme: where the chaotic parameters come from (a trained network, an untrained one, no
 * network) and how the map becomes a key, judged by key uniqueness, NIST's tests, statistics of the cipher image,
 * attacks and time. Everything is measured on generated pictures, so that a cell needs no data.
 */
import { rm } from 'node:fs/promises';
import { syntheticDates } from '../../data/pairs/dates.ts';
import { runFile } from '../../runs/run-files.ts';
import { fromSeconds, toSeconds, type WallClock } from '../../shared/datetime.ts';
import { asWork, type Measures } from '../work.ts';
import { judgeAttacks } from './_attacks.ts';
import { type AblationConfig, checkAblation, defaults, schemeOf } from './_config.ts';
import { judgeCipher, judgeKeys, judgeNist } from './_judges.ts';
import { parametersOf } from './_parameters.ts';

export type { AblationConfig } from './_config.ts';

/** The second that consecutive seconds begin with. */
const first = toSeconds({ year: 2023, month: 3, day: 4, hour: 13, minute: 0, second: 0 });

async function run(config: AblationConfig, folder: string): Promise<Measures> {
  const options = schemeOf(config);
  const random = syntheticDates(config.dates, config.seed, 'ablation');
  const near: WallClock[] = Array.from({ length: config.dates }, (_, k) => fromSeconds(first + k));
  const network = runFile(folder, 'network');
  const { parameters, training } = await parametersOf(config, [...random, ...near], network);
  const [ofRandom, ofNear] = [parameters.slice(0, config.dates), parameters.slice(config.dates)];
  const measures = {
    ...judgeKeys(config.map, ofRandom, ofNear),
    ...judgeNist(config, ofRandom, options),
    ...judgeCipher(config, ofRandom, options),
    ...judgeAttacks(config, ofNear, options),
    ...training,
  };
  await rm(runFile(network, 'checkpoints'), { recursive: true, force: true }); // 140 MB with its optimiser
  return measures;
}

export default asWork<AblationConfig>({ defaults, check: checkAblation, run });
