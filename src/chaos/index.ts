/** `medchaos/chaos`: the maps. */
export * from './cycle.ts';
export * from './lasm.ts';
export * from './logistic.ts';
export * from './lorenz.ts';
export * from './lyapunov.ts';
