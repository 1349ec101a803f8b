/** `npm run lab`: docs/lab/index.html, the page to try maps, attacks and tables in a browser. */
import { join } from 'node:path';
import { buildLab } from '../lab/build.ts';
import { makeFolder, writeWhole } from '../src/shared/files.ts';

const folder = await makeFolder(join(import.meta.dirname, '..', 'docs', 'lab'));
const page = await buildLab();
await writeWhole(join(folder, 'index.html'), page);
console.log(`docs/lab/index.html: ${Math.round(Buffer.byteLength(page) / 1000)} kB; open it in a browser`);
