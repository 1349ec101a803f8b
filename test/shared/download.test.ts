/** Downloads from a real HTTP server on this machine, faults included. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DownloadRequest, download } from '../../src/shared/download.ts';
import { stream } from '../../src/shared/random.ts';
import { sendFile } from '../data/datasets/_server.ts';

const random = stream(1, 'download');
const file = Buffer.from(Uint8Array.from({ length: 300_000 }, () => random.int(256)));
const sums = {
  bytes: file.length,
  md5: createHash('md5').update(file).digest('hex'),
  sha256: createHash('sha256').update(file).digest('hex'),
};

let dir: string;
let path: string;
let closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'medchaos-download-'));
  path = join(dir, 'sub', 'x.zip');
});
afterEach(async () => {
  await Promise.all(closers.map((close) => close()));
  closers = [];
  await rm(dir, { recursive: true });
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.zip`;
}

/** Answers as a good server does, from the asked byte on. */
const answer = (
  request: IncomingMessage,
  response: ServerResponse,
  most?: number,
  then?: 'breaks' | 'resets',
): void => sendFile(request, response, file, most, then);

/** Without content-length. */
const chunked = (response: ServerResponse, data: Buffer) => {
  response.write(data.subarray(0, 10));
  response.end(data.subarray(10));
};

const ask = (url: string | string[], more: Partial<DownloadRequest> = {}): DownloadRequest => ({
  urls: [url].flat(),
  path,
  ...sums,
  tries: 3,
  pause: () => 0,
  ...more,
});
const whole = async (): Promise<boolean> =>
  (await readFile(path)).equals(file) && !existsSync(`${path}.part`);
const failure = (request: DownloadRequest): Promise<Error> =>
  download(request).then(
    () => Error('none'),
    (e) => e,
  );

describe('a good server', () => {
  test('the file, its checksums, progress up to the end', async () => {
    const seen: number[] = [];
    const url = await serve((request, response) => answer(request, response));
    expect(await download(ask(url, { onProgress: (done) => seen.push(done) }))).toEqual({ ...sums, kept: 0 });
    expect(await whole()).toBe(true);
    expect(seen.at(-1)).toBe(file.length);
  });

  test('a file that is there is verified and not fetched again', async () => {
    let asked = 0;
    const url = await serve((request, response) => {
      asked++;
      answer(request, response);
    });
    await download(ask(url));
    expect((await download(ask(url))).kept).toBe(file.length);
    expect(asked).toBe(1);
  });

  test('unknown length and checksums are recorded', async () => {
    const url = await serve((_, response) => chunked(response, file));
    expect(await download(ask(url, { bytes: null, md5: null, sha256: null }))).toEqual({ ...sums, kept: 0 });
  });

  test('a part of an earlier run is continued by Range', async () => {
    await download(ask(await serve(answerOnce(0)), { tries: 1 })).catch(() => 0);
    await writeFile(`${path}.part`, file.subarray(0, 100_001));
    const ranges: unknown[] = [];
    const url = await serve((request, response) => {
      ranges.push(request.headers.range);
      answer(request, response);
    });
    expect((await download(ask(url))).kept).toBe(100_001);
    expect(ranges).toEqual(['bytes=100001-']);
    expect(await whole()).toBe(true);
  });

  test('a part that is already complete is only verified', async () => {
    await download(ask([])).catch(() => 0);
    await writeFile(`${path}.part`, file);
    expect((await download(ask([]))).bytes).toBe(file.length);
    expect(await whole()).toBe(true);
  });
});

/** Cuts the connection after n bytes of each answer. */
const answerOnce =
  (bytes: number): RequestListener =>
  (request, response) =>
    answer(request, response, bytes);

describe('broken connections', () => {
  test.each(['breaks', 'resets'] as const)('%s at 20 seeded places: the file is right', async (end) => {
    for (let i = 0; i < 20; i++) {
      const cut = 1 + random.int(file.length - 1);
      let asked = 0;
      const url = await serve((request, response) =>
        answer(request, response, asked++ === 0 ? cut : undefined, end),
      );
      await download(ask(url));
      expect(await whole()).toBe(true);
      expect(asked).toBe(2);
      await rm(path);
    }
  });

  test('cut again and again: goes on as long as bytes come', async () => {
    const url = await serve(answerOnce(20_000));
    await download(ask(url));
    expect(await whole()).toBe(true);
  });

  test('a server that closes without a byte is given up, the part stays', async () => {
    let asked = 0;
    const url = await serve((request, response) =>
      asked++ === 0 ? answer(request, response, 50_000) : request.destroy(),
    );
    expect((await failure(ask(url))).message).toMatch(
      /the connection broke .*, 3 times; run the command again/,
    );
    expect((await stat(`${path}.part`)).size).toBe(50_000);
    expect(existsSync(path)).toBe(false);
    await download(ask(await serve((request, response) => answer(request, response))));
    expect(await whole()).toBe(true);
  });

  test('a server that hangs counts as broken', async () => {
    const url = await serve(() => {});
    expect((await failure(ask(url, { tries: 1, idleSeconds: 0.1 }))).message).toMatch(/no byte for 0.1 s/);
  });

  test('nobody listens', async () => {
    const failed = await failure(ask('http://127.0.0.1:9/x.zip', { tries: 2 }));
    expect(failed).toMatchObject({
      name: 'DownloadError',
      message: expect.stringMatching(/127.0.0.1:9: .*2 times/),
    });
  });
});

