/**
 * Whether the coded data of every scan hold all blocks of its picture (T.81, annexes F and G): each code is read, and
 * no coefficient computed. libjpeg only warns of missing data, and through sharp not of all.
 */
import { Coefficients, type EndOfBand, readBand, readSequential, refineBand } from './blocks.ts';
import { type Component, type Frame, type Scan, scanOf } from './frame.ts';
import { BitReader, CodeError, type HuffmanTable, huffmanTables } from './huffman.ts';
import { type JpegSegment, marker } from './segments.ts';

/** The fault of the coded data, in a few words; null if they are whole. */
export function scanFault(bytes: Buffer, segments: readonly JpegSegment[], frame: Frame): string | null {
  const tables = new Map<number, () => HuffmanTable>();
  const seen = frame.components.map(({ id }) => new Coefficients(blocksOf(frame, id)));
  let interval = 0;
  try {
    for (const segment of segments) {
      if (segment.marker === marker.DHT)
        for (const [id, table] of huffmanTables(segment.data)) tables.set(id, table);
      if (segment.marker === marker.DRI) interval = intervalOf(segment);
      if (segment.marker !== marker.SOS) continue;
      const scan = scanOf(segment);
      if (!scan) return 'a scan is cut off';
      if (!scan.components.every(({ id }) => frame.components.some((own) => own.id === id)))
        return 'a scan is of a component that there is not';
      const coded = bytes.subarray(segment.at + 4 + segment.data.length, segment.end);
      readScan(partsOf(coded), frame, { ...scan, interval, tables, seen });
    }
    return null;
  } catch (error) {
    if (error instanceof CodeError) return error.message;
    throw error;
  }
}

function intervalOf({ data }: JpegSegment): number {
  if (data.length < 2) throw new CodeError('a restart interval is cut off');
  return data.readUInt16BE(0);
}

/** Blocks of a component by itself. */
function blocksOf({ width, height, components }: Frame, id: number): number {
  const { across, down } = components.find((component) => component.id === id)!;
  const side = (length: number, own: number, most: number): number =>
    Math.ceil(Math.ceil((length * own) / most) / 8);
  return side(width, across, mostOf(components, 'across')) * side(height, down, mostOf(components, 'down'));
}

const mostOf = (components: readonly Component[], side: 'across' | 'down'): number =>
  Math.max(...components.map((component) => component[side]));

/** The data between restart markers, whose numbers go from 0 to 7 and around. */
function partsOf(coded: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = coded.indexOf(0xff); at >= 0; at = coded.indexOf(0xff, at + 1)) {
    const code = coded[at + 1] ?? 0;
    if (code < 0xd0 || code > 0xd7) continue;
    if ((code & 7) !== parts.length % 8) throw new CodeError('a restart marker is missing');
    parts.push(coded.subarray(from, at));
    from = at + 2;
  }
  return [...parts, coded.subarray(from)];
}

interface ScanState extends Scan {
  readonly interval: number;
  /** By class * 16 + number. */
  readonly tables: ReadonlyMap<number, () => HuffmanTable>;
  /** Of each component of the frame. */
  readonly seen: readonly Coefficients[];
}

/** Reads the block of a component. */
type ReadBlock = (bits: BitReader, block: number) => void;

/** @throws CodeError unless there are blocks for the whole picture */
function readScan(parts: readonly Buffer[], frame: Frame, scan: ScanState): void {
  const single = scan.components.length === 1;
  const units = single ? blocksOf(frame, scan.components[0]!.id) : unitsOf(frame);
  const perPart = scan.interval || units;
  if (parts.length < Math.ceil(units / perPart)) throw new CodeError('picture data are missing');
  const end: EndOfBand = { run: 0 };
  const reads = readersOf(frame, scan, single, end);
  for (let first = 0, part = 0; first < units; first += perPart, part++) {
    const bits = new BitReader(parts[part]!);
    end.run = 0;
    for (let unit = first; unit < Math.min(units, first + perPart); unit++) {
      for (const read of reads) read(bits, unit);
      if (bits.ended) throw new CodeError('picture data are missing');
    }
  }
}

/** Interleaved units of a whole picture. */
function unitsOf({ width, height, components }: Frame): number {
  const [across, down] = [8 * mostOf(components, 'across'), 8 * mostOf(components, 'down')];
  return Math.ceil(width / across) * Math.ceil(height / down);
}

/** One for each block of a unit. */
function readersOf(frame: Frame, scan: ScanState, single: boolean, end: EndOfBand): ReadBlock[] {
  return scan.components.flatMap((part) => {
    const index = frame.components.findIndex(({ id }) => id === part.id);
    const { across, down } = frame.components[index]!;
    const read = frame.kind === 2 ? progressive(scan, part, scan.seen[index]!, end) : sequential(scan, part);
    return Array<ReadBlock>(single ? 1 : across * down).fill(read);
  });
}

type Part = Scan['components'][number];

function sequential({ tables }: ScanState, part: Part): ReadBlock {
  const [dc, ac] = [tableIn(tables, part.dc), tableIn(tables, 16 + part.ac)];
  return (bits) => readSequential(bits, dc, ac);
}

function progressive(scan: ScanState, part: Part, seen: Coefficients, end: EndOfBand): ReadBlock {
  const { first, last, high, tables } = scan;
  if (first === 0 && high > 0) return (bits) => bits.skip(1);
  if (first === 0) {
    const dc = tableIn(tables, part.dc);
    return (bits) => bits.skip(bits.symbol(dc));
  }
  if (scan.components.length > 1 || last > 63) throw new CodeError('a scan has no meaning');
  const ac = tableIn(tables, 16 + part.ac);
  const readBlock = high === 0 ? readBand : refineBand;
  return (bits, block) => readBlock(bits, ac, [first, last], block, seen, end);
}

function tableIn(tables: ReadonlyMap<number, () => HuffmanTable>, id: number): HuffmanTable {
  const table = tables.get(id);
  if (!table) throw new CodeError('a Huffman table is missing');
  return table();
}
