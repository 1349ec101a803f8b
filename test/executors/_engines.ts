/** Engines for tests: all of one process, switched one to another. */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { type Engine, openEngine } from '../../src/engine/engine.ts';

export { relativeError } from './_relative-error.ts';

const require = createRequire(import.meta.url);

/** The engine that `auto` opens; tests of the graph path are skipped where it is not native. */
export const engine = await openEngine();

/** Why tests that need the native engine cannot run, or null. */
export const notNative = engine.native ? null : `no native engine: ${engine.why}`;

/** Runs `work` with tfjs operations on another backend of the same TensorFlow.js. */
export async function onBackend<T>(
  name: 'wasm' | 'cpu',
  work: (fallback: Engine) => T | Promise<T>,
): Promise<T> {
  const { tf } = engine;
  if (name === 'wasm') {
    const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  }
  const before = tf.getBackend();
  await tf.setBackend(name);
  await tf.ready();
  try {
    return await work({ name, why: 'test', device: 'CPU', version: tf.version.tfjs, tf, native: null });
  } finally {
    await tf.setBackend(before);
  }
}
