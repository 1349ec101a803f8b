/** JPEG at the level of its marker segments (ITU-T T.81, annex B), up to the end of the first picture. */

export interface JpegSegment {
  /** The byte behind 0xFF: 0xDA of a scan, 0xD9 of the end, ... */
  readonly marker: number;
  /** Without marker and length. */
  readonly data: Buffer;
  /** Offset of its 0xFF. */
  readonly at: number;
  /** Offset behind it; of a scan behind its coded data. */
  readonly end: number;
}

export const marker = {
  DHT: 0xc4,
  EOI: 0xd9,
  SOS: 0xda,
  DRI: 0xdd,
  APP0: 0xe0,
  APP1: 0xe1,
  APP2: 0xe2,
  APP13: 0xed,
  APP15: 0xef,
} as const;

/** Whether a marker begins a frame: SOF0 to SOF15, and JPEG-LS. */
export const isFrame = (code: number): boolean =>
  (code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code)) || code === 0xf7;

/** Segments in file order; the last is EOI unless the file ends sooner. Bytes between segments are passed over. */
export function* jpegSegments(bytes: Buffer): Generator<JpegSegment> {
  for (let at = nextMarker(bytes, 2); at >= 0; ) {
    const code = bytes[at + 1]!;
    if (code === marker.EOI) {
      yield { marker: code, data: bytes.subarray(at + 2, at + 2), at, end: at + 2 };
      return;
    }
    const length = at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : 0;
    if (length < 2 || at + 2 + length > bytes.length) return;
    const behind = at + 2 + length;
    const next = nextMarker(bytes, behind);
    const end = code === marker.SOS ? (next < 0 ? bytes.length : next) : behind;
    yield { marker: code, data: bytes.subarray(at + 4, behind), at, end };
    at = next;
  }
}

/** Where the next marker with a meaning begins: no stuffed 0, no filling, no restart marker. */
function nextMarker(bytes: Buffer, from: number): number {
  for (
    let at = bytes.indexOf(0xff, from);
    at >= 0 && at + 1 < bytes.length;
    at = bytes.indexOf(0xff, at + 1)
  ) {
    const code = bytes[at + 1]!;
    if (code !== 0 && code !== 0xff && code !== 1 && !(code >= 0xd0 && code <= 0xd8)) return at;
  }
  return -1;
}
