/** `medchaos leaderboard`: every cipher of this toolkit judged alike, as one table. */
import { join } from 'node:path';
import { schemeNames } from '../src/cipher/schemes.ts';
import { levels } from '../src/judge/levels.ts';
import { option } from '../src/shared/option.ts';
import { integer, oneOf, z } from '../src/shared/schema.ts';
import { command } from './_command.ts';
import { flag, optional, text } from './_options.ts';

const leaderboardCommand = command({
  examples: [
    ['leaderboard', 'all schemes, about ten minutes'],
    ['leaderboard --schemes paper hardened --out board', 'two of them'],
    ['leaderboard --also mine/judge.json --out board', 'a cipher of yours among them, judged before'],
  ],
  options: {
    level: option(oneOf(levels), {
      default: 'quick',
      help: 'quick: each cipher within two minutes; full: every attack to its end',
    }),
    seed: option(integer(0, 2 ** 31 - 1), { default: 1, help: 'seed of keys and pictures' }),
    schemes: option(z.array(oneOf(schemeNames())), { unset: 'all', help: 'only these schemes' }),
    also: option(z.array(text), { help: 'judge.json files of other ciphers' }),
    out: option(text, {
      default: join('results', 'reference', 'leaderboard'),
      help: 'folder for leaderboard.csv, .json, .html and README.md',
    }),
    runs: optional('folder of the judgements, which a second command finds again', 'results/runs'),
    force: flag('judge again what is judged already'),
  },
  notes: 'docs/judge.md says how to add a cipher.',
  run: async (values) => {
    const { runLeaderboard } = await import('../src/judge/leaderboard.ts');
    const { markdownTable } = await import('../src/judge/leaderboard-rows.ts');
    const board = await runLeaderboard(values);
    return {
      json: board,
      text: `${markdownTable(board.rows)}\npage: ${join(values.out, 'leaderboard.html')}`,
    };
  },
});
export default leaderboardCommand;
