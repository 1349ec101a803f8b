/**
 * `metrics PLAIN CIPHER`: every measure of an encrypted image beside what an ideal cipher would give.
 * `metrics audit [CSV]`: published rows without their images.
 */
import { sectionNames } from '../src/metrics/sections.ts';
import { option, type ValuesOf } from '../src/shared/option.ts';
import { integer, oneOf } from '../src/shared/schema.ts';
import { type ChannelMode, channelModes, type Raster } from '../src/shared/types.ts';
import { type CommandResult, command } from './_command.ts';
import { frameOption, maxDecodedOption, optional, real, text } from './_options.ts';

const options = {
  channels: option(oneOf(channelModes), {
    default: 'native',
    help: 'channels as stored, or always RGB as the paper did',
  }),
  frame: { ...frameOption.frame, help: 'frame of a plain DICOM file of several, counted from 1' },
  ...maxDecodedOption,
  only: optional('sections to measure, by commas (below)', 'all'),
  second: optional(
    'a second cipher, of a plain image one pixel away or under a neighbouring key: NPCR, UACI, avalanche',
  ),
  level: option(real, { default: 0.01, help: 'two-sided level of verdicts and intervals' }),
  pairs: option(integer(4, 2 ** 20), { unset: '5000, or all', help: 'random pairs a direction' }),
  seed: option(integer(0, 2 ** 31 - 1), { default: 1, help: 'draws random pairs and blocks' }),
};
interface Options extends ValuesOf<typeof options> {
  readonly plain: string;
  readonly cipher: string;
}

interface Loaded {
  readonly raster: Raster;
  readonly lossy: string | null;
}

async function load(path: string, channels: ChannelMode, frame?: number): Promise<Loaded> {
  const { loadSamples, lossyNote } = await import('../src/data/images/image.ts');
  const { readInput } = await import('../src/shared/files.ts');
  const bytes = await readInput(path, 'image');
  return { raster: await loadSamples(bytes, path, channels, frame), lossy: lossyNote(bytes, path) };
}

async function measure(options: Options): Promise<CommandResult> {
  const { plain, cipher, second, channels, frame, only, level, seed, pairs } = options;
  const { refuseTwice } = await import('../src/shared/standard-streams.ts');
  refuseTwice([plain, cipher, second]);
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

const pairHelp = `Sections: ${sectionNames.join(', ')}; differential needs --second.
Each value has the mean and sd of an ideal cipher of this very plain image, z, and p: two-sided, by the normal law, of the histogram by that of chi-square.`;

const auditCommand = command({
  positionals: { csv: optional('published rows', 'those of the paper') },
  notes: auditHelp,
  run: ({ csv }) => audit(csv),
});

/** A plain image that is called `audit` is given as ./audit. */
const metricsCommand = command({
  examples: [
    ['metrics x.png x.cipher.png', 'every measure, beside an ideal cipher'],
    ['metrics x.png - < x.cipher.png', 'the cipher picture from a pipe'],
    ['metrics audit', 'the published rows of the paper'],
  ],
  positionals: {
    plain: option(text, { required: true, help: 'plain image, or array (NPY, MAT); - is standard input' }),
    cipher: option(text, { required: true, help: 'cipher image of the same shape; - is standard input' }),
  },
  options,
  notes: pairHelp,
  below: {
    audit: {
      describe: 'test published rows, without their images: Tables 5 and 7 of the paper, or those of a CSV',
      command: auditCommand,
    },
  },
  run: measure,
});
export default metricsCommand;
