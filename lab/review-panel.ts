/** Part 4: `review` of a table that the visitor drops or pastes. */
import { messageOf } from '../src/shared/errors.ts';
import { Computer } from './computer.ts';
import { byId, listed, make, onFiles, say } from './dom.ts';

const computer = new Computer();
const field = (): HTMLTextAreaElement => byId<HTMLTextAreaElement>('table-text');

async function reviewText(text: string, name: string): Promise<void> {
  byId('table-result').replaceChildren();
  if (text.trim() === '') return say('table-status', 'Paste a table, or choose a file.', 'bad');
  say('table-status', 'The table is reviewed ...');
  try {
    const { summary, sections, caveat } = await computer.ask('review', { text, name });
    const impossible = sections.some(({ title }) => title === 'Impossible');
    say('table-status', summary[0]!, impossible ? 'bad' : 'good');
    byId('table-result').replaceChildren(
      ...summary.slice(1).map((line) => make('p', line, { class: 'hint' })),
      ...sections.flatMap(({ title, lines }) => listed(title, lines)),
      make('p', caveat, { class: 'hint' }),
    );
  } catch (error) {
    say('table-status', messageOf(error), 'bad');
  }
}

export function startReviewing(): void {
  onFiles('table-drop', 'table-file', ([file]) => {
    void file!.text().then((text) => {
      field().value = text;
      return reviewText(text, file!.name);
    });
  });
  byId('table-review').addEventListener('click', () => void reviewText(field().value, 'the pasted table'));
}
