/** Files that import each other in a circle, types included: none of them can be read or moved alone. Lazy imports do not count. */
import { posix } from 'node:path';
import { referencesOf, type Source } from './_references.ts';

/** Each circle as the way around it, `a.ts > b.ts > a.ts`. */
export function circlesOf(files: readonly Source[]): string[] {
  const imports = new Map(files.map((file) => [file.path, importsOf(file)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' > '));
    if (way.includes(path) || done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return circles;
}

const importsOf = (file: Source): string[] =>
  referencesOf(file).modules.flatMap(({ specifier, lazy }) =>
    !lazy && specifier?.startsWith('.') ? [posix.join(posix.dirname(file.path), specifier)] : [],
  );
