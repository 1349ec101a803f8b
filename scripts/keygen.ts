/** `medchaos keygen`: an RSA key pair for receiving key files. */
import { join } from 'node:path';
import { makeKeyPair } from '../src/cipher/rsa.ts';
import { readPassphrase, refuseExisting } from '../src/run/user-files.ts';
import { writeTogether } from '../src/run/write-together.ts';
import { makeFolder } from '../src/shared/files.ts';
import type { Command } from './_command.ts';
import { once, text } from './_options.ts';

interface Options {
  bits: number;
  out: string;
  passphraseFile?: string;
  force: boolean;
}

const command: Command<Options> = {
  command: 'keygen',
  describe: 'make an RSA key pair: private.pem to keep, public.pem to give away',
  builder: (yargs) =>
    yargs.options({
      bits: {
        type: 'number',
        requiresArg: true,
        default: 3072,
        describe: 'modulus length, 2048 to 8192',
        coerce: once('bits'),
      },
      out: { ...text('out', 'folder for the two files'), default: '.' },
      'passphrase-file': text(
        'passphrase-file',
        'file whose first line locks the private key (default: not locked)',
      ),
      force: { type: 'boolean', default: false, describe: 'replace existing files' },
    }) as never,
  run: async ({ bits, out, passphraseFile, force }) => {
    const files = { privateKey: join(out, 'private.pem'), publicKey: join(out, 'public.pem') };
    refuseExisting(Object.values(files), force);
    const passphrase = await readPassphrase(passphraseFile);
    const { privatePem, publicPem } = await makeKeyPair(bits, passphrase);
    await makeFolder(out);
    await writeTogether([
      { path: files.privateKey, data: privatePem, mode: 0o600 },
      { path: files.publicKey, data: publicPem },
    ]);
    return {
      json: { ...files, bits, locked: passphrase !== undefined },
      text: `${files.privateKey}: keep it to yourself\nnext: medchaos encrypt IMAGE --recipient ${files.publicKey}`,
    };
  },
};
export default command;
