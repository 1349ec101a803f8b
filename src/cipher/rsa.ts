/** RSA keys as PEM: made, read, and refused with the reason. */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { InputError } from '../shared/errors.ts';

const smallest = 2048; // RFC 7518, section 4.3
const largest = 8192;

/**
 * A new RSA key pair: PKCS #8 and SPKI, both PEM.
 * @param bits modulus length, 2048 to 8192; 3072 gives 128-bit security (NIST SP 800-57)
 * @param passphrase encrypts the private key (AES-256-CBC)
 */
export async function makeKeyPair(
  bits = 3072,
  passphrase?: string,
): Promise<{ privatePem: string; publicPem: string }> {
  if (!Number.isInteger(bits) || bits < smallest || bits > largest)
    throw new InputError(
      `"bits" expected an integer from ${smallest} to ${largest}, got ${bits}; 3072 is usual`,
    );
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits });
  const lock = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem', ...lock }) as string,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  };
}

/** @throws InputError unless the PEM holds an RSA public key (or certificate) of at least 2048 bits */
export function readPublicKey(pem: string): KeyObject {
  // Node would derive the public key from a private one; whoever sends that file by mistake must hear of it.
  if (pem.includes('PRIVATE KEY'))
    throw new InputError(
      'the recipient expected a public key in PEM form, got a private key; give the public.pem',
    );
  try {
    return checked(createPublicKey(pem));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(
      'the recipient expected a public key in PEM form, got something else; medchaos keygen makes one',
    );
  }
}

/** @throws InputError unless there is a recipient and all are usable public keys, before any work is done */
export function checkRecipients(pems: readonly string[]): void {
  if (pems.length === 0)
    throw new InputError('the envelope expected a recipient, got none; give --recipient PUBLIC.pem');
  pems.forEach(readPublicKey);
}

/** @throws InputError unless the PEM holds an RSA private key of at least 2048 bits and the passphrase opens it */
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
        : 'the private key expected PEM (PKCS #8 or PKCS #1), got something else; check --private-key',
    );
  }
}

function checked(key: KeyObject): KeyObject {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === 'rsa' && bits >= smallest) return key;
  const got = key.asymmetricKeyType === 'rsa' ? `${bits} bits` : `a key of type ${key.asymmetricKeyType}`;
  throw new InputError(
    `the envelope expected an RSA key of at least ${smallest} bits, got ${got}; run medchaos keygen`,
  );
}
