/**
 * The directions of imports in this house, as a table, and the check of a tree of files against it:
 *   scripts -> report, run -> attacks -> cipher -> chaos;  models -> data;  metrics, chaos -> shared.
 * Type-only imports follow the table too: a type that a lower room needs belongs into that room.
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

const anyOfSrc = ['attacks', 'chaos', 'cipher', 'data', 'metrics', 'models', 'report', 'run', 'shared'];

/** A room is a folder of src/, or `scripts` or `experiments`. */
export const rooms: Readonly<Record<string, Room>> = {
  shared: { may: [] },
  chaos: { may: ['shared'], free: true },
  metrics: { may: ['shared'], free: true },
  cipher: { may: ['chaos', 'shared'], free: true },
  attacks: { may: ['chaos', 'cipher', 'metrics', 'shared'], free: true },
  data: { may: ['shared'] },
  models: { may: ['data', 'shared'] },
  report: { may: ['data', 'metrics', 'shared'] }, // data: the pictures that a report shows
  run: { may: anyOfSrc },
  experiments: { may: ['models', 'run', 'shared'], typesOnly: true },
  scripts: { may: [...anyOfSrc, 'experiments'] },
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
  return [...faults, ...heavyFaults(modules)].sort((a, b) =>
    a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1,
  );
}

/** `metrics` for src/metrics/npcr.ts, `scripts` for scripts/bench.ts. */
function roomOf(path: string): string {
  const [top, folder, file] = path.split('/');
  return top === 'src' ? (file === undefined ? '' : folder!) : top!;
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
  return roomOf(targetOf(path, specifier) ?? '') === 'models' ? `the room models (${specifier})` : null;
}

/** Every file that loads with a free room, and the way there; files of models end a way. */
function reachOf(modules: readonly Module[]): Map<string, string[]> {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const reach = new Map<string, string[]>();
  const queue = modules
    .filter(({ room }) => rooms[room]?.free)
    .map((module): [Module, string[]] => [module, [module.path]]);
  for (const [module, way] of queue) {
    if (reach.has(module.path) || module.room === 'models') continue;
    reach.set(module.path, way);
    for (const { specifier, typeOnly } of module.modules) {
      const next = typeOnly ? undefined : byPath.get(targetOf(module.path, specifier) ?? '');
      if (next) queue.push([next, [...way, next.path]]);
    }
  }
  return reach;
}
