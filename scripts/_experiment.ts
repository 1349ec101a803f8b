/** Experiment files: modules whose default export is one typed object. */
import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { InputError, messageOf } from '../src/shared/errors.ts';
import { besidePackage } from '../src/shared/package.ts';
import { defaultExportOf } from '../src/shared/user-module.ts';

/** The default export of an experiment file. @throws InputError if it does not load or is no object */
export async function experimentIn<Experiment extends object>(path: string): Promise<Experiment> {
  const found = experimentPath(path);
  const given = await defaultExportOf(found).catch((error) => {
    throw new InputError(`cannot load experiment ${path}: ${messageOf(error)}; ${examples()}`);
  });
  if (typeof given === 'object' && given !== null) return given as Experiment;
  throw new InputError(`experiment ${path} has no default export; ${examples()}`);
}

/** The absolute path; `experiments/NAME.ts` is the package's own where the working folder has none. */
export const experimentPath = (path: string): string =>
  resolve(!existsSync(path) && /^experiments[/\\][\w-]+\.ts$/.test(path) ? besidePackage(path) : path);

const examples = (): string =>
  `see ${relative('.', dirname(besidePackage('experiments/learn-calendar.ts')))} for examples`;
