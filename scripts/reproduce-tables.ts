/** `reproduce-tables`: the paper's tables, figures and timings, recomputed beside the published ones. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import paper from '../experiments/reproduce-paper.ts';
import quick from '../experiments/reproduce-quick.ts';
import type { PresetName } from '../src/cipher/index.ts';
import type { DeviceName, EngineName } from '../src/engine/names.ts';
import { checkedProfile, type Profile } from '../src/reproduce/profile.ts';
import { runFile } from '../src/runs/run-files.ts';
import { defaultRuns, runId } from '../src/runs/run-folder.ts';
import { InputError } from '../src/shared/errors.ts';
import { say } from '../src/shared/progress.ts';
import { seconds } from '../src/shared/timing.ts';
import type { Command } from './_command.ts';
import { experimentIn } from './_experiment.ts';
import { engineOptions, text } from './_options.ts';

const profiles: Record<string, Profile> = { quick, paper };

interface Options {
  profile: string;
  preset: PresetName;
  channels: 'rgb' | 'native';
  seed: number;
  data?: string | undefined;
  samples?: string[] | undefined;
  engine: EngineName;
  device: DeviceName;
  out?: string | undefined;
  runs: string;
}

const command: Command<Options> = {
  examples: [
    ['reproduce-tables', 'the quick profile, minutes'],
    ['reproduce-tables --profile paper --data data', 'at 224x224, on pictures of the four sets'],
  ],
  builder: (yargs) =>
    yargs.options({
      profile: {
        ...text(
          'profile',
          'quick: minutes; paper: 224x224, half an hour or more; or a file such as experiments/reproduce-quick.ts',
        ),
        default: 'quick',
      },
      preset: {
        choices: ['paper', 'sound'],
        default: 'paper',
        describe: 'choices of the scheme that the paper leaves open',
      },
      channels: {
        choices: ['rgb', 'native'],
        default: 'rgb',
        describe: 'load pictures as RGB, or as stored',
      },
      seed: { type: 'number', default: 1, describe: 'seed of training, phantoms and synthetic dates' },
      data: {
        type: 'string',
        describe: 'folder of data sets to take the pictures from [default: shipped pictures]',
      },
      samples: { type: 'array', string: true, describe: '1 to 8 image files for samples 1-4 and Table 7' },
      ...engineOptions,
      runs: {
        type: 'string',
        default: defaultRuns,
        describe: 'where trained networks are kept and found again',
      },
      out: { type: 'string', describe: 'folder for everything [default: RUNS/<run id>]' },
    }) as never,
  run: async ({
    profile: name,
    preset,
    channels,
    seed,
    data,
    samples,
    engine: wanted,
    device,
    runs,
    out,
  }) => {
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new InputError(`"seed" expected an integer from 0, got ${seed}`);
    const started = seconds();
    const profile = profiles[name] ?? (await profileIn(name));
    const { openEngine } = await import('../src/engine/index.ts');
    const { reproduce } = await import('../src/reproduce/reproduce.ts');
    const engine = await openEngine(wanted, device);
    say(`engine: ${engine.why}`);
    const config = { profile, preset, channels, data, samples, engine: engine.name };
    const folder = out ?? join(runs, runId(`reproduce-${profile.name}`, config, seed));
    const command = `medchaos ${process.argv.slice(2).join(' ')}`;
    const results = await reproduce(
      { profile, preset, channels, seed, data, samples, out: folder, runs, command },
      engine,
    );
    const exact = results.cells.filter((cell) => cell.decryptedMse === 0).length;
    const report = runFile(folder, 'report');
    return {
      json: { out: folder, report, cells: results.cells.length, exact, seconds: seconds() - started },
      text:
        `${results.cells.length} cipher images, ${exact} decrypted exactly, in ${(seconds() - started).toFixed(0)} s\n` +
        `tables: ${join(folder, 'tables')}\nrun: ${folder}\nnext: open ${report}`,
      exitCode: exact === results.cells.length ? 0 : 1,
    };
  },
};

async function profileIn(path: string): Promise<Profile> {
  if (!existsSync(path))
    throw new InputError(`--profile expected ${Object.keys(profiles).join(', ')} or a file, got ${path}`);
  return checkedProfile(await experimentIn<Profile>(path), path);
}

export default command;
