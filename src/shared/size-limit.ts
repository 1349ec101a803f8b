/**
 * How many bytes a picture may take when it is decoded. A small file that says it holds a large picture, or is deflated a
 * thousandfold, is refused before any memory is taken for it.
 */
import { InputError } from './errors.ts';

const megabyte = 1e6;
/** A mammogram of 2^25 pixels and 16 bits takes 67 MB. */
const defaultMegabytes = 512;

/** Beyond the first 64 MiB, bytes of samples for each byte of a file. */
const mostPerByte = 200;

/**
 * The copies that are made while a picture is decoded, encrypted and written take up to nine times its bytes: 1 GB for one
 * of 90 MB. A picture that takes more must come from a file of a twentieth of its bytes.
 */
const cheapMegabytes = 90;
const mostPerByteThen = 20;

/** In the environment, which worker threads and child processes inherit. */
const variable = 'MEDCHAOS_MAX_DECODED';

/** Sets the memory limit of a decoded picture, in MB, for this process and its children. */
export function allowDecoded(megabytes: number): void {
  process.env[variable] = String(megabytes);
}

/**
 * Bytes that may come out of a file of `packed` bytes, when each of its bytes may give `ratio` of them. The first 64 MiB
 * are free.
 */
export const mostUnpacked = (packed: number, ratio: number): number => 2 ** 26 + ratio * packed;

/**
 * Bytes that a file may be decoded to.
 * @param packed bytes of the file
 */
export function mostDecoded(packed: number): number {
  const allowed = Number(process.env[variable]);
  if (allowed > 0) return allowed * megabyte;
  const cheap = Math.max(cheapMegabytes * megabyte, mostPerByteThen * packed);
  return Math.min(defaultMegabytes * megabyte, cheap, mostUnpacked(packed, mostPerByte));
}

/**
 * @param decoded bytes that the decoded samples take
 * @param packed bytes of the file
 * @throws InputError for too many
 */
export function checkDecoded(decoded: number, packed: number, name: string): void {
  if (decoded > mostDecoded(packed)) throw tooLarge(`${Math.ceil(decoded / megabyte)} MB`, packed, name);
}

/** @param got in words */
export const tooLarge = (got: string, packed: number, name: string): InputError =>
  new InputError(
    `${name}: expected at most ${Math.floor(mostDecoded(packed) / megabyte)} MB when decoded, got ${got} from a file of ` +
      `${size(packed)}; if you trust the file, raise --max-decoded`,
  );

const size = (bytes: number): string =>
  bytes < megabyte ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / megabyte).toFixed(1)} MB`;
