/**
 * Compressed frames decoded in a watched thread: the decoders share one piece of memory, which a damaged stream can leave
 * wrong for the streams after it, and some damaged streams keep a decoder busy for ever.
 */
import { WatchedThread } from '../../shared/watched-thread.ts';
import type { Coding, DecodedFrame } from './codecs.ts';
import type { DecodedInThread, DecodeTask } from './decode-work.ts';
import type { PixelModule } from './pixel-module.ts';

const thread = new WatchedThread<DecodeTask, DecodedInThread>(new URL('./decode-work.ts', import.meta.url));

/** Deadline; good streams take about 0.1 s a megapixel. */
const secondsFor = ({ width, height }: PixelModule): number => 10 + (width * height) / 1e6;

/**
 * As `decodeFrame`.
 * @throws Error also for a stream that keeps its decoder busy
 */
export async function decodeInThread(
  stream: Uint8Array,
  coding: Coding,
  pixels: PixelModule,
): Promise<DecodedFrame> {
  const task = { stream: Uint8Array.from(stream), coding, pixels }; // memory of its own, which moves there
  const { bytes, ...frame } = await thread.run(task, [task.stream.buffer], secondsFor(pixels));
  return { ...frame, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
}
