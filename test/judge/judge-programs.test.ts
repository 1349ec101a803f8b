/** Programs on trial: how commands are split, which pictures travel, and what a program does wrong, each in one sentence. */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { randomImage } from '../../src/attacks/distinguishing.ts';
import { schemeNames } from '../../src/cipher/index.ts';
import { sealedOf } from '../../src/judge/black-box/cipher.ts';
import { codecs, pictureFormats } from '../../src/judge/black-box/picture-files.ts';
import { programCipher } from '../../src/judge/black-box/program.ts';
import { schemeCipher, schemeKeyBytes } from '../../src/judge/black-box/scheme.ts';
import { ServerCipher } from '../../src/judge/black-box/server.ts';
import { shellWords } from '../../src/judge/black-box/shell-words.ts';
import { judge } from '../../src/judge/judge.ts';
import { stream } from '../../src/shared/random.ts';
import type { Depth, Raster } from '../../src/shared/types.ts';
import { medchaosHere } from '../commands/_cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'judge-programs-'));
const picture = (width: number, height: number, channels = 1, depth: Depth = 8): Raster =>
  randomImage({ width, height, channels, depth }, stream(1, 'picture'));
const key = Uint8Array.from({ length: 32 }, (_, k) => k);

/** A program in JavaScript; `picture`, `key` and `write(bytes)` are there. */
function program(name: string, work: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `import { readFileSync, writeFileSync } from 'node:fs';
const [source, target, keyFile] = process.argv.slice(2);
const picture = readFileSync(source), key = keyFile ? readFileSync(keyFile) : null;
const write = (bytes) => writeFileSync(target, bytes);
${work}`,
  );
  return `'${process.execPath}' '${path}' {in} {out} {key}`;
}
const of = (name: string, work: string, timeout = 20) =>
  programCipher({ encrypt: program(name, work), format: 'raw', timeout });

test.each([
  ["a 'b c' d", ['a', 'b c', 'd']],
  ['a "b \\" c" \\ d', ['a', 'b " c', ' d']],
  ['x\'y\'"z"', ['xyz']],
  ["a '' b", ['a', '', 'b']],
  ['a\\ b "\\n" $HOME | ; *', ['a b', '\\n', '$HOME', '|', ';', '*']],
])('%s is split as a shell splits it', (line, words) => expect(shellWords(line)).toEqual(words));

test.each(["a 'b", 'a "b', 'a \\', '  '])('%s is refused', (line) =>
  expect(() => shellWords(line)).toThrow(/quote|backslash|empty/),
);

const shapes: [number, number, number, Depth][] = [
  [5, 3, 1, 8],
  [5, 3, 3, 8],
  [4, 4, 1, 16],
];
describe.each(pictureFormats)('format %s', (format) => {
  test.each(shapes)(
    '%i x %i, %i channels, %i bits, there and back',
    async (width, height, channels, depth) => {
      const sent = picture(width, height, channels, depth);
      expect(await codecs[format].decode(await codecs[format].encode(sent), sent)).toEqual(sent);
    },
  );
});

test('raw samples of another number are rows of the same width, or one row', async () => {
  const sent = picture(8, 4);
  expect(await codecs.raw.decode(Buffer.alloc(40), sent)).toMatchObject({ width: 8, height: 5 });
  expect(await codecs.raw.decode(Buffer.alloc(41), sent)).toMatchObject({ width: 41, height: 1 });
});

test('a program gets picture, key and shape, and no standard input', async () => {
  const work = `process.stdin.on('data', () => {}).on('end', () => write(picture.map((v, i) => v ^ key[i % 32])));
if (process.env.MEDCHAOS_WIDTH !== '6' || process.env.MEDCHAOS_HEIGHT !== '4') process.exit(3);`;
  const { image } = sealedOf(await of('xor', work).encrypt(picture(6, 4), key));
  expect(image.data).toEqual(picture(6, 4).data.map((v, i) => v ^ key[i % 32]!));
});

const faults: [string, string, RegExp][] = [
  ['crashes', `throw new Error('no such matrix')`, /ended with exit code 1.*run it by hand/],
  ['writes nothing', '', /ended without writing \{out\}/],
  ['writes an empty file', `write('')`, /no raw picture/],
  ['kills itself', `process.kill(process.pid, 'SIGSEGV'); setTimeout(() => {}, 1e6)`, /signal SIGSEGV/],
  ['waits for ever', 'setInterval(() => {}, 1000)', /did not end within 1 s/],
];
test.each(faults)('a program that %s is named in one sentence', async (name, work, sentence) => {
  const cipher = of(name.replaceAll(' ', '-'), work, name === 'waits for ever' ? 1 : 20);
  await expect(judge(cipher, { statistics: false })).rejects.toThrow(sentence);
});

test('a program that needs a terminal does not wait for one', async () => {
  const encrypt = `sh -c 'read -r word < /dev/tty && cp "$0" "$1"' {in} {out}`;
  const cipher = programCipher({ encrypt, format: 'raw', timeout: 20 });
  await expect(cipher.encrypt(picture(4, 4), key)).rejects.toThrow(/exit code|did not end/);
});

