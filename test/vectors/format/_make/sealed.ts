/** Sealed files, put together by the table of section 9. */
import { createCipheriv } from 'node:crypto';
import { sealEnvelope } from '../../../../src/cipher/index.ts';
import { type KeyName, publicPem } from './keys.ts';
import { flipped, json, seeded, sha256 } from './pictures.ts';
import type { Draft, Flag, Group } from './vector.ts';

const line = Buffer.from('medchaos sealed 1\n');

interface Recipe {
  readonly file?: Buffer;
  readonly inside?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly envelope?: 'jwe' | 'cms';
  readonly aad?: Buffer;
  readonly to?: KeyName;
}

const letter = Buffer.from('Dear colleague,\r\nthe picture is attached.\n');

async function sealedOf(id: string, recipe: Recipe = {}) {
  const { file = letter, inside = {}, aad = line, to = 'p256', envelope = 'jwe' } = recipe;
  const [key, nonce] = [seeded(`${id} key`, 32), seeded(`${id} nonce`, 12)];
  const fields = {
    ...{ format: 'medchaos sealed 1', name: 'letter.txt', bytes: file.length },
    ...{ key: key.toString('hex'), nonce: nonce.toString('hex') },
    ...inside,
  };
  const header = recipe.header ?? { cty: 'application/json', scheme: 'sealed' };
  const sealed = Buffer.from(await sealEnvelope(json(fields), header, [publicPem(to)], { envelope }));
  const gcm = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
  const body = Buffer.concat([gcm.update(file), gcm.final()]);
  const parts = { envelope: sealed, body, tag: gcm.getAuthTag() };
  return { ...parts, file: joined(parts), id: `nonce:${sha256(Buffer.concat([key, nonce]))}` };
}

interface Parts {
  readonly envelope: Buffer;
  readonly body: Buffer;
  readonly tag: Buffer;
}

function joined({ envelope, body, tag }: Parts, start = line, saidLength = envelope.length): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(saidLength);
  return Buffer.concat([start, length, envelope, body, tag]);
}

export const sealedGroups = async (): Promise<Group[]> => [
  { type: 'sealed-file', section: '9', drafts: [...(await valid()), ...(await invalid())] },
];

async function valid(): Promise<Draft[]> {
  const cases: [string, string, Recipe, Flag[]?][] = [
    ['jwe', 'a text, JWE', {}],
    ['cms', 'a text, CMS', { envelope: 'cms' }],
    ['empty', 'a file of no bytes', { file: Buffer.alloc(0) }, ['Boundary']],
    ['path', 'with an original name', { inside: { path: 'Ward 3/Jane Röntgen.txt' } }],
    ['member', 'an unknown member', { inside: { note: 1 } }, ['Tolerant']],
  ];
  return Promise.all(
    cases.map(async ([name, comment, recipe, flags]): Promise<Draft> => {
      const id = `sealed-${name}`;
      const { file, id: ledgerId } = await sealedOf(id, recipe);
      const plain = recipe.file ?? letter;
      const path = recipe.inside?.path ?? null;
      return {
        ...{ id, comment, ...(flags && { flags }) },
        input: { file, privateKey: recipe.to ?? 'p256' },
        expected: { bytes: plain.length, sha256: sha256(plain), name: 'letter.txt', path, id: ledgerId },
      };
    }),
  );
}

async function invalid(): Promise<Draft[]> {
  const { file, id: _, ...parts } = await sealedOf('sealed-invalid');
  const other = await sealedOf('sealed-other');
  const key = seeded('sealed-inside-key-upper key', 32).toString('hex').toUpperCase();
  const bytes: [string, string, Flag[], Buffer, string?][] = [
    ['stranger', 'the private key of somebody else', ['WrongKey'], file, 'stranger-p256'],
    [
      'body',
      'a bit of the file changed',
      ['TamperedCipher'],
      joined({ ...parts, body: flipped(parts.body, 0) }),
    ],
    ['tag', 'a bit of the tag changed', ['BadTag'], flipped(file, -1)],
    [
      'envelope',
      'a bit of the envelope changed',
      ['TamperedEnvelope'],
      flipped(file, 22 + parts.envelope.length - 3, 4),
    ],
    ['swapped', 'the envelope of another file', ['WrongKey'], joined({ ...parts, envelope: other.envelope })],
    ['behind', 'a byte behind the tag', ['TrailingBytes'], Buffer.concat([file, Buffer.of(0)])],
    ['cut', 'the last byte is missing', ['Truncated'], Buffer.from(file.subarray(0, -1))],
    ['cut-envelope', 'cut off in the envelope', ['Truncated'], Buffer.from(file.subarray(0, 40))],
    ['cut-length', 'cut off in the length', ['Truncated'], Buffer.from(file.subarray(0, 20))],
    [
      'length',
      'an envelope of 2^20 + 1 bytes, by its length',
      ['OutOfRange'],
      joined(parts, line, 2 ** 20 + 1),
    ],
    ['length-short', 'a length one too small', ['Damaged'], joined(parts, line, parts.envelope.length - 1)],
    ['version', 'version 2', ['UnknownVersion'], joined(parts, Buffer.from('medchaos sealed 2\n'))],
    [
      'line-end',
      'a first line that ends with 0x0D',
      ['Damaged'],
      joined(parts, Buffer.from('medchaos sealed 1\r')),
    ],
    ['nothing', 'no byte', ['Truncated'], Buffer.alloc(0)],
  ];
  const inside: [string, string, Flag[], Recipe][] = [
    [
      'scheme',
      'scheme hardened',
      ['UnknownScheme'],
      { header: { cty: 'application/json', scheme: 'hardened' } },
    ],
    [
      'scheme-object',
      'a scheme that is an object',
      ['WrongType'],
      { header: { cty: 'application/json', scheme: { toString: 1 } } },
    ],
    ['no-scheme', 'no scheme', ['Missing'], { header: { cty: 'application/json' } }],
    ['inside-version', 'version 2 inside', ['UnknownVersion'], { inside: { format: 'medchaos sealed 2' } }],
    ['inside-bytes', 'one byte fewer inside', ['TrailingBytes'], { inside: { bytes: letter.length - 1 } }],
    [
      'inside-bytes-text',
      'a length that is text',
      ['WrongType'],
      { inside: { bytes: String(letter.length) } },
    ],
    ['inside-bytes-negative', 'a length of -1', ['OutOfRange'], { inside: { bytes: -1 } }],
    ['inside-path-number', 'a path that is a number', ['WrongType'], { inside: { path: 5 } }],
    ['inside-key-upper', 'the key in upper case', ['NotCanonical'], { inside: { key } }],
    ['inside-nonce-16', 'a nonce of 16 bytes', ['OutOfRange'], { inside: { nonce: '00'.repeat(16) } }],
    ['aad', 'the first line is not authenticated', ['BadTag'], { aad: Buffer.alloc(0) }],
  ];
  const drafts = await Promise.all(
    inside.map(async ([name, comment, flags, recipe]): Promise<Draft> => {
      const id = `sealed-${name}`;
      return { id, comment, flags, input: { file: (await sealedOf(id, recipe)).file, privateKey: 'p256' } };
    }),
  );
  const whole = bytes.map(
    ([name, comment, flags, changed, by = 'p256']): Draft => ({
      id: `sealed-${name}`,
      comment,
      flags,
      input: { file: changed, privateKey: by },
    }),
  );
  return [...whole, ...drafts];
}
