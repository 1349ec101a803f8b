/** CMS envelopes: by ourselves, and by `openssl cms` where it is installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CmsKind,
  encryptHardened,
  type KeyPair,
  keyContent,
  makeCurveKeyPair,
  makeKeyPair,
  openCms,
  openImage,
  schemes,
  sealCms,
  sealEnvelope,
} from '../../../src/cipher/index.ts';
import { InputError } from '../../../src/shared/errors.ts';
import { discImage, grey } from '../../attacks/_images.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-cms-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let [anna, boris, clara] = [] as unknown as [KeyPair, KeyPair, KeyPair];
beforeAll(async () => {
  [anna, boris, clara] = await Promise.all([makeKeyPair(2048), makeKeyPair(2048, 'pass'), makeKeyPair(2048)]);
});
const payload = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * i) & 255));
const both = () => [anna.publicPem, boris.publicPem];
const kinds: CmsKind[] = ['enveloped', 'authenticated'];

describe.each(kinds)('%s', (kind) => {
  test('each recipient opens it, a stranger does not', () => {
    const sealed = sealCms(payload, both(), kind);
    expect(openCms(sealed, kind, anna.privatePem).equals(payload)).toBe(true);
    expect(openCms(sealed, kind, boris.privatePem, 'pass').equals(payload)).toBe(true);
    expect(() => openCms(sealed, kind, clara.privatePem)).toThrow(
      /does not open: it is for another private key/,
    );
    expect(sealCms(payload, both(), kind).equals(sealed)).toBe(false);
  });

  test.each([0, 1, 16])('a payload of %i bytes', (length) => {
    const short = payload.subarray(0, length);
    expect(openCms(sealCms(short, both(), kind), kind, anna.privatePem).equals(short)).toBe(true);
  });

  test('truncated anywhere, or longer than it says: refused', () => {
    const sealed = sealCms(payload, both(), kind);
    for (let length = 0; length < sealed.length; length += 7)
      expect(() => openCms(sealed.subarray(0, length), kind, anna.privatePem), `${length}`).toThrow(
        InputError,
      );
    expect(() => openCms(sealed.subarray(0, 500), kind, anna.privatePem)).toThrow(/cut off/);
    expect(() => openCms(Buffer.concat([sealed, Buffer.of(0)]), kind, anna.privatePem)).toThrow(
      /1 bytes follow/,
    );
  });

  test('a hostile length', () => {
    const sealed = sealCms(payload, both(), kind);
    const hostile = Buffer.concat([Buffer.from('3084ffffffff', 'hex'), sealed.subarray(4)]);
    expect(() => openCms(hostile, kind, anna.privatePem)).toThrow(/cut off or no DER/);
  });

  const installed = spawnSync('openssl', ['cms', '-help']).status === 0;
  test.skipIf(!installed)(`openssl cms opens it ${installed ? '' : '(needs openssl)'}`, () => {
    const [file, key] = [join(dir, `${kind}.der`), join(dir, 'boris.pem')];
    writeFileSync(file, sealCms(payload, both(), kind));
    writeFileSync(key, boris.privatePem, { mode: 0o600 });
    const args = [
      'cms',
      '-decrypt',
      '-binary',
      '-inform',
      'DER',
      '-in',
      file,
      '-inkey',
      key,
      '-passin',
      'pass:pass',
    ];
    const { status, stdout, stderr } = spawnSync('openssl', args);
    expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
    expect(stdout.equals(payload)).toBe(true);
  });
});

test('authenticated: one bit of any byte changed does not open', () => {
  const sealed = sealCms(payload.subarray(0, 40), [anna.publicPem], 'authenticated');
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at]! ^= 1 << (at & 7);
    let opened: Buffer | undefined;
    try {
      opened = openCms(changed, 'authenticated', anna.privatePem);
    } catch (error) {
      expect(error, `byte ${at}`).toBeInstanceOf(InputError);
    }
    // Version numbers and the inner content type are only labels: RFC 5083 does not authenticate them.
    if (opened) expect(opened.equals(payload.subarray(0, 40)), `byte ${at}`).toBe(true);
  }
});

test('one kind is not taken for the other', () => {
  const sealed = sealCms(payload, both(), 'enveloped');
  expect(() => openCms(sealed, 'authenticated', anna.privatePem)).toThrow(
    /expected AuthEnvelopedData, got type 1\.2/,
  );
});

test('recipients: none, one twice, one with an X25519 key', async () => {
  const curve = await makeCurveKeyPair('x25519');
  expect(() => sealCms(payload, [], 'enveloped')).toThrow(/expected a recipient/);
  expect(() => sealCms(payload, [anna.publicPem, anna.publicPem], 'enveloped')).toThrow(
    /different recipients/,
  );
  expect(() => sealCms(payload, [curve.publicPem], 'enveloped')).toThrow(
    /recipients with RSA or P-256 keys, got x25519; .*keygen --type p256/,
  );
  expect(() => openCms(sealCms(payload, both(), 'enveloped'), 'enveloped', curve.privatePem)).toThrow(
    /RSA or P-256 private key/,
  );
});

test('the key file of an image in a CMS envelope; that of another image is refused', async () => {
  const plain = discImage(grey(24, 20), 1);
  const input = { map: 'logistic', params: [3.95], metadata: '2023-03-04T05:06:07' } as const;
  const [one, two] = [encryptHardened(plain, input), encryptHardened(plain, input)];
  const { payload: file, header } = keyContent(schemes.hardened, one.key, one.cipher);
  const envelope = await sealEnvelope(file, header, both(), { envelope: 'cms' });
  const opened = await openImage(envelope, one.cipher, anna.privatePem);
  expect(opened).toMatchObject({ plain, metadata: input.metadata, header: { scheme: 'hardened' } });
  await expect(openImage(envelope, two.cipher, anna.privatePem)).rejects.toThrow(
    /made for another cipher image/,
  );
  await expect(openImage(envelope.slice(0, 300), one.cipher, anna.privatePem)).rejects.toThrow(/cut off/);
});
