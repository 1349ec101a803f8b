/** `medchaos/chaos`: the maps. */
export * from './logistic.ts';
export * from './lorenz.ts';
