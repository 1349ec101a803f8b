/**
 * JPEG 2000 and High-Throughput JPEG 2000 by OpenJPEG as WebAssembly (80 ms to load). Not by dcmjs-codecs, which keeps
 * only the low bytes of colours with more than 8 bits.
 */
import type { OpenJpeg } from '@cornerstonejs/codec-openjpeg/decodewasmjs';

let library: Promise<OpenJpeg> | undefined;

async function openJpeg(): Promise<OpenJpeg> {
  const { default: load } = await import('@cornerstonejs/codec-openjpeg/decodewasmjs');
  return load({ print: () => undefined, printErr: () => undefined });
}

/**
 * @returns samples, pixel by pixel: bytes for up to 8 bits, else little-endian words. Signed ones are moved up by half
 *   their range
 * @throws Error for a stream that is damaged or cut off; the library is not to be used again then (decode-thread.ts)
 */
export async function decodeJpeg2000(stream: Buffer): Promise<Buffer> {
  library ??= openJpeg();
  const decoder = new (await library).J2KDecoder();
  try {
    decoder.getEncodedBuffer(stream.length).set(withoutSigns(stream));
    decoder.decode();
  } catch {
    throw new Error('its JPEG 2000 stream is damaged');
  }
  const samples = Buffer.from(decoder.getDecodedBuffer()); // a copy: the memory is used again
  decoder.delete();
  if (samples.length === 0) throw new Error('its JPEG 2000 stream is damaged or cut off');
  return samples;
}

/**
 * The stream with its samples marked unsigned: this build decodes signed ones of up to 8 bits as 0. The decoder
 * then adds half the range as it does to all unsigned samples (T.800, section G.1.2).
 */
function withoutSigns(stream: Buffer): Buffer {
  const size = stream.indexOf('ff4fff51', 0, 'hex') + 4; // Lsiz
  const unsigned = Buffer.from(stream);
  for (let i = 0; i < stream.readUInt16BE(size + 36); i++) unsigned[size + 38 + 3 * i]! &= 0x7f;
  return unsigned;
}
