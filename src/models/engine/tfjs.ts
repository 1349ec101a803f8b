/** TensorFlow.js itself, loaded when an engine needs it. */
import { createRequire } from 'node:module';

export type Tf = typeof import('@tensorflow/tfjs');

const require = createRequire(import.meta.url);

/** TensorFlow.js greets on stdout when it first runs in Node without a native engine; stdout is for results. */
export function loadQuietly(): Tf {
  const { warn, log } = console;
  console.warn = console.log = () => undefined;
  try {
    return require('@tensorflow/tfjs') as Tf;
  } finally {
    Object.assign(console, { warn, log });
  }
}
