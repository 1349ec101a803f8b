/** The error for an archive that is not whole, in our words or a library's. */
import { InputError, messageOf } from '../../../shared/errors.ts';

/** @param reason an error of the library that read it, or a few words */
export function damaged(path: string, kind: '.zip' | '.tar.gz', reason: unknown): InputError {
  if (reason instanceof InputError) return reason;
  // Libraries explain in further sentences what may be the cause; the first one says what is wrong.
  const [what] = messageOf(reason).split('. ');
  return new InputError(`${path}: expected a whole ${kind}, got a damaged one (${what}); get the file again`);
}
