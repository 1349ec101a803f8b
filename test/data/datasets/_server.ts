/** A local HTTP server that hands out files by path, well or badly. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Archive, Dataset } from '../../../src/data/datasets/lock.ts';

export interface TestServer {
  /** Without a final slash. */
  readonly url: string;
  /** What was asked for: path, Range, Authorization. */
  readonly asked: { path: string; range: string | undefined; authorization: string | undefined }[];
  /** Overrides for one path. */
  readonly on: Map<string, RequestListener>;
  close(): Promise<unknown>;
}

export async function serveFiles(files: ReadonlyMap<string, Buffer>): Promise<TestServer> {
  const asked: TestServer['asked'] = [];
  const on: TestServer['on'] = new Map();
  const server = createServer((request, response) => {
    const path = request.url!;
    const { range, authorization } = request.headers;
    asked.push({ path, range, authorization });
    const special = on.get(path);
    if (special) return special(request, response);
    const file = files.get(path);
    return file ? sendFile(request, response, file) : response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url, asked, on, close };
}

/**
 * From the asked byte on; after `most` bytes the connection breaks (closed, or reset by TCP RST, upon which bytes on the way are lost too), or stays
 * open without more.
 */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: Buffer,
  most = Number.POSITIVE_INFINITY,
  then: 'breaks' | 'resets' | 'hangs' = 'breaks',
): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const ranged = request.headers.range !== undefined;
  response.writeHead(ranged ? 206 : 200, {
    'content-length': file.length - from,
    ...(ranged && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
  });
  if (most >= file.length - from) response.end(file.subarray(from));
  else
    response.write(file.subarray(from, from + most), () => {
      if (then === 'breaks') setTimeout(() => response.destroy(), 5);
      if (then === 'resets') setTimeout(() => response.socket?.resetAndDestroy(), 5);
    });
}

export const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** An archive of a small lock file. */
export const archiveOf = (file: string, data: Buffer, more: Partial<Archive> = {}): Archive => ({
  file,
  of: 'images',
  alternativeTo: null,
  url: null,
  otherUrls: [],
  auth: 'none',
  bytes: data.length,
  md5: createHash('md5').update(data).digest('hex'),
  sha1: null,
  sha256: sha256(data),
  count: null,
  marks: { url: 'confirmed', bytes: 'confirmed', md5: 'confirmed', sha256: 'confirmed' },
  ...more,
});

/** The real entry of a set with other archives. */
export const withArchives = (set: Dataset, archives: Archive[], more: Partial<Dataset> = {}): Dataset => ({
  ...set,
  archives,
  fileList: null,
  ...more,
});
