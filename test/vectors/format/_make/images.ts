/** Cipher images with their key files, as whole files. */
import {
  encryptHardened,
  encryptImage,
  keyContent,
  presets,
  schemes,
  sealEnvelope,
  withOriginalName,
} from '../../../../src/cipher/index.ts';
import { encodePng } from '../../../../src/data/images/image.ts';
import type { Raster } from '../../../../src/shared/types.ts';
import { edited, set } from './edits.ts';
import { cipherHash, hardenedOf } from './hardened.ts';
import { lorenz } from './key-file-parts.ts';
import { type KeyName, publicPem } from './keys.ts';
import { described, flipped, picture, type Sides, seeded, sha256 } from './pictures.ts';
import type { Draft, Flag, Group } from './vector.ts';

type Kind = 'hardened' | 'npz' | 'compact';
const date = '2023-03-04T05:06:07';
const input = { map: 'lorenz', params: lorenz, metadata: date } as const;

/** What a cipher image and its key file are made of. */
interface Content {
  readonly plain: Raster;
  readonly cipher: Raster;
  readonly payload: Uint8Array;
  readonly header: Readonly<Record<string, unknown>>;
  readonly metadata: string | null;
  readonly ledgerId: string;
}

function contentOf(kind: Kind, id: string, sides: Sides = [5, 4, 1, 8]): Content {
  const plain = picture(sides);
  if (kind === 'hardened') {
    const { cipher, key } = hardenedOf(id, plain, input);
    const ledgerId = `nonce:${sha256(key.nonce)}`;
    return { plain, cipher, ...keyContent(schemes.hardened, key, cipher), metadata: date, ledgerId };
  }
  const options = presets.paper;
  const { keys, cipher } = encryptImage('lorenz', lorenz, plain, options);
  const compact = { map: 'lorenz', params: lorenz, options } as const;
  const meta = { preset: 'paper', ...(kind === 'compact' && { compact }) };
  return {
    plain,
    cipher,
    ...keyContent(schemes.paper, { keys, ...meta }, cipher),
    metadata: null,
    ledgerId: `cipher:${cipherHash(cipher)}`,
  };
}

interface Sealing {
  readonly to?: readonly KeyName[];
  readonly envelope?: 'jwe' | 'cms';
  readonly by?: KeyName;
}

async function inputOf(
  { cipher, payload, header }: Pick<Content, 'cipher' | 'payload' | 'header'>,
  { to = ['p256'], envelope = 'jwe', by = to[0]! }: Sealing = {},
) {
  const keys = Buffer.from(
    await sealEnvelope(payload, header, to.map(publicPem), { envelope, enc: 'A256GCM' }),
  );
  return { cipher: await encodePng(cipher, 'cipher'), keys, privateKey: by };
}

const expectedOf = ({ plain, metadata, ledgerId }: Content, name: string | null = null) => ({
  ...described(plain),
  ...{ metadata, name, id: ledgerId },
});

export async function imageGroups(): Promise<Group[]> {
  return [{ type: 'cipher-image', section: '2 to 8', drafts: [...(await valid()), ...(await invalid())] }];
}

async function valid(): Promise<Draft[]> {
  const cases: [string, string, Kind, Sides, Sealing][] = [
    ['hardened-jwe', 'hardened, JWE', 'hardened', [5, 4, 1, 8], {}],
    ['hardened-cms', 'hardened, CMS', 'hardened', [5, 4, 1, 8], { envelope: 'cms' }],
    ['hardened-16', 'hardened, 16 bits', 'hardened', [3, 4, 1, 16], {}],
    ['hardened-rsa', 'hardened, RSA', 'hardened', [5, 4, 1, 8], { to: ['rsa'] }],
    [
      'hardened-several',
      'hardened, for RSA, P-384 and X25519, opened by X25519',
      'hardened',
      [5, 4, 1, 8],
      { to: ['rsa', 'p384', 'x25519'], by: 'x25519' },
    ],
    ['npz-jwe', 'paper scheme, npz', 'npz', [5, 4, 1, 8], {}],
    ['npz-rgb-16', 'paper scheme, npz, RGB of 16 bits', 'npz', [4, 3, 3, 16], { envelope: 'cms' }],
    ['compact-jwe', 'paper scheme, compact', 'compact', [5, 4, 1, 8], {}],
    [
      'compact-cms',
      'paper scheme, compact, RGB, CMS',
      'compact',
      [4, 3, 3, 8],
      { envelope: 'cms', to: ['p521'] },
    ],
  ];
  const drafts = await Promise.all(
    cases.map(async ([name, comment, kind, sides, sealing]): Promise<Draft> => {
      const content = contentOf(kind, `image-${name}`, sides);
      return {
        id: `image-${name}`,
        comment,
        input: await inputOf(content, sealing),
        expected: expectedOf(content),
      };
    }),
  );
  const names = (['hardened', 'npz'] as const).map(async (kind): Promise<Draft> => {
    const id = `image-name-${kind}`;
    const content = contentOf(kind, id);
    const name = 'Ward 3/Jane Röntgen.png';
    const named = { ...content, payload: withOriginalName(content.payload, name) };
    return {
      id,
      comment: `${kind}, with an original name`,
      input: await inputOf(named),
      expected: expectedOf(content, name),
    };
  });
  return [...drafts, ...(await Promise.all(names))];
}

