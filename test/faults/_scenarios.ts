/** Commands that are killed, what each begins with, and what must be there when the same command has run again. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLock } from '../../src/data/datasets/lock.ts';
import { encodePng } from '../../src/data/images/image.ts';
import { stream } from '../../src/shared/random.ts';
import { isStaged } from '../../src/shared/staging.ts';
import { noiseImage } from '../attacks/_images.ts';
import { tarGzOf } from '../data/datasets/_archives.ts';
import { archiveOf, type TestServer, withArchives } from '../data/datasets/_server.ts';
import { type Ended, runProgram } from './_program.ts';
import { serveBadly } from './_server.ts';

export interface Scenario {
  /** @param at an empty folder */
  readonly prepare: (at: string) => Promise<void>;
  /** Arguments of node. */
  readonly command: (at: string) => string[];
  /** @returns what is wrong after the kill, before anything else runs; null: nothing */
  readonly afterKill?: (at: string) => Promise<string | null>;
  /** What the folder holds in the end: the same after a kill as without one. */
  readonly state: (at: string) => Promise<string>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const medchaos = (...args: string[]): string[] => [join(root, 'bin/medchaos.js'), ...args];
const child = (...args: string[]): string[] => ['--import', import.meta.resolve('tsx'), ...args];

/** Files below a folder with their hashes; what is staged counts too. */
function hashes(folder: string): string {
  if (!existsSync(folder)) return '';
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12);
  return paths.map((path) => `${relative(folder, path)} ${hash(path)}`).join('\n');
}

const namesIn = (folder: string): string =>
  hashes(folder)
    .split('\n')
    .map((line) => line.split(' ')[0])
    .join('\n');

const images = 8;
const options = ['--params', '10,28,2.667', '--recipient', 'public.pem', '--jobs', '2'];

async function pictures(at: string): Promise<void> {
  mkdirSync(join(at, 'in/ward'), { recursive: true });
  for (let i = 0; i < images; i++) {
    const raster = noiseImage({ width: 300, height: 200, channels: 1, depth: 8 }, stream(i, 'faults'));
    writeFileSync(join(at, 'in', i % 2 ? 'ward' : '', `p${i}.png`), await encodePng(raster));
  }
  const made = await runProgram(medchaos('keygen', '--type', 'p256', '--out', '.'), at);
  if (made.code !== 0) throw new Error(made.text);
}

async function sealed(at: string): Promise<void> {
  await pictures(at);
  await expectDone(runProgram(medchaos('encrypt', 'in', ...options, '--out', 'sealed'), at));
}

async function expectDone(ended: Promise<Ended>): Promise<void> {
  const { code, text } = await ended;
  if (code !== 0) throw new Error(`exit code ${code}: ${text}`);
}

/** What the cipher images open to, whatever their random keys are. */
async function opened(at: string): Promise<string> {
  const command = medchaos('decrypt', 'sealed', '--private-key', 'private.pem', '--out', 'opened', '--force');
  const { code, text } = await runProgram(command, at);
  return `${code === 0 ? '' : text}\n${hashes(join(at, 'opened'))}\n${namesIn(join(at, 'sealed'))}`;
}

/** Every cipher image that is there with its key file opens. */
async function pairsOpen(at: string): Promise<string | null> {
  const folder = join(at, 'sealed');
  const names = namesIn(folder)
    .split('\n')
    .filter((name) => name !== '' && !isStaged(name.split('/').at(-1)!));
  const stems = names
    .filter((name) => name.endsWith('.cipher.png'))
    .map((name) => name.replace('.cipher.png', ''));
  const whole = stems.filter((stem) => names.includes(`${stem}.keys.jwe`));
  const copy = join(at, 'copy');
  for (const stem of whole)
    for (const ending of ['.cipher.png', '.keys.jwe'])
      cpSync(join(folder, stem + ending), join(copy, stem + ending));
  if (whole.length === 0) return null;
  const { code, text } = await runProgram(
    medchaos('decrypt', 'copy', '--private-key', 'private.pem', '--out', 'tried'),
    at,
  );
  return code === 0 ? null : text;
}

const archive = tarGzOf(
  Array.from({ length: 400 }, (_, i) => ({
    name: `images/${String(i).padStart(8, '0')}_000.png`,
    data: Buffer.alloc(2000 + i, `${i}`),
  })),
);
let server: TestServer | undefined;
const nih = readLock().datasets.find(({ id }) => id === 'nih')!;
const childFile = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function oneSet(at: string): Promise<void> {
  server ??= await serveBadly('/a.tar.gz', archive);
  const described = archiveOf('images_001.tar.gz', archive, { url: `${server.url}/a.tar.gz`, count: 400 });
  writeFileSync(join(at, 'set.json'), JSON.stringify(withArchives(nih, [described])));
  writeFileSync(join(at, 'images_001.tar.gz'), archive);
}

export const closeServer = async (): Promise<unknown> => server?.close();

const data = async (at: string): Promise<string> => hashes(join(at, 'data'));

export const scenarios: Readonly<Record<string, Scenario>> = {
  'encrypt a folder': {
    prepare: pictures,
    command: () => medchaos('encrypt', 'in', ...options, '--out', 'sealed'),
    afterKill: pairsOpen,
    state: opened,
  },
  'encrypt --force': {
    prepare: sealed,
    command: () => medchaos('encrypt', 'in', ...options, '--out', 'sealed', '--force'),
    afterKill: allPairsOpen,
    state: opened,
  },
  'decrypt --ledger': {
    prepare: sealed,
    command: () =>
      medchaos(
        'decrypt',
        'sealed',
        '--private-key',
        'private.pem',
        '--out',
        'plain',
        '--ledger',
        'ledger',
        '--jobs',
        '2',
      ),
    state: async (at) => hashes(join(at, 'plain')),
  },
  'datasets fetch': {
    prepare: oneSet,
    command: () => child(childFile('./_fetch-child.ts'), 'data', 'set.json'),
    state: data,
  },
  'datasets import': {
    prepare: oneSet,
    command: () => child(childFile('./_import-child.ts'), 'data', 'set.json', 'images_001.tar.gz'),
    state: data,
  },
  'a cell of a sweep': {
    prepare: async (at) => {
      writeFileSync(join(at, 'package.json'), '{"type":"module"}');
      writeFileSync(join(at, 'sweep.ts'), sweep);
    },
    command: () => medchaos('sweep', 'sweep.ts', '--jobs', '1', '--out', 'cells'),
    state: async (at) =>
      readFileSync(join(at, 'cells/variants.csv'), 'utf8')
        .split('\n')
        .filter((line) => !line.includes('_ms,'))
        .join('\n'),
  },
};

const sweep = `export default {
  name: 'faults', question: 'Same?', work: 'ablation',
  base: { source: 'hash', map: 'logistic', dates: 64, sequences: 4 },
  grid: { range: ['paper', 'high'] }, seeds: [1],
};\n`;

/** All pairs, old ones or new ones: none is lost. */
async function allPairsOpen(at: string): Promise<string | null> {
  const names = namesIn(join(at, 'sealed')).split('\n');
  const count = (ending: string) => names.filter((name) => name.endsWith(ending)).length;
  const [ciphers, keys] = [count('.cipher.png'), count('.keys.jwe')];
  if (ciphers !== images || keys !== images)
    return `${ciphers} cipher images and ${keys} key files of ${images}`;
  return pairsOpen(at);
}
