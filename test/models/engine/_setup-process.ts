/** Sets the engine with CUDA up, in the environment that cuda.test.ts gives, and prints what came of it. */
import { createRequire } from 'node:module';
import { addPtxas } from '../../../src/models/engine/cuda.ts';
import { ensureNative } from '../../../src/models/engine/setup.ts';

const state = await ensureNative(false, 'cuda');
let sum: number | null = null;
if ('addon' in state) {
  addPtxas(state.addon);
  sum = createRequire(import.meta.url)(state.addon).sum;
}
process.stdout.write(JSON.stringify({ ...state, sum, path: process.env.PATH }));
