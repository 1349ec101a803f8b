/** `medchaos attack <name> [image]`: what an attacker gets out of a scheme, run for real. */

import { join } from 'node:path';
import { type MapName, mapNames } from '../src/chaos/maps.ts';
import type { PresetName } from '../src/cipher/index.ts';
import { type SchemeName, schemeNames } from '../src/cipher/schemes.ts';
import type { AttackRecord } from '../src/judge/attack.ts';
import type { DateAttackRecord } from '../src/judge/attack-date.ts';
import type { NetName } from '../src/shared/types.ts';
import type { Command } from './_command.ts';
import { maxDecodedOption, once, text } from './_options.ts';

interface Options {
  name: string;
  image?: string;
  scheme: SchemeName | 'both';
  map?: MapName;
  params?: string;
  preset: PresetName;
  size?: number;
  seed: number;
  trials: number;
  repeats: number;
  out?: string;
  net: NetName;
  model?: string;
  date: string;
  from?: string;
  span: number;
  ulps: number;
  batch: number;
}

const number = (name: string, describe: string) =>
  ({ type: 'number', requiresArg: true, describe, coerce: once(name) }) as const;

const command: Command<Options> = {
  examples: [
    ['attack all --scheme both --out attacks', 'all attacks on both schemes, with a page of pictures'],
    ['attack chosen-plaintext x.png', 'one attack on one picture'],
  ],
  builder: (yargs) =>
    yargs
      .positional('name', {
        type: 'string',
        describe:
          'all, chosen-plaintext, known-plaintext, key-reuse, differential, ciphertext-only, noise, occlusion, ' +
          'tampering, key-sensitivity, weak-keys, or (apart from all, with a trained network) date',
      })
      .positional('image', {
        type: 'string',
        describe: 'image to protect (default: a generated brain slice)',
      })
      .options({
        scheme: {
          choices: [...schemeNames(), 'both'],
          default: 'paper',
          requiresArg: true,
          describe: 'scheme under attack; both: paper and hardened',
        },
        map: {
          choices: mapNames,
          requiresArg: true,
          describe: 'chaotic map (default: lorenz, or the one that --params fits)',
        },
        params: text('params', "the secret parameters (default: the paper's fixed 3.95 or 10,28,2.667)"),
        preset: {
          choices: ['paper', 'sound'],
          default: 'paper',
          requiresArg: true,
          describe: 'choices of the paper scheme',
        },
        size: number('size', 'width and height (default: 512, or those of the image)'),
        seed: { ...number('seed', 'of images and of what attacks draw'), default: 1 },
        trials: { ...number('trials', 'repetitions inside differential and tampering'), default: 20 },
        repeats: {
          ...number(
            'repeats',
            'rounds of each attack, each with another key and other images; the median time is given',
          ),
          default: 5,
        },
        ...maxDecodedOption,
        out: text('out', 'folder for attacks.html, attacks.json and the pictures'),
        net: {
          choices: ['resnet18', 'mobilenetv2'],
          default: 'mobilenetv2',
          requiresArg: true,
          describe: 'date: the public network',
        },
        model: text('model', 'date: run id or folder of the network (default: the newest that fits)'),
        date: { ...text('date', 'date: the secret second'), default: '2023-03-04T13:37:42' },
        from: text('from', 'date: first second to try (default: midnight of that day)'),
        span: { ...number('span', 'date: seconds to try'), default: 86_400 },
        ulps: { ...number('ulps', 'date: float32 neighbours tried of each network output'), default: 2 },
        batch: { ...number('batch', 'date: dates that the network takes at once'), default: 32 },
      }) as never,
  run: async ({ name, scheme, ...options }) => {
    const schemes = scheme === 'both' ? (['paper', 'hardened'] as const) : [scheme];
    const attacks = await attackRecords(name, { ...options, schemes });
    const where = options.out
      ? `at a glance: ${join(options.out, 'attacks.html')}`
      : 'next: add --out FOLDER for a page with pictures';
    return { json: { attacks }, text: [...attacks.map(line), where].join('\n') };
  },
};

async function attackRecords(
  name: string,
  options: Omit<Options, 'name' | 'scheme'> & { schemes: readonly SchemeName[] },
): Promise<(AttackRecord | DateAttackRecord)[]> {
  if (name === 'date') return (await import('../src/judge/attack-date.ts')).runDateAttack(options);
  const { attacksNamed, runAttacks } = await import('../src/judge/attack.ts');
  return runAttacks({ ...options, names: attacksNamed(name) });
}

const line = ({
  name,
  scheme,
  success,
  successRate,
  rounds,
  queries,
  seconds,
  finding,
}: AttackRecord | DateAttackRecord): string =>
  `${scheme.padEnd(8)} ${name.padEnd(16)} ${success ? 'BROKEN' : 'holds '} ` +
  `${Math.round(successRate * rounds)}/${rounds}  ` +
  `${String(queries).padStart(4)} queries ${(1000 * seconds).toFixed(0).padStart(6)} ms  ${finding}`;

export default command;
