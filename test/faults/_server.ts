/** A server that hands out files badly: it breaks off, is busy, or takes no range; by turns, the first time well. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendFile, serveFiles, type TestServer } from '../data/datasets/_server.ts';

export async function serveBadly(path: string, file: Buffer): Promise<TestServer> {
  const server = await serveFiles(new Map());
  let turn = 0;
  server.on.set(path, (request: IncomingMessage, response: ServerResponse) => {
    const fault = turn++ % 4;
    if (fault === 1) response.writeHead(503, { 'retry-after': '0.05' }).end('later');
    else if (fault === 2) sendFile({ headers: {} } as IncomingMessage, response, file);
    else sendFile(request, response, file, Math.floor(file.length * 0.4));
  });
  return server;
}
