/** `medchaos nist`: SP 800-22 rev 1a on a file, a cipher image, or a keystream made on the fly. */
import { chaoticMapNames } from '../src/chaos/maps.ts';
import { quantiserNames } from '../src/cipher/quantisers.ts';
import type { TestName } from '../src/metrics/nist/types.ts';
import { testNames } from '../src/metrics/nist/types.ts';
import type { Cut, Format, NistInput } from '../src/run/nist-input.ts';
import { InputError } from '../src/shared/errors.ts';
import { progressBar } from '../src/shared/progress.ts';
import type { Depth, MapName } from '../src/shared/types.ts';
import type { Command, CommandResult } from './_command.ts';
import { once, text } from './_options.ts';

interface Options {
  file?: string;
  format: Format;
  bits?: number;
  sequences?: number;
  map?: MapName;
  params?: string;
  preset: 'paper' | 'sound';
  depth: Depth;
  tests?: string;
  alpha: number;
  reference: boolean;
  allowShort: boolean;
  threads?: number;
  study: boolean;
  quick: boolean;
  maps?: string;
  quantisers?: string;
  starts?: number;
  cycleLimit?: number;
  seed: number;
  out?: string;
}

const number = (name: string, describe: string) =>
  ({ type: 'number', requiresArg: true, describe, coerce: once(name) }) as const;

const command: Command<Options> = {
  command: 'nist [file]',
  describe: 'test bits for randomness with the 15 tests of NIST SP 800-22',
  builder: (yargs) =>
    yargs
      .positional('file', { type: 'string', describe: 'raw bytes, characters 0 and 1, or an image' })
      .options({
        bits: number('bits', 'bits a sequence (default: 1,000,000, or all where there are fewer)'),
        sequences: number('sequences', 'sequences (default: as many as there are, of a keystream 100)'),
        format: {
          choices: ['auto', 'raw', 'ascii', 'image'],
          default: 'auto',
          requiresArg: true,
          describe: 'what the file holds; images give the bits of their samples',
          coerce: once('format'),
        },
        map: {
          choices: ['logistic', 'lorenz'],
          requiresArg: true,
          describe: "instead of a file: this map's z_key",
          coerce: once('map'),
        },
        params: text('params', 'its parameters, r or sigma,rho,beta (default: the baseline of the paper)'),
        preset: {
          choices: ['paper', 'sound'],
          default: 'paper',
          requiresArg: true,
          describe: "the paper's most probable choices, or better ones",
          coerce: once('preset'),
        },
        depth: {
          choices: [8, 16],
          default: 8,
          requiresArg: true,
          describe: 'bits a key sample',
          coerce: once('depth'),
        },
        tests: text('tests', `only these tests, commas between: ${testNames.join(', ')}`),
        alpha: { ...number('alpha', 'level of a test and of the verdict'), default: 0.01 },
        reference: {
          type: 'boolean',
          default: false,
          describe: "class probabilities of NIST's program, which are rounded or approximate",
        },
        'allow-short': {
          type: 'boolean',
          default: false,
          describe: "run tests below the document's minimum lengths, where their p-values are rough",
        },
        threads: number('threads', 'threads at most (default: all cores)'),
        study: {
          type: 'boolean',
          default: false,
          describe: 'instead of a file: every map with every quantiser, and what each map is worth; resumes',
        },
        quick: {
          type: 'boolean',
          default: false,
          describe: 'of --study: a small size, minutes in place of hours',
        },
        maps: text('maps', `of --study: only these, commas between: ${chaoticMapNames.join(', ')}`),
        quantisers: text('quantisers', `of --study: only these: ${quantiserNames.join(', ')}`),
        starts: number('starts', 'of --study: starts whose cycles are sought (default: 10)'),
        'cycle-limit': number(
          'cycle-limit',
          'of --study: most steps of a cycle search (default: 1e7, quick 3e5; a cycle of float64 can take 1e8)',
        ),
        seed: { ...number('seed', 'of --study: draws the starts and the 0-1 test'), default: 1 },
        out: text('out', 'of --study: folder (default: results/runs/keystream-...)'),
      }) as never,
  run: async (options) => {
    if (options.study) return study(options);
    refuseStudyOptions(options);
    const { testSequences } = await import('../src/run/nist.ts');
    const { describeNist } = await import('../src/report/nist-text.ts');
    const { reference, allowShort, alpha, threads } = options;
    const tests = options.tests === undefined ? testNames : chosenTests(options.tests);
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
  const { file, map, quick, seed, out, threads, maps, quantisers } = options;
  if (file !== undefined || map !== undefined)
    throw new InputError('--study expected neither a file nor --map, got one; choose maps by --maps');
  checkThreads(threads);
  const { sizes, studyKeystreams } = await import('../src/run/keystream/index.ts');
  const { describeStudy } = await import('../src/report/keystream-text.ts');
  const base = quick ? sizes.quick : sizes.full;
  const {
    bits = base.bits,
    sequences = base.sequences,
    starts = base.starts,
    cycleLimit = base.limit,
  } = options;
  const size = { ...base, bits, sequences, starts, limit: cycleLimit };
  const bar = progressBar('study', 0);
  const request = { size, seed, threads, out, maps: listOf(maps), quantisers: listOf(quantisers) };
  const work = studyKeystreams(request, (done, of, part) => bar.update(done, part, of));
  const result = await work.finally(() => bar.stop());
  return { json: result, text: describeStudy(result) };
}

const listOf = (list?: string): string[] | undefined => list?.split(',').map((name) => name.trim());

function refuseStudyOptions(options: Options): void {
  for (const name of ['maps', 'quantisers', 'starts', 'cycleLimit', 'out'] as const)
    if (options[name] !== undefined)
      throw new InputError(
        `--${name === 'cycleLimit' ? 'cycle-limit' : name} belongs to --study; give both or neither`,
      );
}

async function open(options: Options): Promise<{ input: NistInput; cut: Cut }> {
  const { cutInput, fileInput } = await import('../src/run/nist-input.ts');
  const { file, map, params, bits, sequences, format } = options;
  if ((file === undefined) === (map === undefined))
    throw new InputError(
      `expected a file or --map, got ${file === undefined ? 'neither' : 'both'}; ` +
        'give one, for example: medchaos nist cipher.png',
    );
  if (map === undefined && params !== undefined)
    throw new InputError('--params belongs to --map; leave it out, or give --map instead of a file');
  if (map !== undefined) return openKeystream(options, map);
  const input = await fileInput(file!, format);
  return { input, cut: cutInput(input.bits, bits, sequences) };
}

async function openKeystream(options: Options, map: MapName): Promise<{ input: NistInput; cut: Cut }> {
  const { cutInput, defaultBits, keystreamInput } = await import('../src/run/nist-input.ts');
  const { parseParams } = await import('../src/run/encrypt-file.ts');
  const { preset, depth, bits = defaultBits, sequences = 100 } = options;
  const params = options.params === undefined ? undefined : parseParams(options.params);
  const cut = cutInput(bits * sequences, bits, sequences);
  return { input: keystreamInput({ map, params, preset, depth }, bits * sequences), cut };
}

function chosenTests(list: string): TestName[] {
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !testNames.includes(name as TestName));
  if (unknown !== undefined)
    throw new InputError(`--tests expected names out of ${testNames.join(', ')}, got "${unknown}"`);
  return testNames.filter((name) => names.includes(name));
}

function checkThreads(threads: number | undefined): void {
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1))
    throw new InputError(`"threads" expected an integer of at least 1, got ${threads}`);
}
