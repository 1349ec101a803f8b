/** The file name `-`: standard input, or standard output. */
import { once } from 'node:events';
import { InputError } from './errors.ts';
import type { StagedData } from './staging.ts';

export const isStandard = (path: string | undefined): boolean => path === '-';

/** How messages and results call a file. */
export const shownName = (path: string): string => (isStandard(path) ? 'standard input' : path);

let input: Promise<Buffer> | null = null;

/** All of standard input, read once: the same bytes each time. @throws InputError for a terminal */
export function standardInput(): Promise<Buffer> {
  if (process.stdin.isTTY)
    throw new InputError(
      '- is standard input, which is a terminal here; pipe a file into it, or give a path',
    );
  input ??= whole(process.stdin);
  return input;
}

async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** @throws InputError where standard input stands for more than one file */
export function refuseTwice(paths: readonly (string | undefined)[]): void {
  if (paths.filter(isStandard).length > 1)
    throw new InputError(
      '- is standard input, which holds one file, got it twice; give a path for the other',
    );
}

/** @throws InputError for a file that is no text, on a terminal */
export async function writeStandard(data: StagedData): Promise<void> {
  if (process.stdout.isTTY && typeof data !== 'string')
    throw new InputError('- is standard output, which is a terminal here; send it to a file or a program');
  const parts = typeof data === 'string' || data instanceof Uint8Array ? [data] : data;
  for await (const part of parts) if (!process.stdout.write(part)) await once(process.stdout, 'drain');
}
