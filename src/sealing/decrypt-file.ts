/** A cipher image and its sealed key file back to the plain image, an encrypted DICOM object to its file, exactly. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenedImage, openImage, openPem, readPrivateKey } from '../cipher/index.ts';
import { isDicom, isDicomFile } from '../data/dicom/file.ts';
import { encodePng, loadRaster } from '../data/images/image.ts';
import { InputError } from '../shared/errors.ts';
import { cannotWrite, makeFolderOf, readInput } from '../shared/files.ts';
import { type StagedData, stageFile, syncFolder } from '../shared/staging.ts';
import { isStandard, refuseTwice, writeStandard } from '../shared/standard-streams.ts';
import { nameOf, readPassphrase, refuseExisting, warnIfReadable } from '../shared/user-files.ts';
import type { OpenedDicom } from './dicom-object.ts';
import { type Ledger, openLedger, type Pending } from './ledger.ts';
import { extensionOf, restoredPath } from './original-path.ts';
import { isSealedFile, type OpenedSealedFile, openSealedFile } from './sealed-file.ts';

/** What files and whole folders are decrypted with. */
export interface DecryptOptions {
  /** File of the private key, PEM. */
  readonly privateKey: string;
  readonly passphraseFile?: string;
  /** File that remembers what was opened, and refuses it the second time; without it replays go unnoticed. */
  readonly ledger?: string;
  readonly force: boolean;
}

export interface DecryptRequest extends DecryptOptions {
  readonly cipher: string;
  /** The sealed key file; default `NAME.keys.jwe` beside `NAME.cipher.png`. An encrypted DICOM object has none. */
  readonly keys?: string;
  /** Default `NAME.decrypted.png`, or `.dcm`, in the current folder, NAME without `.cipher.png`. */
  readonly out?: string;
}

export interface DecryptedFile {
  readonly cipher: string;
  readonly out: string;
  /** null, as what follows up to the preset: no picture, or one that stands in the file. */
  readonly width: number | null;
  readonly height: number | null;
  readonly channels: number | null;
  readonly depth: number | null;
  readonly scheme: string | null;
  readonly preset: string | null;
  /** The date that was sealed with a hardened image, authenticated; null where there is none. */
  readonly date: string | null;
}

/** What opens the key files of one receiver, not locked. */
export interface PrivateKey {
  readonly pem: string;
}

/** @throws InputError for an unreadable file, a wrong key, a key file of another image, or a replay */
export async function decryptFile(
  request: DecryptRequest,
  warn?: (line: string) => void,
): Promise<DecryptedFile> {
  const { cipher, ledger } = request;
  const kind = await cipherKind(cipher);
  const usual = request.out ?? usualName(cipher, kind);
  refuseTwice([cipher, request.keys]);
  if (usual !== null && !isStandard(usual)) refuseExisting([usual], request.force);
  if (kind !== 'png' && request.keys !== undefined)
    throw new InputError(
      `${cipher}: an encrypted ${kind === 'dicom' ? 'DICOM object' : 'file'} has its key inside; leave out --keys`,
    );
  const key = await readPrivateKeyFile(request, warn);
  const replays = ledger === undefined ? undefined : await openLedger(ledger);
  const opened = await openCipherFile(cipher, request.keys ?? keysBeside(cipher), key);
  const out = request.out ?? outOf(opened, cipher, '.', '.');
  if (!isStandard(out)) refuseExisting([out], request.force);
  const plain = isStandard(out)
    ? await forOutput(opened, cipher, out)
    : await stagePlain(opened, cipher, out);
  return writeOnce(replays, opened.id, plain);
}

/** A plain image on the disk that has not got its name yet. */
export interface StagedPlain extends Pending {
  readonly file: DecryptedFile;
  /** Gives it its name. */
  readonly write: () => Promise<unknown>;
  readonly discard: () => Promise<unknown>;
}

/** Claims the encryption, then gives the picture its name, then notes that it has it. @throws InputError for a replay */
export async function writeOnce(
  ledger: Ledger | undefined,
  id: string,
  { file, out, inode, write, discard }: StagedPlain,
): Promise<DecryptedFile> {
  try {
    await ledger?.claim(id, file.cipher, { out, inode });
    await write();
  } catch (error) {
    ledger?.giveUp(id);
    await discard().catch(() => undefined); // its thread may have died
    throw error;
  }
  await ledger?.finish(id);
  return file;
}

/** `NAME` of `NAME.cipher.png`, and of `NAME.sealed`. */
const stemOf = (cipher: string): string => nameOf(cipher).replace(/\.cipher$/, '');

export type CipherKind = 'png' | 'dicom' | 'sealed';

