/** Key pairs of recipients as PEM, RSA or elliptic: made, read, and refused with the reason. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { InputError } from '../../shared/errors.ts';

/** `rsa`; or a Diffie-Hellman key on Curve25519 (RFC 7748) or on a curve of NIST's: P-256, P-384, P-521. */
export type KeyType = 'rsa' | 'x25519' | 'p256' | 'p384' | 'p521';
export const keyTypes: readonly KeyType[] = ['rsa', 'x25519', 'p256', 'p384', 'p521'];

/** By Openssl's names. */
const curveTypes: Readonly<Record<string, KeyType>> = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
};

const smallest = 2048; // RFC 7518, section 4.3
const largest = 8192;

/** Of one envelope: opening one tries them all, and a stranger's must cost little. */
export const mostRecipients = 100;

/**
 * A new RSA key pair: PKCS #8 and SPKI, both PEM.
 * @param bits modulus length, 2048 to 8192; 3072 gives 128-bit security (NIST SP 800-57)
 * @param passphrase locks the private key (scrypt, AES-256-CBC)
 */
export async function makeKeyPair(bits = 3072, passphrase?: string): Promise<KeyPair> {
  if (!Number.isInteger(bits) || bits < smallest || bits > largest)
    throw new InputError(
      `"bits" expected an integer from ${smallest} to ${largest}, got ${bits}; 3072 is usual`,
    );
  return pems(await promisify(generateKeyPair)('rsa', { modulusLength: bits }), passphrase);
}

/** A new elliptic key pair, X25519 and P-256 of 128-bit security, the others above: PKCS #8 and SPKI, both PEM. */
export async function makeCurveKeyPair(type: Exclude<KeyType, 'rsa'>, passphrase?: string): Promise<KeyPair> {
  const pair =
    type === 'x25519'
      ? await promisify(generateKeyPair)('x25519')
      : await promisify(generateKeyPair)('ec', { namedCurve: type.replace('p', 'P-') });
  return pems(pair, passphrase);
}

export interface KeyPair {
  readonly privatePem: string;
  readonly publicPem: string;
}

async function pems(
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
  passphrase: string | undefined,
): Promise<KeyPair> {
  return {
    privatePem: passphrase === undefined ? openPem(privateKey) : await locked(privateKey, passphrase),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  };
}

/** PKCS #8, not locked. */
export const openPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }) as string;

/** Imported here and not above: threads that encrypt start sooner without its ASN.1. */
const locked = async (key: KeyObject, passphrase: string): Promise<string> =>
  (await import('./locked-key.ts')).lockedPem(key, passphrase);

/**
 * @param pem a public key, or a certificate, of which only the key counts: `recipientsIn` looks at the rest
 * @throws InputError unless it holds one key: RSA from 2048 bits, X25519, P-256, P-384 or P-521
 */
export function readPublicKey(pem: string): KeyObject {
  // Node would derive the public key from a private one. A private key given by mistake must be refused.
  if (pem.includes('PRIVATE KEY'))
    throw new InputError(
      'the recipient expected a public key in PEM form, got a private key; give the public.pem',
    );
  const count = pem.match(/-----BEGIN /g)?.length ?? 0;
  if (count > 1)
    // OpenSSL takes the first, and says nothing of the others
    throw new InputError(
      `the recipient expected one public key, got ${count} in one text; give each by itself`,
    );
  try {
    return checked(createPublicKey(pem));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      'the recipient expected a public key or certificate in PEM form, got something else; medchaos keygen makes one',
    );
  }
}

/** @throws InputError unless there is a recipient, all are usable public keys and no two the same, before any work */
export function checkRecipients(pems: readonly string[]): void {
  if (pems.length === 0)
    throw new InputError('the envelope expected a recipient, got none; give --recipient PUBLIC.pem');
  if (pems.length > mostRecipients)
    throw new InputError(
      `the envelope expected at most ${mostRecipients} recipients, got ${pems.length}; encrypt for fewer at a time`,
    );
  const first = new Map<string, number>();
  for (const [i, pem] of pems.entries()) {
    const id = spkiOf(readPublicKey(pem)).toString('latin1');
    const same = first.get(id);
    if (same !== undefined)
      throw new InputError(
        `the envelope expected different recipients, got one key as number ${same + 1} and ${i + 1}; leave one out`,
      );
    first.set(id, i);
  }
}

/** The key itself, whatever file it came in: SubjectPublicKeyInfo, DER. */
const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

/** @throws InputError unless the PEM holds a usable private key, as above, and the passphrase opens it */
export function readPrivateKey(pem: string, passphrase?: string): KeyObject {
  const locked = /ENCRYPTED/.test(pem);
  if (locked && passphrase === undefined)
    throw new InputError('the private key is locked with a passphrase; give it with --passphrase-file');
  try {
    return checked(createPrivateKey({ key: pem, passphrase }));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      locked
        ? 'the passphrase does not open the private key; check --passphrase-file'
        : 'the private key expected PEM (PKCS #8, PKCS #1 or SEC 1), got something else; check --private-key',
    );
  }
}

/** Kind of a key; null for one that no envelope supports. */
export function keyTypeOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyType | null {
  if (asymmetricKeyType === 'rsa') return 'rsa';
  if (asymmetricKeyType === 'x25519') return 'x25519';
  return curveTypes[asymmetricKeyDetails?.namedCurve ?? ''] ?? null;
}

function checked(key: KeyObject): KeyObject {
  const type = keyTypeOf(key);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (type !== null && (type !== 'rsa' || bits >= smallest)) return key;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const got = type ? `${bits} bits` : `a key of type ${key.asymmetricKeyType}${curve ? ` on ${curve}` : ''}`;
  throw new InputError(
    `the envelope expected an RSA key of at least ${smallest} bits, X25519 or P-256 (P-384, P-521), got ${got}; run medchaos keygen`,
  );
}
