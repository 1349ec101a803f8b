/** CMS recipients with elliptic keys: alone, mixed, and with `openssl cms` where it is installed, both ways. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CmsKind,
  type KeyPair,
  makeCurveKeyPair,
  makeKeyPair,
  openCms,
  sealCms,
} from '../../../src/cipher/index.ts';
import { InputError } from '../../../src/shared/errors.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-cms-ec-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string): string => join(dir, name);
const curves = ['p256', 'p384', 'p521'] as const;
type Curve = (typeof curves)[number];
const pairs = {} as Record<Curve | 'rsa' | 'stranger', KeyPair>;
beforeAll(async () => {
  pairs.rsa = await makeKeyPair(2048);
  for (const curve of curves) pairs[curve] = await makeCurveKeyPair(curve, 'pass');
  pairs.stranger = await makeCurveKeyPair('p256');
  for (const [name, { privatePem }] of Object.entries(pairs))
    writeFileSync(at(`${name}.pem`), privatePem, { mode: 0o600 });
});
const payload = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * i) & 255));
const kinds: CmsKind[] = ['enveloped', 'authenticated'];
const each = kinds.flatMap((kind) => curves.map((curve): [CmsKind, Curve] => [kind, curve]));

test.each(each)('%s, %s: its key opens it, and no other', (kind, curve) => {
  const { publicPem, privatePem } = pairs[curve];
  const sealed = sealCms(payload, [publicPem], kind);
  expect(openCms(sealed, kind, privatePem, 'pass').equals(payload)).toBe(true);
  for (const other of curves.filter((name) => name !== curve))
    expect(() => openCms(sealed, kind, pairs[other].privatePem, 'pass')).toThrow(/another private key/);
  for (const other of ['stranger', 'rsa'] as const)
    expect(() => openCms(sealed, kind, pairs[other].privatePem)).toThrow(/another private key/);
  expect(sealCms(payload, [publicPem], kind).equals(sealed)).toBe(false);
});

describe.each(kinds)('%s', (kind) => {
  const all = ['p256', 'rsa', 'p384', 'stranger', 'p521'] as const;
  const mixed = () =>
    sealCms(
      payload,
      all.map((name) => pairs[name].publicPem),
      kind,
    );

  test('RSA and elliptic recipients in one message, in any order: each opens it alone', async () => {
    for (const name of all)
      expect(openCms(mixed(), kind, pairs[name].privatePem, 'pass').equals(payload), name).toBe(true);
    const third = await makeCurveKeyPair('p256');
    expect(() => openCms(mixed(), kind, third.privatePem)).toThrow(/another private key/);
  });

  test('truncated anywhere: refused', () => {
    const sealed = mixed();
    for (let length = 0; length < sealed.length; length += 13)
      expect(() => openCms(sealed.subarray(0, length), kind, pairs.stranger.privatePem), `${length}`).toThrow(
        InputError,
      );
  });

  test('a point off the curve: refused, as anything that does not open', () => {
    const sealed = sealCms(payload, [pairs.stranger.publicPem], kind);
    const point = sealed.indexOf(Buffer.from('03420004', 'hex')) + 4; // BIT STRING, 66 bytes, none unused, uncompressed
    for (const offset of [0, 31, 63]) {
      const changed = Buffer.from(sealed);
      changed[point + offset]! ^= 1;
      expect(() => openCms(changed, kind, pairs.stranger.privatePem)).toThrow(/does not open/);
    }
  });
});

test('a time that is none, to which a changed bit can turn other bytes: refused as no DER', () => {
  const bytes = Buffer.from('300418024142', 'hex'); // SEQUENCE { GeneralizedTime "AB" }
  for (const kind of ['enveloped', 'authenticated'] as const)
    expect(() => openCms(bytes, kind, pairs.stranger.privatePem)).toThrow(/cut off or no DER/);
});

test('authenticated: one bit of any byte changed does not open', () => {
  const short = payload.subarray(0, 40);
  const sealed = sealCms(short, [pairs.stranger.publicPem], 'authenticated');
  let opened = 0;
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed);
    changed[index]! ^= 1 << (index & 7);
    try {
      const content = openCms(changed, 'authenticated', pairs.stranger.privatePem);
      expect(content.equals(short), `byte ${index}`).toBe(true); // a label: version, the key's name, content type
      opened++;
    } catch (error) {
      expect(error, `byte ${index}`).toBeInstanceOf(InputError);
    }
  }
  expect(opened).toBeLessThan(sealed.length / 4);
});

/** Bytes of an ephemeral point that read as an OCTET STRING themselves come by chance, once in 256 keys. */
test('points and wrapped keys that happen to read as DER', () => {
  for (let k = 0; k < 300; k++) {
    const sealed = sealCms(payload.subarray(0, 1), [pairs.stranger.publicPem], 'authenticated');
    expect(openCms(sealed, 'authenticated', pairs.stranger.privatePem).length).toBe(1);
  }
});

