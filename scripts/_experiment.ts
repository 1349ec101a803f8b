/** Experiment files: TypeScript modules whose default export is one typed object. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, messageOf } from '../src/shared/errors.ts';

/** The default export of an experiment file. @throws InputError if it does not load or is no object */
export async function experimentIn<Experiment extends object>(path: string): Promise<Experiment> {
  try {
    const module = await imported<Experiment>(pathToFileURL(resolve(path)).href);
    if (typeof module.default === 'object') return module.default;
  } catch (error) {
    throw new InputError(
      `cannot load experiment ${path}: ${messageOf(error)}; see experiments/ for examples`,
    );
  }
  throw new InputError(`experiment ${path} has no default export; see experiments/ for examples`);
}

/**
 * Beside a package.json without `"type": "module"`, or none, a .ts file counts as CommonJS, which Node 20 does not load
 * from here: tsx then loads it by itself, and its exports are those of `module.exports`.
 */
async function imported<Experiment>(url: string): Promise<{ default?: Experiment }> {
  try {
    return await import(url);
  } catch (error) {
    if (!url.endsWith('.ts') || !/in a cycle/.test(messageOf(error))) throw error;
    const { tsImport } = await import('tsx/esm/api');
    return ((await tsImport(url, import.meta.url)) as { default: { default?: Experiment } }).default;
  }
}
