/**
 * Sealed files for other recipients: key files and encrypted DICOM objects get a new envelope with fresh content keys.
 * No picture is decrypted; cipher images stay as they are.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isCms, openEnvelope, readHeader, sealEnvelope } from '../cipher/index.ts';
import { isDicomFile } from '../data/dicom/file.ts';
import { InputError, messageOf } from '../shared/errors.ts';
import { makeFolderOf, readInput } from '../shared/files.ts';
import { refuseExisting } from '../shared/user-files.ts';
import { writeTogether } from '../shared/write-together.ts';
import { keysBeside, type PrivateKey, readPrivateKeyFile } from './decrypt-file.ts';
import { type FailedFile, filesBelow } from './folder/find.ts';
import { readRecipientFiles } from './recipient-files.ts';
import { envelopeIn, isSealedFile, readSealedHeader, withOtherEnvelope } from './sealed-file.ts';

export interface RewrapRequest {
  /** Key files, cipher images that have theirs beside them, encrypted DICOM objects, and folders of these. */
  readonly files: readonly string[];
  /** File of the private key that opens them, PEM. */
  readonly privateKey: string;
  readonly passphraseFile?: string;
  /** Files of public keys or certificates, PEM: all who can open the files from now on. */
  readonly recipients: readonly string[];
  readonly allowExpired?: boolean;
  /** Folder for the results; default: in the place of the files. */
  readonly out?: string;
  readonly force: boolean;
}

export interface RewrappedFile {
  readonly file: string;
  readonly out: string;
}

export interface RewrapResult {
  readonly done: RewrappedFile[];
  readonly failed: FailedFile[];
  /** How many can open each file. */
  readonly recipients: number;
}

/**
 * @param warn of files with secrets that others can read
 * @throws InputError if nothing was done: for options, a folder without sealed files, and a single file
 */
export async function rewrapFiles(
  request: RewrapRequest,
  warn: (line: string) => void,
): Promise<RewrapResult> {
  const { force, out, allowExpired } = request;
  const recipients = await readRecipientFiles(request.recipients, { allowExpired });
  const key = await readPrivateKeyFile(request, warn);
  if (out === undefined && !force) refuseToLockOut(key, recipients);
  const targets = await targetsOf(request);
  if (out !== undefined)
    refuseExisting(
      targets.map((target) => target.out),
      force,
    );
  const result: RewrapResult = { done: [], failed: [], recipients: recipients.length };
  for (const target of targets)
    try {
      await rewrapOne(target, key, recipients);
      result.done.push(target);
    } catch (error) {
      if (targets.length === 1) throw error;
      result.failed.push({ file: target.file, reason: messageOf(error) });
    }
  return result;
}

/** Whoever replaces a file that only they can open would lose it. */
function refuseToLockOut({ pem }: PrivateKey, recipients: readonly string[]): void {
  const own = createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'pem' });
  if (!recipients.includes(own as string))
    throw new InputError(
      'the recipients lack the public key of --private-key, so that you could not open the files any more; ' +
        'add it with --recipient, or give --out FOLDER or --force',
    );
}

async function targetsOf({ files, out }: RewrapRequest): Promise<RewrappedFile[]> {
  const targets: RewrappedFile[] = [];
  for (const path of files)
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      targets.push(...(await targetsBelow(path, out)));
    else {
      const file = path.endsWith('.cipher.png') ? keysBeside(path) : path;
      targets.push({ file, out: out === undefined ? file : join(out, basename(file)) });
    }
  return targets;
}

async function targetsBelow(folder: string, out: string | undefined): Promise<RewrappedFile[]> {
  const { files } = await filesBelow(folder, out === undefined ? [] : [out]);
  const sealed = files.filter((file) => /\.cipher\.dcm$|\.sealed$|\.keys\.(jwe|cms)$/.test(file));
  if (sealed.length === 0)
    throw new InputError(
      `${folder}: expected files NAME.keys.jwe, NAME.keys.cms, NAME.cipher.dcm or NAME.sealed in the folder, got none; check the path`,
    );
  return sealed.map((file) => ({ file: join(folder, file), out: join(out ?? folder, file) }));
}

async function rewrapOne(
  { file, out }: RewrappedFile,
  key: PrivateKey,
  recipients: readonly string[],
): Promise<void> {
  if (await isSealedFile(file)) return rewrapWhole(file, out, key, recipients);
  const bytes = await readInput(file, 'sealed file');
  const data = (await isDicomFile(file))
    ? await (await import('./dicom-object.ts')).rewrapDicom(bytes, file, key.pem, recipients)
    : await rewrapped(bytes, key, recipients, (header) => ({ ...readHeader(header) }));
  await makeFolderOf(out);
  await writeTogether([{ path: out, data }]);
}

/** The encrypted bytes are copied as they are. */
async function rewrapWhole(
  file: string,
  out: string,
  key: PrivateKey,
  recipients: readonly string[],
): Promise<void> {
  const { envelope, start } = await envelopeIn(file);
  const other = await rewrapped(envelope, key, recipients, (header) => ({ ...readSealedHeader(header) }));
  const data = withOtherEnvelope(file, start, Buffer.from(other));
  await makeFolderOf(out);
  await writeTogether([{ path: out, data }]);
}

/** In an envelope of the same kind, with the same content encryption. */
async function rewrapped(
  bytes: Buffer,
  { pem }: PrivateKey,
  recipients: readonly string[],
  checked: (header: Record<string, unknown>) => Record<string, unknown>,
): Promise<string | Buffer> {
  const { payload, header } = await openEnvelope(bytes, pem);
  const envelope = isCms(bytes) ? 'cms' : 'jwe';
  const enc = header.enc === 'A128GCM' ? 'A128GCM' : 'A256GCM';
  return sealEnvelope(payload, checked(header), recipients, { envelope, enc });
}
