/** CMS AuthEnvelopedData, and EnvelopedData with its MAC, around a short content: valid and invalid. */
import * as asn1js from 'asn1js';
import { sealCms, sealEnvelope } from '../../../../src/cipher/index.ts';
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
import { expected, header, input, invalid, payload, to } from './envelope-parts.ts';
import { content } from './jwe.ts';
import type { KeyName } from './keys.ts';
import { flipped, json, sha256 } from './pictures.ts';
import type { Draft, Flag } from './vector.ts';

export async function cmsValid(): Promise<Draft[]> {
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

export async function cmsInvalid(): Promise<Draft[]> {
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

export function enveloped(): Draft[] {
  const all = macOf('rsa', 'p256', 'p384', 'p521');
  const keys: KeyName[] = ['rsa', 'p256', 'p384', 'p521'];
  return keys.map((key) => ({
    id: `mac-${key}`,
    comment: `four recipients, opened by ${key}`,
    input: input(all, key),
    expected: { sha256: sha256(attributesOf.content) },
  }));
}

export function envelopedInvalid(): Draft[] {
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
