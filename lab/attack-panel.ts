/** Part 2: attacks on the picture and parameters of part 1, in a worker of their own. */
import type { AttackName } from '../src/attacks/index.ts';
import { parameterNames } from '../src/cipher/index.ts';
import { messageOf } from '../src/shared/errors.ts';
import type { Raster } from '../src/shared/types.ts';
import { Computer, Stopped } from './computer.ts';
import { byId, make, say } from './dom.ts';
import { drawPicture } from './draw.ts';
import { type Current, current } from './encrypt-panel.ts';

const computer = new Computer();
const buttons = (): HTMLButtonElement[] => [
  ...document.querySelectorAll<HTMLButtonElement>('#attack .buttons button'),
];
const stop = (): HTMLButtonElement => byId<HTMLButtonElement>('attack-stop');
const bar = (): HTMLProgressElement => byId<HTMLProgressElement>('attack-progress');

const titles: Readonly<Record<string, string>> = {
  plain: 'Plain picture',
  cipher: 'Cipher picture',
  recovered: 'Recovered by the attacker',
  xorOfCiphers: 'Xor of two cipher pictures',
  xorOfPlains: 'Xor of two plain pictures',
};

export function showPictures(id: string, pictures: Readonly<Record<string, Raster>>): void {
  const figures = Object.entries(pictures).map(([name, raster]) => {
    const title = titles[name] ?? name.replace(/[-_]/g, ' ');
    const canvas = make('canvas', '', { role: 'img', 'aria-label': title });
    drawPicture(canvas, raster);
    return make('figure', '', {}, [make('figcaption', title), canvas]);
  });
  byId(id).replaceChildren(...figures);
}

/** Runs one attack with the buttons locked; an error becomes the status line. */
async function during(work: (at: Current) => Promise<void>): Promise<void> {
  const at = current();
  if (!at) return;
  for (const button of buttons()) button.disabled = button !== stop();
  byId('attack-pictures').replaceChildren();
  say('attack-status', 'The attack runs ...');
  try {
    await work(at);
  } catch (error) {
    say('attack-status', messageOf(error), error instanceof Stopped ? 'plain' : 'bad');
  }
  bar().hidden = true;
  for (const button of buttons()) button.disabled = button === stop();
}

async function attack(name: AttackName, { plain, settings }: Current): Promise<void> {
  const {
    success,
    finding,
    queries,
    pictures = {},
  } = await computer.ask('attack', { name, plain, settings });
  const asked = queries > 0 ? ` (${queries} pictures encrypted for the attacker)` : '';
  say('attack-status', `${success ? 'Broken' : 'Holds'}: ${finding}${asked}.`, success ? 'bad' : 'good');
  showPictures('attack-pictures', pictures);
}

async function search({ plain, settings }: Current): Promise<void> {
  Object.assign(bar(), { hidden: false, value: 0 });
  const started = performance.now();
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0)} s`;
  const { cipher, params, found, tried, reached } = await computer.ask(
    'search',
    { plain, settings },
    (share, note) => {
      bar().value = share;
      say('attack-status', `${note}; ${seconds()}`);
    },
  );
  const counted = `${tried.toLocaleString('en')} ${settings.map === 'lorenz' ? 'cells of parameters' : 'parameters'} tried in ${seconds()}`;
  if (!found) return say('attack-status', `Holds: no parameters found. ${reached || counted}.`, 'good');
  const values = found.params.map((value, at) => `${parameterNames[settings.map][at]} = ${value}`).join(', ');
  const right = found.params.every((value, at) => value === params[at]);
  say(
    'attack-status',
    `Broken: ${values}, from one cipher picture alone; ${right ? 'the exact key' : 'a neighbour of the key'}; ${counted}.`,
    'bad',
  );
  showPictures('attack-pictures', { cipher, recovered: found.image, plain });
}

export function startAttacking(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-attack]'))
    button.addEventListener(
      'click',
      () => void during((at) => attack(button.dataset.attack as AttackName, at)),
    );
  byId('search').addEventListener('click', () => void during(search));
  stop().addEventListener('click', () => computer.stop());
}
