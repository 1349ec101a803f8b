/** Machine, versions and commit behind a result: env.json. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import type { Engine } from './engine.ts';

export type Environment = Readonly<Record<string, string | number | null>>;

/** @param engine left out where none was opened */
export function environment(engine?: Pick<Engine, 'name' | 'version' | 'why' | 'device'>): Environment {
  return {
    node: process.versions.node,
    platform: `${platform()} ${release()} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    engine: engine?.name ?? null,
    engineVersion: engine?.version ?? null,
    device: engine?.device ?? null,
    engineWhy: engine?.why ?? null,
    commit: gitCommit(),
  };
}

/** The top of our own checkout or package. */
const home = resolve(import.meta.dirname, '..', '..');

/** The checkout's commit, `+` behind it where files differ from it; null where this is no checkout of ours. */
function gitCommit(): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', cwd: home, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    if (git('rev-parse', '--show-toplevel') !== home) return null; // an installed copy inside another's checkout
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+');
  } catch {
    return null;
  }
}
