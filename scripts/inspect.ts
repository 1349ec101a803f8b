/** `medchaos inspect`: what anybody learns from a sealed file without a key, or from a picture. */
import type { Recipient } from '../src/cipher/describe-envelope.ts';
import type { Inspection } from '../src/sealing/inspect.ts';
import { option } from '../src/shared/option.ts';
import { command } from './_command.ts';
import { text } from './_options.ts';

const inspectCommand = command({
  examples: [
    ['inspect sealed/x.cipher.png', 'with the key file beside it'],
    ['inspect sealed/x.cipher.dcm', 'every attribute that stayed'],
    ['inspect photo.jpg', 'the metadata of a picture that is not sealed'],
  ],
  positionals: {
    file: option(text, {
      required: true,
      help: 'NAME.cipher.png, NAME.keys.jwe, NAME.keys.cms, NAME.cipher.dcm, or a picture: its metadata; - is standard input',
    }),
  },
  run: async ({ file }) => {
    const { inspectFile } = await import('../src/sealing/inspect.ts');
    const found = await inspectFile(file);
    return { json: found, text: textOf(found) };
  },
});
export default inspectCommand;

function textOf({ file, kind, keys, scheme, preset, recipients, readable, ...rest }: Inspection): string {
  return [
    `${file}: ${kind}${kind === 'picture' ? ', not encrypted' : ''}`,
    ...(kind === 'cipher image' ? [`key file: ${keys ?? 'none beside it'}`] : []),
    ...(rest.envelope
      ? [`scheme: ${scheme === null ? 'only inside the envelope' : `${scheme} (${preset})`}`]
      : []),
    ...(rest.envelope ? [`envelope: ${envelopeText(rest)}`] : []),
    ...(rest.envelope
      ? [`recipients: ${recipients.length} (${recipients.map(recipientText).join(', ')})`]
      : []),
    `readable without a key: ${readable.length === 0 ? 'nothing' : ''}`.trimEnd(),
    ...readable.map(({ name, value }) => `  ${name}: ${value}`),
  ].join('\n');
}

const envelopeText = ({
  envelope,
  encryption,
  authenticated,
}: Pick<Inspection, 'envelope' | 'encryption' | 'authenticated'>): string =>
  `${envelope!.toUpperCase()}, ${encryption}, ${authenticated ? 'authenticated' : 'without a MAC'}`;

const recipientText = ({ kind, bits }: Recipient): string =>
  bits === undefined ? kind : `${kind} ${bits} bits`;
