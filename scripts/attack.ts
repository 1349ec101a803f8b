/** `medchaos attack <name> [image]`: what an attacker gets out of a scheme, run for real. */

import { join } from 'node:path';
import { attackNames } from '../src/attacks/index.ts';
import { mapNames } from '../src/chaos/maps.ts';
import { presetNames } from '../src/cipher/options.ts';
import { type SchemeName, schemeNames } from '../src/cipher/schemes.ts';
import type { AttackRecord } from '../src/judge/attack.ts';
import type { DateAttackRecord } from '../src/judge/attack-date.ts';
import { tallies, tallyText } from '../src/report/attack-tally.ts';
import { option, type ValuesOf } from '../src/shared/option.ts';
import { oneOf } from '../src/shared/schema.ts';
import { netNames } from '../src/shared/types.ts';
import { command } from './_command.ts';
import { maxDecodedOption, optional, real, text } from './_options.ts';

const options = {
  scheme: option(oneOf([...schemeNames(), 'both']), {
    default: 'paper',
    help: 'scheme under attack; both: paper and hardened',
  }),
  map: option(oneOf(mapNames), {
    unset: "lorenz, or the paper's one that --params fits; parameters: logistic, then lorenz",
    help: 'chaotic map',
  }),
  params: optional('the secret parameters', "the paper's fixed 3.95 or 10,28,2.667"),
  preset: option(oneOf(presetNames), { default: 'paper', help: 'choices of the paper scheme' }),
  size: option(real, { unset: '512, or those of the image', help: 'width and height' }),
  seed: option(real, { default: 1, help: 'seed of images and of all that attacks draw' }),
  trials: option(real, { default: 20, help: 'repetitions inside differential and tampering' }),
  repeats: option(real, {
    default: 5,
    help: 'rounds of each attack, each with another key and other images; the median time is given',
  }),
  ...maxDecodedOption,
  out: optional('folder for attacks.html, attacks.json and the pictures'),
  net: option(oneOf(netNames), { default: 'mobilenetv2', help: 'date: the public network' }),
  model: optional('date: run id or folder of the network', 'the newest that fits'),
  date: option(text, { default: '2023-03-04T13:37:42', help: 'date: the secret second' }),
  from: optional('date: first second to try', 'midnight of that day'),
  span: option(real, { default: 86_400, help: 'date: seconds to try' }),
  ulps: option(real, { default: 2, help: 'date: float32 neighbours tried of each network output' }),
  plain: optional('parameters: the plain picture of this cipher picture, where it is known'),
  batch: option(real, { default: 32, help: 'date: dates that the network takes at once' }),
};
type Values = Omit<ValuesOf<typeof options>, 'scheme'>;

const attackCommand = command({
  examples: [
    ['attack all --scheme both --out attacks', 'all attacks on both schemes, with a page of pictures'],
    ['attack chosen-plaintext x.png', 'one attack on one picture'],
    ['attack parameters x.cipher.png --map lorenz', 'the key of one cipher picture, from the picture alone'],
  ],
  positionals: {
    name: option(oneOf(['all', ...attackNames, 'date', 'parameters']), {
      required: true,
      help: 'one attack, or all; not among all: date, which needs a trained network, and parameters, of one cipher picture of the paper scheme',
    }),
    image: optional(
      'image to protect; parameters: the cipher picture, - is standard input',
      'a generated brain slice',
    ),
  },
  options,
  run: async ({ name, scheme, ...options }) => {
    if (name === 'parameters') return parameters(options);
    const schemes = scheme === 'both' ? (['paper', 'hardened'] as const) : [scheme];
    const attacks = await attackRecords(name, { ...options, schemes });
    const where = options.out
      ? `at a glance: ${join(options.out, 'attacks.html')}`
      : 'next: add --out FOLDER for a page with pictures';
    const summary = tallies(attacks);
    const totals = summary.map((tally) => `${tally.scheme.padEnd(8)} ${tallyText(tally)}`);
    return { json: { attacks, summary }, text: [...attacks.map(line), '', ...totals, where].join('\n') };
  },
});
export default attackCommand;

async function parameters({ image, map, ...request }: Values & { image?: string | undefined }) {
  const { attackParameters, cipherOf, mapOf } = await import('../src/judge/attack-parameters.ts');
  const json = await attackParameters({ ...request, map: mapOf(map), cipher: cipherOf(image) });
  const text =
    json.recovered === null ? json.finding : `${json.finding}\nrecovered picture: ${json.recovered}`;
  return { json, text, exitCode: json.found ? 0 : 1 };
}

async function attackRecords(
  name: string,
  options: Values & { schemes: readonly SchemeName[] },
): Promise<(AttackRecord | DateAttackRecord)[]> {
  if (name === 'date') return (await import('../src/judge/attack-date.ts')).runDateAttack(options);
  const { attacksNamed, runAttacks } = await import('../src/judge/attack.ts');
  return runAttacks({ ...options, names: attacksNamed(name) });
}

const verdictOf = (success: boolean, property: string | null | undefined): string =>
  (property ? ['there ', 'ABSENT'] : ['holds ', 'BROKEN'])[success ? 1 : 0]!;

const line = ({
  name,
  scheme,
  success,
  property,
  successRate,
  rounds,
  queries,
  seconds,
  finding,
}: AttackRecord | DateAttackRecord): string =>
  `${scheme.padEnd(8)} ${name.padEnd(16)} ${verdictOf(success, property)} ` +
  `${Math.round(successRate * rounds)}/${rounds}  ` +
  `${String(queries).padStart(4)} queries ${(1000 * seconds).toFixed(0).padStart(6)} ms  ${finding}`;
