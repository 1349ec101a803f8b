/** The maps by name. */
import { InputError } from '../shared/errors.ts';
import { chenMap } from './chen.ts';
import { henonMap } from './henon.ts';
import { lasmMap } from './lasm.ts';
import { logisticMap } from './logistic.ts';
import { lorenzMap } from './lorenz.ts';
import { ltsMap } from './lts.ts';
import { luMap } from './lu.ts';
import type { ChaoticMap } from './map.ts';
import { sineMap } from './sine.ts';
import { tentMap } from './tent.ts';
import { tssMap } from './tss.ts';

/** The paper's two first. A map is a file and a line here. */
export const maps = {
  logistic: logisticMap,
  lorenz: lorenzMap,
  tent: tentMap,
  sine: sineMap,
  henon: henonMap,
  chen: chenMap,
  lu: luMap,
  '2d-lasm': lasmMap,
  lts: ltsMap,
  tss: tssMap,
} satisfies Readonly<Record<string, ChaoticMap>>;

export type MapName = keyof typeof maps;

/** Those that the paper encrypts with. */
export const paperMaps = ['logistic', 'lorenz'] as const satisfies readonly MapName[];
export type PaperMap = (typeof paperMaps)[number];

/** The map of a command that names none. */
export const defaultMap: MapName = 'lorenz';

export const mapNames = Object.keys(maps) as [MapName, ...MapName[]];

/** A value for each map, computed from its definition. */
export const ofEachMap = <Value>(make: (map: ChaoticMap) => Value): Readonly<Record<MapName, Value>> =>
  Object.fromEntries(Object.entries(maps).map(([name, map]) => [name, make(map)])) as Record<MapName, Value>;

/** The paper's map that takes so many parameters by hand, or else the default. */
export const mapTaking = (params: readonly number[] | undefined): MapName =>
  paperMaps.find((name) => maps[name].parameters.length === params?.length) ?? defaultMap;

export const isMapName = (name: unknown): name is MapName =>
  typeof name === 'string' && Object.hasOwn(maps, name);

/** @throws InputError for a name that is none, naming all */
export function mapNamed(name: string): ChaoticMap {
  if (isMapName(name)) return maps[name];
  throw new InputError(`"map" expected one of ${mapNames.join(', ')}, got ${JSON.stringify(name)}`);
}
