/**
 * `npm run faults -- [--count 60] [--seed 1] [--only NAME] [--json]`: commands killed by SIGKILL at seeded random moments,
 * then run again. Exit code 1 if anything was lost.
 */
import { parseArgs } from 'node:util';
import { faults } from './_faults.ts';
import { closeServer, scenarios } from './_scenarios.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const names = values.only === undefined ? Object.keys(scenarios) : [values.only];
const kills = await faults(
  Number(values.count),
  Number(values.seed),
  names,
  ({ scenario, kill, at, killed, lost }) =>
    console.error(
      `${kill}: ${scenario}, ${killed ? 'killed' : 'had ended'} at ${at.toFixed(2)} s: ${lost ?? 'nothing lost'}`,
    ),
);
await closeServer();
const lost = kills.filter((kill) => kill.lost !== null);
const reached = kills.filter(({ killed }) => killed).length;
if (values.json) console.log(JSON.stringify({ seed: Number(values.seed), kills, lost: lost.length }));
else
  console.log(
    `${kills.length} kills, ${reached} of them before the end, seed ${values.seed}: ${lost.length} lost something`,
  );
process.exitCode = lost.length > 0 ? 1 : 0;
