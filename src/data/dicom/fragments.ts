/** Which fragments of encapsulated pixel data (PS3.5, section A.4) make up a frame. */
import type { DicomFile } from './file.ts';
import { syntaxOfStream } from './stream.ts';

/**
 * The compressed stream of a frame: by the extended offset table, one fragment a frame, the basic offset table, or the
 * starts of streams.
 * @param frame counted from 1
 * @throws Error if neither separates the frames
 */
export function encodedFrame(file: DicomFile, frames: number, frame: number): Buffer {
  const { bytes, dataSet } = file;
  const { fragments = [] } = dataSet.elements.x7fe00010!;
  if (fragments.length === 0) throw new Error('pixel data without fragments');
  const parts = fragments.map(({ dataOffset, length }) => bytes.subarray(dataOffset, dataOffset + length));
  const joined = (from: number, to: number): Buffer => Buffer.concat(parts.slice(from, to));
  if (frames === 1) return trimmed(file, joined(0, parts.length), 0);
  if (parts.length === frames) return trimmed(file, parts[frame - 1]!, frame - 1);
  const starts = startsOf(file, frames) ?? streamStarts(parts);
  if (starts.length !== frames)
    throw new Error(`${parts.length} fragments without an offset table hold ${frames} frames`);
  return trimmed(file, joined(starts[frame - 1]!, starts[frame] ?? parts.length), frame - 1);
}

/** Less the filling behind it, where the extended offset table tells its length (PS3.3, section C.7.6.3.1.8). */
function trimmed({ dataSet }: DicomFile, stream: Buffer, index: number): Buffer {
  const lengths = dataSet.bytes('x7fe00002');
  if (!lengths || lengths.length < 8 * index + 8) return stream;
  return stream.subarray(0, Number(lengths.readBigUInt64LE(8 * index)));
}

/** The first fragment of each frame by an offset table; null where there is none, or it points elsewhere. */
function startsOf({ bytes, dataSet }: DicomFile, frames: number): number[] | null {
  const { fragments = [], offsetTable } = dataSet.elements.x7fe00010!;
  const byOffset = new Map(fragments.map(({ dataOffset }, i) => [dataOffset - fragments[0]!.dataOffset, i]));
  const extended = dataSet.bytes('x7fe00001');
  const basic = bytes.subarray(offsetTable!.dataOffset, offsetTable!.dataOffset + offsetTable!.length);
  const offsets =
    extended?.length === 8 * frames
      ? Array.from({ length: frames }, (_, i) => Number(extended.readBigUInt64LE(8 * i)))
      : basic.length === 4 * frames
        ? Array.from({ length: frames }, (_, i) => basic.readUInt32LE(4 * i))
        : [];
  const starts = offsets.map((offset) => byOffset.get(offset) ?? -1);
  const ascending = starts.every((start, i) => start >= 0 && (i === 0 || start > starts[i - 1]!));
  return ascending && starts.length > 0 ? starts : null;
}

/** Fragments that begin with the head of a stream. */
const streamStarts = (parts: readonly Buffer[]): number[] =>
  [...parts.keys()].filter((i) => {
    try {
      return syntaxOfStream(parts[i]!) !== '';
    } catch {
      return false;
    }
  });
