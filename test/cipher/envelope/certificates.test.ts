/** Recipients in PEM files: keys and certificates, one or several; which certificates are refused. */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  checkRecipients,
  type KeyPair,
  makeCurveKeyPair,
  makeKeyPair,
  openCms,
  recipientsIn,
  seal,
  sealCms,
} from '../../../src/cipher/index.ts';
import { certificateOf, uses } from './_certificates.ts';

const pairs = {} as Record<'rsa' | 'p256' | 'x25519', KeyPair>;
beforeAll(async () => {
  pairs.rsa = await makeKeyPair(2048);
  pairs.p256 = await makeCurveKeyPair('p256');
  pairs.x25519 = await makeCurveKeyPair('x25519');
});
type Type = keyof typeof pairs;
const types: Type[] = ['rsa', 'p256', 'x25519'];
const right = { rsa: uses.encipherment, p256: uses.agreement, x25519: uses.agreement };
const wrong = { rsa: uses.agreement, p256: uses.encipherment, x25519: uses.encipherment };

describe.each(types)('%s', (type) => {
  const certificate = (fields: object): string => certificateOf(pairs[type].publicPem, fields);
  const read = (pem: string, allowExpired?: boolean) => recipientsIn(pem, 'a.pem', { allowExpired });

  test('a key, and a certificate of it: the key', () => {
    const { publicPem } = pairs[type];
    for (const pem of [
      publicPem,
      certificate({}),
      `Anna's:\n${certificate({})}`,
      certificate({}).replace(/\n/g, '\r\n'),
    ])
      expect(read(pem)).toEqual([publicPem]);
  });

  test.each([
    ['no key usage', null, true],
    ['the use of this key', right[type], true],
    ['that and signatures', right[type] | uses.signature, true],
    ['the use of another kind of key', wrong[type], false],
    ['signatures', uses.signature, false],
    ['signatures of certificates', uses.signature | uses.certificates, false],
    ['nothing', 0, false],
  ] as const)('a certificate for %s', (_, usage, allowed) => {
    for (const allowExpired of [false, true])
      if (allowed) expect(read(certificate({ usage }), allowExpired)).toEqual([pairs[type].publicPem]);
      else
        expect(() => read(certificate({ usage }), allowExpired)).toThrow(
          /^a\.pem: the certificate of CN=Anna may not (encipher|agree on) keys, as its key usage says; ask/,
        );
  });

  test.each([
    [
      'expired',
      { from: '2020-01-01', to: '2021-01-01' },
      /expired on Jan 1 00:00:00 2021 GMT; .*--allow-expired/,
    ],
    ['not yet valid', { from: '2089-01-01' }, /not valid before Jan 1 00:00:00 2089 GMT; .*--allow-expired/],
  ] as const)('a certificate %s: refused unless allowed', (_, fields, message) => {
    expect(() => read(certificate(fields))).toThrow(message);
    expect(read(certificate(fields), true)).toEqual([pairs[type].publicPem]);
  });

  test('a damaged certificate', () => {
    const pem = certificate({});
    for (const damaged of [pem.replace(/\n.{64}\n/, '\n'), pem.replace(/\n[^-]+\n/, '\nAAAA\n')])
      expect(() => read(damaged)).toThrow(/a\.pem: expected a whole certificate, got a damaged one/);
    expect(() => read(pem.slice(0, -40))).toThrow(/expected a public key or certificate in PEM form/);
  });
});

describe('several in one file', () => {
  const all = () => types.map((type) => pairs[type].publicPem);

  test('each is a recipient, keys and certificates mixed', () => {
    const [rsa, p256, x25519] = all() as [string, string, string];
    const pem = `${certificateOf(rsa)}between\n${p256}${certificateOf(x25519)}`;
    expect(recipientsIn(pem, 'a.pem')).toEqual(all());
  });

  test('each opens the envelope', () => {
    const pem = ['rsa', 'p256'].map((type) => certificateOf(pairs[type as Type].publicPem)).join('');
    const sealed = sealCms(Buffer.from('x'), recipientsIn(pem, 'a.pem'), 'authenticated');
    for (const type of ['rsa', 'p256'] as const)
      expect(openCms(sealed, 'authenticated', pairs[type].privatePem).toString()).toBe('x');
  });

  test('one that is refused refuses the file', () => {
    const pem =
      certificateOf(pairs.rsa.publicPem) +
      certificateOf(pairs.p256.publicPem, { name: 'Boris', to: '2021-01-01' });
    expect(() => recipientsIn(pem, 'a.pem')).toThrow(/of CN=Boris expired/);
  });

  test('the same key twice is no two recipients', () => {
    const pem = pairs.rsa.publicPem + certificateOf(pairs.rsa.publicPem);
    expect(() => checkRecipients(recipientsIn(pem, 'a.pem'))).toThrow(/got one key as number 1 and 2/);
  });

  test('a text with several is no recipient by itself, where the others would be passed over', async () => {
    const pem = certificateOf(pairs.rsa.publicPem) + certificateOf(pairs.p256.publicPem);
    expect(() => sealCms(Buffer.from('x'), [pem], 'authenticated')).toThrow(/expected one public key, got 2/);
    await expect(seal(Buffer.from('x'), {}, [pem])).rejects.toThrow(/expected one public key, got 2/);
  });
});

test.each([
  ['a private key', () => pairs.rsa.privatePem, /got a private key; give the public\.pem/],
  [
    'a private key behind a certificate',
    () => certificateOf(pairs.rsa.publicPem) + pairs.rsa.privatePem,
    /private key/,
  ],
  ['no PEM', () => 'hello', /expected a public key or certificate in PEM form/],
  ['nothing', () => '', /expected a public key or certificate in PEM form/],
  [
    'a certificate of a signing key',
    () =>
      certificateOf(
        generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string,
      ),
    /expected an RSA key of at least 2048 bits, .* got a key of type ed25519/,
  ],
])('refused: %s', (_, pem, message) => {
  expect(() => recipientsIn(pem(), 'a.pem')).toThrow(message);
});
