/**
 * The vectors of docs/FORMAT.md (test/vectors/format): our reader, and one in Python that was written from that page
 * alone, agree with each. MEDCHAOS_PYTHON names the interpreter; default python3.
 */
import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import {
  decryptHardened,
  deriveKeys,
  type Keys,
  openEnvelope,
  openEnveloped,
  openImage,
  originalName,
  type Shape,
  unpackCompact,
  unpackHardened,
  unpackKeys,
} from '../../src/cipher/index.ts';
import { loadRaster } from '../../src/data/images/image.ts';
import { openSealedDicom } from '../../src/sealing/dicom-object.ts';
import { openLedger } from '../../src/sealing/ledger.ts';
import { restoredPath } from '../../src/sealing/original-path.ts';
import { openSealedFile } from '../../src/sealing/sealed-file.ts';
import { InputError } from '../../src/shared/errors.ts';
import type { Raster } from '../../src/shared/types.ts';
import {
  bytesOf,
  formats,
  pathOf,
  readVectors,
  type Vector,
  type VectorFile,
  vectorsOf,
} from '../vectors/format/vectors.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-format-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const { keys } = JSON.parse(readFileSync(pathOf('keys'), 'utf8')) as {
  keys: Record<string, { note: string; pkcs8: string }>;
};
const pemOf = (name: string): string =>
  createPrivateKey({ key: Buffer.from(keys[name]!.pkcs8, 'base64'), type: 'pkcs8', format: 'der' }).export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;

/** The inputs of one vector. */
interface Input {
  readonly bytes: (name: string) => Buffer;
  readonly text: (name: string) => string;
  readonly pem: () => string;
}
type Found = Readonly<Record<string, unknown>>;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const viewOf = (data: Int32Array | Uint8Array | Uint16Array): Buffer =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const shapeOf = ({ width, height, channels, depth }: Shape) => ({ width, height, channels, depth });
const described = (raster: Raster) => ({ ...shapeOf(raster), sha256: sha256(viewOf(raster.data)) });
const keysFound = ({ xIndex, yIndex, zKey }: Keys, shape: Shape, payload: Buffer): Found => ({
  ...shapeOf(shape),
  sha256: sha256(Buffer.concat([xIndex, yIndex, zKey].map(viewOf))),
  name: originalName(payload),
});

/** By type of group; each gives at least what is expected, or throws. */
const readers: Readonly<Record<string, (input: Input) => Promise<Found>>> = {
  async png({ bytes }) {
    return described(await loadRaster(bytes('file'), 'x', 'native'));
  },
  async envelope({ bytes, pem }) {
    const { payload, header } = await openEnvelope(bytes('envelope'), pem());
    const { alg, enc, epk, apu, apv, ...more } = header;
    return { header: more, sha256: sha256(payload) };
  },
  async 'enveloped-data'({ bytes, pem }) {
    const { content, authenticated } = openEnveloped(bytes('envelope'), pem());
    if (!authenticated) throw new InputError('without a MAC');
    return { sha256: sha256(content) };
  },
  async npz({ bytes }) {
    const payload = bytes('payload');
    const opened = unpackKeys(payload);
    return keysFound(opened.keys, opened.shape, payload);
  },
  async compact({ bytes }) {
    const payload = bytes('payload');
    const { key, shape } = unpackCompact(payload);
    return keysFound(deriveKeys(key.map, key.params, shape, key.options), shape, payload);
  },
  async hardened({ bytes, text }) {
    const samples = bytes('samples');
    const given: Shape = JSON.parse(text('shape'));
    const data =
      given.depth === 8 ? Uint8Array.from(samples) : new Uint16Array(Uint8Array.from(samples).buffer);
    const { key, shape } = unpackHardened(bytes('payload'));
    if (JSON.stringify(shape) !== JSON.stringify(given)) throw new InputError('another shape');
    return { ...described(decryptHardened({ ...given, data }, key)), metadata: key.metadata };
  },
  async 'cipher-image'({ bytes, pem }) {
    const cipher = await loadRaster(bytes('cipher'), 'x', 'native');
    const { plain, metadata, path, id } = await openImage(bytes('keys'), cipher, pem());
    return { ...described(plain), metadata, name: path, id };
  },
  async 'sealed-file'({ bytes, pem }) {
    const path = join(dir, 'x.sealed');
    writeFileSync(path, bytes('file'));
    const { chunks, ...opened } = await openSealedFile(path, pem());
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks()) parts.push(chunk);
    return { ...opened, sha256: sha256(Buffer.concat(parts)) };
  },
  async 'dicom-object'({ bytes, pem }) {
    const { file, path, id } = openSealedDicom(bytes('file'), 'x', pem());
    return { bytes: file.length, sha256: sha256(file), path, id };
  },
  async 'original-name'({ text }) {
    return { name: restoredPath('.', text('name'), null) };
  },
  async ledger({ bytes, text }) {
    const path = join(dir, 'ledger');
    writeFileSync(path, bytes('ledger'));
    await (await openLedger(path)).claim(text('encryption'), 'b.cipher.png');
    return { opens: true };
  },
};

/** Null where our reader refuses. */
async function answer(type: string, file: VectorFile, vector: Vector): Promise<Found | null> {
  const text = (name: string): string => vector.input[name] as string;
  const input: Input = {
    bytes: (name) => bytesOf(file, vector, name),
    text,
    pem: () => pemOf(text('privateKey')),
  };
  try {
    return await readers[type]!(input);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

describe.each(formats)('our reader, %s', (format) => {
  const file = readVectors(format);
  const rows = file.groups.flatMap(({ type, vectors }) =>
    vectors.map((vector) => [vector.id, vector, type] as const),
  );
  test.each(rows)('%s', async (_, vector, type) => {
    const found = await answer(type, file, vector);
    const { derived: _derived, ...expected } = vector.expected ?? {}; // steps on the way, for others
    if (vector.expected) expect(found).toMatchObject(expected);
    else expect(found).toBeNull();
  });
});

test('ids are unique, invalid vectors say why, flags are explained', () => {
  const ids: string[] = [];
  for (const format of formats) {
    const file = readVectors(format) as VectorFile & { flags: Record<string, string> };
    for (const { id, result, flags, expected } of vectorsOf(file)) {
      ids.push(id);
      expect(result === 'valid', id).toBe(expected !== undefined);
      if (!expected) expect(flags, id).not.toHaveLength(0);
      for (const flag of flags) expect(file.flags, id).toHaveProperty(flag);
    }
  }
  expect(new Set(ids).size).toBe(ids.length);
});

test('all together have fewer than 300 kB, and keys are marked as test keys', () => {
  const bytes = [...formats, 'keys'].map((name) => statSync(pathOf(name)).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
  for (const { note } of Object.values(keys)) expect(note).toMatch(/^test key/);
  expect(readFileSync(pathOf('keys'), 'utf8')).not.toContain('BEGIN');
});

const python = process.env.MEDCHAOS_PYTHON ?? 'python3';
const packages = spawnSync(python, ['-c', 'import numpy, cryptography, pydicom']).status === 0;
const missing = packages ? '' : `needs numpy, cryptography and pydicom in ${python}`;
const reader = fileURLToPath(new URL('format_reader.py', import.meta.url));

describe.skipIf(missing)(`format_reader.py ${missing}`, () => {
  test.each(formats)('%s: agrees on every vector', (format) => {
    const { status, stdout, stderr } = spawnSync(python, [reader, pathOf(format), pathOf('keys')], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const count = vectorsOf(readVectors(format)).length;
    expect(stdout.trim().split('\n').at(-1)).toBe(`${count} of ${count} vectors agree`);
  });
});
