/** rewrap: sealed files of each kind for other recipients, by its command line. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeCurveKeyPair } from '../../src/cipher/index.ts';
import { encodePng } from '../../src/data/images/image.ts';
import { certificateOf } from '../cipher/envelope/_certificates.ts';
import { dicom } from '../data/dicom/_dicom.ts';
import { anna, at, boris, clara, contentOf, scan, withoutMac } from '../sealing/dicom-object/_objects.ts';
import { picture } from './_cipher-folder.ts';
import { medchaosHere } from './_cli.ts';

const run = (...args: string[]) => medchaosHere(args, at());
const rewrap = (file: string, owner: string, ...more: string[]) =>
  run('rewrap', file, '--private-key', `${owner}-private.pem`, ...more);
const to = (...owners: string[]) => owners.flatMap((owner) => ['--recipient', `${owner}.pem`]);
/** What the owner of a key sees. */
async function opened(cipher: string, owner: string, ...keys: string[]): Promise<Buffer | string> {
  const out = at('opened');
  const args = ['decrypt', cipher, '--private-key', `${owner}-private.pem`, '--out', out, '--force', ...keys];
  const { code, stderr } = await run(...args);
  return code === 0 ? readFileSync(out) : stderr;
}
const notOpened = expect.stringMatching(/does not open: it is for another private key/);

/** By kind: the cipher image or object, its sealed file, and what comes back. */
const kinds: Record<string, [cipher: string, sealed: string]> = {
  JWE: ['jwe/a.cipher.png', 'jwe/a.keys.jwe'],
  'JWE of the paper scheme': ['paper/a.cipher.png', 'paper/a.keys.jwe'],
  CMS: ['cms/a.cipher.png', 'cms/a.keys.cms'],
  'DICOM object': ['dicom/s.cipher.dcm', 'dicom/s.cipher.dcm'],
  'DICOM object without a MAC': ['older/s.cipher.dcm', 'older/s.cipher.dcm'],
};

beforeAll(async () => {
  writeFileSync(at('boris.pem'), boris.publicPem);
  writeFileSync(at('clara.pem'), clara.publicPem);
  const dora = await makeCurveKeyPair('x25519');
  writeFileSync(at('dora.pem'), dora.publicPem);
  writeFileSync(at('dora-private.pem'), dora.privatePem, { mode: 0o600 });
  writeFileSync(at('a.png'), await encodePng(picture(11, 9, 3, 8)));
  writeFileSync(at('s.dcm'), await dicom(scan));
  const encrypt = (image: string, out: string, ...more: string[]) =>
    run('encrypt', image, '--params', '3.95', ...to('anna'), '--out', out, ...more);
  await encrypt('a.png', 'jwe');
  await encrypt('a.png', 'paper', '--scheme', 'paper', '--key-format', 'compact');
  await encrypt('a.png', 'cms', '--envelope', 'cms');
  await encrypt('s.dcm', 'dicom');
  mkdirSync(at('older'));
  const object = readFileSync(at('dicom/s.cipher.dcm'));
  writeFileSync(at('older/s.cipher.dcm'), withoutMac(object, anna.privatePem, [anna.publicPem]));
});

