/** `medchaos nist`: SP 800-22 rev 1a on a file, a cipher image, or a keystream made on the fly. */
import { type MapName, mapNames } from '../src/chaos/maps.ts';
import { quantiserNames } from '../src/cipher/quantisers.ts';
import { type Format, formats } from '../src/judge/bit-text.ts';
import type { Cut, NistInput } from '../src/judge/nist-input.ts';
import { testNames } from '../src/nist/types.ts';
import { InputError } from '../src/shared/errors.ts';
import { progressBar } from '../src/shared/progress.ts';
import type { Depth } from '../src/shared/types.ts';
import type { Command, CommandResult } from './_command.ts';
import { maxDecodedOption, once, text } from './_options.ts';

interface Options {
  file?: string;
  format?: Format;
  bits?: number;
  sequences?: number;
  map?: MapName;
  params?: string;
  preset?: 'paper' | 'sound';
  depth?: Depth;
  tests?: string;
  alpha?: number;
  reference?: boolean;
  allowShort?: boolean;
  threads?: number;
  study: boolean;
  quick?: boolean;
  maps?: string;
  quantisers?: string;
  starts?: number;
  cycleLimit?: number;
  seed?: number;
  out?: string;
}

const number = (name: string, describe: string) =>
  ({ type: 'number', requiresArg: true, describe, coerce: once(name) }) as const;

const command: Command<Options> = {
  examples: [
    ['nist keystream.bin --sequences 100', 'all 15 tests of a file of raw bytes'],
    ['nist --map lorenz --params 10,28,2.667', 'of a keystream'],
  ],
  builder: (yargs) =>
    yargs
      .positional('file', {
        type: 'string',
        describe: 'raw bytes, a text of 0 and 1 or hexadecimal digits, an image, or an array (NPY, MAT)',
      })
      .options({
        bits: number('bits', 'bits a sequence (default: 1,000,000, or all where there are fewer)'),
        sequences: number('sequences', 'sequences (default: as many as there are, of a keystream 100)'),
        format: {
          choices: formats,
          requiresArg: true,
          describe: 'what the file holds (default: auto); images give the bits of their samples',
          coerce: once('format'),
        },
        map: {
          choices: mapNames,
          requiresArg: true,
          describe: "instead of a file: this map's z_key",
          coerce: once('map'),
        },
        params: text('params', 'its parameters, r or sigma,rho,beta (default: the baseline of the paper)'),
        preset: {
          choices: ['paper', 'sound'],
          requiresArg: true,
          describe: "of --map: the paper's most probable choices, or better ones (default: paper)",
          coerce: once('preset'),
        },
        depth: {
          choices: [8, 16],
          requiresArg: true,
          describe: 'of --map: bits a key sample (default: 8)',
          coerce: once('depth'),
        },
        tests: text('tests', `only these tests, commas between: ${testNames.join(', ')}`),
        alpha: number('alpha', 'level of a test and of the verdict (default: 0.01)'),
        reference: {
          type: 'boolean',
          describe: "class probabilities of NIST's program, which are rounded or approximate",
        },
        'allow-short': {
          type: 'boolean',
          describe: "run tests below the document's minimum lengths, where their p-values are rough",
        },
        threads: number('threads', 'threads, or processes of --study, at most (default: all cores)'),
        study: {
          type: 'boolean',
          default: false,
          describe: 'instead of a file: every map with every quantiser, and what each map is worth; resumes',
        },
        quick: {
          type: 'boolean',
          describe: 'of --study: a small size, minutes in place of hours',
        },
        maps: text('maps', `of --study: only these, commas between: ${mapNames.join(', ')}`),
        quantisers: text('quantisers', `of --study: only these: ${quantiserNames.join(', ')}`),
        starts: number('starts', 'of --study: starts whose cycles are sought (default: 10)'),
        'cycle-limit': number(
          'cycle-limit',
          'of --study: most steps of a cycle search (default: 1e7, quick 3e5; a cycle of float64 can take 1e8)',
        ),
        seed: number('seed', 'of --study: draws the starts and the 0-1 test (default: 1)'),
        ...maxDecodedOption,
        out: text('out', 'of --study: folder (default: results/runs/keystream-...)'),
      }) as never,
  run: async (options) => {
    if (options.study) return study(options);
    refuse(options, ofStudy, '--study');
    if (options.map === undefined) refuse(options, ofMap, '--map');
    const { testSequences, testsNamed } = await import('../src/judge/nist.ts');
    const { describeNist } = await import('../src/tables/nist-text.ts');
    const { reference = false, allowShort = false, alpha = 0.01, threads } = options;
    const tests = options.tests === undefined ? testNames : testsNamed(options.tests, refuseTest);
    checkThreads(threads);
    const { input, cut } = await open(options);
    const bar = cut.sequences > 1 ? progressBar('nist', cut.sequences) : undefined;
    const request = { options: { reference, allowShort }, tests, alpha, threads };
    const work = testSequences(input, cut, request, (done) => bar?.update(done));
    const result = await work.finally(() => bar?.stop());
    return { json: result, text: describeNist(result) };
  },
};
export default command;

