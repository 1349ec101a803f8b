/** The user's cache folder, shared by all checkouts. Everything in it can be made again. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$MEDCHAOS_CACHE`, else `$XDG_CACHE_HOME/medchaos`, else `~/.cache/medchaos`. */
export function cacheFolder(...parts: string[]): string {
  const { MEDCHAOS_CACHE, XDG_CACHE_HOME } = process.env;
  const root = MEDCHAOS_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'medchaos');
  return join(root, ...parts);
}
