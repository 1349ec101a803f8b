/**
 * One input file to its results, in two steps: load it; then encrypt, seal and write. An image gives a cipher image and
 * a sealed key file, a DICOM file an encrypted object, any other file a sealed file.
 */
// Not from ../cipher/index.ts: a thread that encrypts need not load all that the public sub-path offers.
import type { MapName } from '../chaos/maps.ts';
import type { ContentEncryption, EnvelopeKind } from '../cipher/envelope/names.ts';
import { withOriginalName } from '../cipher/keyfile/keyfile.ts';
import type { KeyFormat, PresetName } from '../cipher/options.ts';
import { encryptWith, type Scheme } from '../cipher/scheme.ts';
import { type SchemeName, schemeNamed } from '../cipher/schemes.ts';
import { type KeyContent, keyContent, sealContent } from '../cipher/sealed-keys.ts';
import { isDicom, openDicom } from '../data/dicom/file.ts';
import { encodePng } from '../data/images/png.ts';
import { decodePlainPng } from '../data/images/png-decode.ts';
import type { Extra, Metadata } from '../data/metadata/extra.ts';
import { type DateFound, dateFound, requireDateTime } from '../data/metadata/metadata.ts';
import { identityOf } from '../data/pairs/survey/identity.ts';
import { formatWallClock, parseWallClock, type WallClock } from '../shared/datetime.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolderOf, readInput } from '../shared/files.ts';
import type { ChannelMode, MapParams, Raster } from '../shared/types.ts';
import { type PendingFile, writeTogether } from '../shared/write-together.ts';
import type { DicomDocument, DicomPlain } from './dicom-object.ts';
import type { ResultKind } from './names.ts';
import { sealWhole } from './sealed-file.ts';

/** How image files are read. */
export interface Loading {
  readonly channels: ChannelMode;
  /** Of DICOM files, counted from 1; needed for those of several frames. */
  readonly frame?: number;
  /** `YYYY-MM-DDTHH:MM:SS`, in place of the file's own date. */
  readonly date?: string;
}

/** How they are encrypted and sealed. */
export interface Sealing {
  /** Default `hardened`. */
  readonly scheme?: SchemeName;
  /** Of the paper scheme, default `paper`; the hardened one has its own choices. */
  readonly preset?: PresetName;
  /** Of the paper scheme, default `npz`. */
  readonly keyFormat?: KeyFormat;
  /** Default: the scheme's. */
  readonly enc?: ContentEncryption;
  /** Default `jwe`. */
  readonly envelope?: EnvelopeKind;
}

export type { ResultKind } from './names.ts';

/** Kind of an input file. */
export type FileKind = 'image' | 'DICOM image' | 'DICOM file without pixels' | 'other file';

export interface Target {
  readonly image: string;
  readonly as: ResultKind;
  readonly cipher: string;
  /** null: the key file is inside the result. */
  readonly keys: string | null;
  /** Original path, encrypted, which `decrypt` restores. Default: the name of the result. */
  readonly path?: string;
}

/** The two possible key files of a cipher image, one for each kind of envelope. */
export const keyFilesOf = (keys: string): readonly string[] => {
  const stem = keys.replace(/\.[^.]*$/, '');
  return [`${stem}.jwe`, `${stem}.cms`];
};

export interface LoadedImage {
  /** The samples to encrypt; of a DICOM object its cells. */
  readonly plain: Raster;
  readonly dicom: DicomPlain | null;
  /** Date, and of a DICOM file modality and patient: the network's input. */
  readonly when: Metadata | null;
  readonly dateSource: string | null;
  readonly date: DateFound | null;
}

/** A DICOM file without pixels. */
export interface LoadedDocument {
  readonly document: DicomDocument;
}

/** A file to seal whole, which is not loaded. */
export interface Unloaded {
  readonly whole: true;
}

export type LoadedFile = LoadedImage | LoadedDocument | Unloaded;

