import { expect, test } from 'vitest';
import { circlesOf } from '../../scripts/_circles.ts';

const circles = (files: Readonly<Record<string, string>>): string[] =>
  circlesOf(Object.entries(files).map(([path, text]) => ({ path, text })));

test('a diamond is no circle', () =>
  expect(
    circles({
      'a.ts': "import './b.ts'; import './c.ts';",
      'b.ts': "import './d.ts';",
      'c.ts': "import './d.ts';",
      'd.ts': '',
    }),
  ).toEqual([]));

test('a circle of three, one import a type', () =>
  expect(
    circles({
      'x/a.ts': "import { b } from './b.ts';",
      'x/b.ts': "import type { C } from '../y/c.ts';",
      'y/c.ts': "export * from '../x/a.ts';",
    }),
  ).toEqual(['x/a.ts > x/b.ts > y/c.ts > x/a.ts']));

test('a registry that loads its entries lazily is no circle', () =>
  expect(circles({ 'list.ts': "() => import('./entry.ts')", 'entry.ts': "import './list.ts';" })).toEqual(
    [],
  ));
