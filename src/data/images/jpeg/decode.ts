/**
 * JPEG files (ITU-T T.81) through libjpeg: 8 bits, baseline and progressive Huffman coding. Other kinds are refused by
 * name. Missing picture data are damage, which libjpeg only warns of, filling up with grey: scan-data.ts looks for it.
 */
import { messageOf } from '../../../shared/errors.ts';
import { checkDecoded } from '../../../shared/size-limit.ts';
import type { Raster } from '../../../shared/types.ts';
import { decode, openImage } from '../sharp-raster.ts';
import { damaged, severalPictures, unread } from '../unread.ts';
import { type Frame, frameOf, scansAreAllThere } from './frame.ts';
import { pictureCount } from './pictures.ts';
import { scanFault } from './scan-data.ts';
import { isFrame, type JpegSegment, jpegSegments, marker } from './segments.ts';

/** @throws InputError for a damaged file, several pictures, or a kind that is not read */
export async function decodeJpeg(bytes: Buffer, name: string): Promise<Raster> {
  const segments = [...jpegSegments(bytes)];
  const frame = frameOf(segments);
  if (frame) refuseKind(frame, segments, name);
  if (!frame || segments.at(-1)?.marker !== marker.EOI) throw damaged(name, 'JPEG', 'it ends too early');
  const pictures = pictureCount(bytes, segments);
  if (pictures > 1) throw severalPictures(name, pictures);
  checkDecoded(frame.width * frame.height * frame.components.length, bytes.length, name);
  const fault = scansAreAllThere(frame, segments) ? scanFault(bytes, segments, frame) : 'scans are missing';
  if (fault) throw damaged(name, 'JPEG', fault);
  try {
    return await decode(openImage(rebuilt(bytes, segments), 'error'), 8);
  } catch (error) {
    throw refusal(messageOf(error), name);
  }
}

/** Encoders write about ten; each costs the time of a whole picture, however few its bytes. */
const mostScans = 100;

function refuseKind(
  { kind, bits, height, components }: Frame,
  segments: readonly JpegSegment[],
  name: string,
): void {
  const [eight, sixteen] = ['8-bit baseline JPEG or PNG', 'a 16-bit PNG or TIFF'];
  const refuse = (what: string, target: string): never => {
    throw unread(name, what, target);
  };
  if (kind === 3 || kind === 11) refuse(`lossless ${bits}-bit JPEG`, bits > 8 ? sixteen : 'PNG');
  if (kind > 15) refuse('JPEG-LS', bits > 8 ? sixteen : 'PNG');
  if (bits !== 8) refuse(`${bits}-bit JPEG`, sixteen);
  if (kind > 8) refuse('JPEG with arithmetic coding', eight);
  if (kind > 2 || segments.filter((segment) => isFrame(segment.marker)).length > 1)
    refuse('hierarchical JPEG', eight);
  if (components.length === 4) refuse('JPEG of colour space CMYK', 'RGB');
  if (components.length !== 1 && components.length !== 3)
    refuse(`JPEG of ${components.length} colours`, 'grey or RGB');
  const scans = segments.filter((segment) => segment.marker === marker.SOS).length;
  if (scans > mostScans) refuse(`JPEG of ${scans} scans`, eight);
  if (height === 0) refuse('JPEG whose height stands behind its picture', eight);
}

/** Removes metadata other than the colour space's (JFIF, Adobe), and bytes between segments and behind the end. */
function rebuilt(bytes: Buffer, segments: readonly JpegSegment[]): Buffer {
  const parts = segments
    .filter(({ marker: code }) => !isMetadata(code))
    .map(({ at, end }) => bytes.subarray(at, end));
  return Buffer.concat([bytes.subarray(0, 2), ...parts]);
}

/** Segments for applications but JFIF's and Adobe's, and comments. */
const isMetadata = (code: number): boolean =>
  (code > marker.APP0 && code <= marker.APP15 && code !== 0xee) || code === 0xfe;

/** libjpeg's own limits are no damage. */
function refusal(message: string, name: string) {
  const reason = message.replace(/^VipsJpeg: /, '').replace(/ VipsJpeg.*/, ''); // the first of several
  return /not (?:implemented|supported)|unsupported|maximum supported/i.test(reason)
    ? unread(name, `this kind of JPEG (${reason})`, 'PNG')
    : damaged(name, 'JPEG', reason);
}
