/** Private keys under a passphrase: made with scrypt, read by OpenSSL; those of before still open. */
import { spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as asn1js from 'asn1js';
import { afterAll, describe, expect, test } from 'vitest';
import { partsIn, stringOf } from '../../../src/cipher/envelope/_asn1.ts';
import {
  type KeyPair,
  type KeyType,
  keyTypes,
  makeCurveKeyPair,
  makeKeyPair,
  readPrivateKey,
} from '../../../src/cipher/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-locked-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const passphrase = 'correct horse, größer';

const make = (type: KeyType): Promise<KeyPair> =>
  type === 'rsa' ? makeKeyPair(2048, passphrase) : makeCurveKeyPair(type, passphrase);

const installed = spawnSync('openssl', ['version']).status === 0;

describe.each(keyTypes)('%s', (type) => {
  test(`the passphrase opens it, and nothing else${installed ? '; openssl opens it too' : ''}`, async () => {
    const { privatePem, publicPem } = await make(type);
    expect(privatePem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n([\w+/=]{1,64}\n)+-----END/);
    const opened = readPrivateKey(privatePem, passphrase);
    expect(opened.asymmetricKeyType).toBe(
      createPrivateKey({ key: privatePem, passphrase }).asymmetricKeyType,
    );
    expect(() => readPrivateKey(privatePem, 'correct horse')).toThrow(/does not open the private key/);
    expect(() => readPrivateKey(privatePem)).toThrow(/locked with a passphrase/);
    if (!installed) return;
    writeFileSync(join(dir, 'key.pem'), privatePem, { mode: 0o600 });
    const args = ['pkey', '-in', join(dir, 'key.pem'), '-passin', `pass:${passphrase}`, '-pubout'];
    const { status, stdout } = spawnSync('openssl', args, { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: publicPem });
  });
});

test('the key is derived by scrypt, of 16 MiB and 5 rounds, with a salt of its own', async () => {
  const salts = new Set<string>();
  for (let k = 0; k < 2; k++) {
    const { privatePem } = await make('p256');
    const der = Buffer.from(privatePem.replace(/-----[^-]+-----/g, ''), 'base64');
    const { result } = asn1js.fromBER(Uint8Array.from(der).buffer);
    const [derivation] = partsIn(partsIn(partsIn(result)[0]!)[1]!);
    const [name, parameters] = partsIn(derivation!);
    expect((name as asn1js.ObjectIdentifier).valueBlock.toString()).toBe('1.3.6.1.4.1.11591.4.11');
    const [salt, ...numbers] = partsIn(parameters!);
    expect(numbers.map((number) => (number as asn1js.Integer).valueBlock.valueDec)).toEqual([
      16384, 8, 5, 32,
    ]);
    salts.add(stringOf(salt!).toString('hex'));
  }
  expect([...salts].map((salt) => salt.length)).toEqual([32, 32]);
});

test.each([
  ['PBES2 with PBKDF2, as keygen wrote it before', 'pkcs8', 'aes-256-cbc'],
  ['PKCS #1 under DEK-Info', 'pkcs1', 'aes-128-cbc'],
] as const)('%s still opens', (_, type, cipher) => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type, format: 'pem', cipher, passphrase }) as string;
  expect(readPrivateKey(pem, passphrase).equals(privateKey)).toBe(true);
  expect(() => readPrivateKey(pem, 'another one')).toThrow(/does not open the private key/);
});