describe('servers that resume badly', () => {
  const half = async (): Promise<void> => {
    await download(ask([])).catch(() => 0);
    await writeFile(`${path}.part`, file.subarray(0, 150_000));
  };

  test('Range ignored: starts again, appends nothing', async () => {
    await half();
    await download(
      ask(await serve((_, response) => response.writeHead(200, { 'content-length': file.length }).end(file))),
    );
    expect(await whole()).toBe(true);
  });

  test('another range than asked for: starts again', async () => {
    await half();
    const url = await serve((request, response) => {
      if (!request.headers.range) return answer(request, response);
      response.writeHead(206, { 'content-range': `bytes 0-${file.length - 1}/${file.length}` }).end(file);
    });
    await download(ask(url));
    expect(await whole()).toBe(true);
  });

  test('416: starts again', async () => {
    await half();
    const url = await serve((request, response) =>
      request.headers.range ? response.writeHead(416).end() : answer(request, response),
    );
    await download(ask(url));
    expect(await whole()).toBe(true);
  });

  test('the file changed on the server: the mixture is found out and deleted, the next run is right', async () => {
    await download(ask([])).catch(() => 0);
    await writeFile(`${path}.part`, Buffer.alloc(150_000, 1));
    const url = await serve((request, response) => answer(request, response));
    expect((await failure(ask(url))).message).toMatch(/expected md5 .*, got .*; run the command again/);
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
    await download(ask(url));
    expect(await whole()).toBe(true);
  });
});

describe('wrong answers, told apart', () => {
  const refusing =
    (status: number, headers = {}): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end('x');
  test.each<[string, RequestListener, RegExp]>([
    ['403', refusing(403), /answered 403: it wants credentials/],
    ['404', refusing(404), /answered 404: the address has moved/],
    ['503', refusing(503), /answered 503, 3 times/],
    [
      'a login page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>'),
      /web page, perhaps a login/,
    ],
    [
      'another length',
      (_, response) => response.writeHead(200, { 'content-length': 5 }).end('12345'),
      /offers 5 bytes instead of 300000/,
    ],
    [
      'other bytes of the same length',
      (_, response) => response.end(Buffer.alloc(file.length)),
      /expected md5/,
    ],
    [
      'too many bytes, length not said',
      (_, response) => chunked(response, Buffer.concat([file, file])),
      /sends more than 300000 bytes/,
    ],
  ])('%s', async (_, listener, message) => {
    const failed = await failure(ask(await serve(listener)));
    expect(failed.name).toBe('DownloadError');
    expect(failed.message).toMatch(message);
    expect(existsSync(path)).toBe(false);
  });

  test('the second address is used when the first refuses', async () => {
    const urls = [await serve(refusing(404)), await serve((request, response) => answer(request, response))];
    await download(ask(urls));
    expect(await whole()).toBe(true);
  });

  test('429 with Retry-After, then the file', async () => {
    let asked = 0;
    const url = await serve((request, response) =>
      asked++ === 0 ? response.writeHead(429, { 'retry-after': '0.01' }).end() : answer(request, response),
    );
    await download(ask(url, { tries: 2 }));
    expect(await whole()).toBe(true);
  });

  test('a wrong file that is already there is not touched', async () => {
    await download(ask([])).catch(() => 0);
    await writeFile(path, 'mine');
    expect((await failure(ask([]))).message).toMatch(/expected bytes 300000, got 4; delete the file/);
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  test('more bytes than the disk has', async () => {
    expect((await failure(ask([], { bytes: 2 ** 52 }))).message).toMatch(
      /bytes of free disk space, got \d+; free some/,
    );
  });
});

test('credentials go to the first host, not to where it redirects', async () => {
  const seen: (string | undefined)[] = [];
  const storage = await serve((request, response) => {
    seen.push(request.headers.authorization);
    answer(request, response);
  });
  const first = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(302, { location: storage.replace('127.0.0.1', 'localhost') }).end();
  });
  await download(ask(first, { headers: { authorization: 'Bearer secret' } }));
  expect(seen).toEqual(['Bearer secret', undefined]);
  expect(await whole()).toBe(true);
});
