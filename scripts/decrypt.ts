/** `medchaos decrypt`: a cipher image and its sealed key file back to the plain image. */
import type { DecryptRequest } from '../src/run/decrypt-file.ts';
import type { Command } from './_command.ts';
import { text } from './_options.ts';

const command: Command<DecryptRequest> = {
  command: 'decrypt <cipher>',
  describe: 'decrypt a cipher image, exactly',
  builder: (yargs) =>
    yargs.positional('cipher', { type: 'string', describe: 'NAME.cipher.png' }).options({
      keys: { ...text('keys', 'NAME.keys.jwe, which came with it'), demandOption: true },
      'private-key': { ...text('private-key', "the recipient's private key (PEM)"), demandOption: true },
      'passphrase-file': text('passphrase-file', 'file whose first line unlocks the private key'),
      out: text('out', 'file to write (default: NAME.decrypted.png in this folder)'),
      force: { type: 'boolean', default: false, describe: 'replace an existing file' },
    }) as never,
  run: async (options) => {
    const { decryptFile } = await import('../src/run/decrypt-file.ts');
    const result = await decryptFile(options);
    return { json: result, text: `${result.cipher} -> ${result.out}` };
  },
};
export default command;
