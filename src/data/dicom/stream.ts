/** The header of a compressed stream: JPEG (ITU-T T.81), JPEG-LS (T.87), JPEG 2000 (T.800). */

export interface StreamFacts {
  readonly format: 'JPEG' | 'JPEG-LS' | 'JPEG 2000';
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits of each sample. */
  readonly precision: number;
  /** Two's complement; JPEG and JPEG-LS do not say it. */
  readonly signed?: boolean;
  /** Colours as the decoder gives them: `ycc` for YCbCr; null where the stream does not say. */
  readonly colours: 'rgb' | 'ycc' | null;
  /** Whether a decoder undoes a colour transform of the stream by itself. */
  readonly transformed: boolean;
  /** Whether some components have fewer samples than others. */
  readonly subsampled: boolean;
  /** JPEG's process: the last four bits of its SOF marker. */
  readonly process?: number;
}

/** @throws Error for a stream without a head that can be read */
export function streamFacts(bytes: Buffer): StreamFacts {
  const start = bytes.toString('hex', 0, 8);
  if (start.startsWith('ffd8')) return jpegFacts(bytes);
  const inFile = start === '0000000c6a502020'; // JP2, which DICOM does not allow and some write
  const codestream = inFile ? bytes.indexOf('ff4fff51', 0, 'hex') : start.startsWith('ff4fff51') ? 0 : -1;
  if (codestream >= 0) return jpeg2000Facts(bytes.subarray(codestream));
  throw new Error('its stream is neither JPEG nor JPEG 2000');
}

/** Segments of a JPEG stream up to its first scan: marker, and content without length. */
function* segments(bytes: Buffer): Generator<{ marker: number; content: Buffer }> {
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) throw new Error('its stream has no marker where one is expected');
    const marker = bytes[at + 1]!;
    if (marker === 0xff)
      at += 1; // filling
    else if (marker === 0xda) return;
    else {
      const length = bytes.readUInt16BE(at + 2);
      yield { marker, content: bytes.subarray(at + 4, at + 2 + length) };
      at += 2 + length;
    }
  }
}

/** SOF0 to SOF15 without DHT, JPG and DAC; SOF55 is JPEG-LS. */
const isFrame = (marker: number): boolean =>
  marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));

function jpegFacts(bytes: Buffer): StreamFacts {
  let adobe: number | undefined;
  let jfif = false;
  let hpTransform = false; // APP8 of HP's JPEG-LS
  let frame: { marker: number; content: Buffer } | undefined;
  for (const segment of segments(bytes)) {
    const { marker, content } = segment;
    if (isFrame(marker)) frame ??= segment;
    if (marker === 0xee && content.toString('latin1', 0, 5) === 'Adobe') adobe = content[11];
    if (marker === 0xe0 && content.toString('latin1', 0, 4) === 'JFIF') jfif = true;
    if (marker === 0xe8 && content.toString('latin1', 0, 4) === 'mrfx') hpTransform = content[4] !== 0;
  }
  if (!frame || frame.content.length < 6 + 3 * frame.content[5]!)
    throw new Error('its stream has no frame header');
  const { marker, content } = frame;
  const components = content[5]!;
  const parts = Array.from({ length: components }, (_, i) => content.subarray(6 + 3 * i, 9 + 3 * i));
  const ids = String.fromCharCode(...parts.map((part) => part[0]!));
  const ls = marker === 0xf7;
  return {
    format: ls ? 'JPEG-LS' : 'JPEG',
    ...{
      width: content.readUInt16BE(3),
      height: content.readUInt16BE(1),
      components,
      precision: content[0]!,
    },
    colours: ls ? (hpTransform ? 'rgb' : null) : coloursOf(components, adobe, jfif, ids, marker),
    transformed: hpTransform,
    subsampled: new Set(parts.map((part) => part[1])).size > 1,
    ...(!ls && { process: marker & 0x0f }),
  };
}

/** As libjpeg takes them (jdapimin.c, default_decompress_parms), but only where a marker says it. */
function coloursOf(
  components: number,
  adobe: number | undefined,
  jfif: boolean,
  ids: string,
  marker: number,
): StreamFacts['colours'] {
  if (components !== 3 || marker === 0xc3) return null; // lossless JPEG has no colour transform
  if (jfif) return 'ycc';
  if (adobe !== undefined) return adobe === 0 ? 'rgb' : 'ycc';
  return ids === 'RGB' ? 'rgb' : null;
}

function jpeg2000Facts(bytes: Buffer): StreamFacts {
  const size = bytes.subarray(6); // behind SOC, the marker SIZ and its length
  if (size.length < 39) throw new Error('its stream has no image header');
  const u32 = (at: number): number => size.readUInt32BE(at);
  const components = size.readUInt16BE(34);
  const parts = Array.from({ length: components }, (_, i) => size.subarray(36 + 3 * i, 39 + 3 * i));
  if (parts.length === 0 || parts.at(-1)!.length < 3) throw new Error('its stream has no components');
  const transformed = usesTransform(bytes, 6 + 36 + 3 * components);
  return {
    format: 'JPEG 2000',
    ...{ width: u32(2) - u32(10), height: u32(6) - u32(14), components },
    precision: Math.max(...parts.map((part) => (part[0]! & 0x7f) + 1)),
    signed: parts[0]![0]! >= 0x80,
    colours: transformed ? 'rgb' : null,
    transformed,
    subsampled: parts.some((part) => part[1] !== 1 || part[2] !== 1),
  };
}

/** SGcod of the marker COD (T.800, table A.14): its fourth byte is 1 for a multiple component transform. */
function usesTransform(bytes: Buffer, from: number): boolean {
  let at = from;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0x90) {
    if (bytes[at + 1] === 0x52) return bytes[at + 8] === 1;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return false;
}

/**
 * The transfer syntax of a stream, for files that do not name one.
 * @throws Error for a stream of no kind that is known
 */
export function syntaxOfStream(bytes: Buffer): string {
  if (bytes.length >= 64 && bytes.readUInt32LE(0) <= 15 && bytes.readUInt32LE(4) === 64)
    return '1.2.840.10008.1.2.5';
  const { format, process } = streamFacts(bytes);
  if (format === 'JPEG-LS') return '1.2.840.10008.1.2.4.81';
  if (format === 'JPEG 2000') return '1.2.840.10008.1.2.4.91';
  return process === 3 ? '1.2.840.10008.1.2.4.57' : '1.2.840.10008.1.2.4.51';
}
