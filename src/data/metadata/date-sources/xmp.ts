/**
 * Dates in XMP (ISO 16684-1:2019), as attributes or as elements, whatever prefix a packet gives a namespace. Searched
 * for as text: a packet that is cut off, or no well-formed XML, still tells the dates that stand in it.
 */
import type { Candidate } from '../../../shared/datetime.ts';

const namespaces = {
  exif: 'http://ns.adobe.com/exif/1.0/',
  xmp: 'http://ns.adobe.com/xap/1.0/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
} as const;

/** In the order in which they are taken. */
const properties = [
  ['xmp:DateTimeOriginal', 'exif', 'DateTimeOriginal'],
  ['xmp:CreateDate', 'xmp', 'CreateDate'],
  ['xmp:ModifyDate', 'xmp', 'ModifyDate'],
  ['photoshop:DateCreated', 'photoshop', 'DateCreated'],
  ['xmp:DateTimeDigitized', 'exif', 'DateTimeDigitized'],
  ['xmp:DateTime', 'tiff', 'DateTime'],
] as const;

export function xmpDates(packets: readonly Buffer[]): Candidate[] {
  const texts = packets.map(textOf);
  return properties.flatMap(([source, space, property]) =>
    texts.flatMap((xml) => {
      const text = prefixesOf(xml, space)
        .map((prefix) => valueIn(xml, `${prefix}:${property}`))
        .find((value) => value !== null);
      return text === undefined ? [] : [{ source, text }];
    }),
  );
}

/** UTF-8, or UTF-16 in either byte order, which zeros between the letters show. */
function textOf(packet: Buffer): string {
  if (packet[1] === 0) return packet.toString('utf16le');
  return packet[0] === 0 ? new TextDecoder('utf-16be').decode(packet) : packet.toString('utf8');
}

/** A packet binds a namespace once or twice; each prefix is searched for. */
const mostPrefixes = 8;

/** Those that the packet binds, and the usual ones: some writers do not bind them. Older ones call xmp xap. */
function prefixesOf(xml: string, space: keyof typeof namespaces): string[] {
  const bound = [...xml.matchAll(/xmlns:([\w.-]+)\s*=\s*["']([^"']*)["']/g)];
  const own = bound.filter(([, , uri]) => uri === namespaces[space]).map(([, prefix]) => prefix!);
  const usual = [space, ...(space === 'xmp' ? ['xap'] : [])];
  const unbound = usual.filter((prefix) => !bound.some(([, other]) => other === prefix));
  return [...new Set(own)].slice(0, mostPrefixes).concat(unbound);
}

/** The first value of an attribute or element; its name has letters, digits, dots, hyphens and a colon. */
function valueIn(xml: string, name: string): string | null {
  const pattern = name.replaceAll('.', '\\.');
  const attribute = new RegExp(`[\\s]${pattern}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(xml);
  const element = new RegExp(`<${pattern}(?:\\s[^>]{0,1000})?>([^<]{0,1000})<`).exec(xml);
  return attribute?.[1] ?? attribute?.[2] ?? element?.[1] ?? null;
}
