/**
 * A cipher that is a program: one process for each picture. The words {in}, {out}, {key} and {extra} of its command are
 * replaced by files; the contract is docs/judge.md. The process has no terminal and no standard input, and
 * its group is killed when its time is over.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { excerptOf, InputError, messageOf } from '../../shared/errors.ts';
import type { Raster } from '../../shared/types.ts';
import type { BlackBoxCipher, Sealed } from './cipher.ts';
import { codecs, type PictureFormat } from './picture-files.ts';
import { shellWords } from './shell-words.ts';

export interface ProgramOptions {
  readonly encrypt: string;
  readonly decrypt?: string;
  readonly keystream?: string;
  readonly format: PictureFormat;
  /** Seconds that a query may take. */
  readonly timeout: number;
}

/** @throws InputError for a command without its files, or that cannot be split into words */
export function programCipher({
  encrypt,
  decrypt,
  keystream,
  format,
  timeout,
}: ProgramOptions): BlackBoxCipher {
  const manners = new Manners();
  const queryOf = (role: string, line: string): Query => ({
    role,
    words: checkedWords(role, line),
    format,
    timeout,
    manners,
  });
  const [forward, backward, stream] = [
    queryOf('encrypt', encrypt),
    decrypt === undefined ? null : queryOf('decrypt', decrypt),
    keystream === undefined ? null : queryOf('keystream', keystream),
  ];
  return {
    name: nameOf(encrypt),
    atOnce: Math.max(1, availableParallelism()),
    peakMemory: () => manners.peak,
    remarks: () => [...manners.remarks],
    encrypt: (plain, key) => ask(forward, plain, key),
    ...(backward && {
      decrypt: async (cipher: Raster, key: Uint8Array, extra: Uint8Array) =>
        (await ask(backward, cipher, key, extra)).image,
    }),
    ...(stream && {
      keystream: async (shape, key) => {
        const n = shape.width * shape.height * shape.channels;
        const black = { ...shape, data: shape.depth === 8 ? new Uint8Array(n) : new Uint16Array(n) };
        const { data } = (await ask(stream, black, key)).image;
        return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      },
    }),
  };
}

/** Side effects of the program. */
class Manners {
  readonly remarks = new Set<string>();
  peak: number | null = null;
}

interface Query {
  readonly role: string;
  readonly words: readonly string[];
  readonly format: PictureFormat;
  readonly timeout: number;
  readonly manners: Manners;
}

/** The program's name, without folders and interpreter: `python3 my/cipher.py {in}` is `cipher.py`. */
function nameOf(line: string): string {
  const words = shellWords(line).filter((word) => !/[{}]/.test(word) && !word.startsWith('-'));
  const named = words.find((word, at) => at > 0 && /\.\w+$/.test(word)) ?? words[0] ?? 'program';
  return named.split('/').at(-1)!;
}

function checkedWords(role: string, line: string): string[] {
  const words = shellWords(line);
  const needed = role === 'keystream' ? ['{out}', '{key}'] : ['{in}', '{out}'];
  const missing = needed.find((word) => !words.some((one) => one.includes(word)));
  if (missing)
    throw new InputError(
      `--${role} expected the word ${missing} in its command, got: ${line}; put it where the program expects that file`,
    );
  return words;
}

