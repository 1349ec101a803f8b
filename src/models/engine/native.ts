/** Loads the addon and registers it as TensorFlow.js' backend `tensorflow`. */
import { createRequire } from 'node:module';
import { InputError, messageOf } from '../../shared/errors.ts';
import { addPtxas } from './cuda.ts';
import type { Tf } from './tfjs.ts';

type Tensor = import('@tensorflow/tfjs').Tensor;

/** A tensor as the addon describes it. */
export interface TensorMeta {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The part of the addon that runs graphs (`tfjs_binding.cc`). */
export interface NativeBinding {
  readonly TF_Version: string;
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(session: number): void;
  /** Names are comma-separated `name:output`; feeds and fetches in their order. */
  runSavedModel(session: number, inputIds: number[], inputs: string, outputs: string): TensorMeta[];
}

/** The kernel backend of tfjs-node, as far as we use it. */
export interface NativeBackend {
  readonly binding: NativeBinding;
  /** TensorFlow found a graphics card, and places on it what it can. */
  readonly isUsingGpuDevice: boolean;
  getInputTensorIds(tensors: Tensor[]): number[];
  createOutputTensor(meta: TensorMeta): Tensor;
}

const require = createRequire(import.meta.url);

/** Node 23 dropped two functions that tfjs-node 4.22 calls. */
function restoreUtil(): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}

/** @throws InputError if the addon does not load (another libc, a damaged cache) */
export function loadNative(addon: string): { tf: Tf; backend: NativeBackend } {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // before libtensorflow loads, or it prints its log lines
  restoreUtil();
  addPtxas(addon);
  const tf = require('@tensorflow/tfjs') as Tf;
  const inside = '@tensorflow/tfjs-node-gpu/dist';
  try {
    const binding = require(addon) as NativeBinding;
    const { NodeJSKernelBackend } = require(`${inside}/nodejs_kernel_backend`);
    require(`${inside}/register_all_kernels`);
    const backend = new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu');
    tf.registerBackend('tensorflow', () => backend, 3);
    return { tf, backend };
  } catch (error) {
    throw new InputError(
      `the native engine ${addon} does not load: ${messageOf(error)}; delete its folder and run: npm run doctor -- --setup`,
    );
  }
}
