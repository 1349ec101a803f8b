/** WebAssembly beside the open engine: computes the outputs that a receiver without a native engine gets. */
import type { Engine } from './engine.ts';
import { registerWasm } from './tfjs.ts';

/** Runs `work` on WebAssembly (same TensorFlow.js, other kernels), then switches back. */
export async function onWasm<T>(engine: Engine, work: (wasm: Engine) => Promise<T>): Promise<T> {
  const { tf } = engine;
  registerWasm();
  const before = tf.getBackend() || 'wasm';
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
