/**
 * The rooms of this house, the directions of imports between them as a table, and the check of a tree of files against
 * it. Type-only imports follow the table too: a type that a lower room needs belongs in that room.
 */
import { posix } from 'node:path';
import { type References, referencesOf, type Source } from './_references.ts';

export interface Room {
  /** Rooms it may import besides itself. */
  readonly may: readonly string[];
  /** Even those only as types. */
  readonly typesOnly?: true;
  /** Must load without TensorFlow, danfojs or a network: it is a public sub-path, or will be. */
  readonly free?: true;
}

const data = ['data/images', 'data/dicom', 'data/metadata', 'data/datasets', 'data/pairs', 'data/pictures'];
const ciphers = ['chaos', 'nist', 'metrics', 'cipher/envelope', 'cipher', 'attacks', 'attacks/black-box'];
const networks = ['engine', 'models', 'executors', 'training'];
const upTo: Readonly<Record<string, readonly string[]>> = {
  training: [
    'shared',
    'runs',
    'chaos',
    'cipher',
    ...data,
    'engine',
    'models',
    'executors',
    'tables',
    'report',
  ],
  judge: ['shared', 'runs', ...ciphers, ...data, ...networks, 'tables', 'report', 'sealing'],
};
const anyOfSrc = [...upTo.judge!, 'review', 'judge', 'reproduce', 'sweep', 'tools'];

/** A room is a folder of src/ or one named here inside it (`data/pairs`), or `scripts`, `bench`, `lab` or `experiments`. From the lowest floor up. */
export const rooms: Readonly<Record<string, Room>> = {
  shared: { may: [] },
  chaos: { may: ['shared'], free: true },
  nist: { may: ['shared'], free: true },
  metrics: { may: ['nist', 'shared'], free: true },
  'cipher/envelope': { may: ['shared'], free: true },
  cipher: { may: ['chaos', 'cipher/envelope', 'shared'], free: true },
  attacks: { may: ['chaos', 'cipher', 'metrics', 'shared'], free: true },
  'attacks/black-box': { may: ['attacks', 'cipher', 'metrics', 'shared'], free: true },
  runs: { may: ['shared'] },
  'data/dicom': { may: ['shared'] },
  'data/images': { may: ['data/dicom', 'shared'] },
  'data/metadata': { may: ['data/images', 'data/dicom', 'shared'] },
  'data/datasets': { may: ['shared'] },
  'data/pairs': { may: ['chaos', ...data.slice(0, -1), 'runs', 'shared'] },
  'data/pictures': { may: [...data, 'shared'] },
  models: { may: ['shared'] },
  engine: { may: ['models', 'shared'] },
  executors: { may: ['data/pairs', 'engine', 'models', 'shared'] },
  tables: { may: ['chaos', 'data/dicom', 'nist', 'metrics', 'runs', 'shared'] },
  report: { may: [...data, 'nist', 'metrics', 'runs', 'tables', 'shared'] },
  review: { may: ['metrics', 'shared', 'tables'] },
  training: { may: upTo.training! },
  sealing: { may: ['chaos', 'cipher', 'cipher/envelope', ...data, 'models', 'training', 'runs', 'shared'] },
  judge: { may: upTo.judge! },
  reproduce: { may: [...upTo.judge!, 'judge'] },
  sweep: { may: [...upTo.judge!, 'judge', 'reproduce'] },
  tools: { may: anyOfSrc },
  library: { may: [...anyOfSrc, 'tools'] },
  experiments: { may: ['training', 'reproduce', 'sweep', 'shared'], typesOnly: true },
  bench: { may: anyOfSrc },
  lab: { may: [...ciphers, 'data/images', 'judge', 'review', 'shared'] },
  scripts: { may: [...anyOfSrc, 'bench', 'experiments', 'lab'] },
};

/** Type-only imports against the table, each with its reason. */
export interface Exception {
  readonly path: string;
  readonly room: string;
  readonly reason: string;
}

const exceptions: readonly Exception[] = [];

/** The one file for each that may use it. */
const ambientHomes: Readonly<Record<string, string>> = { 'Math.random': 'src/shared/random.ts' };
const clock = 'src/shared/timing.ts';

const heavyPackages = /^(@tensorflow\/|danfojs|webgpu$)/;

