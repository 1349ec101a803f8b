/** Keys at rest and recipients, by their command lines: passphrases, files that others can read, certificates. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KeyPair, makeCurveKeyPair, makeKeyPair, seal } from '../../src/cipher/index.ts';
import { encodePng } from '../../src/data/images/image.ts';
import { certificateOf, uses } from '../cipher/envelope/_certificates.ts';
import { picture } from './_cipher-folder.ts';
import { medchaosHere } from './_cli.ts';

const dir = mkdtempSync(join(tmpdir(), 'medchaos-key-files-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (...parts: string[]) => join(dir, ...parts);
const run = (...args: string[]) => medchaosHere(args, dir);
let [anna, boris] = [] as unknown as [KeyPair, KeyPair];
beforeAll(async () => {
  [anna, boris] = await Promise.all([makeKeyPair(2048), makeCurveKeyPair('p256')]);
  writeFileSync(at('grey.png'), await encodePng(picture(9, 7, 1, 8)));
  writeFileSync(at('anna.pem'), anna.privatePem, { mode: 0o600 });
  writeFileSync(at('boris.pem'), boris.privatePem, { mode: 0o600 });
  writeFileSync(at('public.pem'), anna.publicPem);
  writeFileSync(at('grey.cipher.png'), await encodePng(picture(9, 7, 1, 8)));
});
const encrypt = (recipient: string, out: string, ...more: string[]) =>
  run('encrypt', 'grey.png', '--params', '3.95', '--recipient', recipient, '--out', out, ...more);
const decrypt = (from: string, key: string, out: string, ...more: string[]) =>
  run('decrypt', `${from}/grey.cipher.png`, '--private-key', key, '--out', out, ...more);

describe('passphrases', () => {
  test.each(['', 'short', 'sieben7', 'größe'])('%j is too short', async (text) => {
    writeFileSync(at('word'), `${text}\n`, { mode: 0o600 });
    const { code, stderr } = await run(
      'keygen',
      '--type',
      'p256',
      '--passphrase-file',
      'word',
      '--out',
      'short',
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^medchaos: word: expected a passphrase (of at least 8 characters|in the first line), got/,
    );
    expect(readdirSync(dir)).not.toContain('short');
  });

  test('one of 8 characters locks the key, which opens by it, a folder included', async () => {
    writeFileSync(at('word8'), 'acht_8äü\r\nnot this line\n', { mode: 0o600 });
    const lock = ['--passphrase-file', 'word8'];
    expect(await run('keygen', '--type', 'p256', ...lock, '--out', 'locked')).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(readFileSync(at('locked/private.pem'), 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    expect(await encrypt('locked/public.pem', 'for-locked')).toMatchObject({ code: 0 });
    const key = 'locked/private.pem';
    expect(await decrypt('for-locked', key, 'a.png', ...lock)).toMatchObject({ code: 0, stderr: '' });
    const folder = await run('decrypt', 'for-locked', '--private-key', key, ...lock, '--out', 'back');
    expect(folder).toMatchObject({ code: 0 });
    expect(await decrypt('for-locked', key, 'b.png')).toMatchObject({ code: 2 });
  });
});

describe.skipIf(process.platform === 'win32')('files that others can read are warned of', () => {
  const warning = (...names: string[]) =>
    names.map((name) => `warning: others can read ${name}; run: chmod 600 ${name}\n`).join('');

  test.each([
    [0o600, 0o600, []],
    [0o400, 0o600, []],
    [0o644, 0o600, ['boris.pem']],
    [0o640, 0o600, ['boris.pem']],
    [0o604, 0o644, ['boris.pem', 'word-x']],
    [0o600, 0o640, ['word-x']],
  ])('private key %o, passphrase %o', async (key, passphrase, names) => {
    writeFileSync(at('word-x'), 'of no use here\n');
    chmodSync(at('word-x'), passphrase);
    chmodSync(at('boris.pem'), key);
    writeFileSync(at('boris-public.pem'), boris.publicPem);
    await encrypt('boris-public.pem', 'for-boris', '--force');
    const more = ['--passphrase-file', 'word-x', '--force'];
    const opened = await decrypt('for-boris', 'boris.pem', 'c.png', ...more);
    expect(opened).toMatchObject({ code: 0, stderr: warning(...names) });
    const folder = await run('decrypt', 'for-boris', '--private-key', 'boris.pem', ...more, '--out', 'all');
    expect(folder.stderr.startsWith(warning(...names))).toBe(true);
    chmodSync(at('boris.pem'), 0o600);
  });

  test('by keygen, of the passphrase', async () => {
    writeFileSync(at('word-y'), 'readable by all\n');
    chmodSync(at('word-y'), 0o644);
    const made = await run('keygen', '--type', 'p256', '--passphrase-file', 'word-y', '--out', 'warned');
    expect(made).toMatchObject({ code: 0, stderr: warning('word-y') });
  });
});

describe('certificates as recipients', () => {
  const file = (name: string, pem: string): string => {
    writeFileSync(at(name), pem);
    return name;
  };

  test.each([
    ['expired', { to: '2021-01-01' }, true],
    ['not yet valid', { from: '2089-01-01' }, true],
    ['for signatures', { usage: uses.signature | uses.certificates }, false],
  ])('one that is %s: refused', async (name, fields, allowed) => {
    const pem = file('x.pem', certificateOf(anna.publicPem, fields));
    const refused = await encrypt(pem, `not ${name}`);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^medchaos: x\.pem: the certificate of CN=Anna [^\n]+\n$/);
    expect(readdirSync(dir)).not.toContain(`not ${name}`);
    expect(await encrypt(pem, `allowed ${name}`, '--allow-expired')).toMatchObject({ code: allowed ? 0 : 2 });
  });

  test.each([[[]], [['--envelope', 'cms']]])(
    'each of several in one file opens the key file %j',
    async (more) => {
      const out = `several${more.length}`;
      const pems = file('two.pem', certificateOf(anna.publicPem) + certificateOf(boris.publicPem));
      expect(await encrypt(pems, out, ...more)).toMatchObject({ code: 0, stderr: '' });
      for (const key of ['anna.pem', 'boris.pem'])
        expect(await decrypt(out, key, `${out}-${key}.png`)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  test('the help says that no chain is checked', async () => {
    expect((await run('encrypt', '--help')).stdout.replace(/\s+/g, ' ')).toMatch(/its chain is not/);
  });
});

test.each([
  ['scheme', 'constructor'],
  ['scheme', '__proto__'],
  ['cty', 'toString'],
  ['width', '9'],
  ['height', [7]],
  ['preset', { toString: 1 }],
])('a key file whose %s is %j: wrong input, in one sentence', async (field, value) => {
  const header = { cty: 'application/json', scheme: 'hardened', preset: 'sound', cipher_sha256: 'x' };
  const strange = { ...header, width: 9, height: 7, channels: 1, depth: 8, [field]: value };
  writeFileSync(at('strange.jwe'), await seal(Buffer.from('{}'), strange, [anna.publicPem]));
  const { code, stdout, stderr } = await run(
    ...['decrypt', 'grey.cipher.png', '--private-key', 'anna.pem'],
    ...['--keys', 'strange.jwe', '--out', 'strange.png'],
  );
  expect(stderr).toMatch(/^medchaos: (the key file|image) expected [^\n]+\n$/);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});
