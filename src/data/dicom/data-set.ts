/** A data set (PS3.5, section 7) as places in a file: where each element's value stands, and readers of values. */

/** A place in `DataSet.byteArray`. */
interface Place {
  readonly dataOffset: number;
  /** In bytes; of undefined length up to the delimiter, which is not in it. */
  readonly length: number;
}

export interface ParsedItem extends Place {
  readonly dataSet: DataSet;
}

export interface ParsedElement extends Place {
  /** `x7fe00010`. */
  readonly tag: string;
  /** Undefined where the file does not write it. */
  readonly vr?: string;
  readonly hadUndefinedLength: boolean;
  /** Of a sequence. */
  readonly items?: readonly ParsedItem[];
  /** Of encapsulated pixel data, without the first item, which is the offset table. */
  readonly fragments?: readonly Place[];
  /** Basic offset table, as bytes in the file. */
  readonly offsetTable?: Place;
}

/** Ends at the first NUL, as padding of texts does. */
const textFrom = (bytes: Buffer): string => bytes.toString('latin1').split('\0')[0]!;

export class DataSet {
  readonly byteArray: Buffer;
  readonly bigEndian: boolean;
  /** By tag, as in `x7fe00010`. */
  readonly elements: Record<string, ParsedElement> = {};

  constructor(byteArray: Buffer, bigEndian: boolean) {
    this.byteArray = byteArray;
    this.bigEndian = bigEndian;
  }

  /** The bytes of a value. */
  bytes(tag: string): Buffer | undefined {
    const element = this.elements[tag];
    return element && this.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  }

  /** Value `index` of US; undefined where there is none. */
  uint16(tag: string, index = 0): number | undefined {
    const value = this.bytes(tag);
    if (!value || value.length < 2 * index + 2) return undefined;
    return this.bigEndian ? value.readUInt16BE(2 * index) : value.readUInt16LE(2 * index);
  }

  /** Value `index` of SS. */
  int16(tag: string, index = 0): number | undefined {
    const value = this.uint16(tag, index);
    return value === undefined ? undefined : (value << 16) >> 16;
  }

  /** The whole text without its padding; undefined for an empty value. */
  string(tag: string): string | undefined {
    const value = this.bytes(tag);
    return value?.length ? textFrom(value).trim() : undefined;
  }

  /** The first value of DS, which may be no number. */
  floatString(tag: string): number | undefined {
    const text = this.string(tag);
    return text === undefined ? undefined : Number.parseFloat(text);
  }
}
