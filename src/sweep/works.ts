/** The works by name. A new one is a file in works/ and a line here; a module of the user's own needs no line. */
import { isAbsolute } from 'node:path';
import { InputError, messageOf } from '../shared/errors.ts';
import { defaultExportOf } from '../shared/user-module.ts';
import type { Work } from './work.ts';

const works: Readonly<Record<string, () => Promise<Work>>> = {
  ablation: async () => (await import('./works/ablation.ts')).default,
  'baseline-row': async () => (await import('./works/baseline-row.ts')).default,
  'date-search': async () => (await import('./works/date-search.ts')).default,
  'encrypt-folder': async () => (await import('./works/encrypt-folder.ts')).default,
  keystream: async () => (await import('./works/keystream.ts')).default,
  nist: async () => (await import('./works/nist.ts')).default,
  train: async () => (await import('./works/train.ts')).default,
};

export const workNames = Object.keys(works);

/**
 * @param name of this list, or the absolute path of a module
 * @throws InputError if there is none
 */
export async function loadWork(name: string): Promise<Work> {
  const known = Object.hasOwn(works, name) ? works[name] : undefined;
  if (known) return known();
  if (!isAbsolute(name))
    throw new InputError(
      `"work" expected ${workNames.join(', ')} or a module ./work.ts beside the sweep, got ${name}`,
    );
  const given = (await defaultExportOf(name).catch((error) => {
    throw new InputError(`cannot load work ${name}: ${messageOf(error)}`);
  })) as Partial<Work> | undefined;
  if (typeof given?.run === 'function' && typeof given.defaults === 'object') return given as Work;
  throw new InputError(`work ${name} expected a default export with defaults and run`);
}
