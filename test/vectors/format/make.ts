/**
 * Makes the vectors of docs/FORMAT.md: npx tsx test/vectors/format/make.ts
 * Envelopes are random, so inputs and results of vectors that are there already stay; comments and flags are written
 * anew. A vector to be made again: delete it from its file first. All else follows from the ids.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { dicomGroups } from './_make/dicom.ts';
import { envelopeGroups } from './_make/envelopes.ts';
import { hardenedGroups } from './_make/hardened.ts';
import { imageGroups } from './_make/images.ts';
import { keyFileGroups } from './_make/key-files.ts';
import { writeKeys } from './_make/keys.ts';
import { ledgerGroups, nameGroups } from './_make/names.ts';
import { pngGroups } from './_make/png.ts';
import { sealedGroups } from './_make/sealed.ts';
import { type Draft, type Flag, flags, type Group, type Inputs } from './_make/vector.ts';
import {
  bytesOf,
  type Format,
  formats,
  pathOf,
  readVectors,
  type Stored,
  type Vector,
  type VectorFile,
  vectorsOf,
} from './vectors.ts';

const makers: Readonly<Record<Format, () => Group[] | Promise<Group[]>>> = {
  png: pngGroups,
  envelope: envelopeGroups,
  'key-file': keyFileGroups,
  hardened: hardenedGroups,
  'cipher-image': imageGroups,
  sealed: sealedGroups,
  dicom: dicomGroups,
  name: nameGroups,
  ledger: ledgerGroups,
};

/** The vector as it stands in the old file, if it is still of the same result. */
function asBefore(draft: Draft, file: VectorFile | null): Draft {
  const old = file && vectorsOf(file).find(({ id }) => id === draft.id);
  if (!old || (old.result === 'valid') !== (draft.expected !== undefined)) return draft;
  const input = Object.entries(draft.input).map(([name, value]) => [
    name,
    typeof value === 'string' ? old.input[name] : bytesOf(file, old, name),
  ]);
  return { ...draft, input: Object.fromEntries(input), ...(old.expected && { expected: old.expected }) };
}

interface Whole {
  readonly id: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Whole, or a change of an input that stands whole, where that is much shorter. */
function storedInput(id: string, name: string, bytes: Uint8Array, wholes: Whole[]): Stored {
  const changes = wholes.filter((whole) => whole.name === name).map((whole) => changeOf(whole, bytes));
  const shortest = changes.sort((a, b) => a.put.length - b.put.length)[0];
  if (shortest && shortest.put.length + 80 < 0.8 * bytes.length) return shortest;
  wholes.push({ id, name, bytes });
  return whole(Buffer.from(bytes));
}

/** Text where it is some, else the shorter of base64 and zlib. */
function whole(bytes: Buffer): Stored {
  const [text, base64] = [bytes.toString('latin1'), bytes.toString('base64')];
  const zlib = deflateSync(bytes, { level: 9 }).toString('base64');
  if (zlib.length < 0.7 * bytes.length) return { zlib };
  if (/^[\n -~]{40,}$/.test(text)) return { text };
  return zlib.length < 0.9 * base64.length ? { zlib } : base64;
}

function changeOf({ id, bytes: base }: Whole, bytes: Uint8Array) {
  const most = Math.min(base.length, bytes.length);
  let at = 0;
  while (at < most && base[at] === bytes[at]) at++;
  let end = 0;
  while (end < most - at && base.at(-1 - end) === bytes.at(-1 - end)) end++;
  const put = Buffer.from(bytes.subarray(at, bytes.length - end)).toString('base64');
  return { of: id, at, cut: base.length - end - at, put };
}

function storedInputs(id: string, input: Inputs, wholes: Whole[]): Vector['input'] {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : storedInput(id, name, value, wholes),
    ]),
  );
}

/** A vector a line. */
function jsonOf({ groups, ...head }: ReturnType<typeof fileOf>): string {
  const lines = groups.map(({ vectors, ...group }) => {
    const rows = vectors.map((vector) => `  ${JSON.stringify(vector)}`).join(',\n');
    return `${JSON.stringify(group).slice(0, -1)},"vectors":[\n${rows}\n]}`;
  });
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "groups": [\n${lines.join(',\n')}\n]}\n`;
}

function fileOf(groups: readonly Group[], old: VectorFile | null) {
  const used = new Set(groups.flatMap(({ drafts }) => drafts.flatMap((draft) => draft.flags ?? [])));
  const wholes: Whole[] = [];
  const vectorOf = (draft: Draft): Vector => {
    const { id, comment, flags: why = [], input, expected } = asBefore(draft, old);
    const result = expected ? 'valid' : 'invalid';
    const stored = storedInputs(id, input, wholes);
    return { id, comment, result, flags: why, input: stored, ...(expected && { expected }) };
  };
  return {
    about:
      'Vectors of docs/FORMAT.md, section 15. Bytes are base64, or a change of the same input of another vector. ' +
      'Keys are those of keys.json: test keys, published.',
    flags: Object.fromEntries(Object.entries(flags).filter(([flag]) => used.has(flag as Flag))),
    groups: groups.map(({ type, section, drafts }) => ({ type, section, vectors: drafts.map(vectorOf) })),
  };
}

writeKeys();
for (const name of formats) {
  const file = fileOf(await makers[name](), existsSync(pathOf(name)) ? readVectors(name) : null);
  writeFileSync(pathOf(name), jsonOf(file));
  const all = vectorsOf(file);
  const valid = all.filter(({ result }) => result === 'valid').length;
  console.log(`${name}: ${valid} valid, ${all.length - valid} invalid`);
}
