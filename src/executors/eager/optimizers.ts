/** The optimisers on plain arrays, by name. */
import type { OptimizerConfig, OptimizerName } from '../../models/optimizer.ts';
import { adamStep } from './adam.ts';
import { adamwStep } from './adamw.ts';
import { sgdStep } from './sgd.ts';

/** One step of one tensor: `value` and `slots` (in the order of `slotsOf`) change. `step` counts from 1. */
export type StepUpdate = (
  value: Float32Array,
  gradient: Float32Array,
  slots: readonly Float32Array[],
  options: OptimizerConfig,
  rate: number,
  step: number,
) => void;

export const stepUpdates: Readonly<Record<OptimizerName, StepUpdate>> = {
  adam: adamStep,
  adamw: adamwStep,
  sgd: sgdStep,
};
