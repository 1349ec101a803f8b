/** The maps by name. */
import { InputError } from '../shared/errors.ts';
import { chenMap } from './chen.ts';
import { henonMap } from './henon.ts';
import { lasmMap } from './lasm.ts';
import { logisticMap } from './logistic.ts';
import { lorenzMap } from './lorenz.ts';
import { ltsMap } from './lts.ts';
import { luMap } from './lu.ts';
import type { ChaoticMap } from './map.ts';
import { sineMap } from './sine.ts';
import { tentMap } from './tent.ts';
import { tssMap } from './tss.ts';

/** The paper's two first. */
export const maps: readonly ChaoticMap[] = [
  logisticMap,
  lorenzMap,
  tentMap,
  sineMap,
  henonMap,
  chenMap,
  luMap,
  lasmMap,
  ltsMap,
  tssMap,
];

export const chaoticMapNames: readonly string[] = maps.map(({ name }) => name);

/** @throws InputError for a name that is none, naming all */
export function mapNamed(name: string): ChaoticMap {
  const map = maps.find((one) => one.name === name);
  if (map) return map;
  throw new InputError(`"map" expected one of ${chaoticMapNames.join(', ')}, got ${JSON.stringify(name)}`);
}
