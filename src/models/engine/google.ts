/** Google's own prebuilt libtensorflow and addon, by the install script of @tensorflow/tfjs-node-gpu. */
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runProgram } from './run-program.ts';

const require = createRequire(import.meta.url);

const host = (): string =>
  process.env.TFJS_NODE_CDN_STORAGE || process.env.CDN_STORAGE || 'https://storage.googleapis.com/';

const packageFolder = (): string => dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));

/** Where that script puts the addon: inside the package, so npm's own install may have put it there. */
export const googleAddon = (): string => join(packageFolder(), 'lib', 'napi-v8', 'tfjs_binding.node');

/** @throws Error if the host does not answer within 5 s or the script fails */
export async function engineFromGoogle(): Promise<string> {
  await fetch(host(), { method: 'HEAD', signal: AbortSignal.timeout(5000) }).catch(() => {
    throw new Error(`${new URL(host()).host} cannot be reached`);
  });
  await runProgram(process.execPath, ['scripts/install.js', 'gpu', 'download'], packageFolder());
  await access(googleAddon());
  return googleAddon();
}
