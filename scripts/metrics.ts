/**
 * `metrics PLAIN CIPHER`: every measure of an encrypted image beside what an ideal cipher would give.
 * `metrics audit [CSV]`: published rows without their images.
 */
import type { Argv } from 'yargs';
import { sectionNames } from '../src/metrics/sections.ts';
import type { Raster } from '../src/shared/types.ts';
import { type Command, type CommandResult, execute } from './_command.ts';
import { frameOption, integer, maxDecodedOption, once, text } from './_options.ts';

interface Options {
  plain: string;
  cipher: string;
  channels: 'native' | 'rgb';
  frame?: number;
  second?: string;
  only?: string;
  level: number;
  seed: number;
  pairs?: number;
}

interface AuditOptions {
  csv?: string;
}

interface Loaded {
  readonly raster: Raster;
  readonly lossy: string | null;
}

async function load(path: string, channels: Options['channels'], frame?: number): Promise<Loaded> {
  const { loadSamples, lossyNote } = await import('../src/data/images/image.ts');
  const { readInput } = await import('../src/shared/files.ts');
  const bytes = await readInput(path, 'image');
  return { raster: await loadSamples(bytes, path, channels, frame), lossy: lossyNote(bytes, path) };
}

async function measure(options: Options): Promise<CommandResult> {
  const { plain, cipher, second, channels, frame, only, level, seed, pairs } = options;
  const { measureEverything } = await import('../src/metrics/sections.ts');
  const { describeCell } = await import('../src/tables/metrics-text.ts');
  const [a, b] = await Promise.all([load(plain, channels, frame), load(cipher, channels)]);
  const c = second === undefined ? undefined : await load(second, channels);
  const images = { plain: a.raster, cipher: b.raster, ...(c && { second: c.raster }) };
  const notes = [b, c].flatMap((file) => file?.lossy ?? []);
  const json = measureEverything(images, {
    level,
    seed,
    ...(pairs === undefined ? {} : { pairs }),
    ...(only === undefined ? {} : { only: listOf(only) }),
  });
  const files = { plain, cipher, ...(second === undefined ? {} : { second }) };
  return { json: { ...files, ...json, notes }, text: [...notes, describeCell(json)].join('\n') };
}

const listOf = (names: string): string[] => names.split(',').map((name) => name.trim());

async function audit(csv: string | undefined): Promise<CommandResult> {
  const { auditOf, rowsOfTable5, rowsOfTable7 } = await import('../src/tables/audit-rows.ts');
  const { auditJson, describeAudit } = await import('../src/tables/audit-text.ts');
  const rows = csv === undefined ? [...rowsOfTable5(), ...rowsOfTable7()] : await readRows(csv);
  const audited = rows.map(auditOf);
  return { json: auditJson(csv ?? 'paper', audited), text: describeAudit(audited) };
}

async function readRows(path: string) {
  const { readAuditCsv } = await import('../src/tables/audit-csv.ts');
  const { readInput } = await import('../src/shared/files.ts');
  return readAuditCsv((await readInput(path, 'CSV')).toString('utf8'), path);
}

const auditHelp = `Columns of the CSV, in any order under a header line, 8-bit images:
  uaci, npcr, mse, psnr, entropy  as printed (%, %, -, dB, bits), with trailing zeros,
                                  which tell the rounding; empty or - where nothing is printed
  samples                         N = width * height * channels, or instead:
  width, height, channels         channels 1 unless given; no size: only PSNR against MSE is tested
  sense                           plain (default): UACI and NPCR of plain against cipher;
                                  differential: of two ciphers, plain images a pixel apart
  any other column                names the row

Example:
  medchaos metrics audit rows.csv`;

/** A command below `metrics`. */
interface Below<Own> extends Omit<Command<Own>, 'examples'> {
  readonly command: string;
  readonly describe: string;
}

const auditCommand: Below<AuditOptions> = {
  command: 'audit [csv]',
  describe: 'test published rows, without their images: Tables 5 and 7 of the paper, or those of a CSV',
  builder: (yargs) =>
    yargs
      .positional('csv', { type: 'string', describe: 'published rows (default: those of the paper)' })
      .epilogue(auditHelp),
  run: ({ csv }) => audit(csv),
};

const pairHelp = `Sections: ${sectionNames.join(', ')}; differential needs --second.
Each value has the mean and sd of an ideal cipher of this very plain image, z, and p: two-sided, by the normal law, of the histogram by that of chi-square.`;

const pairCommand: Below<Options> = {
  command: '$0 <plain> <cipher>',
  describe: 'measure a cipher image against its plain image, beside an ideal cipher',
  builder: (yargs: Argv) =>
    yargs
      .positional('plain', {
        type: 'string',
        demandOption: true,
        describe: 'plain image, or array (NPY, MAT)',
      })
      .positional('cipher', {
        type: 'string',
        demandOption: true,
        describe: 'cipher image of the same shape',
      })
      .option('channels', {
        choices: ['native', 'rgb'] as const,
        default: 'native' as const,
        requiresArg: true,
        describe: 'channels as stored, or always RGB as the paper did',
      })
      .option('frame', {
        ...frameOption,
        describe: 'frame of a plain DICOM file of several, counted from 1',
      })
      .options(maxDecodedOption)
      .option('only', text('only', 'sections to measure, by commas (below); all unless given'))
      .option(
        'second',
        text(
          'second',
          'a second cipher, of a plain image one pixel away or under a neighbouring key: NPCR, UACI, avalanche',
        ),
      )
      .option('level', {
        type: 'number',
        default: 0.01,
        requiresArg: true,
        describe: 'two-sided level of verdicts and intervals',
        coerce: once('level'),
      })
      .option('pairs', {
        ...integer('pairs', 'random pairs a direction (default: 5000, or all)', 4, 2 ** 20),
      })
      .option('seed', {
        ...integer('seed', 'draws random pairs and blocks', 0, 2 ** 31 - 1),
        default: 1,
      })
      .epilogue(pairHelp) as Argv<Options>,
  run: (options) => measure(options),
};

/** A plain image that is called `audit` is given as ./audit. */
const below = <Own>(yargs: Argv, { command, describe, builder, run }: Below<Own>): Argv =>
  yargs.command({ command, describe, builder, handler: (options) => execute({ run }, options as never) });

const command: Command<Options> = {
  run: pairCommand.run,
  examples: [
    ['metrics x.png x.cipher.png', 'every measure, beside an ideal cipher'],
    ['metrics audit', 'the published rows of the paper'],
  ],
  builder: (yargs) => below(below(yargs, pairCommand), auditCommand) as Argv<Options>,
};

export default command;
