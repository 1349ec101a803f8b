/** TensorFlow.js itself, loaded when an engine needs it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type { Native } from './setup.ts';

export type Tf = typeof import('@tensorflow/tfjs');

const require = createRequire(import.meta.url);

/** TensorFlow.js greets on stdout when it first runs in Node without a native engine; stdout is for results. */
export function loadQuietly(): Tf {
  const { warn, log } = console;
  console.warn = console.log = () => undefined;
  try {
    return require('@tensorflow/tfjs') as Tf;
  } finally {
    Object.assign(console, { warn, log });
  }
}

/** TensorFlow.js whose operations run on a native engine where @tensorflow/tfjs-node-gpu is installed, else on WebAssembly. */
export function loadBeside({ addons }: Native): Tf {
  const tf = loadQuietly();
  const addon = join(addons, 'tfjs_binding.node');
  if (existsSync(addon)) registerNative(tf, addon);
  else registerWasm();
  return tf;
}

/** TensorFlow.js' backend `wasm`, from its package. */
export function registerWasm(): void {
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
}

/** Backend `tensorflow`, above all others: the kernels of tfjs-node on its own addon. */
function registerNative(tf: Tf, addon: string): void {
  restoreUtil();
  const inside = '@tensorflow/tfjs-node-gpu/dist';
  const { NodeJSKernelBackend } = require(`${inside}/nodejs_kernel_backend`);
  require(`${inside}/register_all_kernels`);
  tf.registerBackend(
    'tensorflow',
    () => new NodeJSKernelBackend(require(addon), '@tensorflow/tfjs-node-gpu'),
    3,
  );
  tf.backend(); // opens the backend: before, `getBackend` names none
}

/** Node 23 dropped two functions that tfjs-node 4.22 calls. */
function restoreUtil(): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
