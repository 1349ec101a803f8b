/** `metrics PLAIN CIPHER`: every measure of an encrypted image beside what an ideal cipher would give. */
import type { Argv } from 'yargs';
import type { Raster } from '../src/shared/types.ts';
import type { Command, CommandResult } from './_command.ts';

interface Options {
  plain: string;
  cipher: string;
  channels: 'native' | 'rgb';
}

async function load(path: string, channels: Options['channels']): Promise<Raster> {
  const { loadRaster } = await import('../src/data/image.ts');
  const { readInput } = await import('../src/shared/files.ts');
  return loadRaster(await readInput(path, 'image'), path, channels);
}

async function measure({ plain, cipher, channels }: Options): Promise<CommandResult> {
  const { describeCell, measureEverything } = await import('../src/report/metrics-text.ts');
  const [a, b] = await Promise.all([load(plain, channels), load(cipher, channels)]);
  const json = measureEverything(a, b);
  return { json: { plain, cipher, ...json }, text: describeCell(json) };
}

const command: Command<Options> = {
  command: 'metrics <plain> <cipher>',
  describe: 'measure a cipher image against its plain image, beside an ideal cipher',
  builder: (yargs: Argv) =>
    yargs
      .positional('plain', { type: 'string', demandOption: true, describe: 'plain image' })
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
      }) as Argv<Options>,
  run: (options) => measure(options),
};

export default command;
