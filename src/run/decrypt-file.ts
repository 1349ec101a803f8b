/** A cipher image and its sealed key file back to the plain image, exactly. */
import { openImage } from '../cipher/index.ts';
import { encodePng, loadRaster } from '../data/image.ts';
import { makeFolderOf, readInput, writeWhole } from '../shared/files.ts';
import { nameOf, readPassphrase, refuseExisting } from './user-files.ts';

export interface DecryptRequest {
  readonly cipher: string;
  /** The sealed key file. */
  readonly keys: string;
  /** File of the private key, PEM. */
  readonly privateKey: string;
  readonly passphraseFile?: string;
  /** Default `NAME.decrypted.png` in the current folder, NAME without `.cipher.png`. */
  readonly out?: string;
  readonly force: boolean;
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

/** @throws InputError for an unreadable file, a wrong key, or a key file of another image */
export async function decryptFile(request: DecryptRequest): Promise<DecryptedFile> {
  const out = request.out ?? `${nameOf(request.cipher).replace(/\.cipher$/, '')}.decrypted.png`;
  refuseExisting([out], request.force);
  const cipher = await loadRaster(await readInput(request.cipher, 'cipher image'), request.cipher, 'native');
  const jwe = (await readInput(request.keys, 'key file')).toString('latin1');
  const pem = (await readInput(request.privateKey, 'private key')).toString('utf8');
  const passphrase = await readPassphrase(request.passphraseFile);
  const { plain, header, metadata } = await openImage(jwe, cipher, pem, passphrase);
  const png = await encodePng(plain);
  await makeFolderOf(out);
  await writeWhole(out, png);
  const { width, height, channels, depth } = cipher;
  const { scheme, preset } = header;
  return { cipher: request.cipher, out, width, height, channels, depth, scheme, preset, date: metadata };
}
