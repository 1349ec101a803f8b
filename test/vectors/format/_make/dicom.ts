/** Encrypted DICOM objects. */
import { openCms, sealCms } from '../../../../src/cipher/index.ts';
import { encodeElements } from '../../../../src/data/dicom/elements.ts';
import { openDicom } from '../../../../src/data/dicom/file.ts';
import { withEnvelope } from '../../../../src/sealing/dicom-object/sealed-element.ts';
import { sealDicom, sealDocument, takeAny, takeApart } from '../../../../src/sealing/dicom-object.ts';
import {
  bodyOf,
  cbc,
  cmsVariant,
  contentInfoOf,
  fieldsOf,
  withBody,
} from '../../../cipher/envelope/_cms-variants.ts';
import { dicom, type Picture, type Syntax } from '../../../data/dicom/_dicom.ts';
import { type Edit, type Json, set } from './edits.ts';
import { paperCells, sealedCells } from './images.ts';
import { type KeyName, privatePem, publicPem } from './keys.ts';
import { flipped, json, seeded, sha256 } from './pictures.ts';
import type { Draft, Flag, Group } from './vector.ts';

export const dicomGroups = async (): Promise<Group[]> => [
  { type: 'dicom-object', section: '10', drafts: [...(await valid()), ...(await invalid())] },
];

const texts = {
  '00080016': 'UI 1.2.840.10008.5.1.4.1.1.7',
  '00080018': 'UI 1.2.3.4.5',
  '00100010': 'PN Roe^Jane',
  '0020000d': 'UI 1.2.3.4',
};
const words = (count: number, bits = 16): Uint16Array =>
  Uint16Array.from({ length: count }, (_, i) => (Math.imul(i, 40503) >>> 3) & (2 ** bits - 1));
const bytes = (count: number): Uint8Array => Uint8Array.from(words(count));
const scan: Picture = { width: 5, height: 3, words: words(15, 12), stored: 12, texts };

interface Recipe {
  readonly original?: Buffer;
  readonly paper?: boolean;
  readonly to?: readonly KeyName[];
  readonly path?: string;
}

const made = new Map<string, ReturnType<typeof madeObject>>();

/** Made once for each id. */
function objectOf(id: string, recipe: Recipe = {}): ReturnType<typeof madeObject> {
  const object = made.get(id) ?? madeObject(id, recipe);
  made.set(id, object);
  return object;
}

async function madeObject(id: string, { original, paper = false, to = ['p256'], path }: Recipe) {
  const file = original ?? (await dicom(scan));
  const secret = seeded(`${id} secret`, 32);
  const plain = await takeApart(file, id);
  const { cipher, content, ledgerId } = paper
    ? paperCells(plain.pieces.cells)
    : sealedCells(id, plain.pieces.cells);
  const object = sealDicom(plain, cipher, content, secret, to.map(publicPem), path);
  return { object, expected: { bytes: file.length, sha256: sha256(file), path: path ?? null, id: ledgerId } };
}

/** What is inside, for the one test key. */
const insideOf = (object: Buffer): Buffer => openCms(cmsOf(object), 'enveloped', privatePem('p256'));

function cmsOf(object: Buffer): Buffer {
  const item = openDicom(object, '').dataSet.elements.x04000500!.items![0]!.dataSet;
  const { dataOffset, length } = item.elements.x04000520!;
  const padded = object.subarray(dataOffset, dataOffset + length);
  return padded.subarray(0, 4 + padded.readUInt16BE(2)); // 30 82 and two bytes of length
}

const withCms = (object: Buffer, cms: Buffer): Buffer => withEnvelope(openDicom(object, ''), cms, '');

async function documentOf(id: string, path?: string) {
  const file = await dicom({ ...scan, pixels: null });
  const taken = await takeAny(file, id);
  if (!('document' in taken)) throw new Error('a picture');
  const object = sealDocument(taken.document, seeded(`${id} secret`, 32), [publicPem('p256')], path);
  const join = joiningIn(insideOf(object));
  return {
    object,
    expected: {
      bytes: file.length,
      sha256: sha256(file),
      path: path ?? null,
      id: `nonce:${sha256(join.id)}`,
    },
  };
}