/** The chaotic parameters of an image, with their source and the date's. */
export interface ImageParameters {
  readonly map: MapName;
  readonly params: MapParams;
  readonly from: string;
  readonly when: WallClock | null;
  readonly dateSource: string | null;
}

export interface EncryptedFile extends Target {
  readonly kind: FileKind;
  /** This field and the next ones to `parameters` are null for files encrypted with AES alone. */
  readonly width: number | null;
  readonly height: number | null;
  readonly channels: number | null;
  readonly depth: number | null;
  readonly scheme: SchemeName | null;
  readonly map: MapName | null;
  readonly preset: string | null;
  /** `by hand`, or the run that predicted them. The values are secret and do not appear here. */
  readonly parameters: string | null;
  /** Where the date came from, e.g. `exif:DateTimeOriginal`; null where none was needed. */
  readonly dateSource: string | null;
  /** The date by hand or of the file, and unreadable dates; null for a file without a date. */
  readonly date: DateFound | null;
}

/** Imported late: most runs read no DICOM file. */
const dicomObjects = () => import('./dicom-object.ts');

/** @throws InputError as `loadImage` does, for a file that is one */
export async function loadFile(target: Target, loading: Loading, needsDate: boolean): Promise<LoadedFile> {
  if (target.as === 'sealed') return { whole: true };
  if (target.as === 'png') return loadImage(target, loading, needsDate);
  const bytes = await readInput(target.image, 'image');
  const taken = await (await dicomObjects()).takeAny(bytes, target.image);
  return 'document' in taken ? taken : loadedImage(bytes, taken.dicom, target, loading, needsDate);
}

/** Whether a picture is encrypted, with chaotic parameters. */
export const isImage = (loaded: LoadedFile): loaded is LoadedImage => 'plain' in loaded;

/** Kind of a loaded file, for the summary. */
export function kindOf(loaded: LoadedFile): FileKind {
  if ('whole' in loaded) return 'other file';
  if ('document' in loaded) return 'DICOM file without pixels';
  return loaded.dicom ? 'DICOM image' : 'image';
}

/**
 * @param needsDate whether parameters are predicted from the date, so that one must be found
 * @throws InputError for an unreadable image, or one without a date that needs one
 */
export async function loadImage(
  target: Pick<Target, 'image' | 'as'>,
  loading: Loading,
  needsDate: boolean,
): Promise<LoadedImage> {
  const { image, as } = target;
  const bytes = await readInput(image, 'image');
  const dicom = as === 'dicom' ? await (await dicomObjects()).takeApart(bytes, image) : null;
  return loadedImage(bytes, dicom, target, loading, needsDate);
}

async function loadedImage(
  bytes: Buffer,
  dicom: DicomPlain | null,
  { image }: Pick<Target, 'image'>,
  { channels, frame, date }: Loading,
  needsDate: boolean,
): Promise<LoadedImage> {
  const plain = dicom ? dicom.pieces.cells : await rasterOf(bytes, image, channels, frame);
  const loaded = { plain, dicom, date: dateFound(bytes, date) };
  if (!needsDate)
    return { ...loaded, when: date === undefined ? null : parseWallClock(date), dateSource: null };
  const { when, source } = await requireDateTime(bytes, date, image);
  return { ...loaded, when: { ...when, extra: extraIn(bytes, image) }, dateSource: source };
}

/** Modality and patient, as `pairs` reads them; only DICOM files have them. */
function extraIn(bytes: Buffer, image: string): Extra | undefined {
  return isDicom(bytes)
    ? identityOf({ path: image, set: 'dicom' }, openDicom(bytes, image, 'head'))
    : undefined;
}

/** sharp is imported where a picture needs it: starting a thread with it takes 0.1 s longer. */
async function rasterOf(
  bytes: Buffer,
  name: string,
  channels: Loading['channels'],
  frame?: number,
): Promise<Raster> {
  const plain = channels === 'native' && frame === undefined ? decodePlainPng(bytes, name) : null;
  return plain ?? (await import('../data/images/image.ts')).loadRaster(bytes, name, channels, frame);
}

