/** keygen, encrypt (the paper scheme) and decrypt, driven through the real command line. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng, loadRaster } from '../../src/data/image.ts';
import { chunk, pngChunks } from '../../src/data/png.ts';
import type { Raster } from '../../src/shared/types.ts';
import { dicom } from '../data/dicom/_dicom.ts';
import { type CliResult, medchaos } from './_cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-cipher-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (...parts: string[]) => join(dir, ...parts);
const run = (...args: string[]): CliResult => medchaos(args, dir);
const paper = ['--scheme', 'paper'];
const byHand = [...paper, '--params', '10,28,2.667', '--recipient', 'keys/public.pem'];

/** A smooth picture, so that a permutation shows. */
function picture(width: number, height: number, channels: number, depth: 8 | 16): Raster {
  const data =
    depth === 8 ? new Uint8Array(width * height * channels) : new Uint16Array(width * height * channels);
  for (let k = 0; k < data.length; k++) data[k] = 3 * k + Math.floor(k / width);
  return { width, height, channels, depth, data };
}

const pictures: Record<string, Raster> = {
  'one.png': picture(1, 1, 1, 8),
  'grey.png': picture(150, 131, 1, 8),
  'rgb.png': picture(61, 40, 3, 8),
  'rgba.png': picture(20, 33, 4, 8),
  'grey16.png': picture(131, 20, 1, 16),
};

const date = '2021:03:04 05:06:07';
const metadata = { exif: { IFD0: { DateTime: date }, IFD2: { DateTimeOriginal: date } } };

beforeAll(async () => {
  for (const [name, raster] of Object.entries(pictures)) writeFileSync(at(name), await encodePng(raster));
  const jpeg = await sharp(at('rgb.png')).withMetadata(metadata).jpeg().toBuffer();
  writeFileSync(at('dated.jpg'), jpeg);
  const png = await encodePng(pictures['grey.png']!);
  const time = chunk('tIME', Uint8Array.of(2021 >> 8, 2021 & 255, 3, 4, 5, 6, 7));
  const note = chunk('tEXt', Buffer.from('Patient\0Jane Roe'));
  writeFileSync(at('stamped.png'), Buffer.concat([png.subarray(0, 33), time, note, png.subarray(33)]));
  expect(run('keygen', '--bits', '2048', '--out', 'keys').code).toBe(0);
  expect(run('keygen', '--bits', '2048', '--out', 'other').code).toBe(0);
  expect(run('encrypt', ...Object.keys(pictures), ...byHand, '--out', 'done').stderr).toMatch(
    /^warning: the paper scheme is for study and protects no patient[^\n]*\n$/,
  );
});

const load = async (path: string) => loadRaster(readFileSync(at(path)), path, 'native');
const samples = ({ data }: Raster) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);
const decrypt = (cipher: string, out: string, ...more: string[]) =>
  run('decrypt', cipher, '--private-key', 'keys/private.pem', '--out', out, ...more);

describe('DICOM', () => {
  test('a frame of signed 16 bits, RLE, is exact to the bit; a file of several needs --frame', async () => {
    const { data: words } = picture(31, 20, 1, 16);
    const file = await dicom({ width: 31, height: 10, words, signed: true, frames: 2 }, 'rle');
    writeFileSync(at('scan.dcm'), file);
    expect(run('encrypt', 'scan.dcm', ...byHand)).toMatchObject({ code: 2 });
    expect(run('encrypt', 'scan.dcm', ...byHand, '--frame', '2')).toMatchObject({ code: 0 });
    expect(decrypt('scan.cipher.png', 'scan.png', '--keys', 'scan.keys.jwe')).toMatchObject({ code: 0 });
    const { data } = await load('scan.png');
    expect(data).toEqual(Uint16Array.from(words.subarray(310), (word) => word ^ 0x8000));
    const measured = run('metrics', 'scan.dcm', 'scan.png', '--frame', '2', '--json');
    const { measures } = JSON.parse(measured.stdout);
    expect(measures.find(({ name }: { name: string }) => name === 'mse').value).toBe(0);
  });
});

describe('keygen', () => {
  test('the private key is for its owner only', () => {
    expect(statSync(at('keys/private.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(at('keys/private.pem'), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(readFileSync(at('keys/public.pem'), 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    expect(readdirSync(at('keys')).sort()).toEqual(['private.pem', 'public.pem']);
  });

  test('a key pair is not replaced without --force', () => {
    const before = readFileSync(at('other/private.pem'), 'utf8');
    expect(run('keygen', '--bits', '2048', '--out', 'other')).toMatchObject({ code: 2 });
    expect(readFileSync(at('other/private.pem'), 'utf8')).toBe(before);
  });

  test('a passphrase locks the private key', () => {
    writeFileSync(at('pass.txt'), 'correct horse\n');
    const made = run(
      'keygen',
      '--bits',
      '2048',
      '--out',
      'locked',
      '--passphrase-file',
      'pass.txt',
      '--json',
    );
    expect(JSON.parse(made.stdout)).toMatchObject({ privateKey: 'locked/private.pem', locked: true });
    run('encrypt', 'grey.png', '--params', '3.95', '--recipient', 'locked/public.pem', '--out', 'locked');
    const args = [
      'locked/grey.cipher.png',
      '--keys',
      'locked/grey.keys.jwe',
      '--private-key',
      'locked/private.pem',
    ];
    expect(run('decrypt', ...args, '--out', 'locked/x.png')).toMatchObject({ code: 2 });
    expect(run('decrypt', ...args, '--out', 'locked/x.png', '--passphrase-file', 'pass.txt').code).toBe(0);
  });
});

test('recipients with RSA, X25519 and P-256 keys, the last under a passphrase: each opens one key file', async () => {
  writeFileSync(at('word.txt'), 'battery staple\n');
  const lock = ['--passphrase-file', 'word.txt'];
  expect(run('keygen', '--type', 'x25519', '--out', 'x25519')).toMatchObject({ code: 0 });
  expect(run('keygen', '--type', 'p256', '--out', 'p256', ...lock)).toMatchObject({ code: 0 });
  const owners = ['keys', 'x25519', 'p256'];
  const recipients = owners.flatMap((owner) => ['--recipient', `${owner}/public.pem`]);
  const made = run('encrypt', 'rgb.png', '--params', '3.95', ...recipients, '--out', 'many');
  expect(made).toMatchObject({ code: 0, stderr: '' });
  for (const owner of owners) {
    const key = ['--keys', 'many/rgb.keys.jwe', '--private-key', `${owner}/private.pem`];
    const unlock = owner === 'p256' ? lock : [];
    const { code, stdout, stderr } = run(
      'decrypt',
      'many/rgb.cipher.png',
      ...key,
      ...unlock,
      '--out',
      `${owner}.png`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/battery/);
    expect(samples(await load(`${owner}.png`)).equals(samples(pictures['rgb.png']!))).toBe(true);
  }
  const stranger = ['--keys', 'many/rgb.keys.jwe', '--private-key', 'other/private.pem'];
  const refused = run('decrypt', 'many/rgb.cipher.png', ...stranger, '--out', 'stranger.png');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/another private key/) });
});

