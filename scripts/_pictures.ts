/** `npm run docs:pictures`: docs/pictures/attacks.png, the picture of the README, from the real ciphers and attacks. */
import { join } from 'node:path';
import sharp from 'sharp';
import { recoverKeys } from '../src/attacks/chosen-plaintext.ts';
import { oracleOf } from '../src/attacks/oracle.ts';
import { partyOf } from '../src/attacks/party.ts';
import { decryptRaster } from '../src/cipher/index.ts';
import { schemeNamed } from '../src/cipher/schemes.ts';
import { encodePng } from '../src/data/images/image.ts';
import { writeWhole } from '../src/shared/files.ts';
import type { Raster } from '../src/shared/types.ts';

const side = 220;
const caption = 40;

async function xray(): Promise<Raster> {
  const path = join(import.meta.dirname, '..', 'samples', '00001368_000.png');
  const data = await sharp(path).resize(side, side).greyscale().raw().toBuffer();
  return { width: side, height: side, channels: 1, depth: 8, data };
}

/** Caption and picture of each panel. */
async function panels(): Promise<[string, Raster][]> {
  const plain = await xray();
  const input = { map: 'lorenz', params: [10, 28, 2.667] } as const;
  const party = partyOf(schemeNamed('paper'), input);
  const { cipher } = party.encrypt(plain);
  const oracle = oracleOf(plain, (image) => party.encrypt(image).cipher);
  const keys = recoverKeys(oracle);
  if (keys === null) throw new Error('the attack gave no key');
  const hardened = partyOf(schemeNamed('hardened'), input).encrypt(plain).cipher;
  return [
    ['X-ray', plain],
    ["encrypted by the paper's scheme", cipher],
    [`recovered by ${oracle.queries} chosen pictures`, decryptRaster(cipher, keys)],
    ['encrypted by the hardened scheme', hardened],
  ];
}

const label = (text: string): Buffer =>
  Buffer.from(
    `<svg width="${side}" height="${caption}"><text x="${side / 2}" y="24" text-anchor="middle" font-family="DejaVu Sans, sans-serif" font-size="12">${text}</text></svg>`,
  );

const shown = await panels();
const inputs = await Promise.all(
  shown.map(async ([text, raster], at) => [
    { input: await encodePng(raster), left: at * (side + 10), top: 0 },
    { input: label(text), left: at * (side + 10), top: side },
  ]),
);
const width = shown.length * (side + 10) - 10;
const background = { width, height: side + caption, channels: 3 as const, background: 'white' };
const png = await sharp({ create: background })
  .composite(inputs.flat())
  .png({ compressionLevel: 9 })
  .toBuffer();
await writeWhole(join(import.meta.dirname, '..', 'docs', 'pictures', 'attacks.png'), png);