async function valid(): Promise<Draft[]> {
  const of = (more: Partial<Picture>, syntax: Syntax = 'explicit') => dicom({ ...scan, ...more }, syntax);
  const rgb = { samples: 3, words: bytes(45), stored: 8 };
  const cases: [string, string, Recipe, Flag[]?][] = [
    ['16', '16 bits', {}],
    ['8', '8 bits, an odd number of bytes', { original: await of({ words: bytes(15), stored: 8 }) }],
    ['rgb', 'RGB', { original: await of(rgb) }],
    ['planar', 'RGB by plane', { original: await of({ ...rgb, planar: true }) }],
    [
      'frames',
      'three frames, for P-384 and P-521',
      { original: await of({ words: words(45, 12), frames: 3 }), to: ['p521', 'p384'] },
    ],
    [
      'bits',
      'single bits, 13 columns',
      { original: await of({ width: 13, height: 3, words: bytes(6), allocated: 1, stored: 1 }) },
    ],
    ['32', '32 bits', { original: await of({ words: words(30), allocated: 32, stored: 32 }) }],
    [
      '422',
      'YBR_FULL_422',
      {
        original: await of({
          width: 4,
          samples: 3,
          words: bytes(24),
          stored: 8,
          photometric: 'YBR_FULL_422',
        }),
      },
    ],
    ['big-endian', 'big endian', { original: await of({}, 'bigEndian') }],
    ['rle', 'compressed, longer than the cells', { original: await of({}, 'rle') }],
    ['paper', 'paper scheme', { paper: true }],
    ['rsa', 'for RSA, with an original name', { to: ['rsa'], path: 'Ward 3/Jane.dcm' }],
  ];
  const drafts: Draft[] = [];
  for (const [name, comment, recipe, flags] of cases) {
    const id = `dicom-${name}`;
    const { object, expected } = await objectOf(id, recipe);
    drafts.push({
      id,
      comment,
      ...(flags && { flags }),
      input: { file: object, privateKey: recipe.to?.[0] ?? 'p256' },
      expected,
    });
  }
  return [...drafts, ...(await documents()), ...(await tolerated()), ...(await withoutMac())];
}

async function documents(): Promise<Draft[]> {
  const { object, expected } = await documentOf('dicom-document', 'a/DICOMDIR');
  return [
    {
      ...{ id: 'dicom-document', comment: 'without pixel data, with an original name', expected },
      input: { file: object, privateKey: 'p256' },
    },
  ];
}

async function tolerated(): Promise<Draft[]> {
  const { object, expected } = await objectOf('dicom-16');
  const changed = Buffer.from(object);
  changed.write('FORGED', object.indexOf('ENCRYPTED'), 'latin1');
  return [
    {
      ...{
        id: 'dicom-open',
        comment: 'an open attribute changed: the original is another',
        flags: ['Tolerant'],
        expected,
      },
      input: { file: changed, privateKey: 'p256' },
    },
  ];
}

const oldEnvelope = (inside: Buffer): Buffer =>
  cmsVariant(inside, [publicPem('p256')], { kind: 'enveloped', cipher: cbc });

async function withoutMac(): Promise<Draft[]> {
  const draft = (id: string, comment: string, object: Buffer, expected: Draft['expected']): Draft => ({
    ...{ id, comment, flags: ['NoMac'], ...(expected && { expected }) },
    input: { file: object, privateKey: 'p256' },
  });
  const { object, expected } = await objectOf('dicom-old');
  const cms = oldEnvelope(insideOf(object));
  const body = bodyOf(cms);
  return [
    draft('dicom-old', 'before there was a MAC', withCms(object, cms), expected),
    draft(
      'dicom-old-padding',
      'before there was a MAC, the padding changed: it is not looked at',
      withCms(object, withBody(cms, flipped(body, body.length - 17, 0x55))),
      expected,
    ),
  ];
}

/** (0077,1001) of what is inside. */
function joiningIn(inside: Buffer): Json {
  const { start, end } = joiningAt(inside);
  return JSON.parse(inside.subarray(start, end).toString());
}

/** Where the element begins, its value, and where it ends. */
function joiningAt(inside: Buffer) {
  const at = inside.indexOf(Buffer.from('770001105554', 'hex'));
  return { at, start: at + 12, end: at + 12 + inside.readUInt32LE(at + 8) };
}

