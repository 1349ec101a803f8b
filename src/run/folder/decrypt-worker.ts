/** The thread of `decrypt DIR`: opens a cipher image and keeps the plain one, then writes what it keeps. */
import { InputError } from '../../shared/errors.ts';
import {
  type DecryptedFile,
  type OpenedFile,
  openCipherFile,
  type PrivateKey,
  writePlain,
} from '../decrypt-file.ts';

export interface OpenMessage {
  readonly cipher: string;
  readonly keys: string;
  readonly key: PrivateKey;
}

export interface WriteMessage {
  readonly out: string;
}

let kept: { readonly opened: OpenedFile; readonly cipher: string } | undefined;

/** Answers the id of what was opened, then the file that was written. */
export default async function work(message: OpenMessage | WriteMessage): Promise<string | DecryptedFile> {
  return 'key' in message ? open(message) : write(message);
}

async function open({ cipher, keys, key }: OpenMessage): Promise<string> {
  kept = undefined; // freed before the next one is decoded
  const opened = await openCipherFile(cipher, keys, key);
  kept = { opened, cipher };
  return opened.id;
}

async function write({ out }: WriteMessage): Promise<DecryptedFile> {
  if (!kept) throw new InputError(`${out}: expected an opened image, got none; run the command again`);
  const { opened, cipher } = kept;
  kept = undefined;
  return writePlain(opened, cipher, out);
}
