/** The DICOM picture of a reproduction: one of DIR/dicom as stored, 16 bits where there is such a file. */
import { basename, join } from 'node:path';
import { type DicomImage, decodeDicom } from '../data/dicom/image.ts';
import { viewOf } from '../data/dicom/view.ts';
import { readDateTime } from '../data/metadata/metadata.ts';
import { dicomFiles } from '../data/pairs/survey/list.ts';
import type { WallClock } from '../shared/datetime.ts';
import { InputError } from '../shared/errors.ts';
import { readInput } from '../shared/files.ts';
import { datedFirst, dateNote, type SampleImage, sha256, synthetic } from './_sample.ts';

/**
 * The first frame of a file: of more than 8 bits before others, then with a date of its own before others. Files
 * without a picture that can be read are passed over.
 * @param spareDate for a file without a date
 * @returns null where DIR/dicom holds no picture
 */
export async function dicomSample(data: string, spareDate: WallClock): Promise<SampleImage | null> {
  let found: { path: string; bytes: Buffer; image: DicomImage } | null = null;
  for (const below of await datedFirst(data, await dicomFiles(data, 'dicom'))) {
    const path = join(data, below);
    const bytes = await readInput(path, 'image');
    const image = await decoded(bytes, path);
    if (image && (!found || image.raster.depth > found.image.raster.depth)) found = { path, bytes, image };
    if (found?.image.raster.depth === 16) break;
  }
  return found && describe(found.path, found.bytes, found.image, spareDate);
}

async function decoded(bytes: Buffer, path: string): Promise<DicomImage | null> {
  try {
    return await decodeDicom(bytes, path, 1);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

async function describe(
  path: string,
  bytes: Buffer,
  image: DicomImage,
  spareDate: WallClock,
): Promise<SampleImage> {
  const { raster, pixels, file } = image;
  const { when, source: dateSource } = (await readDateTime(bytes)) ?? synthetic(spareDate);
  const view = viewOf(image);
  const modality = file.dataSet.string('x00080060')?.trim();
  const caption = [
    `DICOM${modality ? ` ${modality}` : ''}, ${basename(path)}`,
    `${raster.width}x${raster.height} as stored, ${pixels.bitsStored} bits${pixels.signed ? ' with a sign, moved up by half their range' : ''}`,
    ...(pixels.frames > 1 ? [`frame 1 of ${pixels.frames}`] : []),
    ...(view ? ['shown through its display window'] : []),
  ].join(', ');
  return {
    id: 'dicom',
    source: basename(path),
    caption: caption + dateNote(dateSource),
    raster,
    when,
    dateSource,
    sha256: sha256(bytes),
    ...(view && { view }),
  };
}
