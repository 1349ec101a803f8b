/** A picture of a reproduction. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { View } from '../data/dicom/view.ts';
import { type DatedSource, readDateTime } from '../data/metadata/metadata.ts';
import type { WallClock } from '../shared/datetime.ts';
import type { Raster } from '../shared/types.ts';

export type PaperSampleId = `sample${1 | 2 | 3 | 4}` | `table7${'a' | 'b' | 'c' | 'd'}`;
export type SampleId = PaperSampleId | 'dicom';

export interface SampleImage {
  readonly id: SampleId;
  /** Base name of the source file, or the name of the phantom. */
  readonly source: string;
  /** One sentence: the picture, its source, how it was resized. */
  readonly caption: string;
  readonly raster: Raster;
  readonly when: WallClock;
  /** As `readDateTime` says, or `synthetic`. */
  readonly dateSource: string;
  /** SHA-256 of the source file's bytes, or of the phantom's samples. */
  readonly sha256: string;
  /** How a grey DICOM picture is shown. */
  readonly view?: View;
}

/** Files looked into for a date, evenly spread over the set. */
const looked = 32;

/** Some of the paths below `data`, those whose files have a date of their own first. */
export async function datedFirst(data: string, paths: readonly string[]): Promise<string[]> {
  const step = Math.max(1, paths.length / looked);
  const some = Array.from({ length: Math.min(looked, paths.length) }, (_, i) => paths[Math.floor(i * step)]!);
  const dated: string[] = [];
  for (const path of some) if (await readDateTime(await readFile(join(data, path)))) dated.push(path);
  return [...dated, ...some.filter((path) => !dated.includes(path))];
}

export const synthetic = (when: WallClock): DatedSource => ({ when, source: 'synthetic' });

export const dateNote = (source: string): string =>
  source === 'synthetic' ? ', synthetic date' : `, date from ${source}`;

export const sha256 = (data: Uint8Array | Uint16Array): string =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
