/** A cipher image and its sealed key file back to the plain image, an encrypted DICOM object to its file, exactly. */
import { existsSync } from 'node:fs';
import { type OpenedImage, openImage, openPem, readPrivateKey } from '../cipher/index.ts';
import { isDicomFile } from '../data/dicom/head.ts';
import { encodePng, loadRaster } from '../data/image.ts';
import { InputError } from '../shared/errors.ts';
import { cannotWrite, makeFolderOf, readInput } from '../shared/files.ts';
import { stageFile, syncFolder } from '../shared/staging.ts';
import type { OpenedDicom } from './dicom-object.ts';
import { type Ledger, openLedger, type Pending } from './ledger.ts';
import { nameOf, readPassphrase, refuseExisting, warnIfReadable } from './user-files.ts';

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
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly scheme: string;
  readonly preset: string;
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
  const object = await isDicomFile(cipher);
  const out = request.out ?? `${stemOf(cipher)}.decrypted.${object ? 'dcm' : 'png'}`;
  refuseExisting([out], request.force);
  if (object && request.keys !== undefined)
    throw new InputError(`${cipher}: an encrypted DICOM object has its key inside; leave out --keys`);
  const key = await readPrivateKeyFile(request, warn);
  const replays = ledger === undefined ? undefined : await openLedger(ledger);
  const opened = await openCipherFile(cipher, request.keys ?? keysBeside(cipher), key);
  const plain = await stagePlain(opened, cipher, out);
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

/** `NAME` of `NAME.cipher.png`. */
export const stemOf = (cipher: string): string => nameOf(cipher).replace(/\.cipher$/, '');

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

/** A picture, or a DICOM file. */
export type OpenedFile = OpenedImage | OpenedDicom;

/** Reads, opens and decrypts; nothing is written. */
export async function openCipherFile(path: string, keys: string, { pem }: PrivateKey): Promise<OpenedFile> {
  if (await isDicomFile(path)) {
    const { openSealedDicom } = await import('./dicom-object.ts');
    return openSealedDicom(await readInput(path, 'cipher image'), path, pem);
  }
  const cipher = await loadRaster(await readInput(path, 'cipher image'), path, 'native');
  const envelope = await readInput(keys, 'key file');
  return openImage(envelope, cipher, pem);
}

/** The plain image as PNG, or the DICOM file as it was, for its owner's eyes only. */
export async function stagePlain(opened: OpenedFile, cipher: string, out: string): Promise<StagedPlain> {
  const data = 'file' in opened ? opened.file : await encodePng(opened.plain);
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

function fileOf(opened: OpenedFile, cipher: string, out: string): DecryptedFile {
  const { width, height, channels, depth } = 'file' in opened ? opened.size : opened.plain;
  const { header, metadata } = opened;
  const { scheme, preset } = header;
  return { cipher, out, width, height, channels, depth, scheme, preset, date: metadata };
}
