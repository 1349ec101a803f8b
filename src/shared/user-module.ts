/** Modules of the user's own: experiments, sweeps, works. In TypeScript or JavaScript, ESM or CommonJS. */
import { pathToFileURL } from 'node:url';
import { messageOf } from './errors.ts';

const fromSource = import.meta.url.endsWith('.ts');

/** The default export; undefined if there is none. */
export async function defaultExportOf(path: string): Promise<unknown> {
  const { default: given } = await loaded(pathToFileURL(path).href);
  return isCompiled(given) ? given.default : given;
}

interface Module {
  readonly default?: unknown;
}

/** `export default` compiled to CommonJS: `module.exports.default`. */
const isCompiled = (given: unknown): given is Module =>
  typeof given === 'object' && given !== null && '__esModule' in given && 'default' in given;

/**
 * The compiled package runs without tsx, and Node strips no types within node_modules. In a checkout tsx is at work
 * already. It refuses a .ts file on Node 20 that counts as CommonJS, because its package.json has no `"type": "module"`.
 */
async function loaded(url: string): Promise<Module> {
  const typed = /\.[cm]?tsx?$/.test(url);
  if (typed && !fromSource) return byTsx(url);
  try {
    return await import(url);
  } catch (error) {
    if (!typed || !/in a cycle/.test(messageOf(error))) throw error;
    return byTsx(url);
  }
}

async function byTsx(url: string): Promise<Module> {
  const { tsImport } = await import('tsx/esm/api');
  return tsImport(url, import.meta.url) as Promise<Module>;
}
