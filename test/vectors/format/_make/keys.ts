/** Throw-away keys: made once, then read from keys.json, so that old vectors stay. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../keys.json', import.meta.url));

const makers = {
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'rsa-1024': () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
  x25519: () => generateKeyPairSync('x25519'),
  p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  p521: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  'stranger-rsa': () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'stranger-p256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
export type KeyName = keyof typeof makers;

interface StoredKey {
  readonly note: string;
  /** PrivateKeyInfo, DER, in base64. */
  readonly pkcs8: string;
}

const fresh = (make: () => { readonly privateKey: ReturnType<typeof createPrivateKey> }): StoredKey => ({
  note: 'test key, published: protects nothing',
  pkcs8: make().privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
});

const stored: Record<string, StoredKey> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).keys : {};
const all = Object.fromEntries(
  Object.entries(makers).map(([name, make]) => [name, stored[name] ?? fresh(make)]),
);

export function writeKeys(): void {
  const about =
    'Test keys of the vectors, as PKCS #8 in DER and base64. They are published, so they protect nothing.';
  writeFileSync(file, `${JSON.stringify({ about, keys: all }, null, 1)}\n`);
}

const privateKey = (name: KeyName) =>
  createPrivateKey({ key: Buffer.from(all[name]!.pkcs8, 'base64'), type: 'pkcs8', format: 'der' });

export const privatePem = (name: KeyName): string =>
  privateKey(name).export({ type: 'pkcs8', format: 'pem' }) as string;

export const publicKey = (name: KeyName) => createPublicKey(privateKey(name));

export const publicPem = (name: KeyName): string =>
  publicKey(name).export({ type: 'spki', format: 'pem' }) as string;
