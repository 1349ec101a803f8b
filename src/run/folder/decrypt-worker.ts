/** The thread of `decrypt DIR`: opens a cipher image and stages the plain one, which then gets its name or is discarded. */
import { InputError } from '../../shared/errors.ts';
import {
  type DecryptedFile,
  openCipherFile,
  type PrivateKey,
  type StagedPlain,
  stagePlain,
} from '../decrypt-file.ts';

export interface OpenMessage {
  readonly cipher: string;
  readonly keys: string;
  readonly key: PrivateKey;
  readonly out: string;
}

export interface OpenReply {
  /** `OpenedImage.id`. */
  readonly id: string;
  readonly file: DecryptedFile;
  readonly inode: number;
}

export type EndMessage = 'write' | 'discard';

let staged: StagedPlain | undefined;

export default async function work(message: OpenMessage | EndMessage): Promise<OpenReply | null> {
  return typeof message === 'string' ? end(message) : open(message);
}

async function open({ cipher, keys, key, out }: OpenMessage): Promise<OpenReply> {
  const opened = await openCipherFile(cipher, keys, key);
  staged = await stagePlain(opened, cipher, out);
  return { id: opened.id, file: staged.file, inode: staged.inode };
}

async function end(message: EndMessage): Promise<null> {
  if (!staged) throw new InputError('expected an opened image, got none; run the command again');
  const plain = staged;
  await plain[message]();
  staged = undefined;
  return null;
}
