/** Envelopes around a short content: JWE, CMS AuthEnvelopedData, CMS EnvelopedData with its MAC. */
import * as asn1js from 'asn1js';
import { CompactEncrypt, GeneralEncrypt } from 'jose';
import { seal, sealCms, sealEnvelope } from '../../../../src/cipher/index.ts';
import {
  bodyOf,
  cbc,
  cmsVariant,
  contentInfoOf,
  contentType,
  fieldsOf,
  gcm,
  type Variant,
  withBody,
} from '../../../cipher/envelope/_cms-variants.ts';
import { type KeyName, publicKey, publicPem } from './keys.ts';
import { flipped, json, sha256 } from './pictures.ts';
import type { Draft, Flag, Group } from './vector.ts';

const payload = Buffer.from('a key file\n\x00\xff', 'latin1');
const header = { cty: 'application/json', scheme: 'hardened', preset: 'sound' };
const expected = { header, sha256: sha256(payload) };

export const envelopeGroups = async (): Promise<Group[]> => [
  { type: 'envelope', section: '4.1', drafts: [...(await jweValid()), ...(await jweInvalid())] },
  { type: 'envelope', section: '4.2, 4.3', drafts: [...(await cmsValid()), ...(await cmsInvalid())] },
  { type: 'enveloped-data', section: '4.4', drafts: [...enveloped(), ...envelopedInvalid()] },
];

const to = (...names: KeyName[]): string[] => names.map(publicPem);
const input = (envelope: Uint8Array | string, privateKey: KeyName) => ({
  envelope: typeof envelope === 'string' ? Buffer.from(envelope) : envelope,
  privateKey,
});

type Row = readonly [
  id: string,
  comment: string,
  flags: readonly Flag[],
  envelope: Uint8Array | string,
  key: KeyName,
];
const invalid = (rows: readonly Row[]): Draft[] =>
  rows.map(([id, comment, flags, envelope, key]) => ({ id, comment, flags, input: input(envelope, key) }));

