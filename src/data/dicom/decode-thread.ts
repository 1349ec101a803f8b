/**
 * Compressed frames decoded in a watched thread: the decoders share one piece of memory, which a damaged stream can leave
 * wrong for the streams after it, and some damaged streams keep a decoder busy for ever.
 */
import { WatchedThread } from '../../shared/watched-thread.ts';
import type { Decoder } from './codecs.ts';
import type { DecodeTask } from './decode-work.ts';
import type { PixelModule } from './pixel-module.ts';

const thread = new WatchedThread<DecodeTask, Uint8Array>(new URL('./decode-work.ts', import.meta.url));

/** Deadline; good streams take about 0.1 s a megapixel. */
const secondsFor = ({ width, height }: PixelModule): number => 10 + (width * height) / 1e6;

/**
 * As `decodeFrame`.
 * @throws Error also for a stream that keeps its decoder busy
 */
export async function decodeInThread(
  stream: Uint8Array,
  decoder: Decoder,
  pixels: PixelModule,
): Promise<Buffer> {
  const task = { stream: Uint8Array.from(stream), decoder, pixels }; // memory of its own, which moves there
  const samples = await thread.run(task, [task.stream.buffer], secondsFor(pixels));
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}
