/** keygen, encrypt (the paper scheme) and decrypt: the real command line, mostly in this process, which saves starts. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodePng } from '../../src/data/images/image.ts';
import { chunk, pngChunks } from '../../src/data/images/png.ts';
import type { Raster } from '../../src/shared/types.ts';
import { dicom } from '../data/dicom/_dicom.ts';
import { byHand, cipherFolder, picture, pictures } from './_cipher-folder.ts';

const { at, run, here, load, decrypt } = cipherFolder();

const date = '2021:03:04 05:06:07';
const metadata = { exif: { IFD0: { DateTime: date }, IFD2: { DateTimeOriginal: date } } };

beforeAll(async () => {
  const jpeg = await sharp(at('rgb.png')).withMetadata(metadata).jpeg().toBuffer();
  writeFileSync(at('dated.jpg'), jpeg);
  const png = await encodePng(pictures['grey.png']!);
  const time = chunk('tIME', Uint8Array.of(2021 >> 8, 2021 & 255, 3, 4, 5, 6, 7));
  const note = chunk('tEXt', Buffer.from('Patient\0Jane Roe'));
  writeFileSync(at('stamped.png'), Buffer.concat([png.subarray(0, 33), time, note, png.subarray(33)]));
});

const samples = ({ data }: Raster) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

describe('DICOM', () => {
  test('a file becomes an object and comes back to the bit, with what the commands say', async () => {
    writeFileSync(at('ct.dcm'), await dicom({ width: 5, height: 4, words: picture(5, 4, 1, 16).data }));
    const sealed = run('encrypt', 'ct.dcm', '--params', '3.95', '--recipient', 'keys/public.pem');
    expect(sealed).toMatchObject({ code: 0, stderr: '' });
    expect(sealed.stdout).toBe(
      'ct.dcm -> ct.cipher.dcm\nnext: medchaos decrypt ct.cipher.dcm --private-key private.pem\n',
    );
    const opened = run('decrypt', 'ct.cipher.dcm', '--private-key', 'keys/private.pem');
    expect(opened).toMatchObject({ code: 0, stdout: 'ct.cipher.dcm -> ct.decrypted.dcm\n' });
    expect(readFileSync(at('ct.decrypted.dcm')).equals(readFileSync(at('ct.dcm')))).toBe(true);
    expect(statSync(at('ct.decrypted.dcm')).mode & 0o777).toBe(0o600);
  });

  test('a frame of signed 16 bits, RLE, is exact to the bit; a file of several needs --frame', async () => {
    const { data: words } = picture(31, 20, 1, 16);
    const file = await dicom({ width: 31, height: 10, words, signed: true, frames: 2 }, 'rle');
    writeFileSync(at('scan.dcm'), file);
    expect(await here('encrypt', 'scan.dcm', ...byHand, '--as', 'png')).toMatchObject({ code: 2 });
    expect(await here('encrypt', 'scan.dcm', ...byHand, '--as', 'png', '--frame', '2')).toMatchObject({
      code: 0,
    });
    expect(await decrypt('scan.cipher.png', 'scan.png', '--keys', 'scan.keys.jwe')).toMatchObject({
      code: 0,
    });
    const { data } = await load('scan.png');
    expect(data).toEqual(Uint16Array.from(words.subarray(310), (word) => word ^ 0x8000));
    const measured = await here('metrics', 'scan.dcm', 'scan.png', '--frame', '2', '--json');
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

  test('a key pair is not replaced without --force', async () => {
    const before = readFileSync(at('other/private.pem'), 'utf8');
    expect(await here('keygen', '--bits', '2048', '--out', 'other')).toMatchObject({ code: 2 });
    expect(readFileSync(at('other/private.pem'), 'utf8')).toBe(before);
  });

  test('a passphrase locks the private key', async () => {
    writeFileSync(at('pass.txt'), 'correct horse\n', { mode: 0o600 });
    const made = await here(
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
    await here(
      'encrypt',
      'grey.png',
      '--params',
      '3.95',
      '--recipient',
      'locked/public.pem',
      '--out',
      'locked',
    );
    const args = [
      'locked/grey.cipher.png',
      '--keys',
      'locked/grey.keys.jwe',
      '--private-key',
      'locked/private.pem',
    ];
    expect(await here('decrypt', ...args, '--out', 'locked/x.png')).toMatchObject({ code: 2 });
    expect(
      (await here('decrypt', ...args, '--out', 'locked/x.png', '--passphrase-file', 'pass.txt')).code,
    ).toBe(0);
  });
});

test('recipients with RSA, X25519 and P-256 keys, the last under a passphrase: each opens one key file', async () => {
  writeFileSync(at('word.txt'), 'battery staple\n', { mode: 0o600 });
  const lock = ['--passphrase-file', 'word.txt'];
  expect(await here('keygen', '--type', 'x25519', '--out', 'x25519')).toMatchObject({ code: 0 });
  expect(await here('keygen', '--type', 'p256', '--out', 'p256', ...lock)).toMatchObject({ code: 0 });
  const owners = ['keys', 'x25519', 'p256'];
  const recipients = owners.flatMap((owner) => ['--recipient', `${owner}/public.pem`]);
  const made = await here('encrypt', 'rgb.png', '--params', '3.95', ...recipients, '--out', 'many');
  expect(made).toMatchObject({ code: 0, stderr: '' });
  for (const owner of owners) {
    const key = ['--keys', 'many/rgb.keys.jwe', '--private-key', `${owner}/private.pem`];
    const unlock = owner === 'p256' ? lock : [];
    const { code, stdout, stderr } = await here(
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
  const cms = ['--envelope', 'cms', '--recipient', 'keys/public.pem', '--recipient', 'p256/public.pem'];
  expect(await here('encrypt', 'rgb.png', '--params', '3.95', ...cms, '--out', 'cms')).toMatchObject({
    code: 0,
  });
  const curve = ['--private-key', 'p256/private.pem', ...lock, '--out', 'p256-cms.png'];
  expect(await here('decrypt', 'cms/rgb.cipher.png', ...curve)).toMatchObject({ code: 0, stderr: '' });
  expect(samples(await load('p256-cms.png')).equals(samples(pictures['rgb.png']!))).toBe(true);
  const stranger = ['--keys', 'many/rgb.keys.jwe', '--private-key', 'other/private.pem'];
  const refused = await here('decrypt', 'many/rgb.cipher.png', ...stranger, '--out', 'stranger.png');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/another private key/) });
});

describe('encrypt and decrypt', () => {
  test.each(Object.entries(pictures))('%s comes back exactly', async (name, plain) => {
    const stem = name.replace('.png', '');
    const cipher = `done/${stem}.cipher.png`;
    expect(await decrypt(cipher, `back/${name}`, '--keys', `done/${stem}.keys.jwe`)).toMatchObject({
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
    const made = await here('encrypt', 'rgb.png', ...byHand, ...options, '--out', 'compact', '--json');
    expect(JSON.parse(made.stdout).files[0]).toMatchObject({
      width: 61,
      map: 'lorenz',
      parameters: 'by hand',
    });
    const keys = ['--keys', 'compact/rgb.keys.jwe', '--private-key', 'other/private.pem'];
    expect((await here('decrypt', 'compact/rgb.cipher.png', ...keys)).stdout).toMatch(
      /-> rgb\.decrypted\.png/,
    );
    expect(samples(await load('rgb.decrypted.png')).equals(samples(pictures['rgb.png']!))).toBe(true);
  });

  test('--channels rgb encrypts grey as colour', async () => {
    expect((await here('encrypt', 'grey.png', ...byHand, '--channels', 'rgb', '--out', 'asrgb')).code).toBe(
      0,
    );
    expect((await load('asrgb/grey.cipher.png')).channels).toBe(3);
  });

  test('weak parameters warn and work', async () => {
    const result = await here(
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
  test.each(['dated.jpg', 'stamped.png'])('%s', async (name) => {
    const stem = name.replace(/\..*/, '');
    expect((await here('encrypt', name, ...byHand, '--out', 'clean')).code).toBe(0);
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
