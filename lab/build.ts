/**
 * The lab as one HTML file: style, page script and worker script stand in it, so that it works from disk, from any host,
 * and without a network. Its content security policy names the script by its hash and forbids every connection.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;

/** A script for a browser: no module of Node, no source map, the same bytes each time. */
async function bundle(entry: string, define: Record<string, string> = {}): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    define,
  });
  return outputFiles[0]!.text.trim();
}

/** Text inside a script element, where `</script` would end it. */
const embedded = (script: string): string => script.replaceAll('</script', '<\\/script');

const hashOf = (script: string): string => createHash('sha256').update(script).digest('base64');

/** Of all files of lab/: it says whether a page was made from them as they stand. Where rooms of src stand does not matter. */
export async function sourcesHash(): Promise<string> {
  const names = (await readdir(here)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(here, name), 'utf8')));
  return createHash('sha256')
    .update(JSON.stringify([names, texts]))
    .digest('hex');
}

/** The whole page. */
export async function buildLab(): Promise<string> {
  const worker = await bundle('worker.ts');
  const script = embedded(await bundle('main.ts', { WORKER_SOURCE: JSON.stringify(worker) }));
  const style = await readFile(join(here, 'style.css'), 'utf8');
  const page = await readFile(join(here, 'page.html'), 'utf8');
  const parts: Readonly<Record<string, string>> = {
    style,
    script,
    hash: hashOf(script),
    sources: await sourcesHash(),
  };
  return page.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name]!);
}
