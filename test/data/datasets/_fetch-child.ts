/** `fetchDatasets DATA SET-AS-JSON` in a process of its own, to be killed. */
import { fetchDatasets } from '../../../src/data/datasets/fetch.ts';

const [data, set] = process.argv.slice(2);
await fetchDatasets({ data: data!, sets: [JSON.parse(set!)], credentials: { headers: {}, from: null } });
