/**
 * Every `NAME.cipher.png` below a folder, with the key file beside it, to `NAME.decrypted.png` below `out`, in folders
 * as theirs; every `NAME.cipher.dcm` to `NAME.decrypted.dcm`, and `NAME.sealed` to the file it was. A file that has its
 * original path inside gets it back. The command run again goes on where it was: what is there is not decrypted again.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import { makeFolder } from '../../shared/files.ts';
import {
  cipherKind,
  type DecryptedFile,
  type DecryptOptions,
  keysBeside,
  type PrivateKey,
  readPrivateKeyFile,
  usualName,
  writeOnce,
} from '../decrypt-file.ts';
import { type Ledger, openLedger } from '../ledger.ts';
import type { EndMessage, OpenMessage, OpenReply } from './decrypt-worker.ts';
import { type Ask, checkJobs, eachFile, type FolderResult } from './each.ts';
import { filesBelow } from './find.ts';

export interface DecryptFolderRequest extends DecryptOptions {
  readonly folder: string;
  readonly out: string;
  /** Worker threads; all cores unless given. */
  readonly jobs?: number;
}

const worker = new URL('./decrypt-worker.ts', import.meta.url);

/** @throws InputError for a key that opens nothing, a file that is no ledger, and a folder without cipher images */
export async function decryptFolder(
  request: DecryptFolderRequest,
  warn?: (line: string) => void,
): Promise<FolderResult<DecryptedFile>> {
  const { folder, out, ledger } = request;
  const jobs = checkJobs(request.jobs);
  const key = await readPrivateKeyFile(request, warn); // a wrong one is an error once, not for every picture
  const { files, failed } = await filesBelow(folder, [out]);
  const ciphers = files.filter((file) => /\.cipher\.(png|dcm)$|\.sealed$/.test(file));
  if (ciphers.length + failed.length === 0)
    throw new InputError(
      `${folder}: expected files NAME.cipher.png, NAME.cipher.dcm or NAME.sealed in the folder, got none; check the path`,
    );
  await makeFolder(out);
  const replays = ledger === undefined ? undefined : await openLedger(ledger);
  const tasks = ciphers.map((file) => taskOf(file, request));
  const job = (ask: Ask, task: Task) => decryptOne(ask, task, request, key, replays);
  const result = await eachFile('decrypt', worker, tasks, jobs, ({ cipher }) => cipher, job);
  const others = files.filter(
    (file) => !/\.(cipher|decrypted)\.(png|dcm)$|\.sealed$|\.keys\.\w+$/.test(file),
  ).length;
  return { ...result, failed: [...failed, ...result.failed], others };
}

interface Task {
  readonly cipher: string;
  readonly keys: string;
  /** Of the result. */
  readonly folder: string;
}

function taskOf(file: string, { folder, out }: DecryptFolderRequest): Task {
  const cipher = join(folder, file);
  return { cipher, keys: keysBeside(cipher), folder: join(out, dirname(file)) };
}

async function decryptOne(
  ask: Ask,
  { cipher, keys, folder }: Task,
  { out: root, force }: DecryptFolderRequest,
  key: PrivateKey,
  replays: Ledger | undefined,
): Promise<DecryptedFile | null> {
  const usual = usualName(cipher, await cipherKind(cipher));
  if (!force && usual !== null && existsSync(join(folder, usual))) return null;
  const open: OpenMessage = { cipher, keys, key, root, folder };
  const { id, file, inode } = await ask<OpenReply>(open);
  const { out } = file;
  const end = (message: EndMessage) => () => ask(message);
  if (!force && existsSync(out)) return end('discard')().then(() => null);
  return writeOnce(replays, id, { file, out, inode, write: end('write'), discard: end('discard') });
}
