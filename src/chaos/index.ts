/** `medchaos/chaos`: the maps and their diagnostics. */

export { InputError } from '../shared/errors.ts';
export type { Random } from '../shared/random.ts';
export type { MapParams } from '../shared/types.ts';
export * from './chen.ts';
export * from './cycle.ts';
export * from './henon.ts';
export * from './lasm.ts';
export * from './logistic.ts';
export * from './lorenz.ts';
export { lorenzIterates, lorenzOrbit, lorenzSamples } from './lorenz-fast.ts';
export * from './lts.ts';
export * from './lu.ts';
export * from './map.ts';
export * from './maps.ts';
export * from './permutation-entropy.ts';
export * from './precision.ts';
export * from './sine.ts';
export * from './spectrum.ts';
export * from './tent.ts';
export * from './tss.ts';
export * from './unified.ts';
export * from './zero-one.ts';
