/**
 * One file from the network to disk, whole and verified or not at all.
 *
 * Bytes go to `PATH.part` and are hashed on the way; a broken transfer resumes by Range (RFC 9110, section 14),
 * in this run and in the next one; only a file of the right length and checksums is renamed to `PATH`. Redirects
 * are followed, and `fetch` drops the credentials on the way to another origin (Kaggle redirects to storage).
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from './errors.ts';
import { makeFolderOf, noLink } from './files.ts';

/** Why a download failed, with the remedy. Not the user's input: commands exit with code 1. */
export class DownloadError extends Error {
  override name = 'DownloadError';
  /** The value that differs from the expected one; null for another failure. */
  readonly differs: Known | null;
  constructor(message: string, differs: Known | null = null) {
    super(message);
    this.differs = differs;
  }
}

type Known = 'bytes' | 'md5' | 'sha256';

/** Worth another try: the connection broke, or the server said later. */
class Transient extends Error {
  readonly seconds: number | undefined;
  constructor(message: string, seconds?: number) {
    super(message);
    this.seconds = seconds;
  }
}

/** This address will not do: the next one may. */
class Refused extends Error {}

export interface DownloadRequest {
  /** Tried in this order. */
  readonly urls: readonly string[];
  readonly path: string;
  /** null, here and below: not known beforehand, and not checked. */
  readonly bytes: number | null;
  readonly md5: string | null;
  readonly sha256: string | null;
  /** Sent to the first host only, e.g. authorization. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Tries in a row without a new byte before giving up; 5. */
  readonly tries?: number;
  /** Seconds without a byte after which a connection counts as broken; 60. */
  readonly idleSeconds?: number;
  /** Seconds to wait after the nth failure; 1, 2, 4 ... 60, or the server's Retry-After. */
  readonly pause?: (failures: number) => number;
  readonly onProgress?: (done: number, total: number | null) => void;
}

export interface Downloaded {
  readonly bytes: number;
  readonly md5: string;
  readonly sha256: string;
  /** Bytes that an earlier run had left; the whole file where it was there and right. */
  readonly kept: number;
}

/** State of `.part`: the open file, its length, and hashes of exactly these bytes. */
interface Part {
  readonly path: string;
  readonly handle: FileHandle;
  bytes: number;
  md5: Hash;
  sha256: Hash;
}

/**
 * Downloads and verifies. A file that is there already is verified instead; a `.part` is continued.
 * @throws DownloadError when no address gives the right file; InputError if the folder cannot be written
 */
export async function download(request: DownloadRequest): Promise<Downloaded> {
  const { path, bytes } = request;
  await makeFolderOf(path);
  const there = await verifyExisting(request);
  if (there) return there;
  const part = await openPart(`${path}.part`);
  try {
    const kept = part.bytes;
    await checkSpace(path, bytes, kept);
    if (bytes === null || part.bytes !== bytes) await fromAnyUrl(request, part);
    const sums = await verify(request, part);
    await part.handle.close();
    await rename(part.path, path);
    return { ...sums, kept };
  } finally {
    await part.handle.close();
  }
}

async function verifyExisting(request: DownloadRequest): Promise<Downloaded | null> {
  const found = await stat(request.path).catch(() => null);
  if (!found) return null;
  const [md5, sha256] = await hashFile(request.path);
  const sums = { bytes: found.size, md5: md5.digest('hex'), sha256: sha256.digest('hex') };
  const wrong = mismatch(request, sums);
  if (wrong)
    throw new DownloadError(
      `${request.path}: ${wrong.text}; delete the file and run the command again`,
      wrong.key,
    );
  return { ...sums, kept: found.size };
}

async function openPart(path: string): Promise<Part> {
  const handle = await open(path, noLink.append);
  const { size } = await handle.stat();
  const [md5, sha256] = await hashFile(path);
  return { path, handle, bytes: size, md5, sha256 };
}

