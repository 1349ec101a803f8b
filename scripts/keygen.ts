/** `medchaos keygen`: a key pair for receiving key files. */
import { join } from 'node:path';
import {
  type KeyPair,
  type KeyType,
  keyTypes,
  makeCurveKeyPair,
  makeKeyPair,
} from '../src/cipher/envelope/key-pair.ts';
import { InputError } from '../src/shared/errors.ts';
import { makeFolder } from '../src/shared/files.ts';
import { option } from '../src/shared/option.ts';
import { oneOf } from '../src/shared/schema.ts';
import { readNewPassphrase, refuseExisting, warnIfReadable } from '../src/shared/user-files.ts';
import { writeTogether } from '../src/shared/write-together.ts';
import { command } from './_command.ts';
import { forceOption, optional, real, text, warn } from './_options.ts';

const keygenCommand = command({
  examples: [
    ['keygen --out keys', 'an RSA key pair'],
    ['keygen --type p256 --passphrase-file pass.txt --out keys', 'a locked key on a NIST curve'],
  ],
  options: {
    type: option(oneOf(keyTypes), {
      default: 'rsa',
      help: 'RSA, or Diffie-Hellman on Curve25519 or a NIST curve (a CMS envelope takes all but x25519)',
    }),
    bits: option(real, { unset: '3072', help: 'RSA: modulus length, 2048 to 8192' }),
    out: option(text, { default: '.', help: 'folder for the two files' }),
    passphraseFile: optional(
      'file whose first line, 8 characters or more, locks the private key by scrypt',
      'not locked',
    ),
    ...forceOption,
  },
  run: async ({ type, bits, out, passphraseFile, force }) => {
    const files = { privateKey: join(out, 'private.pem'), publicKey: join(out, 'public.pem') };
    refuseExisting(Object.values(files), force);
    const passphrase = await readNewPassphrase(passphraseFile);
    warnIfReadable([passphraseFile], warn);
    const { privatePem, publicPem } = await makePair(type, bits, passphrase);
    await makeFolder(out);
    await writeTogether([
      { path: files.privateKey, data: privatePem, mode: 0o600 },
      { path: files.publicKey, data: publicPem },
    ]);
    return {
      json: {
        ...files,
        type,
        ...(type === 'rsa' && { bits: bits ?? 3072 }),
        locked: passphrase !== undefined,
      },
      text: `${files.privateKey}: keep it to yourself\nnext: medchaos encrypt IMAGE --recipient ${files.publicKey}`,
    };
  },
});
export default keygenCommand;

async function makePair(type: KeyType, bits: number | undefined, passphrase?: string): Promise<KeyPair> {
  if (type === 'rsa') return makeKeyPair(bits, passphrase);
  if (bits !== undefined)
    throw new InputError(`--bits is for --type rsa, got it with --type ${type}; leave it out`);
  return makeCurveKeyPair(type, passphrase);
}
