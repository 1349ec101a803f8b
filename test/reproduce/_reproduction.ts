/** A reproduction small enough for a test: the quick profile with tiny networks and pictures. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import quick from '../../experiments/reproduce-quick.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Profile } from '../../src/reproduce/profile.ts';
import { type ReproduceOptions, reproduce } from '../../src/reproduce/reproduce.ts';

export const tinyProfile: Profile = {
  ...quick,
  train: { ...quick.train, batch: 8, valPairs: 8 },
  nets: { resnet18: { pairs: 16, epochs: 1 }, mobilenetv2: { pairs: 16, epochs: 1 } },
  fallback: { batch: 4, valPairs: 4, maxSeconds: 1 },
  timingRepeats: 1,
  imageScale: 0.08,
};

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'medchaos-reproduce-'));

export function reproduceTiny(root: string, engine: Engine, changes: Partial<ReproduceOptions> = {}) {
  const options = {
    profile: tinyProfile,
    preset: 'paper',
    channels: 'rgb',
    seed: 1,
    command: 'test',
  } as const;
  return reproduce({ ...options, out: join(root, 'out'), runs: join(root, 'runs'), ...changes }, engine);
}
