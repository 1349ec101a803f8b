/** Key files of all kinds with fields of wrong types: each is refused as input, by one sentence, whatever is in it. */
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  encryptHardened,
  encryptImage,
  type KeyPair,
  keyContent,
  makeCurveKeyPair,
  openImage,
  presets,
  sampleHash,
  schemes,
  seal,
  sealEnvelope,
} from '../../../src/cipher/index.ts';
import { InputError } from '../../../src/shared/errors.ts';
import type { Raster } from '../../../src/shared/types.ts';

let clara: KeyPair;
beforeAll(async () => {
  clara = await makeCurveKeyPair('p256');
});

type Json = Record<string, unknown>;
interface Content {
  readonly cipher: Raster;
  readonly header: Json;
  readonly payload: Uint8Array;
}

const plain: Raster = { width: 8, height: 4, channels: 1, depth: 8, data: new Uint8Array(32).fill(7) };
const params = [10, 28, 2.667];

function paperContent(compact: boolean): Content {
  const options = presets.paper;
  const { keys, cipher } = encryptImage('lorenz', params, plain, options);
  const meta = { preset: 'paper', ...(compact && { compact: { map: 'lorenz', params, options } as const }) };
  return { cipher, ...keyContent(schemes.paper, { keys, ...meta }, cipher) };
}

function hardened(): Content {
  const { cipher, key } = encryptHardened(plain, { map: 'lorenz', params, metadata: '2023-03-04T05:06:07' });
  return { cipher, ...keyContent(schemes.hardened, key, cipher) };
}

const contents = { npz: paperContent(false), compact: paperContent(true), hardened: hardened() };
const kinds = Object.entries(contents);

async function attempt({ cipher, header, payload }: Content, envelope: 'jwe' | 'cms'): Promise<string> {
  const sealed = await sealEnvelope(payload, header, [clara.publicPem], { envelope });
  try {
    await openImage(sealed, cipher, clara.privatePem);
    return 'opened';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message).toMatch(/^[^\n]+$/);
    return 'refused';
  }
}

/** Of no type that any field has; the last are names that every object inherits. */
const strange: unknown[] = [null, true, [], {}, { toString: 1 }, { length: 1 }, -1.5, ''];
const inherited = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'];

/** What could pass for the value where types are not looked at. */
const likely = (value: unknown): unknown[] => [
  [value],
  [[value]],
  { 0: value },
  ...(typeof value === 'number' ? [String(value), `${value}.0`, ` ${value}`] : []),
  ...(Array.isArray(value)
    ? [{ ...value }, { ...value, length: value.length }, String(value), value.map(String)]
    : []),
];

const wrong = (value: unknown): unknown[] =>
  [...strange, ...inherited, ...likely(value)].filter((other) => !isDeepStrictEqual(other, value));

/** All ways into an object: the names of its fields, level by level. */
function pathsIn(value: unknown, path: string[] = []): string[][] {
  const inner =
    value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, below]) => pathsIn(below, [...path, key]))
      : [];
  return path.length > 0 ? [path, ...inner] : inner;
}

const valueAt = (object: unknown, path: string[]): unknown =>
  path.reduce((value, key) => (value as Json)[key], object);

/** A copy with another value; undefined leaves the field out. */
function withValue(object: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(object) ? [...object] : { ...(object as Json) }) as Json;
  const inner = withValue(copy[key], rest, value);
  if (inner === undefined) delete copy[key];
  else Object.defineProperty(copy, key, { value: inner, enumerable: true });
  return copy;
}

describe.each(kinds)('%s', (kind, content) => {
  test.each(['jwe', 'cms'] as const)('as it should be, in %s', async (envelope) => {
    expect(await attempt(content, envelope)).toBe('opened');
  });

  test.each(Object.keys(content.header))('header field %s of another type, or missing', async (field) => {
    for (const value of [undefined, ...wrong(content.header[field])]) {
      const isText = field === 'preset' && typeof value === 'string';
      const header = withValue(content.header, [field], value) as Json;
      for (const envelope of ['jwe', 'cms'] as const)
        expect(await attempt({ ...content, header }, envelope), JSON.stringify(value)).toBe(
          isText ? 'opened' : 'refused',
        );
    }
  });

  if (kind === 'npz') return;
  const file = JSON.parse(Buffer.from(content.payload).toString()) as Json;

  test.each(pathsIn(file).map((path): [string, string[]] => [path.join('.'), path]))(
    'field %s of another type, or missing',
    async (name, path) => {
      const optional = ['options.precision', 'options.quantiser'].includes(name); // not in the first key files
      for (const value of [undefined, ...wrong(valueAt(file, path))]) {
        if ((value === undefined && optional) || (value === -1.5 && path.includes('starts'))) continue;
        const payload = Buffer.from(JSON.stringify(withValue(file, path, value)));
        expect(await attempt({ ...content, payload }, 'jwe'), JSON.stringify(value)).toBe('refused');
      }
    },
  );

  test.each([null, [], [1], 'x', 8, true])('%j in place of the file', async (value) => {
    const payload = Buffer.from(JSON.stringify(value));
    expect(await attempt({ ...content, payload }, 'jwe')).toBe('refused');
  });
});

test.each([null, [], 'x', 8])('a CMS envelope with %j in place of its header', async (value) => {
  const { cipher, payload } = contents.npz;
  const sealed = await sealEnvelope(payload, value as never, [clara.publicPem], { envelope: 'cms' });
  await expect(openImage(sealed, cipher, clara.privatePem)).rejects.toThrow(InputError);
});

describe('compact key files of a stranger', () => {
  const { cipher, header, payload } = contents.compact;
  const file = JSON.parse(Buffer.from(payload).toString()) as Json & { options: Json & { lorenz: Json } };
  const open = async (options: Json) =>
    attempt({ cipher, header, payload: Buffer.from(JSON.stringify({ ...file, options })) }, 'jwe');
  const { options } = file;

  const choices = (['euler', 'rk4'] as const).flatMap((integrator) =>
    (['float64', 'float32'] as const).map((precision) => ({ integrator, precision })),
  );
  test.each(choices)('a burn-in above 100,000 is refused: $integrator, $precision', async (choice) => {
    const { integrator, precision } = choice;
    const lorenz = { ...options.lorenz, integrator };
    expect(await open({ ...options, lorenz, precision, burnIn: 1e5 })).toBe('opened');
    for (const burnIn of [1e5 + 1, 1e8, 1e300])
      expect(await open({ ...options, lorenz, precision, burnIn })).toBe('refused');
  });

  test.each(['burnOut', '__proto__', 'constructor'])('an unknown option %s is refused', async (name) => {
    expect(await open(withValue(options, [name], 1) as Json)).toBe('refused');
    expect(await open(withValue(options, ['lorenz', name], 1) as Json)).toBe('refused');
  });
});

test('100 recipients of a JWE are tried, 101 are not', async () => {
  const pairs = await Promise.all(Array.from({ length: 100 }, () => makeCurveKeyPair('x25519')));
  const { cipher, header, payload } = contents.hardened;
  const jwe = await seal(
    payload,
    header,
    pairs.map(({ publicPem }) => publicPem),
  );
  expect((await openImage(jwe, cipher, pairs[99]!.privatePem)).header.cipher_sha256).toBe(sampleHash(cipher));
  const more = JSON.parse(jwe) as { recipients: unknown[] };
  more.recipients.push(more.recipients[0]);
  await expect(openImage(JSON.stringify(more), cipher, pairs[0]!.privatePem)).rejects.toThrow(
    /at most 100 recipients, got 101/,
  );
});
