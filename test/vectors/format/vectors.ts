/**
 * Reads the vectors of docs/FORMAT.md. Bytes stand as base64, as `{text}`, as `{zlib}` (RFC 1950, then base64), or as a
 * change of the same input of another vector of the file: `{of, at, cut, put}` takes `cut` bytes away at `at` and puts
 * others there.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';

export interface Change {
  readonly of: string;
  readonly at: number;
  readonly cut: number;
  /** Base64. */
  readonly put: string;
}

export type Stored = string | Change | { readonly text: string } | { readonly zlib: string };

export interface Vector {
  readonly id: string;
  readonly comment: string;
  readonly result: 'valid' | 'invalid';
  readonly flags: readonly string[];
  readonly input: Readonly<Record<string, Stored>>;
  readonly expected?: Readonly<Record<string, unknown>>;
}

export interface VectorFile {
  readonly groups: readonly {
    readonly type: string;
    readonly section: string;
    readonly vectors: readonly Vector[];
  }[];
}

export const formats = [
  'png',
  'envelope',
  'key-file',
  'hardened',
  'cipher-image',
  'sealed',
  'dicom',
  'name',
  'ledger',
] as const;
export type Format = (typeof formats)[number];

export const pathOf = (name: string): string => fileURLToPath(new URL(`${name}.json`, import.meta.url));
export const readVectors = (name: Format): VectorFile => JSON.parse(readFileSync(pathOf(name), 'utf8'));

export const vectorsOf = ({ groups }: VectorFile): Vector[] => groups.flatMap(({ vectors }) => vectors);

/** The bytes of an input. */
export function bytesOf(file: VectorFile, vector: Vector, name: string): Buffer {
  const stored = vector.input[name]!;
  if (typeof stored === 'string') return Buffer.from(stored, 'base64');
  if ('text' in stored) return Buffer.from(stored.text);
  if ('zlib' in stored) return inflateSync(Buffer.from(stored.zlib, 'base64'));
  const base = bytesOf(file, vectorsOf(file).find(({ id }) => id === stored.of)!, name);
  const put = Buffer.from(stored.put, 'base64');
  return Buffer.concat([base.subarray(0, stored.at), put, base.subarray(stored.at + stored.cut)]);
}