async function study(options: Options): Promise<CommandResult> {
  const { quick, seed = 1, out, threads, maps, quantisers } = options;
  for (const name of [...notOfStudy, ...ofMap])
    if (options[name] !== undefined)
      throw new InputError(`${flag(name)} does not go with --study; leave one of them out`);
  checkThreads(threads);
  const { studyKeystreams } = await import('../src/sweep/keystream-study.ts');
  const { sizes } = await import('../src/sweep/works/keystream.ts');
  const { describeStudy } = await import('../src/tables/keystream-text.ts');
  const base = quick ? sizes.quick : sizes.full;
  const {
    bits = base.bits,
    sequences = base.sequences,
    starts = base.starts,
    cycleLimit = base.limit,
  } = options;
  const size = { ...base, bits, sequences, starts, limit: cycleLimit };
  const request = { size, seed, threads, out, maps: listOf(maps), quantisers: listOf(quantisers) };
  const result = await studyKeystreams(request);
  return { json: result, text: describeStudy(result) };
}

const listOf = (list?: string): string[] | undefined => list?.split(',').map((name) => name.trim());

type Name = keyof Options;
const ofStudy: readonly Name[] = ['quick', 'maps', 'quantisers', 'starts', 'cycleLimit', 'seed', 'out'];
const ofMap: readonly Name[] = ['params', 'preset', 'depth'];
const notOfStudy: readonly Name[] = ['file', 'map', 'format', 'tests', 'alpha', 'reference', 'allowShort'];

const flag = (name: Name): string =>
  name === 'file' ? 'a file' : `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** An option that would change nothing is a misunderstanding. */
function refuse(options: Options, names: readonly Name[], owner: string): void {
  for (const name of names)
    if (options[name] !== undefined)
      throw new InputError(`${flag(name)} belongs to ${owner}; give both or neither`);
}

async function open(options: Options): Promise<{ input: NistInput; cut: Cut }> {
  const { cutInput, fileInput } = await import('../src/judge/nist-input.ts');
  const { file, map, bits, sequences, format = 'auto' } = options;
  if ((file === undefined) === (map === undefined))
    throw new InputError(
      `expected a file or --map, got ${file === undefined ? 'neither' : 'both'}; ` +
        'give one, for example: medchaos nist cipher.png',
    );
  if (map !== undefined) return openKeystream(options, map);
  const input = await fileInput(file!, format);
  return { input, cut: cutInput(input.bits, bits, sequences) };
}

async function openKeystream(options: Options, map: MapName): Promise<{ input: NistInput; cut: Cut }> {
  const { cutInput, defaultBits, keystreamInput } = await import('../src/judge/nist-input.ts');
  const { parseParams } = await import('../src/sealing/encrypt-file.ts');
  const { preset = 'paper', depth = 8, bits = defaultBits, sequences = 100 } = options;
  const params = options.params === undefined ? undefined : parseParams(options.params);
  const cut = cutInput(bits * sequences, bits, sequences);
  return { input: keystreamInput({ map, params, preset, depth }, bits * sequences), cut };
}

const refuseTest = (name: string): never => {
  throw new InputError(`--tests expected names out of ${testNames.join(', ')}, got "${name}"`);
};

function checkThreads(threads: number | undefined): void {
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1))
    throw new InputError(`"threads" expected an integer of at least 1, got ${threads}`);
}
