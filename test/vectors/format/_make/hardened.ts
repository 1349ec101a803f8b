/** The hardened scheme without its envelope, with what is derived on the way. */
import { createHash, hkdfSync } from 'node:crypto';
import {
  encryptHardened,
  type HardenedInput,
  type HardenedKey,
  packHardened,
  withOriginalName,
} from '../../../../src/cipher/index.ts';
import type { Raster } from '../../../../src/shared/types.ts';
import { type Edit, edited, set, setParameter, together } from './edits.ts';
import { lorenz } from './key-file-parts.ts';
import { described, flipped, picture, type Sides, sampleBytes, seeded, sha256, shapeOf } from './pictures.ts';
import type { Draft, Group } from './vector.ts';

const secretsOf = (id: string) => ({ key: seeded(`${id} key`, 32), nonce: seeded(`${id} nonce`, 32) });

export function hardenedOf(id: string, plain: Raster, input: HardenedInput) {
  return { plain, input, ...encryptHardened(plain, input, secretsOf(id)) };
}

export const hardenedGroups = (): Group[] => [
  { type: 'hardened', section: '6.3, 8', drafts: [...valid(), ...invalid()] },
];

const hex = (value: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
};

/** Section 8.1 by itself, for those who look for their mistake. */
function derivation({ map, params, metadata, key, nonce }: HardenedKey, shape: Raster) {
  const context = JSON.stringify({
    format: 'medchaos hardened 1',
    ...{ map, parameters: params.map(hex), metadata },
    ...shapeOf(shape),
  });
  const hash = createHash('sha256').update(context).digest();
  const derive = (label: string, bytes: number): Buffer =>
    Buffer.from(
      hkdfSync('sha256', key, nonce, Buffer.concat([Buffer.from(label), Buffer.of(0), hash]), bytes),
    );
  const words = derive('starts', 24);
  return {
    context_sha256: hash.toString('hex'),
    aes_key: derive('aes-256-gcm key', 32).toString('hex'),
    aes_iv: derive('aes-256-gcm iv', 12).toString('hex'),
    starts: [0, 8, 16].map((at) => hex((Number(words.readBigUInt64BE(at) >> 12n) + 0.5) / 2 ** 52)),
    seeds: derive('feedback', 8).toString('hex'),
  };
}

const inputOf = (cipher: Raster, payload: Uint8Array) => ({
  samples: sampleBytes(cipher),
  shape: JSON.stringify(shapeOf(cipher)),
  payload,
});

const date: HardenedInput = { map: 'lorenz', params: lorenz, metadata: '2023-03-04T05:06:07' };

function valid(): Draft[] {
  const logistic: HardenedInput = { map: 'logistic', params: [3.95], metadata: null };
  const strange = 'quote " backslash \\ line \n tab \t control \u0001 del \u007f é 😀 \u2028 / half \ud800';
  const cases: [string, string, HardenedInput, Sides][] = [
    ['lorenz', 'Lorenz, with a date', date, [5, 4, 1, 8]],
    ['logistic', 'logistic map, without a date', logistic, [5, 4, 1, 8]],
    ['rgb', 'RGB', date, [4, 5, 3, 8]],
    ['deep', '16 bits', date, [5, 4, 1, 16]],
    ['deep-rgba', 'RGBA of 16 bits', logistic, [3, 2, 4, 16]],
    ['pixel', 'one pixel', date, [1, 1, 1, 8]],
    ['column', 'one column of 16 bits', date, [1, 7, 1, 16]],
    [
      'text',
      'metadata with quotes, controls and half a surrogate pair',
      { ...date, metadata: strange },
      [5, 4, 1, 8],
    ],
    ['empty-text', 'empty metadata, which are not null', { ...date, metadata: '' }, [5, 4, 1, 8]],
  ];
  const drafts = cases.map(([name, comment, input, sides]): Draft => {
    const id = `hardened-${name}`;
    const { plain, cipher, key } = hardenedOf(id, picture(sides), input);
    const expected = { ...described(plain), metadata: input.metadata, derived: derivation(key, plain) };
    return { id, comment, input: inputOf(cipher, packHardened(key, cipher)), expected };
  });
  const { plain, cipher, key } = hardenedOf('hardened-name', picture([5, 4, 1, 8]), date);
  return [
    ...drafts,
    {
      id: 'hardened-name',
      comment: 'with an original name, which the derivation does not see',
      input: inputOf(cipher, withOriginalName(packHardened(key, cipher), 'a/b.png')),
      expected: { ...described(plain), metadata: date.metadata, derived: derivation(key, plain) },
    },
  ];
}