export interface Fault {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A file with its room and what it refers to. */
interface Module extends References {
  readonly path: string;
  readonly room: string;
}

/** Everything in the files that goes against the table, in order of path and line. */
export function faultsOf(files: readonly Source[], allowed: readonly Exception[] = exceptions): Fault[] {
  const modules = files.map((file) => ({ path: file.path, room: roomOf(file.path), ...referencesOf(file) }));
  const faults = modules.flatMap((module) => [...directionFaults(module, allowed), ...ambientFaults(module)]);
  return [...faults, ...heavyFaults(modules), ...crowdedRooms(modules)].sort((a, b) =>
    a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1,
  );
}

const mostFiles = 40;

function crowdedRooms(modules: readonly Module[]): Fault[] {
  const counts = new Map<string, number>();
  for (const { path, room } of modules)
    if (path.startsWith('src/')) counts.set(room, (counts.get(room) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > mostFiles)
    .map(([room, count]) => ({
      path: `src/${room}`,
      line: 1,
      message: `holds ${count} files, more than ${mostFiles}: make two rooms of it`,
    }));
}

/** `metrics` for src/metrics/npcr.ts, `data/pairs` for src/data/pairs/font.ts, `scripts` for scripts/bench.ts. */
export function roomOf(path: string): string {
  const [top, folder = '', next = ''] = path.split('/');
  if (top !== 'src') return top!;
  return `${folder}/${next}` in rooms ? `${folder}/${next}` : next === '' ? '' : folder;
}

/** Where a relative specifier leads; null for a package or a computed one. */
const targetOf = (from: string, specifier: string | null): string | null =>
  specifier?.startsWith('.') ? posix.join(posix.dirname(from), specifier) : null;

function directionFaults({ path, room, modules }: Module, allowed: readonly Exception[]): Fault[] {
  const known = rooms[room];
  if (!known) return [{ path, line: 1, message: `stands in no room of scripts/_import-rules.ts` }];
  return modules.flatMap(({ specifier, typeOnly, line }) => {
    const target = targetOf(path, specifier);
    const to = target === null ? room : roomOf(target);
    if (to === room || !(to in rooms)) return []; // package.json and the like belong to no room
    const excepted =
      typeOnly && allowed.some((exception) => exception.path === path && exception.room === to);
    const allowance = `${room} may import ${known.may.join(', ') || 'no other room'}`;
    if (!known.may.includes(to))
      return excepted ? [] : [{ path, line, message: `imports ${to} (${specifier}); ${allowance}` }];
    if (!known.typesOnly || typeOnly) return [];
    return [{ path, line, message: `imports ${to} (${specifier}) as values; ${room} may import types only` }];
  });
}

function ambientFaults({ path, ambient }: Module): Fault[] {
  if (!path.startsWith('src/')) return [];
  return ambient
    .map(({ name, line }) => ({ name, line, home: ambientHomes[name] ?? clock }))
    .filter(({ home }) => home !== path)
    .map(({ name, line, home }) => ({ path, line, message: `uses ${name}; take it from ${home}` }));
}

/** TensorFlow, danfojs, a network, or an import that cannot be checked, within reach of a free room. */
function heavyFaults(modules: readonly Module[]): Fault[] {
  const reach = reachOf(modules);
  return modules.flatMap(({ path, modules: references }) => {
    const way = reach.get(path);
    if (!way) return [];
    return references
      .filter(({ typeOnly }) => !typeOnly)
      .flatMap(({ specifier, line }) => {
        const what = heavyName(path, specifier);
        return what ? [{ path, line, message: `loads ${what} within reach of ${way.join(' > ')}` }] : [];
      });
  });
}

function heavyName(path: string, specifier: string | null): string | null {
  if (specifier === null) return 'a computed module, which cannot be checked,';
  if (heavyPackages.test(specifier)) return specifier;
  const room = roomOf(targetOf(path, specifier) ?? '');
  return room === 'engine' ? `the room ${room} (${specifier})` : null;
}

/** Every file that loads with a free room, and the way there; files of engine end a way. */
function reachOf(modules: readonly Module[]): Map<string, string[]> {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const reach = new Map<string, string[]>();
  const queue = modules
    .filter(({ room }) => rooms[room]?.free)
    .map((module): [Module, string[]] => [module, [module.path]]);
  for (const [module, way] of queue) {
    if (reach.has(module.path) || module.room === 'engine') continue;
    reach.set(module.path, way);
    for (const { specifier, typeOnly } of module.modules) {
      const next = typeOnly ? undefined : byPath.get(targetOf(module.path, specifier) ?? '');
      if (next) queue.push([next, [...way, next.path]]);
    }
  }
  return reach;
}