test('a program that does not exist, and a command without {out}', async () => {
  const encrypt = '/nowhere/cipher {in} {out} {key}';
  const cipher = programCipher({ encrypt, format: 'png', timeout: 5 });
  await expect(judge(cipher)).rejects.toThrow(
    'cannot start /nowhere/cipher: there is no such program; check the command',
  );
  expect(() => programCipher({ encrypt: 'cipher {in}', format: 'png', timeout: 5 })).toThrow(
    /the word \{out\}/,
  );
});

test('what a program prints is ignored, and remarked', async () => {
  const cipher = of('prints', `console.log('encrypting...'); write(picture)`);
  await cipher.encrypt(picture(4, 4), key);
  expect(cipher.remarks!()).toEqual(['encrypt prints to stdout, which judge ignores: encrypting...']);
});

describe('a server', () => {
  const server = (name: string, work: string): ServerCipher => {
    const path = join(folder, `${name}.mjs`);
    writeFileSync(
      path,
      `let all = Buffer.alloc(0);
process.stdin.on('data', (part) => {
  all = Buffer.concat([all, part]);
  while (all.length >= 4 && all.length >= 4 + all.readUInt32LE(0)) {
    const request = all.subarray(4, 4 + all.readUInt32LE(0));
    all = all.subarray(4 + request.length);
    const [operation, width, height, channels, depth, keys, extras] = Array.from({ length: 7 }, (_, k) => request.readUInt32LE(4 * k));
    const key = request.subarray(28, 28 + keys), extra = request.subarray(28 + keys, 28 + keys + extras), samples = request.subarray(28 + keys + extras);
    const reply = (status, extra, samples) => {
      const head = Buffer.alloc(28);
      [24 + extra.length + samples.length, status, width, height, channels, depth, extra.length].forEach((v, k) => head.writeUInt32LE(v, 4 * k));
      process.stdout.write(Buffer.concat([head, extra, samples]));
    };
    ${work}
  }
});`,
    );
    return new ServerCipher(`'${process.execPath}' '${path}'`, 5);
  };

  test('answers many requests, with extra bytes that come back', async () => {
    const cipher = server(
      'good',
      `if (operation === 2 && extra[0] !== 7) reply(1, Buffer.from('no tag'), Buffer.alloc(0));
    else reply(0, Buffer.from([7]), samples.map((v, i) => v ^ key[i % keys]));`,
    );
    const sent = [picture(5, 4), picture(3, 3, 3), picture(2, 2, 1, 16)];
    const answers = await Promise.all(sent.map((one) => cipher.encrypt(one, key)));
    const back = await Promise.all(answers.map(({ image, extra }) => cipher.decrypt(image, key, extra)));
    expect(back).toEqual(sent);
    await expect(cipher.decrypt(answers[0]!.image, key, new Uint8Array(1))).rejects.toThrow(
      'the program refuses: no tag',
    );
    await cipher.close();
  });

  test.each([
    [
      'prints',
      `console.log('hello, this is my cipher'); reply(0, Buffer.alloc(0), samples)`,
      /print messages to stderr/,
    ],
    ['ends', 'process.exit(1)', /ended before its reply/],
    ['declines', `reply(2, Buffer.alloc(0), Buffer.alloc(0))`, /does not offer it/],
  ])('that %s is named in one sentence', async (name, work, sentence) => {
    const cipher = server(name, work);
    await expect(cipher.encrypt(picture(4, 4), key)).rejects.toThrow(sentence);
    await cipher.close();
  });
});

test.each(schemeNames())('scheme %s encrypts and decrypts under the key of judge', async (scheme) => {
  const cipher = schemeCipher({ scheme, map: 'lorenz' });
  const secret = key.subarray(0, schemeKeyBytes({ scheme, map: 'lorenz' }));
  const plain = picture(64, 64);
  const { image, extra } = sealedOf(await cipher.encrypt(plain, secret));
  expect(await cipher.decrypt!(image, secret, extra)).toEqual(plain);
});

describe('the command', () => {
  let here: Awaited<ReturnType<typeof medchaosHere>>[];
  const lines: [string[], RegExp][] = [
    [['judge'], /expected one of --encrypt, --serve, --pairs and --scheme, got none/],
    [['judge', '--scheme', 'paper', '--serve', 'x'], /got --serve and --scheme/],
    [['judge', '--scheme', 'nothing'], /"scheme" expected one of paper/],
    [['judge', '--scheme', 'paper', '--decrypt', 'x {in} {out}'], /--decrypt goes with --encrypt/],
    [['judge', '--encrypt', "x '{in} {out}"], /is not closed/],
    [['judge', '--encrypt', '/nowhere/x {in} {out} {key}'], /there is no such program/],
    [['judge', '--pairs', 'none', 'nowhere'], /cannot read folder none/],
  ];
  beforeAll(async () => {
    here = [];
    for (const [args] of lines) here.push(await medchaosHere(args, folder));
  });
  test.each(lines.map(([args, sentence], k) => [args.join(' '), sentence, k] as const))(
    '%s',
    (_, sentence, k) => {
      expect(here[k]!.code).toBe(2);
      expect(here[k]!.stderr).toMatch(sentence);
    },
  );
  test('a refused command leaves no folder', () => expect(existsSync(join(folder, 'results'))).toBe(false));
});