async function invalid(): Promise<Draft[]> {
  const headers = await headerDrafts();
  const pictures = await pictureDrafts();
  return [...headers, ...pictures];
}

async function headerDrafts(): Promise<Draft[]> {
  const cases: [string, string, Flag[], Readonly<Record<string, unknown>>, Kind?][] = [
    ['scheme', 'scheme arnold', ['UnknownScheme'], { scheme: 'arnold' }],
    ['scheme-sealed', 'scheme sealed', ['UnknownScheme'], { scheme: 'sealed' }],
    ['hardened-npz', 'hardened with application/x-npz', ['UnknownScheme'], { cty: 'application/x-npz' }],
    ['hardened-as-paper', 'a hardened key file as paper', ['UnknownScheme'], { scheme: 'paper' }],
    ['npz-as-compact', 'an npz as application/json', ['UnknownScheme'], { cty: 'application/json' }, 'npz'],
    ['no-hash', 'no cipher_sha256', ['Missing'], { cipher_sha256: undefined }],
    ['hash', 'the hash of another picture', ['WrongPicture'], { cipher_sha256: sha256('other') }],
    ['width', 'width 6 in the header', ['WrongShape'], { width: 6 }],
    ['width-text', 'a width that is text', ['WrongType'], { width: '5' }],
  ];
  return Promise.all(
    cases.map(async ([name, comment, flags, change, kind = 'hardened']): Promise<Draft> => {
      const content = contentOf(kind, `image-header-${name}`);
      const header = { ...content.header, ...change };
      return { id: `image-header-${name}`, comment, flags, input: await inputOf({ ...content, header }) };
    }),
  );
}

async function pictureDrafts(): Promise<Draft[]> {
  const { cipher, ...content } = contentOf('hardened', 'image-changed');
  const changedCipher: Raster = { ...cipher, data: Uint8Array.from(flipped(cipher.data as Uint8Array, 7)) };
  const original = await inputOf({ cipher, ...content });
  const png = await encodePng(changedCipher, 'cipher');
  const rehashed = {
    ...content,
    cipher: changedCipher,
    header: { ...content.header, cipher_sha256: cipherHash(changedCipher) },
  };
  const turned: Raster = { ...cipher, width: 4, height: 5 };
  const other = await inputOf(contentOf('hardened', 'image-other'));
  const large = { ...contentOf('compact', 'x'), payload: contentOf('compact', 'y', [6, 4, 1, 8]).payload };
  const compact = contentOf('compact', 'image-burn-in');
  const burning = edited(compact.payload, set('options.burnIn', 1e8));
  const hardenedOther = edited(content.payload, set('shape.width', 6));
  return [
    {
      id: 'image-sample',
      comment: 'a sample of the cipher image changed',
      flags: ['TamperedCipher'],
      input: { ...original, cipher: png },
    },
    {
      id: 'image-sample-rehashed',
      comment: 'the same, sealed anew with its hash: only the tag shows it',
      flags: ['TamperedCipher', 'BadTag'],
      input: await inputOf(rehashed),
    },
    {
      id: 'image-turned',
      comment: 'the cipher image as 4x5',
      flags: ['WrongShape'],
      input: { ...original, cipher: await encodePng(turned, 'cipher') },
    },
    {
      id: 'image-swapped',
      comment: 'the key file of another image',
      flags: ['WrongPicture'],
      input: { ...original, keys: other.keys },
    },
    {
      id: 'image-stranger',
      comment: 'the private key of somebody else',
      flags: ['WrongKey'],
      input: { ...original, privateKey: 'stranger-p256' },
    },
    {
      id: 'image-plain',
      comment: 'the plain image in place of the cipher image',
      flags: ['WrongPicture'],
      input: { ...original, cipher: await encodePng(content.plain) },
    },
    {
      id: 'image-compact-shape',
      comment: 'a compact key file for 6x4 inside',
      flags: ['WrongShape'],
      input: await inputOf(large),
    },
    {
      id: 'image-hardened-shape',
      comment: 'a hardened key file for 6x4 inside',
      flags: ['WrongShape'],
      input: await inputOf({ cipher, ...content, payload: hardenedOther }),
    },
    {
      id: 'image-burn-in',
      comment: 'a burn-in of 1e8 inside',
      flags: ['BurnInTooLarge'],
      input: await inputOf({ ...compact, payload: burning }),
    },
    {
      id: 'image-no-payload',
      comment: 'nothing inside',
      flags: ['Missing'],
      input: await inputOf({ cipher, ...content, payload: Buffer.alloc(0) }),
    },
  ];
}

/** For the DICOM objects, whose cells are encrypted as a picture. */
export function sealedCells(id: string, cells: Raster) {
  const secrets = { key: seeded(`${id} key`, 32), nonce: seeded(`${id} nonce`, 32) };
  const { cipher, key } = encryptHardened(
    cells,
    { map: 'logistic', params: [3.95], metadata: null },
    secrets,
  );
  return {
    cipher,
    content: keyContent(schemes.hardened, key, cipher),
    ledgerId: `nonce:${sha256(key.nonce)}`,
  };
}

export function paperCells(cells: Raster) {
  const { keys, cipher } = encryptImage('lorenz', lorenz, cells, presets.paper);
  return {
    cipher,
    content: keyContent(schemes.paper, { keys, preset: 'paper' }, cipher),
    ledgerId: `cipher:${cipherHash(cipher)}`,
  };
}
