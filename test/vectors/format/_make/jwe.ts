/** JWE around a short content, valid and invalid. */

import { CompactEncrypt, GeneralEncrypt } from 'jose';
import { seal } from '../../../../src/cipher/index.ts';
import { bitOf, expected, header, input, invalid, payload, to } from './envelope-parts.ts';
import { type KeyName, publicKey } from './keys.ts';
import { flipped, json } from './pictures.ts';
import type { Draft, Flag } from './vector.ts';

export type Row = readonly [
  id: string,
  comment: string,
  flags: readonly Flag[],
  envelope: Uint8Array | string,
  key: KeyName,
];

export async function jweValid(): Promise<Draft[]> {
  const keys: KeyName[] = ['rsa', 'x25519', 'p256', 'p384', 'p521'];
  const single = await Promise.all(
    keys.slice(0, 3).map(async (key) => ({
      id: `jwe-${key}`,
      comment: `compact form, ${key}`,
      input: input(await seal(payload, header, to(key)), key),
      expected,
    })),
  );
  const all = await seal(payload, header, to(...keys), 'A256GCM');
  const several = keys.map((key) => ({
    id: `jwe-several-${key}`,
    comment: `general form, five recipients, opened by ${key}`,
    input: input(all, key),
    expected,
  }));
  const compact = await seal(payload, header, to('p256'), 'A256GCM');
  const agreed = await new CompactEncrypt(payload)
    .setProtectedHeader({ ...header, alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
    .setKeyManagementParameters({ apu: Buffer.from('Anna'), apv: Buffer.from('Boris') })
    .encrypt(publicKey('p256'));
  const rows: [string, string, Flag[], string, KeyName][] = [
    ['a256gcm', 'A256GCM', [], compact, 'p256'],
    ['space', 'white space in front and behind', ['Tolerant'], ` \n${compact}\r\n`, 'p256'],
    ['parties', 'with apu and apv', ['Tolerant'], agreed, 'p256'],
    ['one-general', 'general form with one recipient', ['Tolerant'], await generalOf(['p256']), 'p256'],
    ['100', '100 recipients, of whom the last opens', ['Boundary'], await crowd(99), 'p256'],
  ];
  return [
    ...single,
    ...several,
    ...rows.map(([id, comment, flags, jwe, key]) => ({
      id: `jwe-${id}`,
      comment,
      flags,
      input: input(jwe, key),
      expected,
    })),
  ];
}

async function generalOf(keys: readonly KeyName[]): Promise<string> {
  const jwe = new GeneralEncrypt(payload).setProtectedHeader({ ...header, enc: 'A256GCM' });
  for (const key of keys) {
    const alg = key.endsWith('rsa') ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';
    jwe.addRecipient(publicKey(key)).setUnprotectedHeader({ alg });
  }
  return JSON.stringify(await jwe.encrypt());
}

/** Others in front, with keys that open nothing. */
async function crowd(others: number): Promise<string> {
  const jwe = JSON.parse(await generalOf(['p256']));
  const other = { header: { alg: 'RSA-OAEP-256' }, encrypted_key: 'AAAA' };
  return JSON.stringify({ ...jwe, recipients: [...Array(others).fill(other), ...jwe.recipients] });
}

/** Compact JWE of any header. */
const compactOf = (more: Readonly<Record<string, unknown>>, key: KeyName = 'rsa'): Promise<string> =>
  new CompactEncrypt(payload)
    .setProtectedHeader({ ...header, alg: 'RSA-OAEP-256', enc: 'A256GCM', ...more })
    .encrypt(publicKey(key));

export async function jweInvalid(): Promise<Draft[]> {
  const jwe = await compactOf({});
  const parts = jwe.split('.');
  const part = (index: number, text: string): string =>
    parts.map((old, i) => (i === index ? text : old)).join('.');
  const bit = (index: number): string =>
    part(index, flipped(Buffer.from(parts[index]!, 'base64url'), 0).toString('base64url'));
  const other = (fields: object): string =>
    Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(parts[0]!, 'base64url').toString()), ...fields }),
    ).toString('base64url');
  const general = JSON.parse(await generalOf(['p256', 'rsa']));
  const secret = Buffer.alloc(32, 1);
  const direct = await new CompactEncrypt(payload)
    .setProtectedHeader({ ...header, alg: 'dir', enc: 'A256GCM' })
    .encrypt(secret);
  return invalid([
    ['jwe-stranger-rsa', 'the private key of somebody else, RSA', ['WrongKey'], jwe, 'stranger-rsa'],
    [
      'jwe-stranger-p256',
      'the private key of somebody else, P-256',
      ['WrongKey'],
      await compactOf({ alg: 'ECDH-ES+A256KW' }, 'p256'),
      'stranger-p256',
    ],
    ['jwe-other-kind', 'a P-256 key for an RSA envelope', ['WrongKey'], jwe, 'p256'],
    ['jwe-small-key', 'an RSA key of 1024 bits', ['SmallKey'], jwe, 'rsa-1024'],
    [
      'jwe-header-scheme',
      'scheme changed to paper',
      ['TamperedHeader'],
      part(0, other({ scheme: 'paper' })),
      'rsa',
    ],
    [
      'jwe-header-enc',
      'enc changed to A128GCM',
      ['TamperedHeader'],
      part(0, other({ enc: 'A128GCM' })),
      'rsa',
    ],
    ['jwe-wrapped', 'a bit of the wrapped key changed', ['TamperedEnvelope'], bit(1), 'rsa'],
    ['jwe-iv', 'a bit of the initialization vector changed', ['TamperedEnvelope'], bit(2), 'rsa'],
    ['jwe-ciphertext', 'a bit of the ciphertext changed', ['TamperedEnvelope'], bit(3), 'rsa'],
    ['jwe-tag', 'a bit of the tag changed', ['BadTag'], bit(4), 'rsa'],
    ['jwe-tag-short', 'a tag of 12 bytes', ['BadTag'], part(4, parts[4]!.slice(0, 16)), 'rsa'],
    ['jwe-tag-empty', 'an empty tag', ['BadTag'], part(4, ''), 'rsa'],
    [
      'jwe-last-bits',
      'an unused bit of the last character set',
      ['NotCanonical'],
      part(4, looseEnd(parts[4]!)),
      'rsa',
    ],
    ['jwe-padding', 'base64 with padding', ['NotCanonical'], part(4, `${parts[4]}==`), 'rsa'],
    ['jwe-six-parts', 'a sixth part', ['TrailingBytes'], `${jwe}.AAAA`, 'rsa'],
    ['jwe-four-parts', 'four parts', ['Truncated'], parts.slice(0, 4).join('.'), 'rsa'],
    [
      'jwe-cut',
      'cut off in the ciphertext',
      ['Truncated'],
      jwe.slice(0, parts.slice(0, 3).join('.').length + 8),
      'rsa',
    ],
    ['jwe-empty', 'no byte', ['Truncated'], '', 'rsa'],
    [
      'jwe-oaep-sha1',
      'RSA-OAEP with SHA-1',
      ['UnknownAlgorithm'],
      await compactOf({ alg: 'RSA-OAEP' }),
      'rsa',
    ],
    [
      'jwe-a128kw',
      'ECDH-ES+A128KW',
      ['UnknownAlgorithm'],
      await compactOf({ alg: 'ECDH-ES+A128KW' }, 'p256'),
      'p256',
    ],
    [
      'jwe-ecdh-direct',
      'ECDH-ES without key wrap',
      ['UnknownAlgorithm'],
      await compactOf({ alg: 'ECDH-ES' }, 'p256'),
      'p256',
    ],
    ['jwe-dir', 'dir: a key that both sides know', ['UnknownAlgorithm'], direct, 'rsa'],
    ['jwe-cbc', 'A256CBC-HS512', ['UnknownAlgorithm'], await compactOf({ enc: 'A256CBC-HS512' }), 'rsa'],
    ['jwe-zip', 'zip: DEF', ['Compressed'], await compactOf({ zip: 'DEF' }), 'rsa'],
    ['jwe-crit', 'a critical member that nobody knows', ['UnknownField'], await critical(), 'rsa'],
    ['jwe-101', '101 recipients, of whom the last opens', ['TooManyRecipients'], await crowd(100), 'p256'],
    ['jwe-nobody', 'no recipient', ['Missing'], JSON.stringify({ ...general, recipients: [] }), 'p256'],
    ['jwe-flattened', 'flattened form', ['UnknownAlgorithm'], flattened(general), 'p256'],
    [
      'jwe-general-tag',
      'general form, a bit of the tag changed',
      ['BadTag'],
      JSON.stringify({ ...general, tag: bitOf(general.tag) }),
      'p256',
    ],
    [
      'jwe-general-aad',
      'general form, additional data added',
      ['TamperedEnvelope'],
      JSON.stringify({ ...general, aad: 'AAAA' }),
      'p256',
    ],
    [
      'jwe-general-behind',
      'general form, an object behind it',
      ['TrailingBytes'],
      `${JSON.stringify(general)}{}`,
      'p256',
    ],
    [
      'jwe-general-unprotected',
      'enc only in an unprotected header',
      ['TamperedHeader'],
      unprotectedEnc(general),
      'p256',
    ],
  ]);
}

/** 16 bytes are 22 characters, of which the last has four unused bits. */
const looseEnd = (text: string): string =>
  text.slice(0, -1) + { A: 'B', Q: 'R', g: 'h', w: 'x' }[text.at(-1)!];

function flattened({ recipients, ...shared }: { recipients: object[] }): string {
  return JSON.stringify({ ...shared, ...recipients[0] });
}

function unprotectedEnc(general: { protected: string }): string {
  const { enc, ...rest } = JSON.parse(Buffer.from(general.protected, 'base64url').toString());
  return JSON.stringify({ ...general, protected: json(rest).toString('base64url'), unprotected: { enc } });
}

const critical = (): Promise<string> =>
  new CompactEncrypt(payload)
    .setProtectedHeader({
      ...header,
      alg: 'RSA-OAEP-256',
      enc: 'A256GCM',
      crit: ['medchaos'],
      medchaos: true,
    })
    .encrypt(publicKey('rsa'), { crit: { medchaos: true } });

export const content = Buffer.concat([json(header), Buffer.from('\n'), payload]);
