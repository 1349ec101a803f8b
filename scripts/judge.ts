/** `medchaos judge`: any image cipher on trial, by its program, by pairs of pictures, or one of ours by name. */
import type { Argv } from 'yargs';
import { defaultMap, mapNames } from '../src/chaos/maps.ts';
import type { JudgeOptions } from '../src/judge/judge-command.ts';
import type { Command } from './_command.ts';
import { integer, maxDecodedOption, once, text } from './_options.ts';

const contract = `The words {in}, {out} and {key} of a command are replaced by files: a picture, the picture that the program
writes, and a file of random key bytes. {extra} is a file that encrypt may write (a nonce, a tag) and decrypt gets back.
Commands are split as a shell splits words; no shell runs. The contract on one page, with examples: docs/judge.md.
Exit code 0: the judgement is done, whatever its verdict.`;

const command: Command<JudgeOptions> = {
  examples: [
    [
      `judge --encrypt 'python3 cipher.py encrypt {in} {out} {key}' --decrypt 'python3 cipher.py decrypt {in} {out} {key}'`,
      'a program of yours',
    ],
    ['judge --pairs plain/ cipher/', 'pictures only, matched by name'],
    ['judge --scheme paper', 'a scheme of this toolkit'],
  ],
  builder: (yargs) =>
    yargs
      .options({
        encrypt: text('encrypt', 'the command that encrypts a picture, with {in}, {out} and {key}'),
        decrypt: text('decrypt', 'the command that decrypts, with {in}, {out} and {key}'),
        keystream: text('keystream', 'a command that writes its keystream as a picture to {out}, with {key}'),
        serve: text(
          'serve',
          'a program that stays and answers requests on its standard input (docs/judge.md)',
        ),
        pairs: {
          type: 'string',
          array: true,
          nargs: 2,
          describe: 'two folders, plain and cipher pictures of equal names',
        },
        second: text(
          'second',
          'pairs: a folder of second cipher pictures, of plain pictures one sample away',
        ),
        keys: text(
          'keys',
          'pairs: one (a key for all), each (a key for every picture), or a CSV of name,key',
        ),
        scheme: text('scheme', 'a scheme of this toolkit: paper, hardened, or a peer'),
        map: {
          choices: mapNames,
          default: defaultMap,
          requiresArg: true,
          describe: 'scheme paper or hardened: the chaotic map',
          coerce: once('map'),
        },
        format: {
          choices: ['png', 'pgm', 'npy', 'raw'] as const,
          default: 'png' as const,
          requiresArg: true,
          describe:
            'format of {in} and {out}; raw: samples alone, the shape stands in MEDCHAOS_WIDTH, _HEIGHT, _CHANNELS, _DEPTH',
          coerce: once('format'),
        },
        'key-bytes': integer('key-bytes', 'bytes of a key (default: 32, of a scheme its own)', 1, 4096),
        timeout: {
          type: 'number',
          default: 30,
          requiresArg: true,
          describe: 'seconds that one query may take',
          coerce: once('timeout'),
        },
        images: {
          type: 'string',
          array: true,
          requiresArg: true,
          describe: 'pictures to measure (default: generated brain slices and fundus photographs)',
        },
        level: {
          choices: ['quick', 'full'] as const,
          default: 'quick' as const,
          requiresArg: true,
          describe:
            'quick: within two minutes for a cipher of 10 ms a picture; full: every attack to its end',
          coerce: once('level'),
        },
        seed: { ...integer('seed', 'draws keys and pictures', 0, 2 ** 31 - 1), default: 1 },
        ...maxDecodedOption,
        out: text(
          'out',
          'folder for judge.html, judge.json, tables/, figures/, pictures/ (default: in results/runs)',
        ),
        force: {
          type: 'boolean',
          default: false,
          describe: 'judge again although the folder holds a judgement',
        },
      })
      .epilogue(contract) as unknown as Argv<JudgeOptions>,
  run: async (options) => {
    const { runJudge } = await import('../src/judge/judge-command.ts');
    const { describeJudgement } = await import('../src/judge/judge-text.ts');
    const { judgement, page } = await runJudge(options);
    return { json: judgement, text: `${describeJudgement(judgement)}\npage: ${page}` };
  },
};

export default command;