describe.each(Object.entries(kinds))('%s', (kind, [cipher, sealed]) => {
  const out = `for ${kind}`;
  const isObject = cipher === sealed;
  const name = sealed.split('/')[1]!;
  const keys = (folder: string) => (isObject ? [] : ['--keys', `${folder}/${name}`]);
  const from = (folder: string) => (isObject ? `${folder}/${name}` : cipher);

  test('for others: they open it, and who did before does not; the file itself stays', async () => {
    const before = readFileSync(at(sealed));
    const original = await opened(cipher, 'anna');
    const result = await rewrap(sealed, 'anna', ...to('boris', 'clara'), '--out', out, '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toEqual({
      done: [{ file: sealed, out: `${out}/${name}` }],
      failed: [],
      recipients: 2,
    });
    for (const owner of ['boris', 'clara'])
      expect(await opened(from(out), owner, ...keys(out))).toEqual(original);
    expect(await opened(from(out), 'anna', ...keys(out))).toEqual(notOpened);
    expect(readFileSync(at(sealed)).equals(before)).toBe(true);
    expect(await opened(cipher, 'anna')).toEqual(original);
  });

  if (isObject)
    test('all of the object but its envelope stays, and the envelope has a MAC', () => {
      const [one, two] = [readFileSync(at(sealed)), readFileSync(at(out, name))];
      const around = (object: Buffer): Buffer[] => {
        const content = contentOf(object);
        const start = content.byteOffset - object.byteOffset;
        return [
          object.subarray(0, start - 80),
          object.subarray(start + content.length + (content.length % 2)),
        ];
      };
      expect(around(two)[1]!.equals(around(one)[1]!)).toBe(true);
      expect(around(two)[0]!.equals(around(one)[0]!)).toBe(true);
      expect(contentOf(two).includes(Buffer.from('06156982ffe8', 'hex'))).toBe(true); // type of the attribute
    });

  test('in its place, for more: all open it', async () => {
    const copy = `copy of ${kind}`;
    mkdirSync(at(copy));
    for (const file of new Set([cipher, sealed]))
      writeFileSync(at(copy, file.split('/')[1]!), readFileSync(at(file)));
    const modified = statSync(at(copy, cipher.split('/')[1]!)).mtimeMs;
    const original = await opened(cipher, 'anna');
    const result = await rewrap(`${copy}/${name}`, 'anna', ...to('anna', 'boris'));
    expect(result).toMatchObject({
      code: 0,
      stdout: `${copy}/${name}\nrewrapped 1 of 1 file for 2 recipients\n`,
    });
    for (const owner of ['anna', 'boris'])
      expect(await opened(`${copy}/${cipher.split('/')[1]}`, owner)).toEqual(original);
    if (!isObject) expect(statSync(at(copy, cipher.split('/')[1]!)).mtimeMs).toBe(modified);
  });

  test('refused: for nobody of those who open it, in its place; by another key; for a key of another kind', async () => {
    const before = readFileSync(at(sealed));
    const refused = async (message: RegExp, ...args: string[]) => {
      const [owner, ...more] = args as [string, ...string[]];
      const { code, stderr, stdout } = await rewrap(sealed, owner, ...more);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
      expect(readFileSync(at(sealed)).equals(before)).toBe(true);
    };
    await refused(/lack the public key of --private-key.*--out FOLDER or --force/, 'anna', ...to('boris'));
    await refused(/does not open: it is for another private key/, 'boris', ...to('boris'));
    await refused(/exists already; give --force/, 'anna', ...to('boris'), '--out', out);
    await refused(/different recipients/, 'anna', ...to('boris', 'boris'), '--out', 'new');
    if (!kind.startsWith('JWE'))
      await refused(
        /expected recipients with RSA or P-256 keys/,
        'anna',
        ...to('anna', 'dora'),
        '--out',
        'new',
      );
    else
      await expect(rewrap(sealed, 'anna', ...to('dora'), '--out', `dora ${kind}`)).resolves.toMatchObject({
        code: 0,
      });
  });
});

test('a folder: what does not open is listed, the rest is done', async () => {
  mkdirSync(at('many/below'), { recursive: true });
  const copy = (from: string, name: string) => writeFileSync(at('many', name), readFileSync(at(from)));
  copy('jwe/a.keys.jwe', 'a.keys.jwe');
  copy('cms/a.keys.cms', 'below/a.keys.cms');
  copy('dicom/s.cipher.dcm', 'below/s.cipher.dcm');
  copy('jwe/a.cipher.png', 'a.cipher.png');
  writeFileSync(at('many/bad.keys.jwe'), 'hello');
  const result = await rewrap('many', 'anna', ...to('clara'), '--out', 'many-out');
  expect(result.code).toBe(1);
  expect(result.stdout).toMatch(/^failed: many\/bad\.keys\.jwe: the key file does not open/m);
  expect(result.stdout).toMatch(/^rewrapped 3 of 4 files for 1 recipient$/m);
  expect(await opened('many-out/below/s.cipher.dcm', 'clara')).toEqual(readFileSync(at('s.dcm')));
  expect(await opened('jwe/a.cipher.png', 'clara', '--keys', 'many-out/a.keys.jwe')).toBeInstanceOf(Buffer);
  mkdirSync(at('nothing'));
  const none = await rewrap('nothing', 'anna', ...to('anna'));
  expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/expected files NAME\.keys\.jwe/) });
});

test('a cipher image stands for its key file; a certificate may receive it; what is not sealed is refused', async () => {
  writeFileSync(at('boris.crt'), certificateOf(boris.publicPem, { to: '2021-01-01' }));
  const certificate = ['--recipient', 'boris.crt', '--out', 'crt'];
  const refused = await rewrap('cms/a.cipher.png', 'anna', ...certificate);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/boris\.crt: .* expired/) });
  const done = await rewrap('cms/a.cipher.png', 'anna', ...certificate, '--allow-expired');
  expect(done).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^cms\/a\.keys\.cms -> crt\/a\.keys\.cms$/m),
  });
  for (const file of ['a.png', 's.dcm', 'none.keys.jwe'])
    expect(await rewrap(file, 'anna', ...to('anna'))).toMatchObject({ code: 2, stdout: '' });
});
