/** The data set inside an encrypted DICOM object: what its original file is put together from. */
import { joinContent, splitContent } from '../../cipher/index.ts';
import type { DicomPieces } from '../../data/dicom/cells.ts';
import {
  type DicomElement,
  type DicomElements,
  encodeElements,
  textElement,
} from '../../data/dicom/elements.ts';
import { type DataSet, parseDataSet } from '../../data/dicom/file.ts';

/** A key file, open. */
export interface KeyContent {
  readonly payload: Uint8Array;
  readonly header: Readonly<Record<string, unknown>>;
}

export interface Restoration extends Pick<DicomPieces, 'head' | 'tail' | 'filled' | 'swapped'> {
  readonly content: KeyContent;
  /** SHA-256 of the original file, hex. */
  readonly sha256: string;
}

/** The private creator, and its elements. */
const format = 'MEDCHAOS RESTORE 1';
const tags = { join: '00771001', head: '00771002', tail: '00771003', key: '00771004' } as const;

/** Lengths in bytes, for values of odd length are filled up. */
interface Joining {
  readonly head: number;
  readonly filled: number;
  readonly tail: number;
  readonly key: number;
  readonly swapped: boolean;
  readonly sha256: string;
}

/** The elements, from the private creator to the key. */
export function restorationElements({ head, tail, content, ...more }: Restoration): DicomElements {
  const key = joinContent(content.payload, content.header);
  const { filled, swapped, sha256 } = more;
  const join: Joining = {
    ...{ head: head.length, filled, tail: tail.length, key: key.length },
    ...{ swapped, sha256 },
  };
  const bytes = (tag: string, value: Buffer): DicomElement => ({ tag, vr: 'OB', value });
  return [
    textElement('00770010', 'LO', format),
    { tag: tags.join, vr: 'UT', value: Buffer.from(JSON.stringify(join)) },
    ...[bytes(tags.head, head), bytes(tags.tail, tail), bytes(tags.key, key)],
  ];
}

/**
 * Reads the data set up to the key, and nothing behind it.
 * @throws Error for anything that `restorationElements` does not give
 */
export function readRestoration(inner: Buffer): Restoration {
  const dataSet = parseDataSet(inner, tags.key);
  if (dataSet.string('x00770010') !== format) throw new Error('another format');
  const join = joiningOf(dataSet);
  const part = (name: 'head' | 'tail' | 'key'): Buffer =>
    bytesAt(dataSet, tags[name]).subarray(0, join[name]);
  const { filled, swapped, sha256 } = join;
  return {
    head: part('head'),
    tail: part('tail'),
    content: splitContent(part('key')),
    filled,
    swapped,
    sha256,
  };
}

function joiningOf(dataSet: DataSet): Joining {
  const join: unknown = JSON.parse(bytesAt(dataSet, tags.join).toString('utf8'));
  const { head, filled, tail, key, swapped, sha256 } = join as Joining;
  const lengths = [head, filled, tail, key].every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!lengths || typeof swapped !== 'boolean' || !/^[0-9a-f]{64}$/.test(`${sha256}`))
    throw new Error('no lengths');
  return { head, filled, tail, key, swapped, sha256 };
}

function bytesAt({ elements, byteArray }: DataSet, tag: string): Buffer {
  const { dataOffset, length } = elements[`x${tag}`]!;
  return Buffer.from(byteArray.subarray(dataOffset, dataOffset + length));
}

/** Whether the data set begins with what it says, in our own encoding: no byte of it is without meaning. */
export function isExact(inner: Buffer, restoration: Restoration): boolean {
  const expected = encodeElements(restorationElements(restoration));
  return inner.subarray(0, expected.length).equals(expected);
}
