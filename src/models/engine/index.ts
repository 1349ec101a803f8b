/** The only door to TensorFlow: which engine runs, on what, and why. One engine serves a process. */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { DeviceName, EngineName } from './names.ts';
import { loadNative, type NativeBackend } from './native.ts';
import { setCudaEnvironment, wantedCard } from './nvidia.ts';
import { ensureNative } from './setup.ts';
import { loadQuietly, type Tf } from './tfjs.ts';
import { cardForAuto, findCard, type GraphicsCard, openCard } from './webgpu.ts';

export interface Engine {
  readonly name: 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
  /** One line: which engine, and why not a better one. */
  readonly why: string;
  /** What computes: `CPU`, or the name of a graphics card. */
  readonly device: string;
  /** TensorFlow's version, or TensorFlow.js' for a fallback. */
  readonly version: string;
  readonly tf: Tf;
  /** Runs graphs; null on a fallback. */
  readonly native: NativeBackend | null;
  /** Of webgpu: what the card refused since this was last asked. Results are worth nothing then. */
  readonly fault?: () => string | null;
}

let opened: Promise<Engine> | null = null;
let openedAs: EngineName = 'auto';

/**
 * Opens the engine, setting the native one up on first use.
 * @param device what it is to compute on; only the first call of a process decides
 * @throws InputError if an engine or device asked for by name cannot be had, or another engine is open already
 */
export async function openEngine(wanted: EngineName = 'auto', device: DeviceName = 'auto'): Promise<Engine> {
  if (opened && wanted !== openedAs && wanted !== 'auto') {
    const { name } = await opened;
    if (name !== wanted) throw new InputError(`engine ${name} is open in this process, not ${wanted}`);
  }
  if (!opened) {
    openedAs = wanted;
    opened = open(wanted, device);
  }
  return opened;
}

async function open(wanted: EngineName, device: DeviceName): Promise<Engine> {
  if (wanted === 'webgpu') return openWebGpu(device);
  if (wanted !== 'wasm' && wanted !== 'cpu') return openBest(wanted, device);
  if (device.startsWith('gpu'))
    throw new InputError(
      `engine ${wanted} computes on the processor; for --device ${device} take --engine auto`,
    );
  return openFallback(wanted, 'asked for');
}

const setupRemedy = 'mend that, then run: npm run doctor -- --setup';

async function openBest(wanted: 'auto' | 'tensorflow', device: DeviceName): Promise<Engine> {
  if (wanted === 'auto' && device === 'gpu') {
    const found = await cardForAuto();
    if ('card' in found && !isNvidia(found.card)) return openWith(found.card, 'asked for by --device gpu');
  }
  const card = wantedCard(device);
  const cuda = card === null ? null : await ensureNative(false, 'cuda');
  if (cuda && 'missing' in cuda && device !== 'auto')
    throw new InputError(`no native engine with CUDA: ${cuda.missing}; ${setupRemedy}, or take --device cpu`);
  setCudaEnvironment(device, card);
  if (cuda && 'addon' in cuda) return openNative(cuda.addon, device, card);
  const beside = cuda ? `; ${card} is not used: ${cuda.missing}; ${setupRemedy}` : '';
  const state = await ensureNative();
  if ('addon' in state) return openNative(state.addon, device, null, beside);
  if (wanted === 'tensorflow') throw new InputError(`no native engine: ${state.missing}; ${setupRemedy}`);
  const reason = `no native engine (${state.missing}); ${setupRemedy}`;
  const found = device === 'cpu' ? { why: '' } : await cardForAuto();
  return 'card' in found ? openWith(found.card, reason) : openFallback('wasm', reason);
}

const isNvidia = ({ name }: GraphicsCard): boolean => /nvidia/i.test(name);

/** @param beside what the line `why` adds */
async function openNative(
  addon: string,
  device: DeviceName,
  card: string | null,
  beside = '',
): Promise<Engine> {
  const { tf, backend } = loadNative(addon);
  await tf.setBackend('tensorflow');
  const version = backend.binding.TF_Version;
  const used = card !== null && backend.isUsingGpuDevice;
  const idle = `${card} is not used: TensorFlow finds it not, or its driver too old for CUDA 12.5 (see nvidia-smi)`;
  if (card !== null && !used && device !== 'auto') throw new InputError(`--device ${device}: ${idle}`);
  const on = used ? ` on ${card}` : card === null ? beside : `; ${idle}`;
  const why = `native TensorFlow ${version}${on}`;
  return { name: 'tensorflow', why, device: used ? card : 'CPU', version, tf, native: backend };
}

/** @throws InputError where there is no card, or the device asked for is not what WebGPU takes */
async function openWebGpu(device: DeviceName): Promise<Engine> {
  if (device !== 'auto' && device !== 'gpu')
    throw new InputError(
      `engine webgpu computes on the graphics card that its driver names first, not on --device ${device}; ` +
        'leave --device out, or take another --engine',
    );
  const card = await findCard();
  if ('missing' in card) throw new InputError(`no engine webgpu: ${card.missing}`);
  return openWith(card, 'asked for');
}

async function openWith(card: GraphicsCard, reason: string): Promise<Engine> {
  const { tf, fault } = await openCard(card);
  const { name: device, software } = card;
  const why = `webgpu on ${device}${software ? ' (software: the processor computes)' : ''}: ${reason}`;
  return { name: 'webgpu', why, device, version: `tfjs ${tf.version.tfjs}`, tf, native: null, fault };
}

async function openFallback(name: 'wasm' | 'cpu', reason: string): Promise<Engine> {
  const require = createRequire(import.meta.url);
  const tf = loadQuietly();
  if (name === 'wasm') {
    const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  }
  await tf.setBackend(name);
  await tf.ready();
  const version = `tfjs ${tf.version.tfjs}`;
  return { name, why: `${name}: ${reason}`, device: 'CPU', version, tf, native: null };
}
