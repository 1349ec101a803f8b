/** The command `judge`: which cipher is on trial, where its folder is, and the files that it leaves. */
import { existsSync } from 'node:fs';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import type { MapName } from '../chaos/maps.ts';
import { loadSamples } from '../data/images/image.ts';
import { toSvg } from '../report/svg.ts';
import { defaultRuns, runId } from '../runs/run-folder.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, readInput, writeJson, writeWhole } from '../shared/files.ts';
import { withLock } from '../shared/folder-lock.ts';
import type { Raster } from '../shared/types.ts';
import type { BlackBoxCipher } from './black-box/cipher.ts';
import type { PictureFormat } from './black-box/picture-files.ts';
import { programCipher } from './black-box/program.ts';
import { schemeCipher, schemeKeyBytes } from './black-box/scheme.ts';
import { ServerCipher } from './black-box/server.ts';
import { judge } from './judge.ts';
import { figuresOf } from './judge-figures.ts';
import { judgePage } from './judge-page.ts';
import { tableFiles } from './judge-tables.ts';
import type { Judgement } from './judgement.ts';
import type { Level } from './levels.ts';
import { judgePairs } from './pairs.ts';

export interface JudgeOptions {
  readonly encrypt?: string | undefined;
  readonly decrypt?: string | undefined;
  readonly keystream?: string | undefined;
  readonly serve?: string | undefined;
  readonly pairs?: readonly string[] | undefined;
  readonly second?: string | undefined;
  readonly keys?: string | undefined;
  readonly scheme?: string | undefined;
  readonly map: MapName;
  readonly format: PictureFormat;
  readonly keyBytes?: number | undefined;
  readonly timeout: number;
  readonly images?: readonly string[] | undefined;
  readonly level: Level;
  readonly seed: number;
  readonly out?: string | undefined;
  readonly force: boolean;
}

/** A judgement with the command that makes it again. */
export interface JudgeJson extends Judgement {
  readonly command: string;
}

/** @throws InputError for options that do not fit together, or a cipher that takes no picture at all */
export async function runJudge(options: JudgeOptions): Promise<{ judgement: JudgeJson; page: string }> {
  checkOptions(options);
  const folder = options.out ?? join(defaultRuns, idOf(options));
  const added = missingFolders(folder);
  const out = await makeFolder(folder);
  const page = join(out, 'judge.html');
  const command = commandOf(options);
  const done = await doneBefore(out, command, options.force);
  if (done) return { judgement: done, page };
  const work = async () => {
    if (options.force) await rm(join(out, 'trials'), { recursive: true, force: true });
    const judgement = { command, ...(await judgementOf(options, out)) };
    await writeFiles(out, judgement);
    return { judgement, page };
  };
  try {
    return await withLock(join(out, '.busy'), work, 'judge');
  } catch (error) {
    await removeEmpty(added);
    throw error;
  }
}

/** The folder and those above it that are not there, the innermost first. */
function missingFolders(folder: string): string[] {
  return existsSync(folder) ? [] : [folder, ...missingFolders(dirname(folder))];
}

/** A refused command leaves no folders behind. @param folders the innermost first */
async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await rmdir(folder).catch(() => undefined); // not empty: trials are in it
}

/** judge.json last: it says that the folder is complete. */
async function writeFiles(out: string, judgement: JudgeJson): Promise<void> {
  const [tables, figures] = [await makeFolder(join(out, 'tables')), await makeFolder(join(out, 'figures'))];
  for (const [name, text] of Object.entries(tableFiles(judgement)))
    await writeWhole(join(tables, name), text);
  for (const figure of figuresOf(judgement)) {
    const svg = toSvg(figure);
    await writeWhole(join(figures, `${figure.id}.svg`), svg);
    await writeWhole(
      join(figures, `${figure.id}.png`),
      await sharp(Buffer.from(svg), { density: 144 }).png().toBuffer(),
    );
  }
  await writeWhole(join(out, 'judge.html'), await judgePage(judgement, out));
  await writeJson(join(out, 'judge.json'), judgement);
}

const sources = ['encrypt', 'serve', 'pairs', 'scheme'] as const;

