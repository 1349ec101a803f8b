/** Sets the engine with CUDA up from the wheels that PINS names, and prints the folders and what its addon says. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildOf } from '../../src/engine/builds.ts';
import { addPtxas } from '../../src/engine/cuda.ts';
import { ensureNative } from '../../src/engine/setup.ts';

const build = { ...buildOf('cuda'), wheels: JSON.parse(process.env.PINS!) };
const state = await ensureNative(process.argv[2] === 'again', 'cuda', build);
let sum: number | null = null;
if ('addons' in state) {
  addPtxas(state.library);
  sum = createRequire(import.meta.url)(join(state.addons, 'runner.node')).sum;
}
process.stdout.write(JSON.stringify({ ...state, sum, path: process.env.PATH }));
