/** Another engine for a moment, beside the one that is open: what a receiver without ours would compute. */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type { Engine } from './index.ts';

/** Runs `work` on WebAssembly (same TensorFlow.js, other kernels), then switches back. */
export async function onWasm<T>(engine: Engine, work: (wasm: Engine) => Promise<T>): Promise<T> {
  const { tf } = engine;
  const require = createRequire(import.meta.url);
  const { setWasmPaths } =
    require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  const before = tf.getBackend();
  await tf.setBackend('wasm');
  await tf.ready();
  try {
    return await work({
      name: 'wasm',
      why: 'beside another',
      device: 'CPU',
      version: `tfjs ${tf.version.tfjs}`,
      tf,
      native: null,
    });
  } finally {
    await tf.setBackend(before);
  }
}
