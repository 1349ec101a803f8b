/**
 * A CCITT segment (TIFF 6.0, sections 10 and 11) as a TIFF file of its own, with no other tags that could make
 * libtiff warn, so that each of its warnings means damage. Photometric 1: a stored 0 stays 0.
 */
import type { TiffLayout } from './layout.ts';

export function ccittTiff(stream: Buffer, layout: TiffLayout, rows: number): Buffer {
  const entries: [tag: number, value: number][] = [
    [256, layout.segment.width],
    [257, rows],
    [258, 1],
    [259, layout.compression],
    [262, 1],
    [273, 0],
    [277, 1],
    [278, rows],
    [279, stream.length],
    ...(layout.compression === 3 ? ([[292, layout.t4Options]] as [number, number][]) : []),
  ];
  const head = Buffer.alloc(8 + 2 + 12 * entries.length + 4);
  head.write('II*\0\x08', 'latin1');
  head.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, value], i) => {
    const at = 10 + 12 * i;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(4, at + 2);
    head.writeUInt32LE(1, at + 4);
    head.writeUInt32LE(tag === 273 ? head.length : value, at + 8);
  });
  return Buffer.concat([head, stream]);
}
