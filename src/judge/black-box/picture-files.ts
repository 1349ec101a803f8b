/** The formats in which judge and a program exchange pictures. `raw`: samples alone, little-endian, shape by environment. */
import { writeNpy } from '../../cipher/keyfile/npy.ts';
import { encodePng, loadSamples } from '../../data/images/image.ts';
import { InputError } from '../../shared/errors.ts';
import type { Depth, Raster } from '../../shared/types.ts';

export const pictureFormats = ['png', 'pgm', 'npy', 'raw'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

interface Codec {
  /** Ending of its files. */
  readonly ending: string;
  readonly encode: (raster: Raster) => Promise<Buffer> | Buffer;
  /** @param like the picture that was sent: `raw` gives its shape to what comes back, if the samples are as many */
  readonly decode: (bytes: Buffer, like: Raster) => Promise<Raster> | Raster;
}

export const codecs: Readonly<Record<PictureFormat, Codec>> = {
  png: { ending: '.png', encode: (raster) => encodePng(raster), decode: decodeImage },
  pgm: { ending: '.pgm', encode: encodePnm, decode: decodeImage },
  npy: { ending: '.npy', encode: encodeNpy, decode: decodeImage },
  raw: { ending: '.raw', encode: (raster) => littleEndian(raster), decode: decodeRaw },
};

function decodeImage(bytes: Buffer): Promise<Raster> {
  if (bytes[0] === 0xff && bytes[1] === 0xd8)
    throw new InputError('the picture is a JPEG, which is lossy; write PNG, TIFF or another lossless format');
  return loadSamples(bytes, 'the picture', 'native');
}

/** Samples as bytes, the low byte first. */
export function littleEndian({ data }: Raster): Buffer {
  return Buffer.from(Uint8Array.from(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
}

/** The inverse of `littleEndian`, in memory of its own. */
export function samplesFrom(bytes: Uint8Array, depth: Depth): Raster['data'] {
  const own = Uint8Array.from(bytes);
  return depth === 8 ? own : new Uint16Array(own.buffer);
}

/** Netpbm P5 (grey) or P6 (RGB), 16-bit samples with the high byte first. */
function encodePnm(raster: Raster): Buffer {
  const { width, height, channels, depth } = raster;
  if (channels !== 1 && channels !== 3)
    throw new InputError(`--format pgm expected 1 or 3 channels, got ${channels}; use --format png or npy`);
  const head = `P${channels === 1 ? 5 : 6}\n${width} ${height}\n${2 ** depth - 1}\n`;
  const bytes = littleEndian(raster);
  return Buffer.concat([Buffer.from(head), depth === 16 ? bytes.swap16() : bytes]);
}

function encodeNpy(raster: Raster): Buffer {
  const { width, height, channels, depth } = raster;
  const shape = channels === 1 ? [height, width] : [height, width, channels];
  return Buffer.from(writeNpy({ descr: depth === 8 ? '|u1' : '<u2', shape, data: littleEndian(raster) }));
}

/** Samples of another number make one row. */
function decodeRaw(bytes: Buffer, { width, height, channels, depth, data }: Raster): Raster {
  if (bytes.length === data.byteLength) return whole({ width, height, channels, depth }, bytes);
  const row = width * channels * (depth / 8);
  if (bytes.length > 0 && bytes.length % row === 0)
    return whole({ width, height: bytes.length / row, channels, depth }, bytes);
  return whole({ width: bytes.length / (depth / 8), height: 1, channels: 1, depth }, bytes);
}

function whole(shape: Omit<Raster, 'data'>, bytes: Buffer): Raster {
  const { width, height, channels, depth } = shape;
  const expected = (width * height * channels * depth) / 8;
  if (bytes.length !== expected || expected === 0)
    throw new InputError(
      `the picture expected ${expected} bytes of samples, got ${bytes.length}; write it whole`,
    );
  return { ...shape, data: samplesFrom(bytes, depth) };
}
