/**
 * `npm run docs:architecture`: the diagram of rooms in docs/architecture.md, made from the imports of src/. An arrow
 * that a longer way implies is left out.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { roomOf, rooms } from './_import-rules.ts';
import { referencesOf } from './_references.ts';

const root = join(import.meta.dirname, '..');
export const architectureFile = join(root, 'docs', 'architecture.md');

/** Room -> rooms that its files import. */
function importsOfRooms(): Map<string, Set<string>> {
  const imports = new Map(Object.keys(rooms).map((room) => [room, new Set<string>()]));
  for (const name of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const path = `src/${name}`;
    const from = roomOf(path);
    for (const { specifier } of referencesOf({ path, text: readFileSync(join(root, path), 'utf8') })
      .modules) {
      const to = specifier?.startsWith('.') ? roomOf(posix.join(posix.dirname(path), specifier)) : from;
      if (to !== from && to in rooms) imports.get(from)!.add(to);
    }
  }
  return imports;
}

/** The Mermaid diagram, a line a room and a line an arrow. */
export function diagram(): string {
  const imports = importsOfRooms();
  const reaches = (from: string, to: string): boolean =>
    [...imports.get(from)!].some((next) => next === to || reaches(next, to));
  const direct = (from: string, to: string): boolean =>
    ![...imports.get(from)!].some((other) => other !== to && reaches(other, to));
  const lines = [...imports].flatMap(([from, to]) =>
    [...to].sort().flatMap((each) => (direct(from, each) ? [`  ${id(from)} --> ${id(each)}`] : [])),
  );
  const boxes = [...imports].filter(([, to]) => to.size > 0).map(([room]) => `  ${id(room)}["${room}"]`);
  return ['```mermaid', 'flowchart TD', '  shared["shared"]', ...boxes, ...lines, '```'].join('\n');
}

const id = (room: string): string => room.replace('/', '_');

/** The text with its first Mermaid block replaced. */
export const withDiagram = (text: string): string =>
  text.replace(/```mermaid\nflowchart TD[\s\S]*?```/, diagram);

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(architectureFile, withDiagram(readFileSync(architectureFile, 'utf8')));
