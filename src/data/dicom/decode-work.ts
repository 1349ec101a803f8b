/** The thread that decodes compressed frames (decode-thread.ts). */
import { type Coding, type DecodedFrame, decodeFrame } from './codecs.ts';
import type { PixelModule } from './pixel-module.ts';

export interface DecodeTask {
  readonly stream: Uint8Array;
  readonly coding: Coding;
  readonly pixels: PixelModule;
}

/** A buffer arrives as plain bytes. */
export type DecodedInThread = Omit<DecodedFrame, 'bytes'> & { readonly bytes: Uint8Array };

export default async function work({ stream, coding, pixels }: DecodeTask): Promise<DecodedInThread> {
  const { bytes, ...frame } = await decodeFrame(stream, coding, pixels);
  return { ...frame, bytes: Uint8Array.from(bytes) }; // memory of its own, which can move
}

export const transfer = ({ bytes }: DecodedInThread): ArrayBufferLike[] => [bytes.buffer];
