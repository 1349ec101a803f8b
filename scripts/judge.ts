/** `medchaos judge`: any image cipher on trial, by its program, by pairs of pictures, or one of ours by name. */
import { defaultMap, mapNames } from '../src/chaos/maps.ts';
import { pictureFormats } from '../src/judge/black-box/picture-files.ts';
import { levels } from '../src/judge/levels.ts';
import { option } from '../src/shared/option.ts';
import { integer, number, oneOf, z } from '../src/shared/schema.ts';
import { command } from './_command.ts';
import { flag, maxDecodedOption, optional, text } from './_options.ts';

const contract = `The words {in}, {out} and {key} of a command are replaced by files: a picture, the picture that the
program writes, and a file of random key bytes. {extra} is a file that encrypt may write (a nonce,
a tag) and decrypt gets back. Commands are split as a shell splits words; no shell runs. The
contract on one page, with examples: docs/judge.md.
Exit code 0: the judgement is done, whatever its verdict.`;

const options = {
  encrypt: optional('the command that encrypts a picture, with {in}, {out} and {key}'),
  decrypt: optional('the command that decrypts, with {in}, {out} and {key}'),
  keystream: optional('a command that writes its keystream as a picture to {out}, with {key}'),
  serve: optional('a program that stays and answers requests on its standard input (docs/judge.md)'),
  pairs: option(z.array(text), { perFlag: 2, help: 'two folders, plain and cipher pictures of equal names' }),
  second: optional('pairs: a folder of second cipher pictures, of plain pictures one sample away'),
  keys: optional(
    'pairs: one (a key for all), each (a key for every picture), or a CSV of name,key',
    'unknown',
  ),
  scheme: optional('a scheme of this toolkit: paper, hardened, or a peer'),
  map: option(oneOf(mapNames), { default: defaultMap, help: 'scheme paper or hardened: the chaotic map' }),
  format: option(oneOf(pictureFormats), {
    default: 'png',
    help: 'format of {in} and {out}; raw: samples alone, the shape stands in MEDCHAOS_WIDTH, _HEIGHT, _CHANNELS, _DEPTH',
  }),
  keyBytes: option(integer(1, 4096), { unset: '32, of a scheme its own', help: 'bytes of a key' }),
  timeout: option(number(0.001, 86_400, 'seconds above 0'), {
    default: 30,
    help: 'seconds that one query may take',
  }),
  images: option(z.array(text), {
    unset: 'generated brain slices and fundus photographs',
    help: 'pictures to measure, or folders of them',
  }),
  level: option(oneOf(levels), {
    default: 'quick',
    help: 'quick: within two minutes for a cipher of 10 ms a picture; full: every attack to its end',
  }),
  seed: option(integer(0, 2 ** 31 - 1), { default: 1, help: 'seed of keys and pictures' }),
  ...maxDecodedOption,
  out: optional('folder for judge.html, judge.json, tables/, figures/, pictures/', 'one in results/runs'),
  force: flag('judge again although the folder holds a judgement'),
};

const judgeCommand = command({
  examples: [
    [
      `judge --encrypt 'python3 cipher.py encrypt {in} {out} {key}' --decrypt 'python3 cipher.py decrypt {in} {out} {key}'`,
      'a program of yours',
    ],
    ['judge --pairs plain/ cipher/', 'pictures only, matched by name'],
    ['judge --scheme paper', 'a scheme of this toolkit'],
  ],
  options,
  notes: contract,
  run: async (values) => {
    const { runJudge } = await import('../src/judge/judge-command.ts');
    const { describeJudgement } = await import('../src/judge/judge-text.ts');
    const { judgement, page } = await runJudge(values);
    return { json: judgement, text: `${describeJudgement(judgement)}\npage: ${page}` };
  },
});
export default judgeCommand;
