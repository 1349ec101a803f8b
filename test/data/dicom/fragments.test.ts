/** Frames in fragments: every way of telling them apart. */
import { expect, test } from 'vitest';
import { openDicom } from '../../../src/data/dicom/file.ts';
import { decodeDicom } from '../../../src/data/dicom/image.ts';
import { dicom, element, type Picture, type Syntax } from './_dicom.ts';

const words = Uint8Array.from({ length: 140 }, (_, i) => (i * 5 + (i > 69 ? 100 : 0)) % 256);
const picture: Picture = { width: 10, height: 7, words, frames: 2 };
const item = (bytes: Buffer): Buffer => element('fffee000', '', bytes, 'implicit');
const end = element('fffee0dd', '', Buffer.alloc(0), 'implicit');
const numbers = (width: 4 | 8, ...values: number[]): Buffer =>
  Buffer.concat(
    values.map((value) => {
      const out = Buffer.alloc(width);
      out.writeUInt32LE(value);
      return out;
    }),
  );

/** The file's frames, each in `parts` fragments. */
async function refragmented(
  syntax: Syntax,
  parts: number,
  table: 'basic' | 'extended' | 'none',
): Promise<Buffer> {
  const file = await dicom(picture, syntax);
  const { dataSet } = openDicom(file, 'a');
  const { fragments, dataOffset } = dataSet.elements.x7fe00010!;
  const streams = fragments!.map((part) => file.subarray(part.dataOffset, part.dataOffset + part.length));
  const pieces = streams.map((stream) => {
    const size = Math.ceil(stream.length / parts / 2) * 2;
    return Array.from({ length: parts }, (_, i) => item(stream.subarray(i * size, (i + 1) * size)));
  });
  const second = Buffer.concat(pieces[0]!).length;
  const tables =
    table === 'extended'
      ? [
          element('7fe00001', 'OV', numbers(8, 0, second)),
          element('7fe00002', 'OV', numbers(8, ...streams.map(({ length }) => length))),
        ]
      : [];
  const basic = item(table === 'basic' ? numbers(4, 0, second) : Buffer.alloc(0));
  return Buffer.concat([
    file.subarray(0, dataOffset - 12),
    ...tables,
    file.subarray(dataOffset - 12, dataOffset),
    basic,
    ...pieces.flat(),
    end,
  ]);
}

const cases = (['rle', 'jpegLs', 'jpegLossless', 'jpeg2000'] as const).flatMap(
  (syntax) =>
    [
      [syntax, 1, 'none'],
      [syntax, 1, 'basic'],
      [syntax, 1, 'extended'],
      [syntax, 3, 'basic'],
      [syntax, 2, 'none'],
    ] as [Syntax, number, 'basic' | 'extended' | 'none'][],
);

test.each(cases)('%s, %i fragments a frame, offset table: %s', async (syntax, parts, table) => {
  const file = await refragmented(syntax, parts, table);
  for (const frame of [1, 2]) {
    const { raster } = await decodeDicom(file, 'a', frame);
    expect(raster.data).toEqual(words.subarray(70 * (frame - 1), 70 * frame));
  }
});

test('fragments that belong to no frame are refused', async () => {
  const file = await dicom(
    { ...picture, frames: 2, pixels: [Buffer.alloc(64), Buffer.alloc(64), Buffer.alloc(64)] },
    'jpegLs',
  );
  await expect(decodeDicom(file, 'a', 1)).rejects.toThrow(
    /3 fragments without an offset table hold 2 frames/,
  );
});