const installed = spawnSync('openssl', ['cms', '-help']).status === 0;
describe.skipIf(!installed)(`openssl ${installed ? '' : '(needs openssl)'}`, () => {
  const openssl = (...args: string[]): Buffer => {
    const { status, stdout, stderr } = spawnSync('openssl', args);
    expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
    return stdout;
  };
  const unlock = (name: Curve) => ['-inkey', at(`${name}.pem`), '-passin', 'pass:pass'];

  test.each(each)('cms -decrypt opens ours: %s, %s, alone and among others', (kind, curve) => {
    const open = ['cms', '-decrypt', '-binary', '-inform', 'DER', '-in'];
    for (const recipients of [[curve], ['rsa', ...curves]] as const) {
      writeFileSync(
        at('ours.der'),
        sealCms(
          payload,
          recipients.map((name) => pairs[name].publicPem),
          kind,
        ),
      );
      expect(openssl(...open, at('ours.der'), ...unlock(curve)).equals(payload)).toBe(true);
    }
    expect(openssl(...open, at('ours.der'), '-inkey', at('rsa.pem')).equals(payload)).toBe(true);
  });

  /** A certificate of the key, as whoever encrypts has it. */
  function certificate(name: Curve): string {
    const subject = ['-subj', `/CN=${name}`, '-days', '2'];
    openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      at(`${name}.pem`),
      '-passin',
      'pass:pass',
      ...subject,
      '-out',
      at(`${name}.crt`),
    );
    return at(`${name}.crt`);
  }

  test('a certificate as recipient is as good as its key', () => {
    const sealed = sealCms(payload, [readFileSync(certificate('p256'), 'utf8')], 'authenticated');
    expect(openCms(sealed, 'authenticated', pairs.p256.privatePem, 'pass').equals(payload)).toBe(true);
  });

  /** Of the command, and of the key. */
  const options: [string, string[], string[]][] = [
    ['as it comes: key derivation with SHA-1', [], []],
    ['SHA-256, the key named by its identifier', ['-keyid'], ['-keyopt', 'ecdh_kdf_md:sha256']],
    ['SHA-512', [], ['-keyopt', 'ecdh_kdf_md:sha512']],
    ['AES-128 key wrap', ['-aes128-wrap'], []],
    ['in pieces of indefinite length', ['-stream'], []],
  ];
  const ciphers = { enveloped: '-aes-256-cbc', authenticated: '-aes-256-gcm' };
  const common: [CmsKind, Curve][] = [
    ['enveloped', 'p256'],
    ['authenticated', 'p521'],
  ];
  const theirs = common.flatMap(([kind, curve]) =>
    options.map(([name, ...more]): [CmsKind, Curve, string, ...string[][]] => [kind, curve, name, ...more]),
  );
  test.each(theirs)('ours opens what cms -encrypt writes: %s, %s, %s', (kind, curve, _, more, keyOptions) => {
    writeFileSync(at('plain'), payload);
    const head = [
      'cms',
      '-encrypt',
      '-binary',
      '-outform',
      'DER',
      '-in',
      at('plain'),
      '-out',
      at('theirs.der'),
    ];
    openssl(...head, ciphers[kind], ...more!, '-recip', certificate(curve), ...keyOptions!);
    const opened = openCms(readFileSync(at('theirs.der')), kind, pairs[curve].privatePem, 'pass');
    expect(opened.equals(payload)).toBe(true);
  });
});
