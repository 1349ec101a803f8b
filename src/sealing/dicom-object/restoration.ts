/** The data set inside an encrypted DICOM object, from which the original file is rebuilt. */
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
  /** null: of a file without pixel data, which is `head` as a whole. */
  readonly content: KeyContent | null;
  /** SHA-256 of the original file, hex. */
  readonly sha256: string;
  /** The original path, where it travels inside. */
  readonly path?: string | undefined;
  /** 32 random hex digits, without a key file the only thing that no two encryptions share. */
  readonly id?: string | undefined;
}

/** The private creator, and its elements. */
const format = 'MEDCHAOS RESTORE 1';
const tags = { join: '00771001', head: '00771002', tail: '00771003', key: '00771004' } as const;

/** Lengths in bytes: DICOM pads values of odd length. */
interface Joining {
  readonly head: number;
  readonly filled: number;
  readonly tail: number;
  readonly key: number;
  readonly swapped: boolean;
  readonly sha256: string;
  readonly path?: string | undefined;
  readonly id?: string | undefined;
}

/** The elements, from the private creator to the key. */
export function restorationElements({ head, tail, content, ...more }: Restoration): DicomElements {
  const key = content ? joinContent(content.payload, content.header) : Buffer.alloc(0);
  const { filled, swapped, sha256, path, id } = more;
  const join: Joining = {
    ...{ head: head.length, filled, tail: tail.length, key: key.length },
    ...{ swapped, sha256, path, id },
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
  const { filled, swapped, sha256, path, id } = join;
  return {
    head: part('head'),
    tail: part('tail'),
    content: join.key === 0 ? null : splitContent(part('key')),
    ...{ filled, swapped, sha256, path, id },
  };
}

function joiningOf(dataSet: DataSet): Joining {
  const join: unknown = JSON.parse(bytesAt(dataSet, tags.join).toString('utf8'));
  const { head, filled, tail, key, swapped, sha256, path, id } = join as Joining;
  const lengths = [head, filled, tail, key].every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!lengths || typeof swapped !== 'boolean' || !/^[0-9a-f]{64}$/.test(`${sha256}`))
    throw new Error('no lengths');
  if (![path, id].every((text) => text === undefined || typeof text === 'string'))
    throw new Error('no texts');
  return { head, filled, tail, key, swapped, sha256, path, id };
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
