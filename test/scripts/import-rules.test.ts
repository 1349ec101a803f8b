/** The rule of imports on small made-up trees: each that breaks one rule, and one that breaks none. */
import { expect, test } from 'vitest';
import { type Exception, faultsOf } from '../../scripts/_import-rules.ts';
import { referencesOf } from '../../scripts/_references.ts';

const tree = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]) => ({ path, text }));

const messages = (files: Readonly<Record<string, string>>, allowed?: readonly Exception[]): string[] =>
  faultsOf(tree(files), allowed).map(({ path, line, message }) => `${path}:${line} ${message}`);

const sound = {
  'src/shared/timing.ts': 'export const seconds = () => performance.now() / 1000;',
  'src/shared/random.ts': 'export const chance = () => Math.random();',
  'src/chaos/index.ts': "import '../shared/random.ts';",
  'src/cipher/index.ts': "export * from '../chaos/index.ts';",
  'src/data/pairs/table.ts': "const danfo = await import('danfojs-node');",
  'src/engine/engine.ts': "const tf = require('@tensorflow/tfjs'); require(computed);",
  'src/training/batches.ts': "import { drawBatch } from '../data/pairs/table.ts';",
  'src/training/train.ts':
    "import { x } from '../engine/engine.ts';\nimport lock from '../../package.json' with { type: 'json' };",
  'experiments/quick.ts': "import type { Profile } from '../src/reproduce/profile.ts';",
  'scripts/train.ts':
    "import quick from '../experiments/quick.ts';\nconst t = Date.now();\nawait import(computed);",
};

test('a sound tree has no fault', () => expect(messages(sound)).toEqual([]));

test.each([
  ['a higher room', 'src/metrics/x.ts', "import '../cipher/index.ts';", 'imports cipher'],
  ['a higher room, as a type', 'src/shared/x.ts', "import type { A } from '../sweep/a.ts';", 'imports sweep'],
  ['a type in place', 'src/data/pairs/x.ts', "let a: import('../../models/a.ts').A;", 'imports models'],
  ['a re-export', 'src/chaos/x.ts', "export { a } from '../cipher/a.ts';", 'imports cipher'],
  ['a dynamic import', 'src/report/x.ts', "await import('../sweep/a.ts');", 'imports sweep'],
  ['the scripts', 'src/sweep/x.ts', "import '../../scripts/train.ts';", 'imports scripts'],
  ['an experiment', 'bench/x.ts', "import a from '../experiments/a.ts';", 'imports experiments'],
  ['values in an experiment', 'experiments/x.ts', "import { a } from '../src/sweep/a.ts';", 'types only'],
  [
    'types that leave an import behind',
    'experiments/x.ts',
    "import { type A } from '../src/sweep/a.ts';",
    'types only',
  ],
  ['a room without a rule', 'src/attic/x.ts', '', 'no room'],
  ['a file outside of rooms', 'src/x.ts', '', 'no room'],
])('%s is a fault', (_, path, text, message) => {
  const found = messages({ [path]: `// a comment first\n${text}` });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});

test('a fault names file, line, import and what is allowed', () => {
  expect(messages({ 'src/cipher/x.ts': "\n\nimport '../metrics/npcr.ts';" })).toEqual([
    'src/cipher/x.ts:3 imports metrics (../metrics/npcr.ts); cipher may import chaos, cipher/envelope, shared',
  ]);
});

test('a room of more than 40 files is named', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`src/nist/x${i}.ts`, '']));
  expect(messages(many(40))).toEqual([]);
  expect(messages(many(41))).toEqual(['src/nist:1 holds 41 files, more than 40: make two rooms of it']);
});

test('an exception with a reason lets a type pass, and no value', () => {
  const allowed = [{ path: 'src/report/x.ts', room: 'sweep', reason: 'a test' }];
  expect(messages({ 'src/report/x.ts': "import type { A } from '../sweep/a.ts';" }, allowed)).toEqual([]);
  expect(messages({ 'src/report/x.ts': "import { A } from '../sweep/a.ts';" }, allowed)).toHaveLength(1);
  expect(messages({ 'src/report/y.ts': "import type { A } from '../sweep/a.ts';" }, allowed)).toHaveLength(1);
});

test.each([
  'Math.random()',
  'Date.now()',
  'new Date(0)',
  'Date()',
  'performance.now()',
  'process.hrtime.bigint()',
])('%s has one home in src/', (use) => {
  expect(messages({ 'src/cipher/x.ts': `const a = ${use};` })).toHaveLength(1);
  expect(messages({ 'scripts/x.ts': `const a = ${use};` })).toEqual([]);
  expect(messages({ 'src/cipher/x.ts': `// ${use}\nconst a = '${use}' + Date.UTC(2020, 1);` })).toEqual([]);
});

test('a clock in the generator and chance in the clock are faults too', () => {
  expect(messages({ 'src/shared/random.ts': 'Date.now();' })).toHaveLength(1);
  expect(messages({ 'src/shared/timing.ts': 'Math.random();' })).toHaveLength(1);
});

test.each([
  ['TensorFlow', "import * as tf from '@tensorflow/tfjs';"],
  ['a backend by require', "require('@tensorflow/tfjs-backend-wasm');"],
  ['danfojs', "await import('danfojs-node');"],
  ['a computed module', 'await import(name);'],
])('%s within reach of a free room is a fault, by way of shared too', (_, text) => {
  const files = {
    'src/metrics/index.ts': "import '../shared/a.ts';",
    'src/shared/a.ts': "export * from './b.ts';",
    'src/shared/b.ts': text,
  };
  const found = messages(files);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('src/metrics/index.ts > src/shared/a.ts > src/shared/b.ts');
  expect(messages({ ...files, 'src/shared/a.ts': "export type * from './b.ts';" })).toEqual([]);
});

test('a network within reach is a fault beside the wrong direction', () => {
  const found = messages({ 'src/attacks/x.ts': "import '../engine/a.ts';", 'src/models/a.ts': '' });
  expect(found).toEqual([
    'src/attacks/x.ts:1 imports engine (../engine/a.ts); attacks may import chaos, cipher, metrics, shared',
    'src/attacks/x.ts:1 loads the room engine (../engine/a.ts) within reach of src/attacks/x.ts',
  ]);
});

test('references: specifiers, erased ones, computed ones, lines', () => {
  const text =
    "import a, { type B } from './a.ts';\nimport type C from './c.ts';\nexport const d = import(d);";
  expect(referencesOf({ path: 'x.ts', text }).modules).toEqual([
    { specifier: './a.ts', typeOnly: false, lazy: false, line: 1 },
    { specifier: './c.ts', typeOnly: true, lazy: false, line: 2 },
    { specifier: null, typeOnly: false, lazy: true, line: 3 },
  ]);
});
