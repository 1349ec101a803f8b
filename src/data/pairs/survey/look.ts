/**
 * One image file looked at: size, date with its source, modality, patient, and the hashes by which copies are
 * found. A file's fault is recorded, not thrown: one bad file of 100,000 must not end the work.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { formatWallClock } from '../../../shared/datetime.ts';
import { InputError, messageOf } from '../../../shared/errors.ts';
import { checkDecoded } from '../../../shared/size-limit.ts';
import { isDicom, openDicom } from '../../dicom/file.ts';
import { pixelModule } from '../../dicom/pixel-module.ts';
import { isPng } from '../../images/sniff.ts';
import { openTiff } from '../../images/tiff/directory.ts';
import { readLayout } from '../../images/tiff/layout.ts';
import { readDateTime } from '../../metadata/metadata.ts';
import { bytesKey, pixelKey } from '../duplicates.ts';
import { identityOf } from './identity.ts';
import type { ListedImage } from './list.ts';

/** Copies to find: none, equal files, or also equal pixels, which needs every image decoded. */
export const copyTests = ['pixels', 'bytes', 'none'] as const;
export type CopyTest = (typeof copyTests)[number];

export interface ImageLook extends ListedImage {
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  /** `YYYY-MM-DDTHH:MM:SS`; null: the file has none. */
  readonly date: string | null;
  /** `exif:DateTimeOriginal`, `dicom:StudyDate`, ...; null where there is no date. */
  readonly dateSource: string | null;
  /** As `identityOf` gives them. */
  readonly modality: string;
  readonly patient: string;
  /** As `bytesKey` and `pixelKey` give them; null if not computed, or if the file has no pixels. */
  readonly fileHash: string | null;
  readonly pixelHash: string | null;
  /** Why the file is no image to be used; null: it is one. */
  readonly fault: string | null;
}

/** Images of one task. */
export interface Batch {
  readonly data: string;
  readonly images: readonly ListedImage[];
  readonly copies: CopyTest;
}

/** One after the other: a thread holds one picture at a time. */
export async function lookAtBatch({ data, images, copies }: Batch): Promise<ImageLook[]> {
  const looks: ImageLook[] = [];
  for (const image of images) looks.push(await lookAt(data, image, copies));
  return looks;
}

/** @param data the folder that the path is below */
export async function lookAt(data: string, image: ListedImage, copies: CopyTest): Promise<ImageLook> {
  const unknown = {
    bytes: 0,
    width: 0,
    height: 0,
    date: null,
    dateSource: null,
    fileHash: null,
    pixelHash: null,
  };
  const of = { ...image, ...unknown, ...identityOf(image, null) };
  try {
    // Reading at once, as this runs in worker threads: libuv's pool would be shared by all of them.
    const bytes = readFileSync(join(data, image.path));
    return { ...of, bytes: bytes.length, ...(await contentOf(bytes, image, copies)), fault: null };
  } catch (error) {
    if (!(error instanceof InputError) && !(error as NodeJS.ErrnoException).code) throw error;
    return { ...of, fault: messageOf(error) };
  }
}

async function contentOf(bytes: Buffer, image: ListedImage, copies: CopyTest) {
  const dicom = isDicom(bytes) ? openDicom(bytes, image.path, 'head') : null;
  const { width, height } = dicom ? pixelModule(dicom, image.path) : await sizeOf(bytes, image.path);
  const found = await readDateTime(bytes);
  const pixelHash = copies === 'pixels' ? await pixelKey(bytes, image.path) : null;
  return {
    width,
    height,
    date: found && formatWallClock(found.when),
    dateSource: found?.source ?? null,
    ...identityOf(image, dicom),
    fileHash: copies === 'none' ? null : bytesKey(bytes),
    pixelHash,
  };
}

async function sizeOf(bytes: Buffer, name: string): Promise<{ width: number; height: number }> {
  if (bytes.length === 0) throw new InputError(`${name}: expected an image, got an empty file`);
  const { width, height } =
    isPng(bytes) && bytes.length >= 33
      ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
      : openTiff(bytes)
        ? readLayout(bytes, name)
        : await sharp(bytes, { limitInputPixels: false })
            .metadata()
            .catch((error) => {
              throw new InputError(
                `${name}: expected an image, got a damaged file or none (${messageOf(error).split(' Vips')[0]})`,
              );
            });
  checkDecoded(width * height, bytes.length, name);
  return { width, height };
}
