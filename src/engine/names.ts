/** Engines and devices by name, apart from the code that loads them, so that `--help` loads no TensorFlow. */
import { InputError } from '../shared/errors.ts';

export const engineNames = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];

/** What an engine computes on: `auto` takes a graphics card where the engine can use one. */
export type DeviceName = 'auto' | 'cpu' | 'gpu' | `gpu:${number}`;

/** @throws InputError for anything but auto, cpu, gpu, gpu:N */
export function deviceName(text: string): DeviceName {
  if (/^(auto|cpu|gpu|gpu:\d{1,2})$/.test(text)) return text as DeviceName;
  throw new InputError(
    `--device expected auto, cpu, gpu or gpu:N (N from 0, as nvidia-smi counts), got ${text}`,
  );
}

/** How activations lie in a card's memory: as TensorFlow chooses, or channels last. */
export const layouts = ['auto', 'nhwc'] as const;
