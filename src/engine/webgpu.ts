/**
 * WebGPU, for graphics cards of any make: TensorFlow.js' backend on Dawn, which the npm package `webgpu` brings.
 * Both packages are optional peers. Tensors can be read asynchronously only.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { platform } from 'node:os';
import { InputError, messageOf } from '../shared/errors.ts';
import { loadQuietly, type Tf } from './tfjs.ts';

/** The parts of WebGPU's interface in use. The types of the two packages clash. */
interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
}
interface Adapter {
  readonly info: {
    readonly vendor: string;
    readonly description: string;
    readonly device: string;
    /** Computes on the processor (SwiftShader, lavapipe, WARP). */
    readonly isFallbackAdapter: boolean;
  };
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(wanted: object): Promise<Device>;
}
interface Refusal {
  readonly error: { readonly message: string };
  preventDefault(): void;
}
interface Device {
  addEventListener(type: 'uncapturederror', hear: (event: Refusal) => void): void;
}

/** A card that WebGPU offers. */
export interface GraphicsCard {
  readonly name: string;
  /** A driver that emulates a card on the processor: slower than the other engines. */
  readonly software: boolean;
  readonly gpu: Gpu;
  readonly adapter: Adapter;
}

const require = createRequire(import.meta.url);
const remedy = 'npm install --ignore-scripts webgpu@0.6.2 @tensorflow/tfjs-backend-webgpu@4.22.0';

/** The card that WebGPU takes, or why there is none, with the remedy. */
export async function findCard(): Promise<GraphicsCard | { readonly missing: string }> {
  const gpu = await loadDawn();
  if ('missing' in gpu) return gpu;
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    return {
      missing:
        'WebGPU finds no graphics card with a driver; on Debian: apt-get install libvulkan1 mesa-vulkan-drivers, ' +
        'or take another --engine',
    };
  const { vendor, description, device, isFallbackAdapter } = adapter.info;
  return { name: description || `${vendor} ${device}`.trim(), software: isFallbackAdapter, gpu, adapter };
}

async function loadDawn(): Promise<Gpu | { readonly missing: string }> {
  try {
    require.resolve('@tensorflow/tfjs-backend-webgpu');
    const dawn = (await import('webgpu' as string)) as { create(flags: string[]): Gpu; globals: object };
    Object.assign(globalThis, dawn.globals); // constants such as GPUBufferUsage, which the backend takes from there
    return dawn.create([]);
  } catch (error) {
    const absent = /^(ERR_)?MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '');
    return absent
      ? {
          missing: `the packages webgpu and @tensorflow/tfjs-backend-webgpu are not installed; run: ${remedy}`,
        }
      : { missing: `the package webgpu does not load: ${messageOf(error)}` };
  }
}

/**
 * Whether to ask WebGPU: on Linux without a card Dawn prints a page of warnings. A driver that the
 * environment names (for the Vulkan loader) counts as one.
 */
export function cardPresent(): boolean {
  if (platform() !== 'linux' || process.env.VK_ICD_FILENAMES || process.env.VK_DRIVER_FILES) return true;
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
}

/** The card for engine `auto`, or why it takes none: a software one is slower than WebAssembly. */
export async function cardForAuto(
  present = cardPresent,
  find = findCard,
): Promise<{ readonly card: GraphicsCard } | { readonly why: string }> {
  if (!present()) return { why: 'no graphics card' };
  const card = await find();
  if ('missing' in card) return { why: card.missing };
  return card.software ? { why: `${card.name} is a software device, which auto never takes` } : { card };
}

/** Limits that the backend needs. A device's defaults are lower than its card's limits. */
const limits = [
  ...['maxBufferSize', 'maxStorageBufferBindingSize', 'maxComputeWorkgroupStorageSize'],
  ...['maxComputeWorkgroupsPerDimension', 'maxComputeWorkgroupSizeX', 'maxComputeInvocationsPerWorkgroup'],
];

/**
 * Makes the card TensorFlow.js' backend `webgpu`.
 * @returns `fault`: the first thing that the card refused, once: its results are zeros then, and nothing throws
 * @throws InputError if it gives no device
 */
export async function openCard(card: GraphicsCard): Promise<{ tf: Tf; fault: () => string | null }> {
  const tf = loadQuietly();
  const { WebGPUBackend } = require('@tensorflow/tfjs-backend-webgpu');
  const { adapter, gpu, name } = card;
  const requiredLimits = Object.fromEntries(limits.map((limit) => [limit, adapter.limits[limit]!]));
  const device = await adapter.requestDevice({ requiredLimits }).catch((error) => {
    throw new InputError(`${name} gives no WebGPU device: ${messageOf(error)}; take another --engine`);
  });
  let refused: string | null = null;
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault(); // else Dawn prints it, and every error that follows
    refused ??= event.error.message.split('\n')[0]!;
  });
  tf.registerBackend('webgpu', () => asInBrowser(gpu, () => new WebGPUBackend(device, adapter.info)), 3);
  await tf.setBackend('webgpu');
  const fault = (): string | null => {
    const said = refused;
    refused = null;
    return said;
  };
  return { tf, fault };
}

/** The backend looks for `navigator.gpu` as it is made. Left there, programs would take Node for a browser. */
function asInBrowser<T>(gpu: Gpu, work: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
  try {
    return work();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}
