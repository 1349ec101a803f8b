/** The builds of TensorFlow that the engine is made from, and where each lies in the user's cache. */
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../shared/cache.ts';
import { cudaWheels, type Pinned, processorWheels, tensorflowVersion } from './pins.ts';

export type BuildName = 'cpu' | 'cuda';

export interface Build {
  readonly name: BuildName;
  /** TensorFlow's first; with CUDA then NVIDIA's. */
  readonly wheels: readonly Pinned[];
  /** Platform tags, as pip names them. */
  readonly tags: readonly string[];
  /** The size of the download, for the user who waits. */
  readonly size: string;
  /** Folder in the cache: `tensorflow/` with the libraries and headers; with CUDA `nvidia/` beside it. */
  readonly key: string;
}

const target = `${platform()}-${arch()}`;

/** @throws Error where TensorFlow publishes no such wheel */
export function buildOf(name: BuildName): Build {
  const key = keyOf(name);
  if (name === 'cuda') {
    if (target !== 'linux-x64')
      throw new Error(`TensorFlow publishes no wheel with CUDA for ${platform()} ${arch()}`);
    const tags = ['manylinux_2_17_x86_64', 'manylinux2014_x86_64', 'manylinux1_x86_64'];
    return { name, wheels: cudaWheels, tags, size: '2.6 GB', key };
  }
  const wheel = processorWheels[target];
  if (!wheel) throw new Error(`TensorFlow publishes no wheel for ${platform()} ${arch()}`);
  const tags = [`manylinux_2_17_${arch() === 'x64' ? 'x86_64' : 'aarch64'}`];
  return { name, wheels: [wheel], tags, size: '230 MB', key };
}

const keyOf = (name: BuildName): string =>
  `tensorflow-${tensorflowVersion}-${target}${name === 'cuda' ? '-cuda' : ''}`;

export const engineRoot = (): string => cacheFolder('engine');

/** Holds the libraries and headers; any version of this package, and any checkout, compiles against them. */
export const libraryFolder = (name: BuildName): string => join(engineRoot(), keyOf(name));
