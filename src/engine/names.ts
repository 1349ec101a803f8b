/** Engines and devices by name, apart from the code that loads them, so that `--help` loads no TensorFlow. */
import { z } from '../shared/schema.ts';

export const engineNames = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];

/** What an engine computes on: `auto` takes a graphics card where the engine can use one. */
export type DeviceName = 'auto' | 'cpu' | 'gpu' | `gpu:${number}`;

export const deviceSchema = z.custom<DeviceName>(
  (value) => typeof value === 'string' && /^(auto|cpu|gpu|gpu:\d{1,2})$/.test(value),
  'auto, cpu, gpu or gpu:N (N from 0, as nvidia-smi counts)',
);

/** How activations lie in a card's memory: as TensorFlow chooses, or channels last. */
export const layouts = ['auto', 'nhwc'] as const;