async function hashFile(path: string): Promise<[md5: Hash, sha256: Hash]> {
  const [md5, sha256] = [createHash('md5'), createHash('sha256')];
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    md5.update(chunk);
    sha256.update(chunk);
  }
  return [md5, sha256];
}

async function restart(part: Part): Promise<void> {
  await part.handle.truncate(0);
  Object.assign(part, { bytes: 0, md5: createHash('md5'), sha256: createHash('sha256') });
}

async function checkSpace(path: string, bytes: number | null, kept: number): Promise<void> {
  if (bytes === null) return;
  const { bavail, bsize } = await statfs(dirname(path));
  if (bavail * bsize < bytes - kept)
    throw new DownloadError(
      `${path}: expected ${bytes - kept} bytes of free disk space, got ${bavail * bsize}; free some, or choose another --data`,
    );
}

async function fromAnyUrl(request: DownloadRequest, part: Part): Promise<void> {
  const reasons: string[] = [];
  for (const [i, url] of request.urls.entries()) {
    try {
      return await fromUrl(url, i === 0 ? request.headers : undefined, request, part);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Transient)) throw error;
      reasons.push(`${new URL(url).host}: ${error.message}`);
    }
  }
  throw new DownloadError(`${request.path}: ${reasons.join('; ') || 'no address is known'}`);
}

/** Tries one address until the file is complete; a try that brought bytes does not count. */
async function fromUrl(
  url: string,
  headers: Readonly<Record<string, string>> | undefined,
  request: DownloadRequest,
  part: Part,
): Promise<void> {
  const { tries = 5, pause = (n: number) => Math.min(60, 2 ** (n - 1)) } = request;
  for (let failures = 0; ; ) {
    const before = part.bytes;
    try {
      return await transfer(url, headers, request, part);
    } catch (error) {
      if (!(error instanceof Transient)) throw error;
      failures = part.bytes > before ? 1 : failures + 1;
      if (failures >= tries)
        throw new Transient(`${error.message}, ${failures} times; run the command again`);
      await sleep(1000 * Math.min(300, error.seconds ?? pause(failures)));
    }
  }
}

