/**
 * `npm run corpora`: real image files out of Python packages (Pillow's, pydicom's and scikit-image's test files, the PNG
 * suite) through our reader and through other people's (Pillow, tifffile, pypng, pydicom). A line for each file:
 * exact, close (lossy DICOM), refused with its sentence, unchecked (only we read it), or WRONG.
 * Ends with 1 if one is wrong; skips with a reason where no package index is reached. About 3 minutes, 90 MB; with
 * `-- FOLDER` the downloads stay there for the next time.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { loadRaster } from '../../src/data/images/image.ts';
import { InputError, messageOf } from '../../src/shared/errors.ts';
import type { Raster } from '../../src/shared/types.ts';

const readers = [
  ...['numpy', 'pillow', 'tifffile', 'imagecodecs', 'pypng', 'pydicom'],
  ...['pylibjpeg', 'pylibjpeg-libjpeg', 'pylibjpeg-openjpeg', 'pyjpegls'],
];
const here = import.meta.dirname;

/** As reader.py prints it. */
interface Theirs {
  readonly path: string;
  readonly samples: string;
  readonly error?: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly pages: number;
  /** How far samples may lie apart: more than 0 for lossy DICOM. */
  readonly tolerance: number;
}

type Verdict = 'exact' | 'close' | 'refused' | 'unchecked' | 'WRONG';

const own = process.argv[2];
const folder = own ? resolve(own) : mkdtempSync(join(tmpdir(), 'medchaos-corpora-'));
process.exitCode = await main().finally(() => own ?? rmSync(folder, { recursive: true, force: true }));

async function main(): Promise<number> {
  const python = join(folder, 'venv/bin/python');
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', join(folder, 'venv')]);
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', ...readers], { stdio: 'pipe' });
  } catch (error) {
    console.log(`skipped: no Python packages can be installed (${messageOf(error).slice(0, 200)})`);
    return 0;
  }
  if (!existsSync(join(folder, 'files')))
    execFileSync(python, [join(here, 'fetch.py'), folder], { stdio: ['ignore', 'inherit', 'inherit'] });
  return compareAll(python);
}

async function compareAll(python: string): Promise<number> {
  const counts = new Map<string, number>();
  for await (const theirs of readByOthers(python)) {
    const [verdict, why] = await verdictOn(theirs);
    const name = theirs.path.slice(folder.length + '/files/'.length);
    console.log(`${verdict.padEnd(9)} ${name}${why && `: ${why}`}`);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    rmSync(theirs.samples, { force: true });
  }
  console.log([...counts].map(([verdict, count]) => `${count} ${verdict}`).join(', '));
  return counts.has('WRONG') ? 1 : 0;
}

async function* readByOthers(python: string): AsyncGenerator<Theirs> {
  const root = join(folder, 'files');
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const child = spawn(python, [join(here, 'reader.py'), folder], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = once(child, 'close');
  child.stdin.end(paths.map((path) => `${path}\n`).join(''));
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    count++;
    yield JSON.parse(line) as Theirs;
  }
  await ended;
  if (count !== paths.length) throw new Error(`other readers read ${count} of ${paths.length} files`);
}

async function verdictOn(theirs: Theirs): Promise<[Verdict, string]> {
  let ours: Raster;
  try {
    ours = await loadRaster(readFileSync(theirs.path), 'FILE', 'native', 1);
  } catch (error) {
    if (!(error instanceof InputError)) return ['WRONG', `no sentence: ${messageOf(error)}`];
    const length = error.message.length - 'FILE: '.length;
    if (length > 120 && !/damaged/.test(error.message))
      return ['WRONG', `a sentence of ${length} characters: ${error.message}`];
    return ['refused', `${error.message}${theirs.error ? '' : ' (others read it)'}`];
  }
  if (theirs.error) return ['unchecked', theirs.error];
  if (theirs.pages > 1) return ['WRONG', `one of ${theirs.pages} pictures`];
  const shape = ({ width, height, channels, depth }: Omit<Raster, 'data'>): string =>
    `${width}x${height} of ${channels} channels, ${depth} bits`;
  if (shape(ours) !== shape(theirs as never))
    return ['WRONG', `${shape(ours)}, others ${shape(theirs as never)}`];
  const apart = distance(ours, readFileSync(theirs.samples));
  if (apart === 0) return ['exact', ''];
  return apart <= theirs.tolerance ? ['close', `${apart} apart`] : ['WRONG', `samples up to ${apart} apart`];
}

/** The largest difference of two samples. */
function distance({ data, depth }: Raster, bytes: Buffer): number {
  const copy = Uint8Array.from(bytes).buffer;
  const others = depth === 16 ? new Uint16Array(copy) : new Uint8Array(copy);
  let most = 0;
  for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i]! - others[i]!));
  return most;
}
