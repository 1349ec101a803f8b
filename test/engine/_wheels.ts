/** A Python package index in a folder, of wheels a few kilobytes small, and a compiler for an addon as small. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Pinned } from '../../src/engine/pins.ts';

/** A shared library with one function that returns a number. */
export function library(file: string, name: string, value: number, soname: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.c`, `int ${name}(void) { return ${value}; }`);
  execFileSync('gcc', ['-shared', '-fPIC', `-Wl,-soname,${soname}`, '-o', file, `${file}.c`]);
}

/** Zips a folder as a wheel of this name, version and tag. */
export function wheel(index: string, content: string, name: string, tag: string): Pinned {
  const info = join(content, `${name}.dist-info`);
  const [project, version] = name.split('-');
  mkdirSync(info, { recursive: true });
  mkdirSync(index, { recursive: true });
  writeFileSync(join(info, 'METADATA'), `Metadata-Version: 2.1\nName: ${project}\nVersion: ${version}\n`);
  writeFileSync(join(info, 'WHEEL'), `Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: ${tag}\n`);
  writeFileSync(join(info, 'RECORD'), '');
  const pack =
    'import shutil, sys, os; os.rename(shutil.make_archive(sys.argv[1], "zip", sys.argv[2]), sys.argv[1])';
  const file = join(index, `${name}-${tag}.whl`);
  execFileSync('python3', ['-c', pack, file, content]);
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  return { requirement: `${project!.replaceAll('_', '-')}==${version}`, sha256 };
}

/**
 * In place of g++: the same flags, for the sum of the libraries' numbers in place of the graph runner.
 * @param functions of the libraries that are linked
 */
export function compiler(folder: string, functions: readonly string[]): string {
  const source = join(folder, 'addon.c');
  writeFileSync(
    source,
    `#include <node_api.h>
     extern int ${functions.map((name) => `${name}(void)`).join(', ')};
     NAPI_MODULE_INIT() {
       napi_value sum;
       napi_create_int32(env, ${functions.map((name) => `${name}()`).join(' + ')}, &sum);
       napi_set_named_property(env, exports, "sum", sum);
       return exports;
     }`,
  );
  const program = join(folder, 'compiler.cjs');
  writeFileSync(
    program,
    `#!${process.execPath}
     const given = process.argv.slice(2);
     const flags = given.filter((flag) => !/\\.cc$|^-std/.test(flag));
     const runner = given.some((flag) => flag.endsWith('runner.cc'));
     const all = runner ? [${JSON.stringify(source)}, ...flags] : given[0] === '--version' ? given : null;
     const program = all ? 'gcc' : 'g++';
     process.exit(require('node:child_process').spawnSync(program, all ?? given, { stdio: 'inherit' }).status);`,
  );
  chmodSync(program, 0o755);
  return program;
}