export async function cipherKind(path: string): Promise<CipherKind> {
  if (isStandard(path)) return isDicom(await readInput(path)) ? 'dicom' : 'png';
  if (await isSealedFile(path)) return 'sealed';
  return (await isDicomFile(path)) ? 'dicom' : 'png';
}

/** `NAME.decrypted.png` or `.dcm`; null for a sealed file, whose extension stands inside. */
export const usualName = (cipher: string, kind: CipherKind): string | null =>
  kind === 'sealed' ? null : `${stemOf(cipher)}.decrypted.${kind === 'dicom' ? 'dcm' : 'png'}`;

/**
 * Where an opened file goes.
 * @param root folder for original paths that travelled inside
 * @param folder for all others
 */
export function outOf(opened: OpenedFile, cipher: string, root: string, folder: string): string {
  const extension = 'chunks' in opened ? extensionOf(opened.name) : 'file' in opened ? '.dcm' : '.png';
  if (opened.path !== null) return restoredPath(root, opened.path, 'plain' in opened ? '.png' : null);
  const stem = stemOf(cipher); // of two files `a.txt` and `a.md` the results are called `a.txt.sealed` and `a.md.sealed`
  const own = extension !== '' && stem.endsWith(extension) ? stem.slice(0, -extension.length) : stem;
  return join(folder, `${own}.decrypted${extension}`);
}

/** The key file that `encrypt` wrote with a cipher image: `.keys.jwe`, or where there is none but one `.keys.cms`, that. */
export function keysBeside(cipher: string): string {
  const stem = cipher.replace(/(\.cipher)?\.[^./\\]*$/, '');
  const [jwe, cms] = [`${stem}.keys.jwe`, `${stem}.keys.cms`];
  return !existsSync(jwe) && existsSync(cms) ? cms : jwe;
}

/** Unlocked once: scrypt takes its time. @throws InputError for an unusable key, or a passphrase that does not open it */
export async function readPrivateKeyFile(
  { privateKey, passphraseFile }: DecryptOptions,
  warn: (line: string) => void = () => undefined,
): Promise<PrivateKey> {
  const pem = (await readInput(privateKey, 'private key')).toString('utf8');
  const passphrase = await readPassphrase(passphraseFile);
  const key = readPrivateKey(pem, passphrase);
  warnIfReadable([privateKey, passphraseFile], warn);
  return { pem: openPem(key) };
}

/** A picture, a DICOM file, or a file of any kind. */
export type OpenedFile = OpenedImage | OpenedDicom | OpenedSealedFile;

/** Reads, opens and decrypts; nothing is written. */
export async function openCipherFile(path: string, keys: string, { pem }: PrivateKey): Promise<OpenedFile> {
  const kind = await cipherKind(path);
  if (kind === 'sealed') return openSealedFile(path, pem);
  if (kind === 'dicom') {
    const { openSealedDicom } = await import('./dicom-object.ts');
    return openSealedDicom(await readInput(path, 'cipher image'), path, pem);
  }
  const cipher = await loadRaster(await readInput(path, 'cipher image'), path, 'native');
  const envelope = await readInput(keys, 'key file');
  return openImage(envelope, cipher, pem);
}

/** The plain image as PNG, any other file as it was, for its owner's eyes only. */
export async function stagePlain(opened: OpenedFile, cipher: string, out: string): Promise<StagedPlain> {
  const data = await dataOf(opened);
  const folder = await makeFolderOf(out);
  const staged = await stageFile(folder, data, { mode: 0o600 }).catch((error) => {
    throw cannotWrite(out, error);
  });
  const write = async (): Promise<void> => {
    await staged.moveTo(out).catch((error) => {
      throw cannotWrite(out, error);
    });
    await syncFolder(folder);
  };
  return { file: fileOf(opened, cipher, out), out, inode: staged.inode, write, discard: staged.discard };
}

/** The same, for standard output. */
async function forOutput(opened: OpenedFile, cipher: string, out: string): Promise<StagedPlain> {
  const data = await dataOf(opened);
  const write = (): Promise<void> => writeStandard(data);
  return { file: fileOf(opened, cipher, out), out, inode: 0, write, discard: async () => undefined };
}

const unknownSize = { width: null, height: null, channels: null, depth: null };

async function dataOf(opened: OpenedFile): Promise<StagedData> {
  if ('chunks' in opened) return opened.chunks();
  return 'file' in opened ? opened.file : encodePng(opened.plain);
}

function fileOf(opened: OpenedFile, cipher: string, out: string): DecryptedFile {
  const size = 'plain' in opened ? opened.plain : 'file' in opened ? opened.size : null;
  const { width, height, channels, depth } = size ?? unknownSize;
  const { scheme, preset } = ('header' in opened ? opened.header : null) ?? { scheme: null, preset: null };
  const date = 'metadata' in opened ? opened.metadata : null;
  return { cipher, out, width, height, channels, depth, scheme, preset, date };
}