/** One request, and its body appended to the part. */
async function transfer(
  url: string,
  headers: Readonly<Record<string, string>> | undefined,
  request: DownloadRequest,
  part: Part,
): Promise<void> {
  const { idleSeconds = 60 } = request;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 1000 * idleSeconds);
  try {
    // identity: a server must not compress bytes that are checked.
    const range: Record<string, string> = part.bytes > 0 ? { range: `bytes=${part.bytes}-` } : {};
    const all = { ...headers, ...range, 'accept-encoding': 'identity' };
    const response = await fetch(url, { headers: all, signal: stop.signal });
    const total = await accept(response, request, part);
    await append(response, part, total, () => {
      timer.refresh();
      request.onProgress?.(part.bytes, total);
    });
  } catch (error) {
    if (error instanceof Refused || error instanceof Transient || isDiskError(error)) throw error;
    const idle = stop.signal.aborted ? `no byte for ${idleSeconds} s` : messageOf(error);
    throw new Transient(`the connection broke (${idle})`);
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

const isDiskError = (error: unknown): boolean =>
  ['ENOSPC', 'EIO', 'EDQUOT', 'EACCES'].includes((error as NodeJS.ErrnoException | null)?.code ?? '');

/** Whether the answer is the file, and from where on; leaves the part at that place. Returns the total length. */
async function accept(response: Response, request: DownloadRequest, part: Part): Promise<number | null> {
  const { status } = response;
  if (status === 429 || status === 408 || status >= 500)
    throw new Transient(
      `the server answered ${status}${status === 429 ? ': too many requests, it wants a pause' : ''}`,
      Number(response.headers.get('retry-after')) || undefined,
    );
  if (status === 416) {
    await restart(part);
    throw new Transient('the server has no more bytes than an earlier run left; starting again');
  }
  if (status === 401 || status === 403)
    throw new Refused(
      `the server answered ${status}: it wants credentials, or its terms accepted, in a browser first`,
    );
  if (status !== 200 && status !== 206)
    throw new Refused(
      `the server answered ${status}: the address has moved; look on the landing page, or use --mirror`,
    );
  if (response.headers.get('content-type')?.startsWith('text/html'))
    throw new Refused('the server answered with a web page, perhaps a login; open the address in a browser');
  return status === 206 ? acceptRange(response, request, part) : acceptWhole(response, request, part);
}

async function acceptRange(response: Response, request: DownloadRequest, part: Part): Promise<number | null> {
  const range = response.headers.get('content-range') ?? '';
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? [];
  const length = total === undefined || total === '*' ? null : Number(total);
  checkLength(length, request.bytes);
  if (Number(from) === part.bytes) return length ?? request.bytes;
  await restart(part);
  throw new Transient(`the server sent another range (${range || 'none named'}); starting again`);
}

/** Status 200 sends the file from its start: the old part is dropped, never appended to. */
async function acceptWhole(response: Response, request: DownloadRequest, part: Part): Promise<number | null> {
  const length = response.headers.get('content-length');
  checkLength(length === null ? null : Number(length), request.bytes);
  if (part.bytes > 0) await restart(part);
  return length === null ? request.bytes : Number(length);
}

function checkLength(got: number | null, expected: number | null): void {
  if (got === null || expected === null || got === expected) return;
  throw new Refused(
    `the server offers ${got} bytes instead of ${expected}: the file has changed, or this is a page; look on the landing page`,
  );
}

async function append(
  response: Response,
  part: Part,
  total: number | null,
  moved: () => void,
): Promise<void> {
  for await (const chunk of response.body ?? []) {
    await part.handle.writeFile(chunk);
    part.md5.update(chunk);
    part.sha256.update(chunk);
    part.bytes += chunk.length;
    if (total !== null && part.bytes > total) {
      await restart(part);
      throw new Refused(`the server sends more than ${total} bytes: not the wanted file`);
    }
    moved();
  }
  if (total !== null && part.bytes < total)
    throw new Transient(`the server stopped at ${part.bytes} of ${total} bytes`);
}

/** Checks the complete part; a wrong one is deleted, since it can only be wrong again. */
async function verify(request: DownloadRequest, part: Part): Promise<Omit<Downloaded, 'kept'>> {
  const sums = { bytes: part.bytes, md5: part.md5.digest('hex'), sha256: part.sha256.digest('hex') };
  const wrong = mismatch(request, sums);
  if (!wrong) return sums;
  const page = await isPage(part.path);
  await rm(part.path);
  if (page)
    throw new DownloadError(
      `${request.path}: expected the file, got a web page, perhaps a login; open the address in a browser`,
    );
  throw new DownloadError(
    `${request.path}: ${wrong.text}; run the command again, or look on the landing page`,
    wrong.key,
  );
}

/** Hosts also send pages under another content type. */
async function isPage(path: string): Promise<boolean> {
  const start = Buffer.alloc(256);
  const handle = await open(path);
  try {
    await handle.read(start, 0, start.length, 0);
  } finally {
    await handle.close();
  }
  return /^\s*(<!doctype html|<html|<\?xml[^>]*>\s*<html)/i.test(start.toString('latin1'));
}

/** The size or checksum that differs from the known one; null if none does. */
function mismatch(
  request: DownloadRequest,
  got: Omit<Downloaded, 'kept'>,
): { key: Known; text: string } | null {
  for (const key of ['bytes', 'md5', 'sha256'] as const) {
    const expected = request[key];
    if (expected !== null && expected !== got[key])
      return { key, text: `expected ${key} ${expected}, got ${got[key]}` };
  }
  return null;
}