function checkOptions(options: JudgeOptions): void {
  const given = sources.filter((name) => options[name] !== undefined);
  if (given.length !== 1)
    throw new InputError(
      `judge expected one of --encrypt, --serve, --pairs and --scheme, got ${given.length === 0 ? 'none' : given.map((name) => `--${name}`).join(' and ')}; example: medchaos judge --scheme paper`,
    );
  const belongs = { decrypt: 'encrypt', keystream: 'encrypt', second: 'pairs', keys: 'pairs' } as const;
  for (const [name, source] of Object.entries(belongs))
    if (options[name as keyof typeof belongs] !== undefined && given[0] !== source)
      throw new InputError(`--${name} goes with --${source}; leave it out, or add --${source}`);
  if (options.pairs && options.pairs.length !== 2)
    throw new InputError(
      `--pairs expected two folders, plain and cipher, got ${options.pairs.length}; give both`,
    );
  if (!(options.timeout > 0))
    throw new InputError(`--timeout expected seconds above 0, got ${options.timeout}`);
}

/** Options that decide the result: the same command finds its folder again. */
const decisive = [
  'encrypt',
  'decrypt',
  'keystream',
  'serve',
  'pairs',
  'second',
  'keys',
  'scheme',
  'map',
  'format',
  'keyBytes',
  'timeout',
  'images',
  'level',
  'seed',
] as const;

function idOf(options: JudgeOptions): string {
  const config = Object.fromEntries(decisive.map((name) => [name, options[name] ?? null]));
  return runId('judge', config, options.seed);
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

function commandOf(options: JudgeOptions): string {
  const standard = { map: 'lorenz', format: 'png', timeout: 30, level: 'quick', seed: 1 } as Record<
    string,
    unknown
  >;
  const words = decisive.flatMap((name) => {
    const value = options[name];
    if (value === undefined || value === standard[name]) return [];
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return [`--${flag}`, ...[value].flat().map((part) => quoted(String(part)))];
  });
  return ['medchaos judge', ...words].join(' ');
}

async function doneBefore(out: string, command: string, force: boolean): Promise<JudgeJson | null> {
  const path = join(out, 'judge.json');
  if (force || !existsSync(path)) return null;
  try {
    const found = JSON.parse((await readInput(path)).toString('utf8')) as JudgeJson;
    return found.command === command ? found : null;
  } catch {
    return null; // damaged: judged again
  }
}

async function judgementOf(options: JudgeOptions, out: string): Promise<Judgement> {
  const { pairs, second, keys } = options;
  if (pairs) {
    const folders = { plain: pairs[0]!, cipher: pairs[1]!, ...(second && { second }), ...(keys && { keys }) };
    return judgePairs({ folders, level: options.level, seed: options.seed, out, id: idOf(options) });
  }
  const cipher = cipherOf(options);
  try {
    const { level, seed } = options;
    const images = await loadImages(options.images ?? []);
    return await judge(cipher, {
      level,
      seed,
      images,
      out,
      id: idOf(options),
      keyBytes: keyBytesOf(options),
    });
  } finally {
    await cipher.close?.();
  }
}

function cipherOf({
  encrypt,
  decrypt,
  keystream,
  serve,
  scheme,
  map,
  format,
  timeout,
}: JudgeOptions): BlackBoxCipher {
  if (scheme !== undefined) return schemeCipher({ scheme, map });
  if (serve !== undefined) return new ServerCipher(serve, timeout);
  const optional = {
    ...(decrypt !== undefined && { decrypt }),
    ...(keystream !== undefined && { keystream }),
  };
  return programCipher({ encrypt: encrypt!, ...optional, format, timeout });
}

const keyBytesOf = ({ keyBytes, scheme, map }: JudgeOptions): number => {
  if (scheme === undefined) return keyBytes ?? 32;
  const own = schemeKeyBytes({ scheme, map });
  if (keyBytes !== undefined && keyBytes !== own)
    throw new InputError(`--key-bytes expected ${own} for --scheme ${scheme}, got ${keyBytes}; leave it out`);
  return own;
};

/** Files, and the pictures of folders. */
async function loadImages(paths: readonly string[]): Promise<{ name: string; raster: Raster }[]> {
  const files: string[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => null))?.isDirectory();
    if (isFolder)
      files.push(
        ...(await readdir(path))
          .filter((name) => !name.startsWith('.'))
          .sort()
          .map((name) => join(path, name)),
      );
    else files.push(path);
  }
  const load = async (path: string) => ({
    name: basename(path),
    raster: await loadSamples(await readInput(path, 'image'), path, 'native'),
  });
  return Promise.all(files.map(load));
}
