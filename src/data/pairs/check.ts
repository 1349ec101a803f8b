/** Checks that the metadata images of a folder of pairs still show the dates of its manifest. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRunJson } from '../../runs/run-files.ts';
import { formatWallClock } from '../../shared/datetime.ts';
import { InputError } from '../../shared/errors.ts';
import { readInput } from '../../shared/files.ts';
import { progressBar } from '../../shared/progress.ts';
import { loadRaster } from '../images/image.ts';
import type { Metadata } from '../metadata/extra.ts';
import { drawMetadataImage, readMetadataImage } from './encode.ts';
import { drawn, type PairsJob } from './make.ts';
import { readManifest } from './manifest.ts';
import { imageOfSheet, sheetSize } from './sheet.ts';

/** How they are drawn. */
type Drawing = Pick<PairsJob, 'encoder' | 'size'>;

/** Metadata images that were read back: one a pair, and those of the contact sheet. */
export interface PairsCheck extends Drawing {
  readonly pairs: number;
  readonly sheet: number;
}

/**
 * Draws the metadata image of each pair of FOLDER/pairs.csv and reads it back, and reads those of FOLDER/sheet.png: each
 * must give exactly the date, and the extra metadata, of its row.
 * @param given options for a folder without pairs.json
 * @throws InputError if the folder has no manifest or sheet, or an image says something else than its row
 */
export async function checkPairs(folder: string, given: Drawing): Promise<PairsCheck> {
  const drawing = await drawingIn(folder, given);
  const { rows, extra } = await readManifest(join(folder, 'pairs.csv'));
  const path = join(folder, 'sheet.png');
  const sheet = await loadRaster(await readInput(path, 'contact sheet'), path, 'native');
  const bar = progressBar('metadata images', rows.length);
  try {
    for (const [i, row] of rows.entries()) {
      const wanted = drawn(row, extra);
      const images = [drawMetadataImage(wanted, drawing.size, drawing.encoder)];
      if (i < sheetSize) images.push(imageOfSheet(sheet, i, drawing.size) ?? new Uint8Array());
      for (const [k, image] of images.entries())
        mustSay(
          image,
          wanted,
          drawing,
          k === 0 ? `row ${i + 2} of ${folder}/pairs.csv` : `image ${i + 1} of ${path}`,
        );
      if (i % 64 === 0) bar.update(i);
    }
  } finally {
    bar.stop();
  }
  return { pairs: rows.length, sheet: Math.min(rows.length, sheetSize), ...drawing };
}

async function drawingIn(folder: string, given: Drawing): Promise<Drawing> {
  if (!existsSync(join(folder, 'pairsSummary'))) return given;
  const { options } = await readRunJson<{ options: Partial<Drawing> }>(folder, 'pairsSummary');
  return { encoder: options.encoder ?? given.encoder, size: options.size ?? given.size };
}

function mustSay(image: Uint8Array, wanted: Metadata, { encoder, size }: Drawing, name: string): void {
  const said = (() => {
    try {
      return told(readMetadataImage(image, size, encoder, wanted.extra !== undefined));
    } catch (error) {
      if (error instanceof InputError) return 'no metadata image of this kind';
      throw error;
    }
  })();
  if (said === told(wanted)) return;
  throw new InputError(
    `${name}: expected ${told(wanted)} in ${encoder}, ${size}x${size}, got ${said}; write both again with: medchaos pairs`,
  );
}

const told = (metadata: Metadata): string => {
  const { extra } = metadata;
  const more = extra ? `, modality "${extra.modality}", patient "${extra.patient}"` : '';
  return formatWallClock(metadata) + more;
};
