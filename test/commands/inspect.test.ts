/** inspect: what each kind of sealed file tells without a key. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeCurveKeyPair, seal } from '../../src/cipher/index.ts';
import { encodePng } from '../../src/data/images/image.ts';
import { chunk } from '../../src/data/images/png.ts';
import type { Inspection } from '../../src/sealing/inspect.ts';
import { dicom } from '../data/dicom/_dicom.ts';
import { anna, at, clara, names, scan, withoutMac } from '../sealing/dicom-object/_objects.ts';
import { picture } from './_cipher-folder.ts';
import { medchaosHere } from './_cli.ts';

const run = (...args: string[]) => medchaosHere(args, at());
const inspect = async (file: string): Promise<Inspection> => {
  const { code, stdout, stderr } = await run('inspect', file, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Inspection;
};
const namesIn = ({ readable }: Inspection) => readable.map(({ name }) => name);

beforeAll(async () => {
  for (const type of ['x25519', 'p384', 'p521'] as const)
    writeFileSync(at(`${type}.pem`), (await makeCurveKeyPair(type)).publicPem);
  writeFileSync(at('p256.pem'), clara.publicPem);
  writeFileSync(at('a.png'), await encodePng(picture(11, 9, 3, 8)));
  writeFileSync(at('s.dcm'), await dicom(scan));
  const encrypt = async (image: string, out: string, owners: string[], ...more: string[]) => {
    const recipients = owners.flatMap((owner) => ['--recipient', `${owner}.pem`]);
    const done = await run('encrypt', image, '--params', '3.95', ...recipients, '--out', out, ...more);
    expect(done).toMatchObject({ code: 0 });
  };
  await encrypt('a.png', 'one', ['anna']);
  await encrypt('a.png', 'curve', ['x25519'], '--enc', 'A128GCM');
  await encrypt('a.png', 'many', ['anna', 'x25519', 'p256', 'p384', 'p521'], '--scheme', 'paper');
  await encrypt('a.png', 'cms', ['anna', 'p256', 'p384', 'p521'], '--envelope', 'cms');
  await encrypt('s.dcm', 'dicom', ['p256', 'anna']);
  mkdirSync(at('older'));
  const object = readFileSync(at('dicom/s.cipher.dcm'));
  writeFileSync(at('older/s.cipher.dcm'), withoutMac(object, anna.privatePem, [anna.publicPem]));
});

const rsa = { kind: 'rsa', bits: 2048 };
const curves = ['p256', 'p384', 'p521'].map((kind) => ({ kind }));
const fields = ['cty', 'scheme', 'preset', 'width', 'height', 'channels', 'depth', 'cipher_sha256'];

describe('key files, by themselves and beside their cipher image', () => {
  test.each([
    ['one', 'jwe', { scheme: 'hardened', preset: 'sound', encryption: 'A256GCM', recipients: [rsa] }, fields],
    ['curve', 'jwe', { scheme: 'hardened', encryption: 'A128GCM', recipients: [{ kind: 'x25519' }] }, fields],
    [
      'many',
      'jwe',
      { scheme: 'paper', preset: 'paper', recipients: [rsa, { kind: 'x25519' }, ...curves] },
      fields,
    ],
    [
      'cms',
      'cms',
      { scheme: null, preset: null, encryption: 'AES-256-GCM', recipients: [rsa, ...curves] },
      [],
    ],
  ] as const)('%s', async (folder, envelope, expected, readable) => {
    const keys = `${folder}/a.keys.${envelope}`;
    const recipientCount = expected.recipients.length;
    const all = { ...expected, recipientCount, envelope, authenticated: true };
    const alone = await inspect(keys);
    expect(alone).toMatchObject({ file: keys, kind: 'key file', keys: null, ...all });
    expect(namesIn(alone)).toEqual(readable);
    const image = await inspect(`${folder}/a.cipher.png`);
    expect(image).toMatchObject({ kind: 'cipher image', keys, ...all });
    expect(image.readable[0]).toEqual({ name: 'size', value: '11x9, 8 bit' });
    expect(namesIn(image)).toEqual(['size', ...readable]);
  });

  test('a cipher image without its key file, and one with metadata', async () => {
    const png = readFileSync(at('one/a.cipher.png'));
    const note = chunk('tEXt', Buffer.from('Patient\0Jane Roe'));
    writeFileSync(at('lone.cipher.png'), Buffer.concat([png.subarray(0, 33), note, png.subarray(33)]));
    expect(await inspect('lone.cipher.png')).toMatchObject({
      ...{ keys: null, scheme: null, envelope: null, authenticated: null, recipients: [], recipientCount: 0 },
      readable: [{ name: 'size' }, { name: 'chunk tEXt', value: '16 bytes' }],
    });
    const { stdout } = await run('inspect', 'lone.cipher.png');
    expect(stdout).toBe(
      'lone.cipher.png: cipher image\nkey file: none beside it\nreadable without a key:\n' +
        '  size: 11x9, 8 bit\n  chunk tEXt: 16 bytes\n',
    );
  });
});

describe('encrypted DICOM objects', () => {
  test.each([
    ['dicom', true, [{ kind: 'p256' }, rsa]],
    ['older', false, [rsa]],
  ] as const)(
    '%s: its recipients, and the attributes that stayed',
    async (folder, authenticated, recipients) => {
      const found = await inspect(`${folder}/s.cipher.dcm`);
      expect(found).toMatchObject({
        ...{ kind: 'encrypted DICOM object', envelope: 'cms', encryption: 'AES-256-CBC', authenticated },
        ...{ scheme: null, recipients, recipientCount: recipients.length },
      });
      const values = new Map(found.readable.map(({ name, value }) => [name, value]));
      expect(values.get('Modality (0008,0060)')).toBe('OT');
      expect(values.get('Rows (0028,0010)')).toBe('7');
      expect(values.get('PatientName (0010,0010)')).toBe('ENCRYPTED');
      expect([...values.keys()].some((name) => /7fe0|0400,0500/.test(name))).toBe(false);
      for (const name of names) expect(JSON.stringify(found)).not.toContain(name);
    },
  );

  test('in words', async () => {
    const { stdout } = await run('inspect', 'dicom/s.cipher.dcm');
    expect(stdout).toMatch(
      /^dicom\/s\.cipher\.dcm: encrypted DICOM object\nscheme: only inside the envelope\nenvelope: CMS, AES-256-CBC, authenticated\nrecipients: 2 \(p256, rsa 2048 bits\)\nreadable without a key:\n {2}\S/,
    );
  });
});

test('control characters of a stranger stay away from the terminal', async () => {
  const header = {
    cty: 'application/json',
    scheme: 'paper',
    preset: '\u001b[2J\u0007evil',
    cipher_sha256: 'x',
  };
  const jwe = await seal(Buffer.from('x'), { ...header, width: 1, height: 1, channels: 1, depth: 8 }, [
    anna.publicPem,
  ]);
  writeFileSync(at('evil.keys.jwe'), jwe);
  const { stdout } = await run('inspect', 'evil.keys.jwe');
  expect(stdout).toMatch(/evil/);
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
});

describe('refused: what is not sealed, or damaged', () => {
  const file = (name: string, data: string | Uint8Array): string => {
    writeFileSync(at(name), data);
    return name;
  };
  const part = (header: unknown): string => Buffer.from(JSON.stringify(header)).toString('base64url');
  const cut = (name: string, from: string): string => file(name, readFileSync(at(from)).subarray(0, 120));

  test.each([
    ['nothing', () => file('x', ''), /x: expected a key file/],
    ['text', () => file('x', 'hello'), /x: expected a key file/],
    ['other JSON', () => file('x', '{"recipients": []}'), /x: expected/],
    ['a list', () => file('x', '{"protected": "e30", "recipients": {"length": 1}}'), /x: expected/],
    [
      'recipients of no type',
      () => file('x', `{"protected": "${part({})}", "recipients": [null, 1]}`),
      /x: expected/,
    ],
    [
      'a JWE of something else',
      () => file('x', `${part({ alg: 'dir' })}.a.b.c.d`),
      /x: the key file expected scheme/,
    ],
    [
      'a header of no type',
      () => file('x', `${part([1])}.a.b.c.d`),
      /x: the key file expected a JSON object/,
    ],
    [
      'an inherited name',
      () => file('x', `${part({ scheme: 'constructor', cty: 'x' })}.a.b.c.d`),
      /got constructor/,
    ],
    ['a key file that is cut off', () => cut('x', 'cms/a.keys.cms'), /x: the CMS envelope expected a whole/],
    ['a DICOM file', () => 's.dcm', /s\.dcm: expected an encrypted DICOM object/],
    ['a damaged PNG', () => file('x', readFileSync(at('a.png')).subarray(0, 20)), /x: expected a whole PNG/],
    ['no file', () => 'none', /cannot read sealed file none/],
  ] as [string, () => string, RegExp][])('%s', async (_, name, message) => {
    const { code, stdout, stderr } = await run('inspect', name());
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^medchaos: [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('pictures that are not sealed', () => {
  test('a PNG by another name than .cipher.png, with no key file beside it', async () => {
    expect(await inspect('a.png')).toMatchObject({ kind: 'picture', envelope: null, recipientCount: 0 });
  });

  test('a JPEG: its EXIF is listed', async () => {
    const exif = { IFD0: { Artist: 'Jane Doe', DateTime: '2021:03:04 05:06:07' } };
    await sharp(Buffer.alloc(192, 9), { raw: { width: 8, height: 8, channels: 3 } })
      .withExif(exif)
      .jpeg()
      .toFile(at('e.jpg'));
    const found = await inspect('e.jpg');
    expect(found.kind).toBe('picture');
    expect(found.readable).toContainEqual({ name: 'Artist', value: 'Jane Doe' });
    expect(found.readable).toContainEqual({ name: 'ModifyDate', value: '2021:03:04 05:06:07' });
  });
});
