/**
 * The last step of `npm run pack`: packages/medchaos-metrics-VERSION.tgz, for those who measure and do not train. It has
 * the commands metrics, nist and review, and the sub-paths metrics, nist and images, from the same compiled files.
 * Measured on Linux: 37 MB installed, where medchaos has 422 MB, 286 MB of them TensorFlow.js.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groups } from './_commands.ts';
import { referencesOf } from './_references.ts';

const root = join(import.meta.dirname, '..');
const commands = ['metrics', 'nist', 'review'];
const publicModules = {
  '.': 'metrics/index',
  './metrics': 'metrics/index',
  './nist': 'nist/index',
  './images': 'library/images',
};

/** Packages that are not installed with it. A command that needs one of them names it. */
const leftOut =
  /^(@tensorflow\/|@cornerstonejs\/|dcmjs|plotly|esbuild$|tsx$|protobufjs$|asn1js$|pkijs$|jose$|crc-32$|webgpu$|danfojs|tar-stream$|yauzl$)/;

/** Threads are started by `new URL('./work.js', import.meta.url)`. */
const threadModules = (text: string): string[] =>
  [...text.matchAll(/new URL\('(\.[^']+)', import\.meta\.url\)/g)].map(([, path]) =>
    path!.replace(/\.ts$/, '.js'),
  );

interface Reached {
  readonly files: Set<string>;
  /** Packages that they import. */
  readonly packages: Set<string>;
}

/** Files of dist/ that load with the given ones. The list of commands is written anew, and leads nowhere. */
function reachedFrom(starts: readonly string[]): Reached {
  const files = new Set<string>();
  const packages = new Set<string>();
  const queue = [...starts];
  for (const path of queue) {
    if (files.has(path) || !existsSync(join(root, path))) continue;
    files.add(path);
    if (path === commandList || path.endsWith('.json')) continue;
    const text = readFileSync(join(root, path), 'utf8');
    const specifiers = referencesOf({ path, text }).modules.map(({ specifier }) => specifier ?? '');
    for (const specifier of [...specifiers, ...threadModules(text)]) {
      if (specifier.startsWith('.')) queue.push(fileOf(path, specifier));
      else if (specifier !== '' && !specifier.startsWith('node:')) packages.add(packageOf(specifier));
    }
  }
  return { files, packages };
}

const commandList = 'dist/scripts/_commands.js';

/** Declarations import `./x.ts` or `./x.js` and mean `x.d.ts`. */
function fileOf(from: string, specifier: string): string {
  const path = posix.join(posix.dirname(from), specifier);
  return from.endsWith('.d.ts') ? path.replace(/(\.d)?\.[tj]s$/, '.d.ts') : path;
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

function listOfCommands(): string {
  const entries = Object.values(groups)
    .flatMap((group) => Object.entries(group))
    .filter(([name]) => commands.includes(name))
    .map(
      ([name, { describe }]) =>
        `  ${name}: { describe: ${JSON.stringify(describe)}, load: () => import('./${name}.js') },`,
    );
  return `export const entries = {\n${entries.join('\n')}\n};\nexport const groups = { 'measure a scheme': entries };\n`;
}

function manifest(packages: ReadonlySet<string>): object {
  const whole = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { version, license, type, engines, keywords } = whole;
  const needed = (wanted: (name: string) => boolean): Record<string, string> =>
    Object.fromEntries(
      Object.entries<string>(whole.dependencies).filter(([name]) => packages.has(name) && wanted(name)),
    );
  const optional = needed((name) => /^(@cornerstonejs\/|dcmjs)/.test(name)); // the readers of DICOM
  return {
    ...{ name: 'medchaos-metrics', version, license, type, engines, keywords },
    description:
      'Measures of image encryption, each with its expectation for an ideal cipher; NIST SP 800-22; review of published tables',
    bin: { 'medchaos-metrics': 'bin/medchaos-metrics.js' },
    exports: {
      ...Object.fromEntries(
        Object.entries(publicModules).map(([path, file]) => [
          path,
          { types: `./dist/src/${file}.d.ts`, default: `./dist/src/${file}.js` },
        ]),
      ),
      './package.json': './package.json',
    },
    dependencies: {
      ...needed((name) => !leftOut.test(name)),
      '@types/node': whole.dependencies['@types/node'],
    },
    peerDependencies: optional,
    peerDependenciesMeta: Object.fromEntries(Object.keys(optional).map((name) => [name, { optional: true }])),
  };
}

const readme = `# medchaos-metrics

The measures of [medchaos](https://www.npmjs.com/package/medchaos) without its networks.

    npx medchaos-metrics metrics plain.png cipher.png
    npx medchaos-metrics nist cipher.png
    npx medchaos-metrics review table.csv

\`import { npcr } from 'medchaos-metrics'\`; sub-paths \`medchaos-metrics/nist\` and \`medchaos-metrics/images\`.
DICOM files need \`npm install dcmjs dcmjs-codecs @cornerstonejs/codec-openjpeg\`.
`;

/** Writes the package into a folder. dist/ must be there. */
export function writeMetricsPackage(folder: string): void {
  const scripts = [...commands, 'medchaos'].map((name) => `dist/scripts/${name}.js`);
  const modules = [...new Set(Object.values(publicModules))].map((file) => `dist/src/${file}`);
  const loaded = reachedFrom([...scripts, ...modules.map((module) => `${module}.js`)]);
  const declared = reachedFrom(modules.map((module) => `${module}.d.ts`));
  for (const path of [...loaded.files, ...declared.files, 'LICENSE', 'CITATION.cff'])
    cpSync(join(root, path), join(folder, path));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write(commandList, listOfCommands());
  write('bin/medchaos-metrics.js', "#!/usr/bin/env node\nimport '../dist/scripts/medchaos.js';\n");
  write('README.md', readme);
  write('package.json', `${JSON.stringify(manifest(loaded.packages), null, 2)}\n`);
}

function packed(): number {
  const folder = mkdtempSync(join(tmpdir(), 'medchaos-metrics-'));
  try {
    writeMetricsPackage(folder);
    const to = ['--pack-destination', join(root, 'packages')];
    return (
      spawnSync('npm', ['pack', folder, '--ignore-scripts', ...to], {
        stdio: ['ignore', 'inherit', 'ignore'],
      }).status ?? 1
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = packed();
