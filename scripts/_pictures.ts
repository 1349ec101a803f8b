/**
 * `npm run docs:pictures`: docs/pictures/attacks.png, the picture of the README, and attack-NAME.png of docs/attacks.md, from
 * the real ciphers and attacks.
 */
import { join } from 'node:path';
import sharp from 'sharp';
import { type AttackName, attackNames, attacks, partyOf, searchParameters } from '../src/attacks/index.ts';
import { parametersFromSigmoid, presets } from '../src/cipher/index.ts';
import { schemeNamed } from '../src/cipher/schemes.ts';
import { encodePng } from '../src/data/images/image.ts';
import { writeWhole } from '../src/shared/files.ts';
import type { Raster } from '../src/shared/types.ts';

/** Caption and picture. */
type Panel = readonly [string, Raster];

const logistic = {
  map: 'logistic',
  params: parametersFromSigmoid('logistic', Float32Array.of(0.77)),
} as const;
const lorenz = { map: 'lorenz', params: [10, 28, 2.667] } as const;
const search = (cipher: Raster) => searchParameters(cipher, 'logistic', { options: presets.paper });

async function xray(side: number, name = '00001368_000.png'): Promise<Raster> {
  const path = join(import.meta.dirname, '..', 'samples', name);
  const data = await sharp(path).resize(side, side, { fit: 'fill' }).greyscale().raw().toBuffer();
  return { width: side, height: side, channels: 1, depth: 8, data };
}

async function outcomeOf(name: AttackName, side: number, input: typeof logistic | typeof lorenz) {
  const plain = await xray(side);
  const others = [
    await xray(side, '00008980_000.png'),
    await xray(side, 'NORMAL2-IM-1436-0001.jpeg'),
  ] as const;
  const party = partyOf(schemeNamed('paper'), input);
  return attacks[name]({ party, plain, others, seed: 1, trials: 20, search });
}

/** The panels of the README. */
async function summary(side: number): Promise<Panel[]> {
  const chosen = await outcomeOf('chosen-plaintext', side, logistic);
  const alone = await outcomeOf('ciphertext-only', side, logistic);
  if (!chosen.success || !alone.success) throw new Error('an attack failed');
  const { plain, cipher, recovered } = chosen.pictures!;
  return [
    ['X-ray', plain!],
    ["encrypted by the paper's scheme", cipher!],
    [`recovered by ${chosen.queries} chosen pictures`, recovered!],
    ['recovered from the cipher alone', alone.pictures!.recovered!],
    ['encrypted by the hardened scheme', partyOf(schemeNamed('hardened'), logistic).encrypt(plain!).cipher],
  ];
}

/** Attacks on the parameters of the logistic map; the others show the Lorenz map. */
const onLogistic: readonly AttackName[] = ['ciphertext-only', 'weak-keys'];

/** The first pictures that an attack leaves. */
async function shownBy(name: AttackName, side: number): Promise<Panel[]> {
  const { pictures = {} } = await outcomeOf(name, side, onLogistic.includes(name) ? logistic : lorenz);
  const text = (stem: string): string =>
    stem
      .replace(/^altered-by.*/, 'one bit changed')
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .replace(/-percent\b/g, ' %')
      .replaceAll('-', ' ')
      .toLowerCase();
  return Object.entries(pictures)
    .slice(0, 3)
    .map(([stem, raster]) => [text(stem), raster] as const);
}

const label = (text: string, side: number): Buffer =>
  Buffer.from(
    `<svg width="${side}" height="30"><text x="${side / 2}" y="18" text-anchor="middle" font-family="DejaVu Sans, sans-serif" font-size="${side > 150 ? 12 : 8}">${text}</text></svg>`,
  );

async function write(name: string, panels: readonly Panel[]): Promise<void> {
  const side = panels[0]![1].width;
  const inputs = panels.map(async ([text, raster], at) => [
    { input: await encodePng(raster), left: at * (side + 10), top: 0 },
    { input: label(text, side), left: at * (side + 10), top: side },
  ]);
  const background = { width: panels.length * (side + 10) - 10, height: side + 30, channels: 3 as const };
  const png = await sharp({ create: { ...background, background: 'white' } })
    .composite((await Promise.all(inputs)).flat())
    .greyscale()
    .png({ compressionLevel: 9 })
    .toBuffer();
  await writeWhole(join(import.meta.dirname, '..', 'docs', 'pictures', `${name}.png`), png);
}

await write('attacks', await summary(220));
for (const name of attackNames) await write(`attack-${name}`, await shownBy(name, 112));