async function ask(
  query: Query,
  picture: Raster,
  key: Uint8Array,
  extra: Uint8Array = new Uint8Array(0),
): Promise<Sealed> {
  const folder = await mkdtemp(join(tmpdir(), 'medchaos-judge-'));
  try {
    const codec = codecs[query.format];
    const files = filesIn(folder, codec.ending);
    await writeFile(files['{in}'], await codec.encode(picture));
    await writeFile(files['{key}'], key);
    if (extra.length > 0) await writeFile(files['{extra}'], extra);
    await run(query, files, picture, key.length);
    const image = await readAnswer(query, files['{out}'], picture);
    return {
      image,
      extra: existsSync(files['{extra}']) ? await readFile(files['{extra}']) : new Uint8Array(0),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Files = Readonly<Record<'{in}' | '{out}' | '{key}' | '{extra}', string>>;

const filesIn = (folder: string, ending: string): Files => ({
  '{in}': join(folder, `in${ending}`),
  '{out}': join(folder, `out${ending}`),
  '{key}': join(folder, 'key.bin'),
  '{extra}': join(folder, 'extra.bin'),
});

/** The shape of a picture for programs that read raw samples. */
const shapeEnvironment = ({ width, height, channels, depth }: Raster): Record<string, string> => ({
  MEDCHAOS_WIDTH: String(width),
  MEDCHAOS_HEIGHT: String(height),
  MEDCHAOS_CHANNELS: String(channels),
  MEDCHAOS_DEPTH: String(depth),
});

async function run(query: Query, files: Files, picture: Raster, keyBytes: number): Promise<void> {
  const { role, words, timeout, manners } = query;
  const [program, ...args] = words.map((word) =>
    word.replace(/\{(?:in|out|key|extra)\}/g, (name) => files[name as keyof Files]),
  );
  const env = {
    ...process.env,
    ...shapeEnvironment(picture),
    MEDCHAOS_ROLE: role,
    MEDCHAOS_KEY_BYTES: String(keyBytes),
  };
  const child = spawn(program!, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { code, signal, stdout, stderr, late } = await ended(child, timeout, manners);
  if (stdout.trim())
    manners.remarks.add(`${role} prints to stdout, which judge ignores: ${excerptOf(stdout.trim())}`);
  if (late)
    throw new InputError(
      `${role} did not end within ${timeout} s and was stopped; it may wait for input or a terminal; ` +
        'raise --timeout, or use --serve for a slow start',
    );
  if (code !== 0)
    throw new InputError(
      `${role} ended with ${signal ? `signal ${signal}` : `exit code ${code}`}${lastLine(stderr)}; run it by hand to see why`,
    );
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly late: boolean;
}

const kept = 4096;

function ended(child: ChildProcess, timeout: number, manners: Manners): Promise<End> {
  return new Promise((resolve, reject) => {
    const texts = { stdout: '', stderr: '' };
    let late = false;
    for (const name of ['stdout', 'stderr'] as const)
      child[name]!.setEncoding('utf8').on('data', (text: string) => {
        texts[name] = (texts[name] + text).slice(-kept);
      });
    const timer = setTimeout(() => {
      late = true;
      killGroup(child);
    }, 1000 * timeout);
    const watch = setInterval(() => {
      manners.peak = Math.max(manners.peak ?? 0, residentPeak(child.pid) ?? 0) || null;
    }, 4);
    let linger: NodeJS.Timeout | undefined;
    const stop = (): void => {
      clearTimeout(timer);
      clearTimeout(linger);
      clearInterval(watch);
    };
    child.on('error', (error) => {
      stop();
      reject(notStarted(child.spawnfile, error));
    });
    child.on('exit', () => {
      // A background child of the program may keep the pipes open: do not wait for it.
      linger = setTimeout(() => {
        killGroup(child);
        for (const name of ['stdout', 'stderr'] as const) child[name]!.destroy();
      }, 200);
    });
    child.on('close', (code, signal) => {
      stop();
      resolve({ code, signal, ...texts, late });
    });
  });
}

export function notStarted(program: string, error: unknown): InputError {
  const { code } = error as NodeJS.ErrnoException;
  const reason =
    code === 'ENOENT'
      ? 'there is no such program'
      : code === 'EACCES'
        ? 'it is not executable'
        : messageOf(error);
  return new InputError(`cannot start ${program}: ${reason}; check the command and its path`);
}

export function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // the group has ended
  }
}

/** Linux: VmHWM, the most memory that the process had. */
export function residentPeak(pid: number | undefined): number | null {
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return found ? 1024 * Number(found[1]) : null;
  } catch {
    return null;
  }
}

export function lastLine(text: string): string {
  const line = text.trim().split('\n').at(-1)?.trim();
  return line ? `: ${excerptOf(line)}` : '';
}

async function readAnswer({ role, format }: Query, path: string, like: Raster): Promise<Raster> {
  const bytes = await readFile(path).catch(() => null);
  if (!bytes)
    throw new InputError(
      `${role} ended without writing {out} (a ${format} file); write the picture to that path`,
    );
  try {
    return await codecs[format].decode(bytes, like);
  } catch (error) {
    throw new InputError(`${role} wrote a file that is no ${format} picture: ${messageOf(error)}`);
  }
}
