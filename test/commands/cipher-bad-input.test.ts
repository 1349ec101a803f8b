/** What keygen, encrypt and decrypt refuse, by their command lines; each in this process, one as a program too. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { dicom } from '../data/dicom/_dicom.ts';
import { byHand, cipherFolder } from './_cipher-folder.ts';
import { medchaosHere } from './_cli.ts';

const { dir, at, run } = cipherFolder();

beforeAll(async () => {
  cpSync(at('grey.png'), at('back/grey.png'));
  const report = {
    width: 1,
    height: 1,
    words: new Uint8Array(1),
    pixels: null,
    texts: { '00080060': 'CS SR' },
  };
  writeFileSync(at('report.dcm'), await dicom(report));
});

describe('bad input: exit code 2, one sentence, no file', () => {
  const recipient = ['--recipient', 'keys/public.pem'];
  const open = ['--private-key', 'keys/private.pem'];
  const greyKeys = ['--keys', 'done/grey.keys.jwe'];
  const file = (name: string, data: string | Uint8Array): string => {
    writeFileSync(at(name), data);
    return name;
  };
  const flipped = (name: string, from: string, offset: number): string => {
    const bytes = readFileSync(at(from));
    bytes[offset < 0 ? bytes.length + offset : offset]! ^= 1;
    return file(name, bytes);
  };

  const table: [string, () => string[], RegExp][] = [
    ['no image', () => ['encrypt', ...byHand], /at least 1/],
    [
      'a missing image',
      () => ['encrypt', 'none.png', ...byHand],
      /cannot read image none.png: there is no such file/,
    ],
    ['a folder and a file', () => ['encrypt', 'keys', 'grey.png', ...byHand], /give the folder alone/],
    ['--keys for a folder', () => ['decrypt', 'done', ...greyKeys, ...open], /--keys is for one file/],
    ['no image at all', () => ['encrypt', file('text.png', 'hello'), ...byHand], /text\.png/],
    [
      'a truncated image',
      () => ['encrypt', file('cut.png', readFileSync(at('grey.png')).subarray(0, 300)), ...byHand],
      /cut\.png/,
    ],
    [
      'a DICOM file without pixel data as PNG',
      () => ['encrypt', 'report.dcm', ...byHand, '--as', 'png'],
      /report\.dcm: expected a DICOM image.* no pixel data \(modality SR\)/,
    ],
    [
      'a DICOM object of a PNG',
      () => ['encrypt', 'grey.png', ...byHand, '--as', 'dicom'],
      /grey\.png: expected a DICOM file, got none/,
    ],
    ['no date', () => ['encrypt', 'grey.png', ...recipient], /--date/],
    [
      'a date that does not exist',
      () => ['encrypt', 'grey.png', ...recipient, '--date', '2023-02-30T10:00:00'],
      /date/,
    ],
    [
      'the same with --params',
      () => ['encrypt', 'grey.png', ...byHand, '--date', '2023-02-30T10:00:00'],
      /date/,
    ],
    [
      'r out of range',
      () => ['encrypt', 'grey.png', ...recipient, '--params', '4.5'],
      /"r" expected a number in \(0, 4\]/,
    ],
    [
      'NaN',
      () => ['encrypt', 'grey.png', ...recipient, '--params', '10,NaN,2.667'],
      /expected numbers.*got "NaN"/,
    ],
    [
      'a negative parameter',
      () => ['encrypt', 'grey.png', ...recipient, '--params', '10,-28,2.667'],
      /"rho" expected/,
    ],
    [
      'two parameters',
      () => ['encrypt', 'grey.png', ...recipient, '--params', '10,28'],
      /expected 3 parameters.*got 2/,
    ],
    [
      'an orbit that diverges',
      () => ['encrypt', 'grey.png', ...recipient, '--params', '10,9000,2.667'],
      /diverges/,
    ],
    ['an unknown map', () => ['encrypt', 'grey.png', ...byHand, '--map', 'arnold'], /arnold/],
    [
      'an unknown option',
      () => ['encrypt', 'grey.png', ...byHand, '--fast'],
      /unknown option --fast; run: medchaos encrypt --help/,
    ],
    ['no recipient', () => ['encrypt', 'grey.png', '--params', '3.95'], /recipient/],
    [
      'a private key as recipient',
      () => ['encrypt', 'grey.png', '--params', '3.95', '--recipient', 'keys/private.pem'],
      /expected a public key/,
    ],
    [
      'no key as recipient',
      () => ['encrypt', 'grey.png', '--params', '3.95', '--recipient', 'grey.png'],
      /expected a public key/,
    ],
    [
      'one recipient twice',
      () => ['encrypt', 'grey.png', ...byHand, '--recipient', 'keys/public.pem'],
      /expected different recipients, got one key as number 1 and 2/,
    ],
    [
      'a missing recipient file',
      () => ['encrypt', 'grey.png', ...byHand, '--recipient', 'none.pem'],
      /cannot read public key none\.pem/,
    ],
    [
      'bits of an elliptic key',
      () => ['keygen', '--type', 'x25519', '--bits', '2048', '--out', 'short'],
      /--bits is for --type rsa/,
    ],
    [
      'two inputs of one name',
      () => ['encrypt', 'grey.png', 'back/grey.png', ...byHand],
      /would both become grey\.cipher\.png/,
    ],
    [
      'existing results',
      () => ['encrypt', 'grey.png', ...byHand, '--out', 'done'],
      /exists already; give --force/,
    ],
    [
      'a file as output folder',
      () => ['encrypt', 'grey.png', ...byHand, '--out', 'one.png/x'],
      /cannot write into folder/,
    ],
    [
      'a wrong private key',
      () => ['decrypt', 'done/grey.cipher.png', ...greyKeys, '--private-key', 'other/private.pem'],
      /another private key/,
    ],
    [
      'a public key to decrypt with',
      () => ['decrypt', 'done/grey.cipher.png', ...greyKeys, '--private-key', 'keys/public.pem'],
      /private key expected PEM/,
    ],
    [
      'one bit of the JWE',
      () => [
        'decrypt',
        'done/grey.cipher.png',
        '--keys',
        flipped('a.jwe', 'done/grey.keys.jwe', 5000),
        ...open,
      ],
      /changed on the way/,
    ],
    [
      'its very last bit',
      () => [
        'decrypt',
        'done/grey.cipher.png',
        '--keys',
        flipped('b.jwe', 'done/grey.keys.jwe', -1),
        ...open,
      ],
      /changed on the way/,
    ],
    [
      'a truncated key file',
      () => [
        'decrypt',
        'done/grey.cipher.png',
        '--keys',
        file('c.jwe', readFileSync(at('done/grey.keys.jwe')).subarray(0, 99)),
        ...open,
      ],
      /does not open/,
    ],
    [
      'a key file of another size',
      () => ['decrypt', 'done/grey.cipher.png', '--keys', 'done/rgb.keys.jwe', ...open],
      /for an image of 61x40, 3 channels/,
    ],
    ['another cipher image', () => ['decrypt', 'grey.png', ...greyKeys, ...open], /another cipher image/],
    [
      'a truncated cipher image',
      () => [
        'decrypt',
        file('d.png', readFileSync(at('done/grey.cipher.png')).subarray(0, 9000)),
        ...greyKeys,
        ...open,
      ],
      /d\.png/,
    ],
    [
      'an existing result',
      () => ['decrypt', 'done/grey.cipher.png', ...greyKeys, ...open, '--out', 'grey.png'],
      /exists already/,
    ],
    ['too short a modulus', () => ['keygen', '--bits', '1024', '--out', 'short'], /"bits" expected/],
    [
      'an empty passphrase file',
      () => ['keygen', '--passphrase-file', file('empty', ''), '--out', 'short'],
      /expected a passphrase/,
    ],
  ];
  test.each(table)('%s', async (_, args, message) => {
    const command = args();
    const before = everything();
    const { code, stdout, stderr } = await medchaosHere(command, dir);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^(warning: the paper scheme [^\n]+\n)?medchaos: [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(everything()).toEqual(before);
  });

  test('the program ends with the code, and says the same', async () => {
    const command = ['encrypt', 'none.png', ...byHand];
    expect(run(...command)).toEqual(await medchaosHere(command, dir));
  });

  test('if the key file cannot be written, the cipher image goes too', () => {
    mkdirSync(at('half/grey.keys.jwe/x'), { recursive: true });
    expect(run('encrypt', 'grey.png', ...byHand, '--force', '--out', 'half')).toMatchObject({ code: 2 });
    expect(readdirSync(at('half'))).toEqual(['grey.keys.jwe']);
  });

  /** All files below the test's folder; empty folders do not count. */
  function everything(): string[] {
    return readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  }
});
