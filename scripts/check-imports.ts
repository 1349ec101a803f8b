/** `npm run check`, its last part: the directions of imports, no circles, and no clock or unseeded chance in src/. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { circlesOf } from './_circles.ts';
import { faultsOf } from './_import-rules.ts';
import type { Source } from './_references.ts';

const root = join(import.meta.dirname, '..');

const files: Source[] = ['src', 'scripts', 'bench', 'experiments', 'lab'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .map((path) => ({ path: path.replaceAll(sep, '/'), text: readFileSync(join(root, path), 'utf8') })),
);

const faults = faultsOf(files);
for (const { path, line, message } of faults) console.error(`${path}:${line} ${message}`);
const circles = circlesOf(files);
for (const circle of circles) console.error(`circle: ${circle}`);
console.error(
  `imports: ${files.length} files, ${faults.length} against the rules of scripts/_import-rules.ts, ${circles.length} circles`,
);
process.exitCode = faults.length + circles.length > 0 ? 1 : 0;
