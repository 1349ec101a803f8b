/** Part 3: `judge --pairs` on files of the visitor. */
import { type PicturePair, stemOf } from '../src/judge/picture-pair.ts';
import { InputError, messageOf } from '../src/shared/errors.ts';
import { showPictures } from './attack-panel.ts';
import { Computer } from './computer.ts';
import { byId, listed, make, onFiles, say } from './dom.ts';
import { readPicture } from './files.ts';
import type { PicturesJudged } from './judge-pictures.ts';

const computer = new Computer();
const isCipher = (name: string): boolean => /[._-](?:cipher|encrypted|enc)\.[^.]*$/i.test(name);
const isSecond = (name: string): boolean => /[._-]second\.[^.]*$/i.test(name);

let chosen: readonly File[] = [];

/** @throws InputError if no two files belong together */
async function pairsOf(files: readonly File[], keys: string): Promise<PicturePair[]> {
  const find = (stem: string, is: (name: string) => boolean) =>
    files.find(({ name }) => stemOf(name) === stem && is(name));
  const stems = [...new Set(files.map(({ name }) => stemOf(name)))];
  const pairs: PicturePair[] = [];
  for (const name of stems) {
    const [plain, cipher, second] = [
      find(name, (n) => !isCipher(n) && !isSecond(n)),
      find(name, isCipher),
      find(name, isSecond),
    ];
    if (!plain || !cipher) continue;
    const key = keys === 'each' ? name : keys === 'one' ? 'one' : null;
    const [one, other, next] = [
      await readPicture(plain),
      await readPicture(cipher, true),
      second ? await readPicture(second, true) : null,
    ];
    pairs.push({ name, plain: one, cipher: other, second: next, key });
  }
  if (pairs.length > 0) return pairs;
  throw new InputError(
    'no two files belong together; give scan.png and scan.cipher.png, for example: one name, with .cipher before the ending',
  );
}

async function judge(): Promise<void> {
  if (chosen.length === 0) return;
  byId('pairs-result').replaceChildren();
  say('pairs-status', 'The pictures are read ...');
  try {
    const pairs = await pairsOf(chosen, byId<HTMLSelectElement>('pairs-keys').value);
    const judged = await computer.ask('pairs', { pairs }, (_, note) => say('pairs-status', `${note} ...`));
    show(judged, pairs.length);
  } catch (error) {
    say('pairs-status', messageOf(error), 'bad');
  }
}

function show(
  { verdict, brokenBy, withstood, notRun, measures, nist, pictures }: PicturesJudged,
  count: number,
): void {
  const by = brokenBy.map(({ attack }) => attack).join(', ');
  const head =
    verdict === 'broken' ? `Broken by ${by}.` : 'Holds: no attack that ran broke it, which is no proof.';
  say(
    'pairs-status',
    `${count} ${count === 1 ? 'pair' : 'pairs'}. ${head}`,
    verdict === 'broken' ? 'bad' : 'good',
  );
  const { off, looks, rows } = measures;
  const offRows = rows.filter(({ holmP }) => holmP !== null && holmP < measures.level);
  byId('pairs-result').replaceChildren(
    ...listed(
      'Attacks that won',
      brokenBy.map(({ attack, finding }) => `${attack}: ${finding}`),
    ),
    make('div', '', { class: 'figures', id: 'pairs-pictures' }),
    ...listed(
      'Attacks that got nothing',
      withstood.map(({ attack, finding }) => `${attack}: ${finding}`),
    ),
    ...listed('Statistics', [
      `${off} of ${looks} measures differ from an ideal cipher (corrected by Holm, level ${measures.level})`,
      ...offRows.map(
        ({ section, measure, mean, ideal }) => `${section}, ${measure}: ${mean}, ideal ${ideal}`,
      ),
      nist,
    ]),
    ...listed(
      'Not run',
      notRun.map(({ attack, why }) => `${attack}: ${why}`),
    ),
  );
  showPictures('pairs-pictures', pictures);
}

export function startJudging(): void {
  onFiles('pairs-drop', 'pairs-files', (files) => {
    chosen = files;
    void judge();
  });
  byId('pairs-keys').addEventListener('change', () => void judge());
}