async function jweValid(): Promise<Draft[]> {
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

async function jweInvalid(): Promise<Draft[]> {
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

const bitOf = (text: string): string => flipped(Buffer.from(text, 'base64url'), 0).toString('base64url');

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

const content = Buffer.concat([json(header), Buffer.from('\n'), payload]);

async function cmsValid(): Promise<Draft[]> {
  const keys: KeyName[] = ['rsa', 'p256', 'p384', 'p521'];
  const single = await Promise.all(
    keys.slice(0, 2).map(async (key) => ({
      id: `cms-${key}`,
      comment: `one recipient, ${key}`,
      input: input(await sealEnvelope(payload, header, to(key), { envelope: 'cms' }), key),
      expected,
    })),
  );
  const all = await sealEnvelope(payload, header, to(...keys), { envelope: 'cms' });
  const several = keys.map((key) => ({
    id: `cms-several-${key}`,
    comment: `four recipients, opened by ${key}`,
    input: input(all, key),
    expected,
  }));
  const rows: [string, string, Flag[], Buffer][] = [
    [
      'auth-attributes',
      'AuthAttributes, authenticated as a SET',
      ['Tolerant'],
      auth({ attributes: contentType() }),
    ],
    ['unauth-attributes', 'unauthenticated attributes', ['Tolerant'], auth({ behind: [unauthenticated()] })],
    ['100', '100 wrapped keys in one RecipientInfo', ['Boundary'], wrappedTimes(100)],
  ];
  const tolerant = rows.map(([id, comment, flags, cms]) => ({
    id: `cms-${id}`,
    comment,
    flags,
    input: input(cms, 'p256'),
    expected,
  }));
  return [...single, ...several, ...tolerant];
}

const auth = (more: Partial<Variant>, key: KeyName = 'p256', inside: Uint8Array = content): Buffer =>
  cmsVariant(inside, to(key), { kind: 'authenticated', cipher: gcm, ...more });

/** [2] in place of [1]. */
function unauthenticated(): asn1js.BaseBlock {
  const { valueBlock } = contentType() as asn1js.Constructed;
  return new asn1js.Constructed({ idBlock: { tagClass: 3, tagNumber: 2 }, value: valueBlock.value });
}

const partsIn = (block: asn1js.BaseBlock): asn1js.BaseBlock[] =>
  (block as asn1js.Constructed).valueBlock.value;

function wrappedTimes(count: number): Buffer {
  const fields = fieldsOf(auth({}));
  const keys = partsIn(partsIn(fields[1]!)[0]!).at(-1) as asn1js.Sequence;
  keys.valueBlock.value = Array.from({ length: count }, () => keys.valueBlock.value[0]!);
  return contentInfoOf('authenticated', fields);
}

async function cmsInvalid(): Promise<Draft[]> {
  const sealed = auth({});
  const attributes = contentType();
  const fields = fieldsOf(auth({ attributes }));
  const stripped = contentInfoOf('authenticated', [...fields.slice(0, 3), ...fields.slice(4)]);
  const rows: [string, string, Flag[], Buffer, KeyName?][] = [
    ['stranger-p256', 'the private key of somebody else, P-256', ['WrongKey'], sealed, 'stranger-p256'],
    ['stranger-rsa', 'the private key of somebody else, RSA', ['WrongKey'], auth({}, 'rsa'), 'stranger-rsa'],
    ['x25519', 'an X25519 key', ['WrongKey'], sealed, 'x25519'],
    ['body', 'a bit of the content changed', ['TamperedEnvelope'], flipped(sealed, -30)],
    ['tag', 'a bit of the tag changed', ['BadTag'], flipped(sealed, -1)],
    ['tag-12', 'a tag of 12 bytes', ['BadTag'], auth({ tagLength: 12 })],
    [
      'tag-12-as-16',
      'a tag of 12 bytes, parameters with 16',
      ['BadTag'],
      auth({ tagLength: 12, saidLength: 16 }),
    ],
    ['tag-16-as-12', 'a tag of 16 bytes, parameters with 12', ['BadTag'], auth({ saidLength: 12 })],
    [
      'tag-length',
      'parameters without a length of the tag, which means 12',
      ['BadTag'],
      auth({ saidLength: null }),
    ],
    ['no-tag', 'without a tag', ['BadTag'], auth({ withoutTag: true })],
    ['nonce-16', 'a nonce of 16 bytes', ['OutOfRange'], auth({ nonceLength: 16 })],
    [
      'aes-128',
      'AES-128-GCM',
      ['UnknownAlgorithm'],
      auth({ cipher: ['aes-128-gcm', '2.16.840.1.101.3.4.1.6', 16] }),
    ],
    ['cbc', 'AES-256-CBC as AuthEnvelopedData', ['UnknownAlgorithm'], auth({ cipher: cbc })],
    [
      'attributes-open',
      'AuthAttributes that are not authenticated',
      ['TamperedEnvelope'],
      auth({ attributes, aad: 'not at all' }),
    ],
    [
      'attributes-own-tag',
      'AuthAttributes authenticated with the tag [1]',
      ['TamperedEnvelope'],
      auth({ attributes, aad: 'as they stand' }),
    ],
    ['attributes-stripped', 'AuthAttributes taken away', ['TamperedEnvelope'], stripped],
    [
      'second-tag',
      'a second tag',
      ['UnknownField'],
      auth({ behind: [new asn1js.OctetString({ valueHex: new ArrayBuffer(16) })] }),
    ],
    ['behind', 'a byte behind it', ['TrailingBytes'], Buffer.concat([sealed, Buffer.of(0)])],
    ['cut', 'the last byte is missing', ['Truncated'], Buffer.from(sealed.subarray(0, -1))],
    [
      'enveloped',
      'an EnvelopedData as a key file',
      ['UnknownAlgorithm'],
      sealCms(content, to('p256'), 'enveloped'),
    ],
    ['101', '101 wrapped keys in one RecipientInfo', ['TooManyRecipients'], wrappedTimes(101)],
    ['no-line', 'content without a line of JSON', ['Missing'], auth({}, 'p256', json(header))],
    [
      'no-header',
      'content whose first line is no object',
      ['Damaged'],
      auth({}, 'p256', Buffer.from('[]\nx')),
    ],
  ];
  return invalid(
    rows.map(([id, comment, flags, cms, key = 'p256']) => [`cms-${id}`, comment, flags, cms, key]),
  );
}

const attributesOf = { content: Buffer.from('attributes of a patient') };
const macOf = (...names: KeyName[]): Buffer => sealCms(attributesOf.content, to(...names), 'enveloped');

function enveloped(): Draft[] {
  const all = macOf('rsa', 'p256', 'p384', 'p521');
  const keys: KeyName[] = ['rsa', 'p256', 'p384', 'p521'];
  return keys.map((key) => ({
    id: `mac-${key}`,
    comment: `four recipients, opened by ${key}`,
    input: input(all, key),
    expected: { sha256: sha256(attributesOf.content) },
  }));
}

function envelopedInvalid(): Draft[] {
  const sealed = macOf('p256');
  const [version, recipients, info, mac] = fieldsOf(sealed) as [
    asn1js.BaseBlock,
    asn1js.BaseBlock,
    asn1js.BaseBlock,
    asn1js.BaseBlock,
  ];
  const again = (...last: asn1js.BaseBlock[]): Buffer =>
    contentInfoOf('enveloped', [version, recipients, info, ...last]);
  const one = (...attributes: asn1js.BaseBlock[]): asn1js.BaseBlock =>
    new asn1js.Constructed({ idBlock: { tagClass: 3, tagNumber: 1 }, value: attributes });
  const body = bodyOf(sealed);
  const rows: [string, string, Flag[], Buffer, KeyName?][] = [
    ['stranger', 'the private key of somebody else', ['WrongKey'], sealed, 'stranger-p256'],
    ['wrong', 'a bit of the MAC changed', ['BadMac'], flipped(sealed, -1)],
    ['stripped', 'the MAC taken away', ['BadMac'], again()],
    ['empty', 'no attribute in unprotectedAttrs', ['BadMac'], again(one())],
    ['twice', 'the MAC twice', ['BadMac'], again(one(...partsIn(mac), ...partsIn(mac)))],
    [
      'beside',
      'another attribute beside the MAC',
      ['BadMac'],
      again(one(...partsIn(mac), ...partsIn(contentType()))),
    ],
    ['other', 'the MAC of another envelope', ['BadMac'], again(fieldsOf(macOf('p256'))[3]!)],
    ['body', 'a bit of the first block changed', ['BadMac', 'PaddingOracle'], withMac(flipped(body, 0))],
    [
      'padding',
      'the last byte of the block before the last changed',
      ['BadMac', 'PaddingOracle'],
      withMac(flipped(body, body.length - 17)),
    ],
    [
      'block',
      'the last block left out',
      ['BadMac', 'PaddingOracle', 'Truncated'],
      withMac(body.subarray(0, -16)),
    ],
    ['half', 'half a block more', ['Damaged'], withMac(Buffer.concat([body, Buffer.alloc(8)]))],
    [
      'gcm',
      'AES-256-GCM as EnvelopedData',
      ['UnknownAlgorithm'],
      cmsVariant(content, to('p256'), { kind: 'enveloped', cipher: gcm }),
    ],
    [
      'aes-128',
      'AES-128-CBC',
      ['UnknownAlgorithm'],
      cmsVariant(content, to('p256'), {
        kind: 'enveloped',
        cipher: ['aes-128-cbc', '2.16.840.1.101.3.4.1.2', 16],
      }),
    ],
    ['authenticated', 'an AuthEnvelopedData', ['UnknownAlgorithm'], auth({})],
    ['behind', 'a byte behind it', ['TrailingBytes'], Buffer.concat([sealed, Buffer.of(0)])],
    [
      'no-demand',
      'a content key that demands no MAC',
      ['NoMac', 'PaddingOracle'],
      cmsVariant(content, to('p256'), { kind: 'enveloped', cipher: cbc }),
    ],
  ];
  /** The same MAC around another content. */
  function withMac(changed: Uint8Array): Buffer {
    const fields = fieldsOf(withBody(sealed, changed));
    return contentInfoOf('enveloped', [version, recipients, fields[2]!, mac]);
  }
  return invalid(
    rows.map(([id, comment, flags, cms, key = 'p256']) => [`mac-${id}`, comment, flags, cms, key]),
  );
}
