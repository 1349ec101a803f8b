/**
 * A private key under a passphrase: PKCS #8 EncryptedPrivateKeyInfo (RFC 5958) with PBES2 (RFC 8018), whose key scrypt
 * (RFC 7914) derives, and AES-256-CBC. OpenSSL 3 and Node read it. Node's own export derives with 2,048 rounds of PBKDF2,
 * which a graphics card tries by the million a second.
 */
import { createCipheriv, type KeyObject, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import * as asn1js from 'asn1js';
import { octets } from './_asn1.ts';

const oid = {
  pbes2: '1.2.840.113549.1.5.13',
  scrypt: '1.3.6.1.4.1.11591.4.11',
  cbc: '2.16.840.1.101.3.4.1.42',
} as const;

/** 16 MiB five times over, 0.2 s: more memory at once (at most 32 MiB) OpenSSL does not read. */
const cost = { N: 2 ** 14, r: 8, p: 5 } as const;
const keyLength = 32;

type Derive = (passphrase: string, salt: Buffer, length: number, cost: object) => Promise<Buffer>;

/** PEM. @param key private */
export async function lockedPem(key: KeyObject, passphrase: string): Promise<string> {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const wrapping = await (promisify(scrypt) as Derive)(passphrase, salt, keyLength, cost);
  const cipher = createCipheriv('aes-256-cbc', wrapping, iv);
  const plain = key.export({ type: 'pkcs8', format: 'der' });
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  const der = sequence(
    algorithm(oid.pbes2, sequence(scryptWith(salt), algorithm(oid.cbc, octets(iv)))),
    octets(body),
  );
  const lines = Buffer.from(der.toBER(false))
    .toString('base64')
    .match(/.{1,64}/g)!;
  return ['-----BEGIN ENCRYPTED PRIVATE KEY-----', ...lines, '-----END ENCRYPTED PRIVATE KEY-----', ''].join(
    '\n',
  );
}

const sequence = (...value: asn1js.BaseBlock[]): asn1js.Sequence => new asn1js.Sequence({ value });

const algorithm = (value: string, parameters: asn1js.BaseBlock): asn1js.Sequence =>
  sequence(new asn1js.ObjectIdentifier({ value }), parameters);

/** RFC 7914, section 7.1. */
function scryptWith(salt: Buffer): asn1js.Sequence {
  const numbers = [cost.N, cost.r, cost.p, keyLength].map((value) => new asn1js.Integer({ value }));
  return algorithm(oid.scrypt, sequence(octets(salt), ...numbers));
}
