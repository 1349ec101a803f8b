/** The thread that decodes compressed frames (decode-thread.ts). */
import { type Decoder, decodeFrame } from './codecs.ts';
import type { PixelModule } from './pixel-module.ts';

export interface DecodeTask {
  readonly stream: Uint8Array;
  readonly decoder: Decoder;
  readonly pixels: PixelModule;
}

export default async function work({ stream, decoder, pixels }: DecodeTask): Promise<Uint8Array> {
  return Uint8Array.from(await decodeFrame(stream, decoder, pixels)); // memory of its own, which can move
}

export const transfer = (samples: Uint8Array): ArrayBufferLike[] => [samples.buffer];
