/**
 * Kaggle credentials, looked for where Kaggle's own clients look (Kaggle/kaggle-api, Kaggle/kagglehub): the
 * token of KAGGLE_API_TOKEN or `access_token` as Bearer, KAGGLE_USERNAME with KAGGLE_KEY or `kaggle.json` as
 * Basic (RFC 6750, RFC 7617). None is no error: public sets also answer without.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { reasonOf } from '../../shared/files.ts';

export interface Credentials {
  /** `authorization`, or nothing. For Kaggle's own host only. */
  readonly headers: Readonly<Record<string, string>>;
  /** The variable or file they come from; null: none found. */
  readonly from: string | null;
}

/**
 * The first of KAGGLE_API_TOKEN, KAGGLE_USERNAME + KAGGLE_KEY, `access_token`, `kaggle.json`; the files stand in
 * KAGGLE_CONFIG_DIR, else `~/.kaggle`.
 * @throws InputError for half a pair of variables, or a file that is there and wrong
 */
export async function kaggleCredentials(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Credentials> {
  return (await fromEnvironment(env)) ?? (await fromFiles(env)) ?? { headers: {}, from: null };
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Credentials | null {
  const { KAGGLE_API_TOKEN: token, KAGGLE_USERNAME: username, KAGGLE_KEY: key } = env;
  if (token) return bearer(token, 'KAGGLE_API_TOKEN');
  if (!username !== !key)
    throw new InputError(
      'KAGGLE_USERNAME and KAGGLE_KEY expected both, got one of them; set the other, or unset both',
    );
  return username && key ? basic(username, key, 'KAGGLE_USERNAME and KAGGLE_KEY') : null;
}

async function fromFiles(env: Readonly<Record<string, string | undefined>>): Promise<Credentials | null> {
  const folder = env.KAGGLE_CONFIG_DIR || join(homedir(), '.kaggle');
  const token = await textOf(join(folder, 'access_token'));
  if (token?.trim()) return bearer(token, join(folder, 'access_token'));
  const path = join(folder, 'kaggle.json');
  const json = await textOf(path);
  if (json === null) return null;
  const { username, key } = parsed(json);
  if (typeof username === 'string' && username && typeof key === 'string' && key)
    return basic(username, key, path);
  throw new InputError(
    `${path}: expected {"username", "key"}, got something else; create a new token on kaggle.com`,
  );
}

function parsed(json: string): { username?: unknown; key?: unknown } {
  try {
    return Object(JSON.parse(json));
  } catch {
    return {};
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new InputError(`cannot read ${path}: ${reasonOf(error)}; correct it, or use KAGGLE_API_TOKEN`);
  }
}

const bearer = (token: string, from: string): Credentials => ({
  headers: { authorization: `Bearer ${printable(token, from)}` },
  from,
});

const basic = (username: string, key: string, from: string): Credentials => ({
  headers: { authorization: `Basic ${Buffer.from(`${username}:${key}`).toString('base64')}` },
  from,
});

/** A header cannot hold anything else, and would fail with the token in its message. */
function printable(token: string, from: string): string {
  if (/^[\x21-\x7e]+$/.test(token.trim())) return token.trim();
  throw new InputError(
    `${from}: expected a token of printable ASCII on one line, got something else; correct it`,
  );
}
