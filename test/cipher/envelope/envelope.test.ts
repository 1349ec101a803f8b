import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  deriveKeys,
  encryptRaster,
  makeCurveKeyPair,
  makeKeyPair,
  open,
  openKeys,
  presets,
  sampleHash,
  seal,
  sealKeys,
} from '../../../src/cipher/index.ts';
import { InputError } from '../../../src/shared/errors.ts';
import { stream } from '../../../src/shared/random.ts';
import type { Raster } from '../../../src/shared/types.ts';

type Pair = Awaited<ReturnType<typeof makeKeyPair>>;
let anna: Pair;
let boris: Pair;
let locked: Pair;
beforeAll(async () => {
  [anna, boris, locked] = await Promise.all([
    makeKeyPair(2048),
    makeKeyPair(2048),
    makeKeyPair(2048, 'pass'),
  ]);
});

const payload = Uint8Array.of(1, 2, 3, 250);
const plain: Raster = { width: 3, height: 2, channels: 1, depth: 8, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
const params = [10, 28, 2.667];
const options = presets.paper;
const keys = deriveKeys('lorenz', params, plain, options);
const cipher = encryptRaster(plain, keys);

const headerOf = (jwe: string) => JSON.parse(Buffer.from(jwe.split('.')[0]!, 'base64url').toString());

describe('seal and open', () => {
  test('one recipient: compact form, RSA-OAEP-256 + A128GCM', async () => {
    const jwe = await seal(payload, { cty: 'x' }, [anna.publicPem]);
    expect(jwe.split('.')).toHaveLength(5);
    expect(headerOf(jwe)).toEqual({ cty: 'x', alg: 'RSA-OAEP-256', enc: 'A128GCM' });
    const opened = await open(jwe, anna.privatePem);
    expect([...opened.payload]).toEqual([...payload]);
    expect(opened.header.cty).toBe('x');
  });

  test('several recipients: general JSON, each opens it', async () => {
    const jwe = await seal(payload, {}, [anna.publicPem, locked.publicPem], 'A256GCM');
    expect(JSON.parse(jwe).recipients).toHaveLength(2);
    expect([...(await open(jwe, anna.privatePem)).payload]).toEqual([...payload]);
    const opened = await open(jwe, locked.privatePem, 'pass');
    expect([...opened.payload]).toEqual([...payload]);
    expect(opened.header.enc).toBe('A256GCM');
    await expect(open(jwe, boris.privatePem)).rejects.toThrow(/does not open/);
  });

  test.each(['x25519', 'p256', 'p384', 'p521'] as const)(
    '%s: ECDH-ES+A256KW, alone and beside RSA',
    async (type) => {
      const [clara, dora] = await Promise.all([makeCurveKeyPair(type), makeCurveKeyPair(type, 'pass')]);
      const alone = await seal(payload, { cty: 'x' }, [clara.publicPem], 'A256GCM');
      expect(headerOf(alone)).toMatchObject({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM', cty: 'x' });
      expect([...(await open(alone, clara.privatePem)).payload]).toEqual([...payload]);
      await expect(open(alone, dora.privatePem, 'pass')).rejects.toThrow(/does not open/);
      const mixed = await seal(
        payload,
        { cty: 'x' },
        [anna, dora, clara].map(({ publicPem }) => publicPem),
      );
      for (const [pem, passphrase] of [
        [anna.privatePem],
        [clara.privatePem],
        [dora.privatePem, 'pass'],
      ] as const)
        expect(await open(mixed, pem, passphrase)).toMatchObject({ payload, header: { cty: 'x' } });
      await expect(open(mixed, boris.privatePem)).rejects.toThrow(/does not open/);
    },
  );

  test('the same payload never gives the same envelope twice', async () => {
    expect(await seal(payload, {}, [anna.publicPem])).not.toBe(await seal(payload, {}, [anna.publicPem]));
  });

  test('a line end behind the envelope does no harm', async () => {
    const jwe = await seal(payload, {}, [anna.publicPem]);
    expect([...(await open(`${jwe}\n`, anna.privatePem)).payload]).toEqual([...payload]);
  });
});

describe('an envelope that was changed does not open', () => {
  test('one bit of every character', async () => {
    const jwe = await seal(payload, { cty: 'x' }, [anna.publicPem]);
    const random = stream(1, 'jwe-flips');
    for (let at = 0; at < jwe.length; at++) {
      const changed = Buffer.from(jwe, 'latin1');
      changed[at]! ^= 1 << random.int(8);
      await expect(open(changed.toString('latin1'), anna.privatePem), `character ${at}`).rejects.toThrow(
        InputError,
      );
    }
  });

  test('every bit of the last character, some of which carry nothing', async () => {
    const jwe = await seal(payload, {}, [anna.publicPem]);
    for (let bit = 0; bit < 8; bit++) {
      const changed = Buffer.from(jwe, 'latin1');
      changed[jwe.length - 1]! ^= 1 << bit;
      await expect(open(changed.toString('latin1'), anna.privatePem), `bit ${bit}`).rejects.toThrow(
        InputError,
      );
    }
  });

  test.each(['', '....', '{}', '{"recipients":[]}', '{', 'hello', 'a.b.c.d.e', '\0'.repeat(99)])(
    '%j',
    async (jwe) => {
      await expect(open(jwe, anna.privatePem)).rejects.toThrow(/does not open/);
    },
  );

  test('other algorithms are refused', async () => {
    const jwe = await seal(payload, {}, [anna.publicPem]);
    const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A128GCM' })).toString('base64url');
    await expect(open([header, ...jwe.split('.').slice(1)].join('.'), anna.privatePem)).rejects.toThrow(
      InputError,
    );
  });
});

describe('keys of an image', () => {
  test('the header tells what anybody may know, and the date is not among it', async () => {
    const jwe = await sealKeys(keys, cipher, { preset: 'paper' }, anna.publicPem);
    expect(headerOf(jwe)).toEqual({
      alg: 'RSA-OAEP-256',
      enc: 'A128GCM',
      cty: 'application/x-npz',
      scheme: 'paper',
      preset: 'paper',
      width: 3,
      height: 2,
      channels: 1,
      depth: 8,
      cipher_sha256: sampleHash(cipher),
    });
    expect((await openKeys(jwe, cipher, anna.privatePem)).keys).toEqual(keys);
  });

  test('the compact key file gives the same keys', async () => {
    const meta = { preset: 'paper', compact: { map: 'lorenz', params, options } } as const;
    const jwe = await sealKeys(keys, cipher, meta, [anna.publicPem], 'A256GCM');
    expect((await openKeys(jwe, cipher, anna.privatePem)).keys).toEqual(keys);
  });

  test('16-bit samples are hashed little-endian', () => {
    const one: Raster = { width: 1, height: 1, channels: 1, depth: 16, data: Uint16Array.of(0x0102) };
    const asBytes: Raster = { width: 2, height: 1, channels: 1, depth: 8, data: Uint8Array.of(2, 1) };
    expect(sampleHash(one)).toBe(sampleHash(asBytes));
  });

  test('a swapped cipher image is refused', async () => {
    const jwe = await sealKeys(keys, cipher, { preset: 'paper' }, anna.publicPem);
    const other = { ...cipher, data: Uint8Array.from(cipher.data, (v, i) => (i === 4 ? v ^ 1 : v)) };
    await expect(openKeys(jwe, other, anna.privatePem)).rejects.toThrow(/made for another cipher image/);
    const turned = { ...cipher, width: 2, height: 3 };
    await expect(openKeys(jwe, turned, anna.privatePem)).rejects.toThrow(
      /for an image of 3x2.*got one of 2x3/,
    );
  });

  test('a payload of another shape than its header says is refused before it is unpacked', async () => {
    const header = {
      cty: 'application/json',
      scheme: 'paper',
      preset: 'paper',
      ...cipher,
      cipher_sha256: sampleHash(cipher),
    };
    const huge = { width: 40000, height: 40000, channels: 1, depth: 8 };
    const file = {
      format: 'medchaos compact key 1',
      scheme: 'paper',
      map: 'logistic',
      parameters: [4],
      parametersHex: ['4010000000000000'],
      options,
      shape: huge,
    };
    const jwe = await seal(Buffer.from(JSON.stringify(file)), { ...header, data: undefined }, [
      anna.publicPem,
    ]);
    await expect(openKeys(jwe, cipher, anna.privatePem)).rejects.toThrow(/for an image of 40000x40000/);
  });

  test('another scheme is refused', async () => {
    const jwe = await seal(payload, { cty: 'application/x-npz', scheme: 'other' }, [anna.publicPem]);
    await expect(openKeys(jwe, cipher, anna.privatePem)).rejects.toThrow(/got other with application\/x-npz/);
  });
});

describe('wrong keys', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = (key: KeyObject, type: 'spki' | 'pkcs8') =>
    key.export({ type, format: 'pem' } as never) as string;

  const recipients: [string, () => string, RegExp][] = [
    [
      'a key on another curve',
      () => pem(ec.publicKey, 'spki'),
      /X25519 or P-256 .*, got .*type ec on secp256k1/,
    ],
    ['a key for signing', () => pem(generateKeyPairSync('ed25519').publicKey, 'spki'), /type ed25519/],
    ['a short key', () => pem(weak.publicKey, 'spki'), /at least 2048 bits, .*got 1024 bits/],
    ['a private key', () => anna.privatePem, /got a private key/],
    ['no PEM', () => 'hello', /expected a public key/],
  ];
  test.each(recipients)('recipient: %s', async (_, key, message) => {
    await expect(seal(payload, {}, [key()])).rejects.toThrow(message);
  });

  const privates: [string, () => string, string | undefined, RegExp][] = [
    ['a key on another curve', () => pem(ec.privateKey, 'pkcs8'), undefined, /expected an RSA key/],
    ['a public key', () => anna.publicPem, undefined, /the private key expected PEM/],
    ['no passphrase', () => locked.privatePem, undefined, /give it with --passphrase-file/],
    ['a wrong passphrase', () => locked.privatePem, 'no', /passphrase does not open/],
    ['somebody else', () => boris.privatePem, undefined, /does not open: it is for another private key/],
  ];
  test.each(privates)('private key: %s', async (_, key, passphrase, message) => {
    const jwe = await seal(payload, {}, [anna.publicPem]);
    await expect(open(jwe, key(), passphrase)).rejects.toThrow(message);
  });

  test('the same recipient twice, in two wrappings of the PEM', async () => {
    const again = anna.publicPem.replaceAll('\n', '\r\n');
    await expect(seal(payload, {}, [anna.publicPem, boris.publicPem, again])).rejects.toThrow(
      /number 1 and 3/,
    );
  });
  test('no recipient', () => expect(seal(payload, {}, [])).rejects.toThrow(/expected a recipient/));
  test.each([1024, 10000, 3072.5, Number.NaN])('%s bits', (bits) =>
    expect(makeKeyPair(bits)).rejects.toThrow(/"bits" expected an integer from 2048 to 8192/),
  );
});