/** Recipients' public keys (PEM), and the secret of the pseudonymous UIDs of DICOM objects, one for a command. */
export interface Audience {
  readonly recipients: readonly string[];
  readonly secret: Uint8Array;
}

/** @param parameters of an image; null for any other file */
export async function sealFile(
  loaded: LoadedFile,
  target: Target,
  parameters: ImageParameters | null,
  sealing: Sealing,
  audience: Audience,
): Promise<EncryptedFile> {
  if (isImage(loaded)) return sealImage(loaded, target, parameters!, sealing, audience);
  await makeFolderOf(target.cipher);
  const { cipher, path } = target;
  const { recipients, secret } = audience;
  const data =
    'document' in loaded
      ? (await dicomObjects()).sealDocument(loaded.document, secret, recipients, path)
      : await sealWhole(target.image, path, recipients, sealing);
  await writeTogether([{ path: cipher, data }]);
  return { ...target, kind: kindOf(loaded), ...nothing };
}

const nothing = {
  ...{ width: null, height: null, channels: null, depth: null, scheme: null, map: null, preset: null },
  ...{ parameters: null, dateSource: null, date: null },
};

/** Both files appear together. Old files stay until both new ones are on the disk. */
async function sealImage(
  { plain, dicom, date }: Pick<LoadedImage, 'plain' | 'dicom' | 'date'>,
  target: Target,
  { map, params, from, when, dateSource }: ImageParameters,
  sealing: Sealing,
  audience: Audience,
): Promise<EncryptedFile> {
  const { scheme: name = defaultScheme, preset, keyFormat } = sealing;
  const scheme = schemeNamed(name);
  if (dicom) checkFilling(dicom, target, scheme);
  const metadata = when && formatWallClock(when);
  const { cipher, key } = encryptWith(scheme, plain, { map, params, metadata, preset, keyFormat });
  const content = keyContent(scheme, key, cipher);
  await makeFolderOf(target.cipher);
  const files = dicom
    ? [{ path: target.cipher, data: await objectOf(dicom, cipher, content, target, audience) }]
    : await pairOf(target, cipher, content, scheme, sealing, audience);
  await writeTogether(files, target.keys === null ? [] : keyFilesOf(target.keys));
  const { width, height, channels, depth } = plain;
  return {
    ...target,
    kind: dicom ? 'DICOM image' : 'image',
    ...{ width, height, channels, depth },
    scheme: name,
    map,
    preset: content.header.preset,
    parameters: from,
    dateSource,
    date,
  };
}

/** Scheme of a command without `--scheme`. */
export const defaultScheme: SchemeName = 'hardened';

/** @throws InputError if known filling would reveal a keystream that is used again */
function checkFilling({ pieces }: DicomPlain, { image }: Target, { name, fresh }: Scheme): void {
  if (!fresh && !pieces.samples)
    throw new InputError(
      `${image}: the ${name} scheme expected samples, got compressed pixel data, whose filling would show its ` +
        `keystream; leave out --scheme ${name}, or add --as png`,
    );
}

async function objectOf(
  dicom: DicomPlain,
  cipher: Raster,
  content: KeyContent,
  { path }: Target,
  { recipients, secret }: Audience,
): Promise<Buffer> {
  return (await dicomObjects()).sealDicom(dicom, cipher, content, secret, recipients, path);
}

async function pairOf(
  target: Target,
  cipher: Raster,
  { payload, header }: KeyContent,
  scheme: Scheme,
  sealing: Sealing,
  { recipients }: Audience,
): Promise<PendingFile[]> {
  const { path } = target;
  const named = { header, payload: path === undefined ? payload : withOriginalName(payload, path) };
  return [
    { path: target.cipher, data: await encodePng(cipher, 'cipher') },
    { path: target.keys!, data: await sealContent(scheme, named, recipients, sealing) },
  ];
}