describe('encrypt and decrypt', () => {
  test.each(Object.entries(pictures))('%s comes back exactly', async (name, plain) => {
    const stem = name.replace('.png', '');
    const cipher = `done/${stem}.cipher.png`;
    expect(decrypt(cipher, `back/${name}`, '--keys', `done/${stem}.keys.jwe`)).toMatchObject({
      code: 0,
      stderr: '',
    });
    const back = await load(`back/${name}`);
    expect({ ...back, data: null }).toEqual({ ...plain, data: null });
    expect(samples(back).equals(samples(plain))).toBe(true);
    if (plain.data.length > 1) expect(samples(await load(cipher)).equals(samples(plain))).toBe(false);
  });

  test('the compact key file and the sound preset, two recipients', async () => {
    const options = [
      '--key-format',
      'compact',
      '--preset',
      'sound',
      '--enc',
      'A256GCM',
      '--recipient',
      'other/public.pem',
    ];
    const made = run('encrypt', 'rgb.png', ...byHand, ...options, '--out', 'compact', '--json');
    expect(JSON.parse(made.stdout).files[0]).toMatchObject({
      width: 61,
      map: 'lorenz',
      parameters: 'by hand',
    });
    const keys = ['--keys', 'compact/rgb.keys.jwe', '--private-key', 'other/private.pem'];
    expect(run('decrypt', 'compact/rgb.cipher.png', ...keys).stdout).toMatch(/-> rgb\.decrypted\.png/);
    expect(samples(await load('rgb.decrypted.png')).equals(samples(pictures['rgb.png']!))).toBe(true);
  });

  test('--channels rgb encrypts grey as colour', async () => {
    expect(run('encrypt', 'grey.png', ...byHand, '--channels', 'rgb', '--out', 'asrgb').code).toBe(0);
    expect((await load('asrgb/grey.cipher.png')).channels).toBe(3);
  });

  test('weak parameters warn and work', () => {
    const result = run(
      'encrypt',
      'grey.png',
      '--params',
      '3.5',
      '--recipient',
      'keys/public.pem',
      '--out',
      'weak',
    );
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toMatch(/^warning: r = 3\.5 is at most 3\.57[^\n]*\n$/); // and none about the scheme;
  });
});

describe('cipher files carry no metadata: the date is the key', () => {
  test.each(['dated.jpg', 'stamped.png'])('%s', (name) => {
    const stem = name.replace(/\..*/, '');
    expect(run('encrypt', name, ...byHand, '--out', 'clean').code).toBe(0);
    const png = readFileSync(at(`clean/${stem}.cipher.png`));
    expect([...pngChunks(png)].map(({ type }) => type)).toEqual(['IHDR', 'IDAT', 'IEND']);
    const header = Buffer.from(
      readFileSync(at(`clean/${stem}.keys.jwe`), 'utf8').split('.')[0]!,
      'base64url',
    );
    expect(header.toString()).not.toMatch(/2021|Jane/);
  });

  test('the inputs did carry it', () => {
    expect(readFileSync(at('dated.jpg')).includes(date)).toBe(true);
    expect([...pngChunks(readFileSync(at('stamped.png')))].map(({ type }) => type)).toContain('tIME');
  });
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
    [
      'a folder without images',
      () => ['encrypt', 'keys', ...byHand],
      /expected images in the folder, got none/,
    ],
    ['a folder and a file', () => ['encrypt', 'keys', 'grey.png', ...byHand], /give the folder alone/],
    ['--keys for a folder', () => ['decrypt', 'done', ...greyKeys, ...open], /--keys is for one file/],
    ['no image at all', () => ['encrypt', file('text.png', 'hello'), ...byHand], /text\.png/],
    [
      'a truncated image',
      () => ['encrypt', file('cut.png', readFileSync(at('grey.png')).subarray(0, 300)), ...byHand],
      /cut\.png/,
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
    ['an unknown map', () => ['encrypt', 'grey.png', ...byHand, '--map', 'henon'], /henon/],
    ['an unknown option', () => ['encrypt', 'grey.png', ...byHand, '--fast'], /Unknown argument: fast/],
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
  test.each(table)('%s', (_, args, message) => {
    const command = args();
    const before = everything();
    const { code, stdout, stderr } = run(...command);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^(warning: the paper scheme [^\n]+\n)?medchaos: [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(everything()).toEqual(before);
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
