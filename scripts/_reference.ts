/**
 * `npm run reference`: re-creates results/reference/quick, on which FINDINGS.md stands: the quick reproduction of
 * the tables and its page, the audit of the published rows, and all attacks on both schemes.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyPage } from './_reference-page.ts';

const out = join('results', 'reference', 'quick');
const run = promisify(execFile);

/** The object that a command prints with `--json`. */
async function printed(...words: string[]): Promise<unknown> {
  process.stderr.write(`medchaos ${words.join(' ')}\n`);
  const command = ['--import', 'tsx', 'scripts/medchaos.ts', ...words, '--json'];
  const { stdout } = await run(process.execPath, command, { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout);
}

const keep = (name: string, value: unknown): Promise<void> =>
  writeFile(join(out, name), `${JSON.stringify(value, null, 1)}\n`);

await mkdir(join(out, 'tables'), { recursive: true });
await keep('audit.json', await printed('metrics', 'audit'));
await keep('attacks.json', await printed('attack', 'all', '--scheme', 'both', '--repeats', '3'));
const { out: made } = (await printed('reproduce-tables', '--profile', 'quick')) as { out: string };
for (const name of ['run.json', 'env.json', 'recovered.json'])
  await copyFile(join(made, name), join(out, name));
for (const name of (await readdir(join(made, 'tables'))).filter((file) => file.endsWith('.csv')))
  await copyFile(join(made, 'tables', name), join(out, 'tables', name));
copyPage(made, out);
process.stderr.write(
  `done: ${out}\nnext: npx vitest run test/findings.test.ts, which compares FINDINGS.md with it\n`,
);
