/**
 * No Node-API call off JavaScript's thread: the addons, compiled to check themselves. The addon of
 * @tensorflow/tfjs-node-gpu as it is published shows that the check can fail.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { patchedBackend } from '../../src/engine/addon-patch.ts';
import { buildOf } from '../../src/engine/builds.ts';
import { compileAddons, tfjsPackage } from '../../src/engine/compile.ts';
import { GraphWriter } from '../../src/engine/graph-writer.ts';
import { nativeState } from '../../src/engine/setup.ts';
import { checkingFlags, countsOf } from './_checking.ts';

const state = await nativeState();
const unset = 'missing' in state ? `no native engine: ${state.missing}` : null;
const tfjs = tfjsPackage();
const scratch = mkdtempSync(join(tmpdir(), 'medchaos-off-thread-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const root = join(import.meta.dirname, '..', '..');
const runnerSources = ['runner.cc', 'quiet.cc'].map((name) => join(root, 'src/engine/runner', name));

const counts = (...args: string[]) => {
  const { status, signal, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { status, signal, ...countsOf(stderr) };
};

describe.skipIf(unset)(`addons that check themselves ${unset ?? ''}`, () => {
  const { library } = state as { library: string };
  const addons = join(scratch, 'addons');

  beforeAll(async () => {
    mkdirSync(addons);
    symlinkSync(library, join(scratch, basename(library)));
    const binding = tfjs === null ? [] : ['tfjs_backend.cc', 'tfjs_binding.cc', 'utils.h', 'napi_auto_ref.h'];
    const sources = [...runnerSources, ...binding.map((name) => join(tfjs!, 'binding', name))];
    await compileAddons(addons, library, buildOf('cpu'), checkingFlags(scratch, sources));
  }, 240_000);

  test('the graph runner', () => {
    const process = join(import.meta.dirname, '_runner-process.ts');
    const { status, calls, offThread } = counts('--import', 'tsx', process, addons, library);
    expect(status).toBe(0);
    expect(calls).toBeGreaterThan(1000);
    expect(offThread).toBe(0);
  }, 120_000);

  describe.skipIf(tfjs === null)('@tensorflow/tfjs-node-gpu', () => {
    const addonProcess = join(import.meta.dirname, '_addon-process.cjs');
    const model = join(scratch, 'model');
    beforeAll(() => writeModel(model));

    test('as we compile it', () => {
      const { status, calls, offThread } = counts(addonProcess, join(addons, 'tfjs_binding.node'), model);
      expect(status).toBe(0);
      expect(calls).toBeGreaterThan(1000);
      expect(offThread).toBe(0);
    }, 120_000);

    test('as it is published it fails this check', () => {
      const published = join(addons, 'published.node');
      compilePublished(published, library);
      expect(counts(addonProcess, published, model).offThread).toBeGreaterThan(0);
    }, 240_000);
  });
});

/** Counts only: a call on the wrong thread is left out, for it may end the process before it reports. */
function compilePublished(out: string, library: string): void {
  const header = join(scratch, 'published.h');
  copyFileSync(join(scratch, 'checking.h'), header);
  writeFileSync(
    header,
    `\n#undef napi_delete_reference\n#define napi_delete_reference(env, ref) (checking::count(), pthread_equal(pthread_self(), checking::javascript) ? napi_delete_reference(env, ref) : napi_ok)\n`,
    { flag: 'a' },
  );
  const headers = createRequire(import.meta.url).resolve('node-api-headers/package.json');
  execFileSync('g++', [
    ...['-shared', '-fPIC', '-O0', '-std=c++17', '-DNAPI_VERSION=8', '-include', header],
    ...[join(headers, '..', 'include'), join(library, 'tensorflow/include'), tfjs!].map(
      (path) => `-I${path}`,
    ),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjs!, 'binding', name)),
    ...[`-L${join(library, 'tensorflow')}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    `-Wl,-rpath,${join(library, 'tensorflow')}`,
    ...['-o', out],
  ]);
}

/** `initialise` sets a variable from what is fed, `replace` gives it another value. */
function writeModel(folder: string): void {
  const g = new GraphWriter();
  const variable = g.variable('v', [65_536]);
  const doubled = g.op('AddV2', [variable.value, variable.value]);
  g.after([g.assign(variable, doubled)], g.constant(0), 'replace');
  g.writeInitialise();
  const { SavedModel, MetaGraphDef, GraphDef } = createRequire(import.meta.url)(
    '@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js',
  );
  const [saved, meta, info] = [new SavedModel(), new MetaGraphDef(), new MetaGraphDef.MetaInfoDef()];
  info.addTags('serve');
  meta.setMetaInfoDef(info);
  meta.setGraphDef(GraphDef.deserializeBinary(g.bytes()));
  saved.setSavedModelSchemaVersion(1);
  saved.addMetaGraphs(meta);
  mkdirSync(folder);
  writeFileSync(join(folder, 'saved_model.pb'), saved.serializeBinary());
}

test.skipIf(tfjs === null)('the mend fits the published source once, and no other', () => {
  const source = execFileSync('cat', [join(tfjs!, 'binding/tfjs_backend.cc')], { encoding: 'utf8' });
  const mended = patchedBackend(source);
  expect(mended).not.toMatch(/DeallocTensor|NapiAutoRef \*/);
  expect(mended).toMatch(/TF_AllocateTensor\(dtype, shape, shape_length, byte_size\)/);
  expect(() => patchedBackend(mended)).toThrow(/are not those of 4\.22\.0/);
});
