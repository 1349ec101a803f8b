/** Experiment files: TypeScript modules whose default export is one typed object. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, messageOf } from '../src/shared/errors.ts';

/** The default export of an experiment file. @throws InputError if it does not load or is no object */
export async function experimentIn<Experiment extends object>(path: string): Promise<Experiment> {
  try {
    const module = (await import(pathToFileURL(resolve(path)).href)) as { default?: Experiment };
    if (typeof module.default === 'object') return module.default;
  } catch (error) {
    throw new InputError(
      `cannot load experiment ${path}: ${messageOf(error)}; see experiments/ for examples`,
    );
  }
  throw new InputError(`experiment ${path} has no default export; see experiments/ for examples`);
}
