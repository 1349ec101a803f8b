/** The two builds of TensorFlow that the engine is set up from, and where each is kept in the user's cache. */
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../shared/cache.ts';

export type BuildName = 'cpu' | 'cuda';

export interface Build {
  /** Of the wheel in the Python package index. */
  readonly wheel: string;
  readonly version: string;
  /** Platform tags, as pip names them. */
  readonly tags: readonly string[];
  /** What pip fetches, for the user who waits. */
  readonly size: string;
  /** Name in the cache. */
  readonly key: string;
  /** The libraries lie here under the folder; with CUDA as in site-packages, which their own run paths count on. */
  readonly inside: string;
  readonly cuda: boolean;
}

/** 2.13.1: the smallest CPU wheel of those tried (2.13.1, 2.15.1, 2.18.1, 2.21.0), and no slower. */
export const tensorflowVersion = '2.13.1';

/**
 * The first extra `and-cuda` that can be had without TensorRT is that of 2.15.1; 2.18.1 is the last that runs on
 * glibc 2.17 (2.21 wants 2.27), brings CUDA 12.5 with cuDNN 9.3, which know Hopper, and newer cards run its PTX.
 */
export const cudaVersion = '2.18.1';

const cpuWheels: Readonly<Record<string, { wheel: string; tags: readonly string[] } | undefined>> = {
  'linux-x64': { wheel: 'tensorflow-cpu', tags: ['manylinux_2_17_x86_64'] },
  'linux-arm64': { wheel: 'tensorflow-cpu-aws', tags: ['manylinux_2_17_aarch64'] },
};

const target = `${platform()}-${arch()}`;

/** @throws Error where TensorFlow publishes no such wheel */
export function buildOf(name: BuildName): Build {
  const key = cacheKey(name);
  if (name === 'cuda') {
    if (target !== 'linux-x64')
      throw new Error(`TensorFlow publishes no wheel with CUDA for ${platform()} ${arch()}`);
    const tags = ['manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux1_x86_64'];
    const size = '616 MB, and 2 GB of CUDA';
    return { wheel: 'tensorflow', version: cudaVersion, tags, size, key, inside: 'tensorflow', cuda: true };
  }
  const published = cpuWheels[target];
  if (!published) throw new Error(`TensorFlow publishes no wheel for ${platform()} ${arch()}`);
  return { ...published, version: tensorflowVersion, size: '187 MB', key, inside: '', cuda: false };
}

const cacheKey = (name: BuildName): string =>
  name === 'cpu'
    ? `tensorflow-${tensorflowVersion}-tfjs-4.22.0-${target}`
    : `tensorflow-${cudaVersion}-cuda-tfjs-4.22.0-${target}`;

export const engineRoot = (): string => cacheFolder('engine');

/** Where the finished addon is, or would be. */
export const cachedAddon = (name: BuildName): string =>
  join(engineRoot(), cacheKey(name), name === 'cuda' ? 'tensorflow' : '', 'tfjs_binding.node');

/** Why an attempt failed, so that the next command does not try again. */
export const failureFile = (name: BuildName): string => join(engineRoot(), `${cacheKey(name)}.failed.json`);
