/** A folder laid out like the real archives, with tiny pictures of each kind that they hold, and DICOM files. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { encodePng } from '../../../src/data/images/image.ts';
import { dicom } from '../dicom/_dicom.ts';
import { noise, withChunk } from '../images/_images.ts';

/** Kind by path; of each set two at least, as many as the tables show. */
export const realFiles: Record<string, 'grey png' | 'rgba png' | 'tiff' | 'jpeg' | 'png called jpg'> = {
  'nih/images/00000001_000.png': 'grey png',
  'nih/images/00000001_001.png': 'grey png',
  'nih/images/00000002_000.png': 'rgba png',
  ...Object.fromEntries(
    [3, 4, 5, 6, 7, 8, 9].map((patient) => [`nih/images/0000000${patient}_000.png`, 'grey png'] as const),
  ),
  'drive/training/images/21_training.tif': 'tiff',
  'drive/training/images/22_training.tif': 'tiff',
  'drive/test/images/01_test.tif': 'tiff',
  'pneumonia/chest_xray/train/NORMAL/IM-0115-0001.jpeg': 'jpeg',
  'pneumonia/chest_xray/train/PNEUMONIA/person1_bacteria_1.jpeg': 'jpeg',
  'pneumonia/chest_xray/test/PNEUMONIA/person10_virus_35.jpeg': 'jpeg',
  'brain-mri/Training/glioma/Tr-gl_0010.jpg': 'jpeg',
  'brain-mri/Training/notumor/Tr-no_1005.jpg': 'png called jpg',
  'brain-mri/Testing/pituitary/Te-pi_0010.jpg': 'jpeg',
};
const beside = [
  'drive/training/mask/21_training_mask.gif',
  'pneumonia/__MACOSX/chest_xray/train/NORMAL/._IM-0115-0001.jpeg',
];

/** Signed, 12 of 16 bits, with a window and a study date. */
export const stored = Uint16Array.from(
  noise(24, 20, 1, 16, 77).data,
  (v) => (v & 4095) | (v & 2048 ? 61440 : 0),
);
const texts = (day: number): Record<string, string> => ({
  '00080020': `DA 200401${10 + day}`,
  '00080030': 'TM 070809',
  '00080060': 'CS CT',
  '00100020': `LO patient ${day}`,
  '00281050': 'DS 40',
  '00281051': 'DS 400',
});

async function bytesOf(kind: string, seed: number): Promise<Buffer> {
  const tIME = Buffer.from([7, 224, 9, 1 + seed, 18, 49, 40]);
  const raster = noise(20 + seed, 24, kind === 'rgba png' ? 4 : kind.startsWith('grey') ? 1 : 3, 8, seed);
  if (kind.endsWith('png')) return withChunk(await encodePng(raster), 'tIME', tIME);
  if (kind === 'png called jpg') return encodePng(raster);
  const { width, height, data } = raster;
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  if (kind === 'tiff') return image.tiff({ compression: 'lzw' }).toBuffer();
  return image
    .jpeg()
    .withExif({ IFD0: { DateTime: `2018:01:${10 + seed} 13:28:06` } })
    .toBuffer();
}

export async function layOut(data: string): Promise<void> {
  const put = (path: string, bytes: Buffer): void => {
    mkdirSync(dirname(join(data, path)), { recursive: true });
    writeFileSync(join(data, path), bytes);
  };
  for (const [seed, [path, kind]] of Object.entries(realFiles).entries())
    put(path, await bytesOf(kind, seed));
  for (const path of beside) put(path, Buffer.from('no image of the set'));
  const picture = { width: 24, height: 20, words: stored, stored: 12, signed: true };
  put('dicom/study/IM1', await dicom({ ...picture, texts: texts(1) }, 'rle')); // names of any kind
  put(
    'dicom/study/IM2.dcm',
    await dicom({ width: 8, height: 8, words: new Uint8Array(64), texts: texts(2) }),
  );
  put('dicom/study/report.dcm', await dicom({ ...picture, pixels: null, texts: texts(3) }));
}
