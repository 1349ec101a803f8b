/** The only door to TensorFlow: which engine runs, on what, and why. One engine serves a process. */
import { InputError, messageOf } from '../shared/errors.ts';
import type { DeviceName, EngineName } from './names.ts';
import { setCudaEnvironment, wantedCard } from './nvidia.ts';
import type { SessionOptions } from './proto.ts';
import { loadRunner, type NativeRunner, whyNoCard } from './runner.ts';
import { ensureNative, type Native } from './setup.ts';
import { loadBeside, loadQuietly, registerWasm, type Tf } from './tfjs.ts';
import { cardForAuto, findCard, type GraphicsCard, openCard } from './webgpu.ts';

export interface Engine {
  readonly name: 'tensorflow' | 'webgpu' | 'wasm' | 'cpu';
  /** One line: which engine, and why not a better one. */
  readonly why: string;
  /** What computes: `CPU`, or the name of a graphics card. */
  readonly device: string;
  /** TensorFlow's version, or TensorFlow.js' for a fallback. */
  readonly version: string;
  /** TensorFlow.js; beside a native engine it loads when it is first asked for (0.5 s). */
  readonly tf: Tf;
  /** Runs graphs; null on a fallback. */
  readonly native: NativeRunner | null;
  /** Of webgpu: what the card refused since this was last asked. Results are worth nothing then. */
  readonly fault?: () => string | null;
}

let opened: Promise<Engine> | null = null;
let openedAs: EngineName = 'auto';

/**
 * Opens the engine, setting the native one up on first use.
 * @param device what it is to compute on; only the first call of a process decides
 * @param session how a native engine opens its graphs; likewise
 * @throws InputError if an engine or device asked for by name cannot be had, or another engine is open already
 */
export async function openEngine(
  wanted: EngineName = 'auto',
  device: DeviceName = 'auto',
  session: SessionOptions = {},
): Promise<Engine> {
  if (opened && wanted !== openedAs && wanted !== 'auto') {
    const { name } = await opened;
    if (name !== wanted) throw new InputError(`engine ${name} is open in this process, not ${wanted}`);
  }
  if (!opened) {
    openedAs = wanted;
    opened = open(wanted, device, session);
  }
  return opened;
}

async function open(wanted: EngineName, device: DeviceName, session: SessionOptions): Promise<Engine> {
  if (wanted === 'webgpu') return openWebGpu(device);
  if (wanted !== 'wasm' && wanted !== 'cpu') return openBest(wanted, device, session);
  if (device.startsWith('gpu'))
    throw new InputError(
      `engine ${wanted} computes on the processor; for --device ${device} take --engine auto`,
    );
  return openFallback(wanted, 'asked for');
}

const setupRemedy = 'mend that, then run: npm run doctor -- --setup';

async function openBest(
  wanted: 'auto' | 'tensorflow',
  device: DeviceName,
  session: SessionOptions,
): Promise<Engine> {
  if (wanted === 'auto' && device === 'gpu') {
    const found = await cardForAuto();
    if ('card' in found && !isNvidia(found.card)) return openWith(found.card, 'asked for by --device gpu');
  }
  const card = wantedCard(device);
  const cuda = card === null ? null : await ensureNative(false, 'cuda');
  if (cuda && 'missing' in cuda && device !== 'auto')
    throw new InputError(`no native engine with CUDA: ${cuda.missing}; ${setupRemedy}, or take --device cpu`);
  setCudaEnvironment(device, card);
  if (cuda && 'addons' in cuda) return openNative(cuda, device, card, session);
  const beside = cuda ? `; ${card} is not used: ${cuda.missing}; ${setupRemedy}` : '';
  const state = await ensureNative();
  const reason = 'missing' in state ? state.missing : null;
  if (reason !== null || !('addons' in state)) return openWithout(wanted, device, reason ?? '');
  try {
    return openNative(state, device, null, session, beside);
  } catch (error) {
    return openWithout(wanted, device, messageOf(error));
  }
}

/** The next best engine where the native one cannot be had. @throws InputError where it was asked for by name */
async function openWithout(
  wanted: 'auto' | 'tensorflow',
  device: DeviceName,
  missing: string,
): Promise<Engine> {
  if (wanted === 'tensorflow') throw new InputError(`no native engine: ${missing}; ${setupRemedy}`);
  const reason = `no native engine (${missing}); ${setupRemedy}`;
  const found = device === 'cpu' ? { why: '' } : await cardForAuto();
  return 'card' in found ? openWith(found.card, reason) : openFallback('wasm', reason);
}

const isNvidia = ({ name }: GraphicsCard): boolean => /nvidia/i.test(name);

/** @param beside what the line `why` adds */
function openNative(
  native: Native,
  device: DeviceName,
  card: string | null,
  session: SessionOptions,
  beside = '',
): Engine {
  const runner = loadRunner(native, session);
  const { version } = runner;
  const used = card !== null && runner.usesCard;
  const idle = card === null || used ? '' : `${card} is not used: ${idleReason(native)}`;
  if (idle !== '' && device !== 'auto') throw new InputError(`--device ${device}: ${idle}`);
  const on = used ? ` on ${card}` : card === null ? beside : `; ${idle}`;
  const why = `native TensorFlow ${version}${on}`;
  let tf: Tf | null = null;
  return {
    ...{ name: 'tensorflow', why, device: used ? card : 'CPU', version, native: runner },
    get tf() {
      tf ??= loadBeside(native);
      return tf;
    },
  };
}

const idleReason = (native: Native): string =>
  `${whyNoCard(native) ?? 'TensorFlow does not find it'}; it needs compute capability 6.0 and a driver for CUDA 12.5 ` +
  '(nvidia-smi shows both): update the driver, or take --device cpu';

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
  const tf = loadQuietly();
  if (name === 'wasm') registerWasm();
  await tf.setBackend(name);
  await tf.ready();
  const version = `tfjs ${tf.version.tfjs}`;
  return { name, why: `${name}: ${reason}`, device: 'CPU', version, tf, native: null };
}