/** The same with another (0077,1001). */
function joinedAnew(inside: Buffer, edit: Edit): Buffer {
  const { at, end } = joiningAt(inside);
  const join = joiningIn(inside);
  edit(join);
  const element = encodeElements([{ tag: '00771001', vr: 'UT', value: json(join) }]);
  return Buffer.concat([inside.subarray(0, at), element, inside.subarray(end)]);
}

async function invalid(): Promise<Draft[]> {
  const { object } = await objectOf('dicom-16');
  const other = (await objectOf('dicom-other')).object;
  const document = (await documentOf('dicom-document')).object;
  const inside = insideOf(object);
  const resealed = (content: Buffer, base = object): Buffer =>
    withCms(base, sealCms(content, [publicPem('p256')], 'enveloped'));
  const join = (edit: Edit): Buffer => resealed(joinedAnew(inside, edit));
  const stripped = contentInfoOf('enveloped', fieldsOf(cmsOf(object)).slice(0, 3));
  const pixels = openDicom(object, '').dataSet.elements.x7fe00010!.dataOffset;
  const old = oldEnvelope(inside);
  const swap = (bytes: Buffer, from: string, to: string): Buffer =>
    Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');
  const rows: [string, string, Flag[], Buffer, KeyName?][] = [
    ['stranger', 'the private key of somebody else', ['WrongKey'], object, 'stranger-p256'],
    ['x25519', 'an X25519 key', ['WrongKey'], object, 'x25519'],
    ['pixel', 'a bit of the pixel data changed', ['TamperedCipher'], flipped(object, pixels)],
    [
      'pixels-other',
      'the pixel data of another object',
      ['WrongPicture'],
      Buffer.concat([object.subarray(0, pixels), other.subarray(-30)]),
    ],
    ['pixels-cut', 'half of the pixel data', ['Truncated'], Buffer.from(object.subarray(0, -16))],
    [
      'rows',
      'a row fewer',
      ['WrongShape'],
      swap(object, '\x28\x00\x10\x00US\x02\x00\x03', '\x28\x00\x10\x00US\x02\x00\x02'),
    ],
    ['mac', 'a bit of the encrypted content changed', ['BadMac'], withCms(object, withBodyKept(object))],
    ['stripped', 'the MAC taken away', ['BadMac'], withCms(object, stripped)],
    ['foreign', 'another program encrypted it', ['Foreign'], swap(object, 'medchaos: a', 'somebody: a')],
    ['plain', 'a DICOM file that is not encrypted', ['Foreign'], await dicom(scan)],
    ['hash', 'another SHA-256 inside', ['WrongHash'], join(set('sha256', sha256('other')))],
    ['head', 'a byte of the head fewer', ['WrongHash'], join(set('head', (old: number) => old - 1))],
    ['swapped-text', 'swapped as text', ['WrongType'], join(set('swapped', 'false'))],
    ['version', 'MEDCHAOS RESTORE 2', ['UnknownVersion'], resealed(swap(inside, 'RESTORE 1', 'RESTORE 2'))],
    [
      'document-id',
      'a document without an id',
      ['Missing'],
      resealed(joinedAnew(insideOf(document), set('id', undefined)), document),
    ],
    [
      'cut',
      'the file is cut off in its envelope',
      ['Truncated'],
      Buffer.from(object.subarray(0, object.indexOf('medchaos:') + 600)),
    ],
    [
      'old-key',
      'before there was a MAC, a block in the key changed',
      ['NoMac', 'PaddingOracle'],
      withCms(object, withBody(old, flipped(bodyOf(old), bodyOf(old).length >> 1))),
    ],
    [
      'old-blocks',
      'before there was a MAC, two blocks left',
      ['NoMac', 'PaddingOracle', 'Truncated'],
      withCms(object, withBody(old, bodyOf(old).subarray(0, 32))),
    ],
    [
      'old-head',
      'before there was a MAC, the first block changed',
      ['NoMac', 'PaddingOracle'],
      withCms(object, withBody(old, flipped(bodyOf(old), 3))),
    ],
  ];
  return rows.map(
    ([name, comment, flags, file, by = 'p256']): Draft => ({
      id: `dicom-${name}`,
      comment,
      flags,
      input: { file, privateKey: by },
    }),
  );
}

/** The envelope with a bit of its content changed; MAC and recipients stay. */
function withBodyKept(object: Buffer): Buffer {
  const cms = cmsOf(object);
  const at = cms.indexOf(bodyOf(cms).subarray(0, 16));
  return flipped(cms, at);
}
