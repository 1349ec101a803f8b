/** The only door to TensorFlow: which engine runs, and why. One engine serves a process. */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { EngineName } from './names.ts';
import { loadNative, type NativeBackend } from './native.ts';
import { ensureNative } from './setup.ts';

type Tf = typeof import('@tensorflow/tfjs');

export interface Engine {
  readonly name: 'tensorflow' | 'wasm' | 'cpu';
  /** One line: which engine, and why not a better one. */
  readonly why: string;
  /** TensorFlow's version, or TensorFlow.js' for a fallback. */
  readonly version: string;
  readonly tf: Tf;
  /** Runs graphs; null on a fallback. */
  readonly native: NativeBackend | null;
}

let opened: Promise<Engine> | null = null;
let openedAs: EngineName = 'auto';

/**
 * Opens the engine, setting the native one up on first use.
 * @throws InputError if an engine asked for by name cannot be had, or another one is open already
 */
export async function openEngine(wanted: EngineName = 'auto'): Promise<Engine> {
  if (opened && wanted !== openedAs && wanted !== 'auto') {
    const { name } = await opened;
    if (name !== wanted) throw new InputError(`engine ${name} is open in this process, not ${wanted}`);
  }
  if (!opened) {
    openedAs = wanted;
    opened = wanted === 'wasm' || wanted === 'cpu' ? openFallback(wanted, 'asked for') : openBest(wanted);
  }
  return opened;
}

async function openBest(wanted: EngineName): Promise<Engine> {
  const state = await ensureNative();
  if ('addon' in state) return openNative(state.addon);
  const remedy = `mend that, then run: npm run doctor -- --setup`;
  if (wanted === 'tensorflow') throw new InputError(`no native engine: ${state.missing}; ${remedy}`);
  return openFallback('wasm', `no native engine (${state.missing}); ${remedy}`);
}

async function openNative(addon: string): Promise<Engine> {
  const { tf, backend } = loadNative(addon);
  await tf.setBackend('tensorflow');
  const version = backend.binding.TF_Version;
  return { name: 'tensorflow', why: `native TensorFlow ${version}`, version, tf, native: backend };
}

async function openFallback(name: 'wasm' | 'cpu', reason: string): Promise<Engine> {
  const require = createRequire(import.meta.url);
  const tf = quietly(() => require('@tensorflow/tfjs') as Tf);
  if (name === 'wasm') {
    const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  }
  await tf.setBackend(name);
  await tf.ready();
  return { name, why: `${name}: ${reason}`, version: `tfjs ${tf.version.tfjs}`, tf, native: null };
}

/** TensorFlow.js greets on stdout when it first runs in Node without a native engine; stdout is for results. */
function quietly<T>(load: () => T): T {
  const { warn, log } = console;
  console.warn = console.log = () => undefined;
  try {
    return load();
  } finally {
    Object.assign(console, { warn, log });
  }
}
