/**
 * Encrypted DICOM objects under attack by whoever can have changed ones opened, and sees what is said (Vaudenay,
 * EUROCRYPT 2002): no answer depends on what is encrypted. Of objects with a MAC, of those whose MAC was taken away, and
 * of those of before there was one.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { encryptImage, keyContent, openCms, presets, schemes } from '../../../src/cipher/index.ts';
import { elementsOf, encodeElements } from '../../../src/data/dicom/elements.ts';
import { openDicom } from '../../../src/data/dicom/file.ts';
import { writeDicom } from '../../../src/data/dicom/write.ts';
import { openSealedDicom, sealDicom, takeApart } from '../../../src/sealing/dicom-object.ts';
import { bodyOf, contentInfoOf, fieldsOf, withBody } from '../../cipher/envelope/_cms-variants.ts';
import { dicom } from '../../data/dicom/_dicom.ts';
import { anna, clara, contentOf, scan, sealed, secret, valueAt, withCms, withoutMac } from './_objects.ts';

const notOpened = /^the CMS envelope does not open: it is for another private key, or it was changed/;

/** What whoever sends an object learns. */
function answerTo(object: Buffer, privatePem = clara.privatePem): string {
  try {
    return openSealedDicom(object, 'a.cipher.dcm', privatePem).file.equals(original)
      ? 'the original'
      : 'another file';
  } catch (error) {
    return (error as Error).message;
  }
}

let [original, inner] = [] as unknown as [Buffer, Buffer];
/** Envelopes, and the objects that they are in. */
const objects: Record<string, Buffer> = {};
const [withMac, stripped, old] = ['with a MAC', 'whose MAC was taken away', 'of before there was a MAC'];
beforeAll(async () => {
  original = await dicom(scan);
  const object = await sealed(original, [clara.publicPem]);
  const cms = contentOf(object);
  inner = openCms(cms, 'enveloped', clara.privatePem);
  objects[withMac!] = object;
  objects[stripped!] = withCms(object, contentInfoOf('enveloped', fieldsOf(cms).slice(0, 3)));
  objects[old!] = withoutMac(object, clara.privatePem, [clara.publicPem, anna.publicPem]);
});

test('objects with a MAC open, and those of before there was one; those that lost it do not', () => {
  expect(answerTo(objects[withMac!]!)).toBe('the original');
  expect(answerTo(objects[old!]!)).toBe('the original');
  expect(answerTo(objects[old!]!, anna.privatePem)).toBe('the original');
  expect(answerTo(objects[stripped!]!)).toMatch(notOpened);
});

/** Ways to have a block of the envelope opened where it does not belong; each is asked with many guesses. */
const tricks: Record<string, (body: Buffer, target: Buffer, guess: Buffer) => Buffer> = {
  'as the last block, for its padding': (body, target, guess) => Buffer.concat([body, guess, target]),
  'as the last block of two': (body, target, guess) => Buffer.concat([body.subarray(0, 16), guess, target]),
  'in front of the key': (body, target, guess) =>
    Buffer.concat([body.subarray(0, 64), guess, target, body.subarray(96)]),
  'in the key': (body, target, guess) => {
    const middle = 16 * Math.floor(body.length / 64);
    return Buffer.concat([body.subarray(0, middle), guess, target, body.subarray(middle + 32)]);
  },
};

describe.each([withMac!, stripped!, old!])('an object %s', (name) => {
  const at = 160;

  /** Blocks to put in front of the one at 160: some at random, and those that make it end in the paddings 1 to 16. */
  function guesses(body: Buffer): Buffer[] {
    const opened = body.subarray(at - 16, at).map((byte, i) => byte ^ inner[at + i]!);
    const paddings = Array.from({ length: 16 }, (_, k) =>
      Buffer.from(opened.map((byte, i) => (i >= 15 - k ? byte ^ (k + 1) : byte ^ i ^ 1))),
    );
    return [...paddings, ...Array.from({ length: 16 }, (_, k) => Buffer.alloc(16, 17 * k))];
  }

  test.each(Object.entries(tricks))('a block %s: one answer, whatever it holds', async (_, trick) => {
    const cms = contentOf(objects[name]!);
    const body = bodyOf(cms);
    const answers = new Set<string>();
    for (const guess of guesses(body)) {
      const changed = withBody(cms, trick(body, body.subarray(at, at + 16), guess));
      answers.add(answerTo(withCms(objects[name]!, changed)));
    }
    expect(answers.size).toBe(1);
    expect([...answers][0]).toMatch(name === old ? /does not open|^the original$/ : notOpened);
  });

  test('any block left out, or another in its place: what follows the key of an old one is not looked at', async () => {
    const cms = contentOf(objects[name]!);
    const body = bodyOf(cms);
    const keyEnd = inner.indexOf(encodeElements([{ tag: '04000550', vr: 'SQ', value: [] }]).subarray(0, 8));
    expect(keyEnd).toBeGreaterThan(at);
    for (let start = 0; start < body.length; start += 16) {
      const [front, back] = [body.subarray(0, start), body.subarray(start + 16)];
      for (const changed of [
        [front, back],
        [front, Buffer.alloc(16, start), back],
      ]) {
        const answer = answerTo(withCms(objects[name]!, withBody(cms, Buffer.concat(changed))));
        if (name === old && start >= keyEnd) expect(answer, `${start}`).toBe('the original');
        else expect(answer, `${start}`).toMatch(notOpened);
      }
    }
  });
});

test("whose object it is shows before any key is used: another program's, for any private key", async () => {
  const elements = await elementsOf(openDicom(objects[withMac!]!, 'a'));
  const pixels = { tag: '7fe00010', vr: 'OW', value: valueAt(objects[withMac!]!, 'x7fe00010') };
  const foreign = writeDicom([...elements.filter(({ tag }) => tag !== '00120063'), pixels]);
  for (const { privatePem } of [clara, anna])
    expect(answerTo(foreign, privatePem)).toMatch(/got another program's; decrypt it with that/);
});

test.each([
  ['its keys', false],
  ['the parameters', true],
])(
  'an object of the paper scheme of before there was a MAC opens, with %s in its key file',
  async (_, compact) => {
    const plain = await takeApart(original, 'a');
    const [params, options] = [[3.95], presets.paper];
    const { keys, cipher } = encryptImage('logistic', params, plain.pieces.cells, options);
    const meta = {
      preset: 'paper',
      ...(compact && { compact: { map: 'logistic', params, options } as const }),
    };
    const content = keyContent(schemes.paper, { keys, ...meta }, cipher);
    const object = sealDicom(plain, cipher, content, secret, [clara.publicPem]);
    const before = withoutMac(object, clara.privatePem, [clara.publicPem]);
    expect(answerTo(before)).toBe('the original');
    const body = bodyOf(contentOf(before));
    body[160]! ^= 1;
    expect(answerTo(withCms(before, withBody(contentOf(before), body)))).toMatch(notOpened);
  },
);
