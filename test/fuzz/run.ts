/**
 * `npm run fuzz -- [--count 10000] [--seed 1] [--json]`: changed files for every reader. Exit code 1 if one of them was
 * neither read nor refused by a sentence; the same seed gives the same files.
 */
import { parseArgs } from 'node:util';
import { progressBar } from '../../src/shared/progress.ts';
import { fuzz } from './_fuzz.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const bar = progressBar('fuzz', Number(values.count));
const result = await fuzz(Number(values.count), Number(values.seed), (done) => bar.update(done));
bar.stop();
if (values.json) console.log(JSON.stringify(result));
else {
  for (const [reader, row] of Object.entries(result.readers)) console.log(reader, JSON.stringify(row));
  for (const { at, reader, what } of result.faults) console.log(`fault: file ${at} (${reader}): ${what}`);
  const { slowestSeconds, mostMegabytes, faults } = result;
  console.log(
    `${result.count} files, seed ${result.seed}: ${faults.length} faults; slowest ${slowestSeconds.toFixed(1)} s, ` +
      `memory up to ${mostMegabytes} MB above the start`,
  );
}
process.exitCode = result.faults.length > 0 ? 1 : 0;
