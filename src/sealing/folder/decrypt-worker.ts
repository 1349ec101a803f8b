/** The thread of `decrypt DIR`: opens a file and stages the plain one, which then gets its name or is discarded. */
import { InputError } from '../../shared/errors.ts';
import { refuseLinks } from '../../shared/files.ts';
import {
  type DecryptedFile,
  openCipherFile,
  outOf,
  type PrivateKey,
  type StagedPlain,
  stagePlain,
} from '../decrypt-file.ts';

export interface OpenMessage {
  readonly cipher: string;
  readonly keys: string;
  readonly key: PrivateKey;
  /** Of all results; original paths that travelled inside begin here. */
  readonly root: string;
  /** Of this result, if no path travelled inside. */
  readonly folder: string;
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

async function open({ cipher, keys, key, root, folder }: OpenMessage): Promise<OpenReply> {
  const opened = await openCipherFile(cipher, keys, key);
  const out = outOf(opened, cipher, root, folder);
  await refuseLinks(root, out);
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
