/** Small pictures whose brightness and stripes tell their targets. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { stream } from '../../../src/shared/random.ts';

export interface Made {
  readonly file: string;
  readonly patient: string;
  /** 0 to 100: the brightness. */
  readonly age: number;
  /** Stripes across or along. */
  readonly kind: 'across' | 'along';
}

/** `count` pictures of two patients' pictures each in DIR, as PNG and JPEG by turns. @returns rows of the targets */
export async function makePictures(dir: string, count: number, side = 48): Promise<Made[]> {
  mkdirSync(dir, { recursive: true });
  const random = stream(7, 'pictures');
  const rows: Made[] = [];
  for (let i = 0; i < count; i++) {
    const age = Math.round(100 * random.next());
    const kind = random.next() < 0.5 ? 'across' : 'along';
    const file = `p${String(i).padStart(3, '0')}.${i % 2 === 0 ? 'png' : 'jpg'}`;
    const data = Buffer.from({ length: side * (side + 8) } as ArrayLike<number>);
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side + 8; x++) {
        const stripe = ((kind === 'across' ? y : x) >> 2) % 2 === 0 ? 20 : -20;
        data[y * (side + 8) + x] = 30 + 1.7 * age + stripe + 8 * random.next();
      }
    const image = sharp(data, { raw: { width: side + 8, height: side, channels: 1 } }).toColourspace('b-w');
    writeFileSync(
      join(dir, file),
      await (i % 2 === 0 ? image.png() : image.jpeg({ quality: 95 })).toBuffer(),
    );
    rows.push({ file, patient: `P${i >> 1}`, age, kind });
  }
  return rows;
}

export function writeTargets(path: string, rows: readonly Made[]): string {
  const lines = rows.map(({ file, patient, age, kind }) =>
    [file, patient, age, age / 50 - 1, kind].join(','),
  );
  writeFileSync(path, ['file,patient,age,scaled,kind', ...lines].join('\n'));
  return path;
}
