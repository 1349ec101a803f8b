/** `datasets fetch` of one set that a file describes: `_fetch-child.ts DATA SET`. */
import { readFileSync } from 'node:fs';
import { fetchDatasets } from '../../src/data/datasets/fetch.ts';

const [data, set] = process.argv.slice(2) as [string, string];
const sets = [JSON.parse(readFileSync(set, 'utf8'))];
const retry = { tries: 6, pause: () => 0.02 };
const { failed } = await fetchDatasets({ data, sets, credentials: { headers: {}, from: null }, retry });
for (const { reason } of failed) console.error(reason);
process.exitCode = failed.length > 0 ? 1 : 0;
