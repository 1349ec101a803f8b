/** `reproduce-tables`: the paper's tables, figures and timings, recomputed beside the published ones. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import paper from '../experiments/reproduce-paper.ts';
import quick from '../experiments/reproduce-quick.ts';
import { presetNames } from '../src/cipher/options.ts';
import { checkedProfile, type Profile } from '../src/reproduce/profile.ts';
import { runFile } from '../src/runs/run-files.ts';
import { defaultRuns, runId } from '../src/runs/run-folder.ts';
import { InputError } from '../src/shared/errors.ts';
import { option } from '../src/shared/option.ts';
import { say } from '../src/shared/progress.ts';
import { integer, oneOf, z } from '../src/shared/schema.ts';
import { seconds } from '../src/shared/timing.ts';
import { channelModes } from '../src/shared/types.ts';
import { command } from './_command.ts';
import { experimentIn } from './_experiment.ts';
import { engineOptions, optional, text } from './_options.ts';

const profiles: Record<string, Profile> = { quick, paper };

const seed = integer(0, Number.MAX_SAFE_INTEGER, 'an integer from 0');

const reproduceTablesCommand = command({
  examples: [
    ['reproduce-tables', 'the quick profile, minutes'],
    ['reproduce-tables --profile paper --data data', 'at 224x224, on pictures of the four sets'],
  ],
  options: {
    profile: option(text, {
      default: 'quick',
      help: 'quick: minutes; paper: 224x224, half an hour or more; or a file such as experiments/reproduce-quick.ts',
    }),
    preset: option(oneOf(presetNames), {
      default: 'paper',
      help: 'choices of the scheme that the paper leaves open',
    }),
    channels: option(oneOf(channelModes), { default: 'rgb', help: 'load pictures as RGB, or as stored' }),
    seed: option(seed, { default: 1, help: 'seed of training, phantoms and synthetic dates' }),
    data: optional('folder of data sets to take the pictures from', 'shipped pictures'),
    samples: option(z.array(text), { help: '1 to 8 image files for samples 1-4 and Table 7' }),
    ...engineOptions,
    runs: option(text, { default: defaultRuns, help: 'folder of the trained networks, made or found again' }),
    out: optional('folder for everything', 'RUNS/<run id>'),
  },
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
    const started = seconds();
    const profile = profiles[name] ?? (await profileIn(name));
    const { openEngine } = await import('../src/engine/engine.ts');
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
});
export default reproduceTablesCommand;

async function profileIn(path: string): Promise<Profile> {
  if (!existsSync(path))
    throw new InputError(`--profile expected ${Object.keys(profiles).join(', ')} or a file, got ${path}`);
  return checkedProfile(await experimentIn(path), path);
}
