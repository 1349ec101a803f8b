/** CMS: which algorithms each kind takes, how attributes are authenticated, the MAC of ours, and how many recipients. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as asn1js from 'asn1js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { octets, partsIn, tagged } from '../../../src/cipher/envelope/_asn1.ts';
import {
  type CmsKind,
  type KeyPair,
  makeCurveKeyPair,
  makeKeyPair,
  openCms,
  openEnveloped,
  seal,
  sealCms,
} from '../../../src/cipher/index.ts';
import { InputError } from '../../../src/shared/errors.ts';
import { cbc, cmsVariant, contentInfoOf, contentType, fieldsOf, gcm, type Variant } from './_cms-variants.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-cms-variants-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string): string => join(dir, name);
let [anna, clara] = [] as unknown as [KeyPair, KeyPair];
beforeAll(async () => {
  [anna, clara] = await Promise.all([makeKeyPair(2048), makeCurveKeyPair('p256')]);
});
const payload = Buffer.from('a key file, or attributes');
const notOpened = /does not open: it is for another private key, or it was changed/;

const auth = (more: Partial<Variant>): Variant => ({ kind: 'authenticated', cipher: gcm, ...more });
const enveloped = (more: Partial<Variant>): Variant => ({ kind: 'enveloped', cipher: cbc, ...more });
const attributes = contentType();

describe('opens', () => {
  const table: [string, Variant][] = [
    ['AES-256-GCM', auth({})],
    ['AuthAttributes, authenticated as a SET', auth({ attributes })],
    ['unauthenticated attributes', auth({ behind: [tagged(2, partsIn(contentType()))] })],
    ['AES-256-CBC of another program', enveloped({})],
    ['the same with unprotected attributes', enveloped({ behind: [contentType()] })],
  ];
  test.each(table)('%s', (_, variant) => {
    for (const { publicPem, privatePem } of [anna, clara]) {
      const sealed = cmsVariant(payload, [publicPem], variant);
      expect(openCms(sealed, variant.kind, privatePem).equals(payload)).toBe(true);
    }
  });
});

describe('refused', () => {
  const table: [string, Variant, RegExp][] = [
    [
      'AES-CBC as authenticated',
      auth({ cipher: cbc }),
      /expected AES-256-GCM .*, got algorithm 2\.16.*\.42;/,
    ],
    [
      'AES-128-GCM',
      auth({ cipher: ['aes-128-gcm', '2.16.840.1.101.3.4.1.6', 16] }),
      /expected AES-256-GCM .*\.1\.6;/,
    ],
    [
      'AES-256-CCM',
      auth({ cipher: ['aes-256-ccm', '2.16.840.1.101.3.4.1.47', 32] }),
      /expected AES-256-GCM .*\.47;/,
    ],
    [
      'ChaCha20-Poly1305',
      auth({ cipher: ['chacha20-poly1305', '1.2.840.113549.1.9.16.3.18', 32] }),
      /expected AES-256-GCM/,
    ],
    ...[4, 8, 12, 13, 14, 15].map((tagLength): [string, Variant, RegExp] => [
      `a tag of ${tagLength} bytes`,
      auth({ tagLength }),
      /expected a tag of 16 bytes/,
    ]),
    ['a tag of 12 bytes said to have 16', auth({ tagLength: 12, saidLength: 16 }), /expected a tag of 16/],
    ['a tag of 16 bytes said to have 12', auth({ saidLength: 12 }), /expected a tag of 16/],
    ['no length of the tag, which means 12', auth({ saidLength: null }), /expected a tag of 16/],
    ['no tag', auth({ withoutTag: true }), /its tag is missing/],
    ['no tag, but attributes', auth({ withoutTag: true, attributes }), /its tag is missing/],
    ['a nonce of 16 bytes', auth({ nonceLength: 16 }), /expected a nonce of 12 bytes, got 16/],
    ['AuthAttributes, not authenticated', auth({ attributes, aad: 'not at all' }), notOpened],
    [
      'AuthAttributes, authenticated with their own tag',
      auth({ attributes, aad: 'as they stand' }),
      notOpened,
    ],
    ['a second tag', auth({ behind: [octets(Buffer.alloc(16))] }), /an unknown field follows/],
    ['AES-GCM as EnvelopedData', enveloped({ cipher: gcm }), /expected AES-256-CBC .*\.46;/],
    [
      'AES-128-CBC',
      enveloped({ cipher: ['aes-128-cbc', '2.16.840.1.101.3.4.1.2', 16] }),
      /expected AES-256-CBC .*\.1\.2;/,
    ],
    [
      'triple DES',
      enveloped({ cipher: ['des-ede3-cbc', '1.2.840.113549.3.7', 24] }),
      /expected AES-256-CBC .*\.3\.7;/,
    ],
    ['an EnvelopedData with a tag', enveloped({ behind: [octets(Buffer.alloc(16))] }), /an unknown field/],
    ['two sets of attributes', enveloped({ behind: [contentType(), contentType()] }), /an unknown field/],
  ];
  test.each(table)('%s', (_, variant, message) => {
    for (const { publicPem, privatePem } of [anna, clara]) {
      const sealed = cmsVariant(payload, [publicPem], variant);
      expect(() => openCms(sealed, variant.kind, privatePem)).toThrow(message);
      expect(() => openCms(sealed, variant.kind, privatePem)).toThrow(InputError);
      const other: CmsKind = variant.kind === 'enveloped' ? 'authenticated' : 'enveloped';
      expect(() => openCms(sealed, other, privatePem)).toThrow(/expected (Auth)?EnvelopedData, got type/);
    }
  });

  test('AuthAttributes taken away, put in, or changed', () => {
    const sealed = cmsVariant(payload, [anna.publicPem], auth({ attributes }));
    const [version, recipients, info, , tag] = fieldsOf(sealed) as asn1js.BaseBlock[];
    const again = (...middle: asn1js.BaseBlock[]) =>
      contentInfoOf('authenticated', [version!, recipients!, info!, ...middle, tag!]);
    expect(openCms(again(attributes), 'authenticated', anna.privatePem).equals(payload)).toBe(true);
    for (const changed of [
      again(),
      again(tagged(1, [])),
      again(tagged(1, [...partsIn(attributes), ...partsIn(attributes)])),
    ])
      expect(() => openCms(changed, 'authenticated', anna.privatePem)).toThrow(notOpened);
  });
});

describe('the MAC of an EnvelopedData', () => {
  const open = (fields: asn1js.BaseBlock[], { privatePem } = anna) =>
    openEnveloped(contentInfoOf('enveloped', fields), privatePem);
  const sealed = () => sealCms(payload, [anna.publicPem, clara.publicPem], 'enveloped');

  test('each recipient finds it right', () => {
    for (const owner of [anna, clara])
      expect(open(fieldsOf(sealed()), owner)).toEqual({ content: payload, authenticated: true });
  });

  test('taken away, doubled, of another envelope, beside another attribute: refused by both ways to open', () => {
    const [version, recipients, info, mac] = fieldsOf(sealed()) as asn1js.BaseBlock[];
    const other = fieldsOf(sealed())[3]!;
    const both = tagged(1, [...partsIn(mac!), ...partsIn(mac!)]);
    const beside = tagged(1, [...partsIn(mac!), ...partsIn(contentType())]);
    for (const last of [[], [other], [both], [beside], [contentType()], [tagged(1, [])]]) {
      const fields = [version!, recipients!, info!, ...last];
      expect(() => open(fields)).toThrow(notOpened);
      expect(() => openCms(contentInfoOf('enveloped', fields), 'enveloped', anna.privatePem)).toThrow(
        notOpened,
      );
    }
  });

  test('one bit of any byte changed: refused, unless it is in the frame around what the MAC covers', () => {
    const bytes = sealed();
    const [first] = fieldsOf(bytes) as asn1js.BaseBlock[];
    const start = bytes.indexOf(Buffer.from(first!.valueBeforeDecodeView));
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index]! ^= 1 << (index & 7);
      const attempt = () => openEnveloped(changed, clara.privatePem).content;
      if (index >= start) expect(attempt, `byte ${index}`).toThrow(InputError);
      else expect(outcome(attempt), `byte ${index}`).toMatch(/^(a key file, or attributes|InputError)$/);
    }
  });

  function outcome(attempt: () => Buffer): string {
    try {
      return attempt().toString();
    } catch (error) {
      return (error as Error).name;
    }
  }

  test('without one, what another program wrote is given with its padding', () => {
    const foreign = cmsVariant(payload, [anna.publicPem], enveloped({}));
    const { content, authenticated } = openEnveloped(foreign, anna.privatePem);
    expect(authenticated).toBe(false);
    expect(content.subarray(0, payload.length).equals(payload)).toBe(true);
    expect(content.length).toBe(16 * Math.ceil((payload.length + 1) / 16));
    const [version, recipients, info] = fieldsOf(foreign) as asn1js.BaseBlock[];
    const mac = fieldsOf(sealed())[3]!;
    expect(open([version!, recipients!, info!, mac]).authenticated).toBe(false);
  });
});

describe('recipients', () => {
  const many = async (count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, async () => (await makeCurveKeyPair('p256')).publicPem));

  test('100 are tried, 101 refused: CMS', async () => {
    const strangers = await many(100);
    const hundred = sealCms(payload, [...strangers.slice(1), clara.publicPem], 'authenticated');
    expect(openCms(hundred, 'authenticated', clara.privatePem).equals(payload)).toBe(true);
    const more = cmsVariant(payload, [...strangers, clara.publicPem], auth({}));
    expect(() => openCms(more, 'authenticated', clara.privatePem)).toThrow(/at most 100 recipients, got 101/);
    expect(() => sealCms(payload, [...strangers, clara.publicPem], 'authenticated')).toThrow(
      /at most 100 recipients, got 101/,
    );
    await expect(seal(payload, {}, [...strangers, clara.publicPem])).rejects.toThrow(/at most 100/);
  });

  test('keys that one RecipientInfo wraps count each', () => {
    const [version, recipients, info, tag] = fieldsOf(
      cmsVariant(payload, [clara.publicPem], auth({})),
    ) as asn1js.BaseBlock[];
    const keys = partsIn(partsIn(recipients!)[0]!).at(-1) as asn1js.Sequence;
    keys.valueBlock.value = Array.from({ length: 101 }, () => keys.valueBlock.value[0]!);
    const sealed = contentInfoOf('authenticated', [version!, recipients!, info!, tag!]);
    expect(() => openCms(sealed, 'authenticated', clara.privatePem)).toThrow(
      /at most 100 recipients, got 101/,
    );
  });
});

const installed = spawnSync('openssl', ['cms', '-help']).status === 0;
describe.skipIf(!installed)(`openssl cms -encrypt ${installed ? '' : '(needs openssl)'}`, () => {
  const openssl = (...args: string[]): Buffer => {
    const { status, stdout, stderr } = spawnSync('openssl', args);
    expect(status, stderr.toString()).toBe(0);
    return stdout;
  };

  test.each([
    ['-aes-128-gcm', 'authenticated', /expected AES-256-GCM/],
    ['-aes-192-gcm', 'authenticated', /expected AES-256-GCM/],
    ['-aes-128-cbc', 'enveloped', /expected AES-256-CBC/],
    ['-des3', 'enveloped', /expected AES-256-CBC/],
  ] as const)('%s is refused by its name', (cipher, kind, message) => {
    writeFileSync(at('key.pem'), clara.privatePem, { mode: 0o600 });
    writeFileSync(at('plain'), payload);
    openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      at('key.pem'),
      '-subj',
      '/CN=c',
      '-days',
      '2',
      '-out',
      at('c.crt'),
    );
    const files = ['-binary', '-outform', 'DER', '-in', at('plain'), '-out', at('theirs.der')];
    openssl('cms', '-encrypt', cipher, ...files, '-recip', at('c.crt'));
    expect(() => openCms(readFileSync(at('theirs.der')), kind, clara.privatePem)).toThrow(message);
  });
});
