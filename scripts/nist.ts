/** `medchaos nist`: SP 800-22 rev 1a on a file, a cipher image, or a keystream made on the fly. */
import { type MapName, mapNames } from '../src/chaos/maps.ts';
import { presetNames } from '../src/cipher/options.ts';
import { quantiserNames } from '../src/cipher/quantise.ts';
import { formats } from '../src/judge/bit-text.ts';
import type { Cut, NistInput } from '../src/judge/nist-input.ts';
import { testNames } from '../src/nist/types.ts';
import { InputError } from '../src/shared/errors.ts';
import { flagOf, option, type ValuesOf } from '../src/shared/option.ts';
import { progressBar } from '../src/shared/progress.ts';
import { oneOf, z } from '../src/shared/schema.ts';
import { depths } from '../src/shared/types.ts';
import { type CommandResult, command } from './_command.ts';
import { flag, maxDecodedOption, optional, real } from './_options.ts';

const only = 'of --study: only these, commas between: ';
const options = {
  bits: option(real, { unset: '1,000,000, or all where there are fewer', help: 'bits a sequence' }),
  sequences: option(real, { unset: 'as many as there are, of a keystream 100', help: 'sequences' }),
  format: option(oneOf(formats), {
    unset: 'auto',
    help: 'content of the file; images give the bits of their samples',
  }),
  map: option(oneOf(mapNames), { help: "instead of a file: this map's z_key" }),
  params: optional('its parameters, r or sigma,rho,beta', 'the baseline of the paper'),
  preset: option(oneOf(presetNames), {
    unset: 'paper',
    help: "of --map: the paper's most probable choices, or better ones",
  }),
  depth: option(z.literal(depths), { unset: '8', help: 'of --map: bits a key sample' }),
  tests: optional(`only these tests, commas between: ${testNames.join(', ')}`),
  alpha: option(real, { unset: '0.01', help: 'level of a test and of the verdict' }),
  reference: option(z.boolean(), {
    help: "class probabilities and laws of NIST's program, which are rounded or approximate, in place of exact ones",
  }),
  allowShort: option(z.boolean(), {
    help: "run tests below the document's minimum lengths, where their p-values are rough; the excursion tests keep their 500 cycles",
  }),
  blockLengths: optional(
    'advised (by SP 800-22 for this number of bits), or lengths such as block-frequency=1000,serial=13',
    "those of NIST's program",
  ),
  threads: option(real, { unset: 'all cores', help: 'threads, or processes of --study, at most' }),
  study: flag('instead of a file: every map with every quantiser, and diagnostics of each map; resumes'),
  quick: option(z.boolean(), { help: 'of --study: a small size, minutes in place of hours' }),
  maps: optional(only + mapNames.join(', ')),
  quantisers: optional(only + quantiserNames.join(', ')),
  starts: option(real, { unset: '10', help: 'of --study: starts whose cycles are sought' }),
  cycleLimit: option(real, {
    unset: '1e7, quick 3e5',
    help: 'of --study: most steps of a cycle search (a cycle of float64 can take 1e8)',
  }),
  seed: option(real, { unset: '1', help: 'of --study: draws the starts and the 0-1 test' }),
  ...maxDecodedOption,
  out: optional('of --study: folder', 'results/runs/keystream-...'),
};
interface Options extends ValuesOf<typeof options> {
  readonly file?: string | undefined;
}

const nistCommand = command({
  examples: [
    ['nist keystream.bin --sequences 100', 'all 15 tests of a file of raw bytes'],
    ['nist --map lorenz --params 10,28,2.667', 'of a keystream'],
  ],
  positionals: {
    file: optional(
      'raw bytes, a text of 0 and 1 or hexadecimal digits, an image, or an array (NPY, MAT); - is standard input',
    ),
  },
  options,
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
    const { lengthsNamed } = await import('../src/nist/block-lengths.ts');
    const lengths = options.blockLengths === undefined ? {} : lengthsNamed(options.blockLengths, cut.n);
    const request = { options: { reference, allowShort, ...lengths }, tests, alpha, threads };
    const work = testSequences(input, cut, request, (done) => bar?.update(done));
    const result = await work.finally(() => bar?.stop());
    return { json: result, text: describeNist(result) };
  },
});
export default nistCommand;

async function study(options: Options): Promise<CommandResult> {
  const { quick, seed = 1, out, threads, maps, quantisers } = options;
  for (const name of [...notOfStudy, ...ofMap])
    if (options[name] !== undefined)
      throw new InputError(`${named(name)} does not go with --study; leave one of them out`);
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
const notOfStudy: readonly Name[] = [
  'file',
  'map',
  'format',
  'tests',
  'alpha',
  'reference',
  'allowShort',
  'blockLengths',
];

const named = (name: Name): string => (name === 'file' ? 'a file' : `--${flagOf(name)}`);

/** An option that would change nothing is a misunderstanding. */
function refuse(options: Options, names: readonly Name[], owner: string): void {
  for (const name of names)
    if (options[name] !== undefined)
      throw new InputError(`${named(name)} belongs to ${owner}; give both or neither`);
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
