/** Part 1: picture, map and parameters; cipher picture, plots and metrics follow them. */
import { mapNamed, mapNames } from '../src/chaos/index.ts';
import type { PresetName } from '../src/cipher/index.ts';
import { messageOf } from '../src/shared/errors.ts';
import type { Raster } from '../src/shared/types.ts';
import { Computer } from './computer.ts';
import { byId, make, onFiles, say } from './dom.ts';
import { drawHistograms, drawNeighbours, drawPicture } from './draw.ts';
import { readPicture, thinned } from './files.ts';
import { showMetrics } from './metrics-table.ts';
import { showSliders } from './sliders.ts';
import type { Settings } from './works.ts';

/** What part 2 attacks. */
export interface Current {
  readonly plain: Raster;
  readonly settings: Settings;
}

/** Longest side that is encrypted as the sliders move. */
const longestSide = 512;

const computer = new Computer();
let plain: Raster | null = null;
let values: () => number[] = () => [];
let busy = false;
let again = false;

const canvas = (id: string): HTMLCanvasElement => byId<HTMLCanvasElement>(id);

export const current = (): Current | null => (plain ? { plain, settings: settings() } : null);

const settings = (): Settings => ({
  map: byId<HTMLSelectElement>('map').value as Settings['map'],
  params: values(),
  preset: byId<HTMLSelectElement>('preset').value as PresetName,
});

/** Encrypts and measures; what changes meanwhile is computed behind it, once. */
async function update(): Promise<void> {
  again = busy;
  if (busy || !plain) return;
  busy = true;
  try {
    await encryptOnce(plain);
  } catch (error) {
    say('encrypt-status', messageOf(error), 'bad');
  }
  busy = false;
  if (again) await update();
}

async function encryptOnce(picture: Raster): Promise<void> {
  const used = settings();
  const { cipher, warnings, metrics } = await computer.ask('encrypt', { plain: picture, settings: used });
  drawPicture(canvas('cipher'), cipher);
  drawHistograms(canvas('histogram'), { plain: picture, cipher });
  drawNeighbours(canvas('scatter'), { plain: picture, cipher });
  showMetrics(metrics);
  const parameters = used.params.map((value, at) => `${mapNamed(used.map).parameters[at]!.name} = ${value}`);
  say(
    'encrypt-status',
    warnings[0] ?? `${used.map}, ${parameters.join(', ')}`,
    warnings.length > 0 ? 'bad' : 'plain',
  );
}

async function take([file]: readonly File[]): Promise<void> {
  try {
    const { raster, step } = thinned(await readPicture(file!), longestSide);
    const size = `${raster.width}x${raster.height}, ${raster.channels === 1 ? 'grey' : `${raster.channels} channels`}, ${raster.depth} bits`;
    show(
      raster,
      `${file!.name}: ${size}${step > 1 ? `; every ${step}th row and column of a larger picture` : ''}`,
    );
  } catch (error) {
    say('encrypt-status', messageOf(error), 'bad');
  }
}

function show(raster: Raster, name: string): void {
  plain = raster;
  byId('picture-name').textContent = name;
  drawPicture(canvas('plain'), raster);
  void update();
}

function chooseMap(): void {
  values = showSliders(mapNamed(byId<HTMLSelectElement>('map').value), () => void update());
  void update();
}

export async function startEncrypting(): Promise<void> {
  byId('map').append(...mapNames.map((name) => make('option', name, { value: name })));
  byId('map').addEventListener('change', chooseMap);
  byId('reset').addEventListener('click', chooseMap);
  byId('preset').addEventListener('change', () => void update());
  onFiles('picture-drop', 'picture-file', (files) => void take(files));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => void update());
  chooseMap();
  show(await computer.ask('phantom', { side: 256 }), byId('picture-name').textContent ?? '');
}
