/** How large a reproduction is. The two profiles live in experiments/. */

import { InputError } from '../shared/errors.ts';
import type { NetName } from '../shared/types.ts';
import { type TrainConfig, trainConfig } from '../training/config.ts';

/** Training options that a profile may set. */
type Training = Partial<Omit<TrainConfig, 'net' | 'map' | 'seed'>>;

export interface Profile {
  readonly name: string;
  /** For all four networks, and what differs between the nets. */
  readonly train: Training;
  readonly nets: Readonly<Record<NetName, Training>>;
  /** Laid over both where no native engine runs; must set `maxSeconds`. */
  readonly fallback: Training & { readonly maxSeconds: number };
  /** Timed repeats of each method and size for Table 2; the median is shown. */
  readonly timingRepeats: number;
  /** Factor on the sides of all pictures; 1 but for tests. */
  readonly imageScale?: number;
}

const keys = ['name', 'train', 'nets', 'fallback', 'timingRepeats', 'imageScale'];

/**
 * A profile of the user's own.
 * @param path what errors call it
 * @throws InputError naming the first value that is missing, wrong or unknown
 */
export function checkedProfile(profile: Profile, path: string): Profile {
  const expect = (what: string, holds: unknown): void => {
    if (!holds) throw new InputError(`profile ${path} expected ${what}; see experiments/reproduce-quick.ts`);
  };
  const { name, train, nets, fallback, timingRepeats, imageScale = 1 } = profile;
  const unknown = Object.keys(profile).find((key) => !keys.includes(key));
  expect(`only ${keys.join(', ')}, got ${unknown}`, unknown === undefined);
  expect('a name of letters, digits and dashes', typeof name === 'string' && /^[\w-]+$/.test(name));
  expect('"train" and "nets" with resnet18 and mobilenetv2', train && nets?.resnet18 && nets?.mobilenetv2);
  expect('"fallback" with maxSeconds', typeof fallback?.maxSeconds === 'number');
  expect('"timingRepeats" from 1', Number.isSafeInteger(timingRepeats) && timingRepeats >= 1);
  expect('"imageScale" in (0, 1]', imageScale > 0 && imageScale <= 1);
  for (const net of ['resnet18', 'mobilenetv2'] as const)
    for (const smaller of [{}, fallback]) trainConfig({ ...train, ...nets[net], ...smaller, net });
  return profile;
}