function invalid(): Draft[] {
  const { cipher, key } = hardenedOf('hardened-invalid', picture([5, 4, 1, 8]), date);
  const payload = packHardened(key, cipher);
  const changes: [string, string, Draft['flags'], Edit][] = [
    ['version', 'version 2', ['UnknownVersion'], set('format', 'medchaos hardened 2')],
    ['map', 'map logistic for Lorenz parameters', ['UnknownScheme'], set('map', 'logistic')],
    ['map-unknown', 'map henon', ['UnknownScheme'], set('map', 'henon')],
    ['key', 'a bit of the key changed', ['WrongKey'], set('key', flippedHex)],
    ['nonce', 'a bit of the nonce changed', ['WrongKey'], set('nonce', flippedHex)],
    ['tag', 'a bit of the tag changed', ['BadTag'], set('tag', flippedHex)],
    ['tag-short', 'a tag of 12 bytes', ['BadTag'], set('tag', (old: string) => old.slice(0, 24))],
    ['tag-empty', 'an empty tag', ['BadTag'], set('tag', '')],
    ['key-upper', 'the key in upper case', ['NotCanonical'], set('key', (old: string) => old.toUpperCase())],
    ['key-short', 'a key of 16 bytes', ['OutOfRange'], set('key', (old: string) => old.slice(0, 32))],
    ['key-number', 'a key that is a number', ['WrongType'], set('key', 5)],
    ['no-nonce', 'no nonce', ['Missing'], set('nonce', undefined)],
    ['date', 'another second', ['TamperedHeader'], set('metadata', '2023-03-04T05:06:08')],
    ['no-date', 'null in place of the date', ['TamperedHeader'], set('metadata', null)],
    ['date-missing', 'no metadata', ['Missing'], set('metadata', undefined)],
    ['date-number', 'metadata that are a number', ['WrongType'], set('metadata', 2023)],
    ['parameter', 'the last bit of rho changed', ['TamperedHeader'], setParameter(1, 28.000000000000004)],
    [
      'hex',
      'decimal and hexadecimal form of rho differ',
      ['Disagree'],
      set('parametersHex.1', '403c000000000001'),
    ],
    ['turned', 'shape 4x5', ['WrongShape'], together(set('shape.width', 4), set('shape.height', 5))],
  ];
  const drafts = changes.map(
    ([id, comment, flags, edit]): Draft => ({
      id: `hardened-${id}`,
      comment,
      flags: flags!,
      input: inputOf(cipher, edited(payload, edit)),
    }),
  );
  const other = hardenedOf('hardened-other', picture([5, 4, 1, 8]), date);
  const turned: Raster = { ...cipher, width: 4, height: 5 };
  const turnedPayload = edited(payload, set('shape.width', 4), set('shape.height', 5));
  return [
    ...drafts,
    {
      id: 'hardened-first-bit',
      comment: 'a bit of the first sample changed',
      flags: ['TamperedCipher'],
      input: { ...inputOf(cipher, payload), samples: flipped(sampleBytes(cipher), 0) },
    },
    {
      id: 'hardened-last-bit',
      comment: 'a bit of the last sample changed',
      flags: ['TamperedCipher'],
      input: { ...inputOf(cipher, payload), samples: flipped(sampleBytes(cipher), -1, 128) },
    },
    {
      id: 'hardened-swapped',
      comment: 'the key file of another picture',
      flags: ['WrongPicture'],
      input: inputOf(cipher, packHardened(other.key, other.cipher)),
    },
    {
      id: 'hardened-both-turned',
      comment: 'picture and key file both 4x5',
      flags: ['WrongShape'],
      input: inputOf(turned, turnedPayload),
    },
  ];
}

const flippedHex = (text: string): string => flipped(Buffer.from(text, 'hex'), 0).toString('hex');

export const cipherHash = (cipher: Raster): string => sha256(sampleBytes(cipher));
